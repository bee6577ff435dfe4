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
