// ConfigMaps and Secrets that are named by what is in them, and the pods that follow their names: pods of an older rollout keep what they started with.
import { digest, isObject, type Json, type JsonObject } from '@konfig/core';
import { nameOfVersion } from '../names';
import { isKnownNow } from '../put-together';
import { withNames } from './pod-references';
import { withPod } from './pod-spec';

/** An object on its way, as far as names by content mind it. */
interface Named {
  readonly target: string;
  readonly manifest: JsonObject;
  readonly versioned: boolean;
}

/** Tells why an object cannot be named by its content. */
type Tell<T> = (object: T, message: string, hint: string) => void;

/** The objects, those that are versioned under their new names and unchangeable, and with them whatever their pods refer to. */
export function withVersions<T extends Named>(objects: readonly T[], tell: Tell<T>): readonly T[] {
  const names = new Map<string, string>();
  const renamed = objects.map((object) => (object.versioned ? withVersion(object, names, tell) : object));
  if (names.size === 0) return objects;
  return renamed.map((object) => {
    const place = [object.target, metadataOf(object.manifest).namespace ?? ''];
    const nameNow = (kind: string, name: Json | undefined) => names.get([...place, kind, name].join('|'));
    const manifest = withPod(object.manifest, (pod) => withNames(pod, nameNow));
    return manifest === object.manifest ? object : { ...object, manifest };
  });
}

function withVersion<T extends Named>(object: T, names: Map<string, string>, tell: Tell<T>): T {
  const { target, manifest } = object;
  const { apiVersion, kind, metadata: _, immutable: __, ...content } = manifest;
  const metadata = metadataOf(manifest);
  if (apiVersion !== 'v1' || (kind !== 'ConfigMap' && kind !== 'Secret')) {
    tell(object, `A ${kind} cannot be named by its content.`, 'Only a ConfigMap or a Secret can.');
    return object;
  }
  if (!isKnownNow(content)) {
    const hint = 'Leave it unversioned; pods of components are replaced by the default rolloutOnChange.';
    tell(object, 'What is in it is known only when it is applied, so it cannot be named by its content.', hint);
    return object;
  }
  const name = nameOfVersion(String(metadata.name), digest(content as JsonObject));
  names.set([target, metadata.namespace ?? '', kind, metadata.name].join('|'), name);
  return { ...object, manifest: { ...manifest, metadata: { ...metadata, name }, immutable: true } };
}

function metadataOf({ metadata }: JsonObject): JsonObject {
  return isObject(metadata) ? metadata : {};
}
