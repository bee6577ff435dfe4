// Image prefixes that a workspace rewrites, e.g. to a mirror; in every pod, ours or raw.
import { isObject, type Json, type JsonObject } from '@konfig/core';
import { withPod } from './pod-spec';

/** The manifest with its images' prefixes rewritten; the longest match wins. */
export function rewriteImages(manifest: JsonObject, rewrites: { readonly [prefix: string]: string }): JsonObject {
  const prefixes = Object.keys(rewrites).sort((a, b) => b.length - a.length);
  if (prefixes.length === 0) return manifest;
  const rewrite = (image: string) => {
    const prefix = prefixes.find((candidate) => image.startsWith(candidate));
    return prefix === undefined ? image : rewrites[prefix] + image.slice(prefix.length);
  };
  return withPod(manifest, (pod) => ({
    ...pod,
    ...(pod.containers !== undefined && { containers: withImages(pod.containers, rewrite) }),
    ...(pod.initContainers !== undefined && { initContainers: withImages(pod.initContainers, rewrite) }),
  }));
}

function withImages(containers: Json, rewrite: (image: string) => string): Json {
  if (!Array.isArray(containers)) return containers;
  return containers.map((container: Json) =>
    isObject(container) && typeof container.image === 'string' ? { ...container, image: rewrite(container.image) } : container,
  );
}
