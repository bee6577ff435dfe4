// Image prefixes that a workspace rewrites, e.g. to a mirror; in every pod, ours or raw.
import { isObject, type Json, type JsonObject } from '@konfig/core';

const podPaths: { readonly [kind: string]: readonly string[] } = {
  Pod: ['spec'],
  Deployment: ['spec', 'template', 'spec'],
  StatefulSet: ['spec', 'template', 'spec'],
  DaemonSet: ['spec', 'template', 'spec'],
  ReplicaSet: ['spec', 'template', 'spec'],
  Job: ['spec', 'template', 'spec'],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
};

/** The manifest with its images' prefixes rewritten; the longest match wins. */
export function rewriteImages(manifest: JsonObject, rewrites: { readonly [prefix: string]: string }): JsonObject {
  const path = podPaths[String(manifest.kind)];
  const prefixes = Object.keys(rewrites).sort((a, b) => b.length - a.length);
  if (!path || prefixes.length === 0) return manifest;
  const rewrite = (image: string) => {
    const prefix = prefixes.find((candidate) => image.startsWith(candidate));
    return prefix === undefined ? image : rewrites[prefix] + image.slice(prefix.length);
  };
  return at(manifest, path, (pod) => ({
    ...pod,
    ...(pod.containers !== undefined && { containers: withImages(pod.containers, rewrite) }),
    ...(pod.initContainers !== undefined && { initContainers: withImages(pod.initContainers, rewrite) }),
  })) as JsonObject;
}

function at(value: Json | undefined, path: readonly string[], change: (object: JsonObject) => JsonObject): Json | undefined {
  if (!isObject(value)) return value;
  const [key, ...rest] = path;
  if (key === undefined) return change(value);
  const child = at(value[key], rest, change);
  return child === undefined ? value : { ...value, [key]: child };
}

function withImages(containers: Json, rewrite: (image: string) => string): Json {
  if (!Array.isArray(containers)) return containers;
  return containers.map((container: Json) =>
    isObject(container) && typeof container.image === 'string' ? { ...container, image: rewrite(container.image) } : container,
  );
}
