// What a cluster writes into objects, and nobody wishes: found in manifests that were printed by kubectl get.
import { isObject, type JsonObject } from '@konfig/core';

const fields = ['uid', 'resourceVersion', 'generation', 'creationTimestamp', 'deletionTimestamp', 'selfLink', 'managedFields'];
const annotations = ['kubectl.kubernetes.io/last-applied-configuration', 'deployment.kubernetes.io/revision'];

/** The manifest without what only a cluster can know, and the names of that; `creationTimestamp: null` comes from tools and says nothing. */
export function withoutServed(manifest: JsonObject): { readonly manifest: JsonObject; readonly left: readonly string[] } {
  const { status, ...wished } = manifest;
  const metadata = isObject(manifest.metadata) ? manifest.metadata : {};
  const noted = isObject(metadata.annotations) ? metadata.annotations : {};
  const inMetadata = fields.filter((field) => Object.hasOwn(metadata, field));
  const inAnnotations = annotations.filter((key) => Object.hasOwn(noted, key));
  if (status === undefined && inMetadata.length + inAnnotations.length === 0) return { manifest, left: [] };
  const kept = without(metadata, inMetadata);
  const left = [...inMetadata.filter((field) => metadata[field] !== null), ...inAnnotations];
  return {
    manifest: { ...wished, metadata: inAnnotations.length > 0 ? { ...kept, annotations: without(noted, inAnnotations) } : kept },
    // Generators write an empty status into their manifests, so that alone is no sign of a cluster.
    left: left.length > 0 && status !== undefined ? [...left, 'status'] : left,
  };
}

function without(object: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));
}
