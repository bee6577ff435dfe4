// Where the pods of each kind are described.
import { isObject, type Json, type JsonObject } from '@konfig/core';

const podPaths: { readonly [kind: string]: readonly string[] } = {
  Pod: ['spec'],
  Deployment: ['spec', 'template', 'spec'],
  StatefulSet: ['spec', 'template', 'spec'],
  DaemonSet: ['spec', 'template', 'spec'],
  ReplicaSet: ['spec', 'template', 'spec'],
  ReplicationController: ['spec', 'template', 'spec'],
  Job: ['spec', 'template', 'spec'],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
};

/** What the pods of a workload are made by. A bare pod is made by none. */
export function podTemplateOf(manifest: JsonObject): JsonObject | undefined {
  const path = templatePathOf(manifest);
  const found = path?.reduce<Json | undefined>((value, key) => (isObject(value) ? value[key] : undefined), manifest);
  return isObject(found) ? found : undefined;
}

/** The manifest with that changed. */
export function withPodTemplate(manifest: JsonObject, change: (template: JsonObject) => JsonObject): JsonObject {
  const path = templatePathOf(manifest);
  return path ? (at(manifest, path, change) as JsonObject) : manifest;
}

function templatePathOf({ kind }: JsonObject): readonly string[] | undefined {
  const path = podPaths[String(kind)]?.slice(0, -1);
  return path && path.length > 0 ? path : undefined;
}

/** The manifest with its pods changed; the same one where there are none. */
export function withPod(manifest: JsonObject, change: (pod: JsonObject) => JsonObject): JsonObject {
  const path = podPaths[String(manifest.kind)];
  return path ? (at(manifest, path, change) as JsonObject) : manifest;
}

function at(value: Json | undefined, path: readonly string[], change: (object: JsonObject) => JsonObject): Json | undefined {
  if (!isObject(value)) return value;
  const [key, ...rest] = path;
  if (key === undefined) return change(value);
  const child = at(value[key], rest, change);
  return child === undefined || child === value[key] ? value : { ...value, [key]: child };
}
