// The ConfigMaps and Secrets that pods name.
import { isObject, type Json, type JsonObject, setOwn } from '@konfig/core';

/** The fields of a pod that name a ConfigMap or a Secret, by the field they stand in. */
const references: { readonly [field: string]: readonly [kind: string, name: string] } = {
  configMap: ['ConfigMap', 'name'],
  configMapRef: ['ConfigMap', 'name'],
  configMapKeyRef: ['ConfigMap', 'name'],
  secret: ['Secret', 'secretName'],
  secretRef: ['Secret', 'name'],
  secretKeyRef: ['Secret', 'name'],
};

/** The new name of what a pod names; undefined: it stays. */
export type NameNow = (kind: string, name: Json | undefined) => string | undefined;

/** The pod with other names of what it refers to. */
export function withNames(pod: JsonObject, nameNow: NameNow): JsonObject {
  return renamedIn(pod, nameNow) as JsonObject;
}

/** What its containers are given: `Secret/db`. Credentials for a registry are not. */
export function usedBy({ imagePullSecrets: _, ...pod }: JsonObject): ReadonlySet<string> {
  const found = new Set<string>();
  renamedIn(pod, (kind, name) => {
    if (typeof name === 'string') found.add(`${kind}/${name}`);
    return undefined;
  });
  return found;
}

function renamedIn(value: Json, nameNow: NameNow): Json {
  if (Array.isArray(value)) return value.map((item) => renamedIn(item, nameNow));
  if (!isObject(value)) return value;
  const copy: Record<string, Json> = {};
  for (const [key, child] of Object.entries(value)) setOwn(copy, key, renamed(key, renamedIn(child, nameNow), nameNow));
  return copy;
}

function renamed(key: string, child: Json, nameNow: NameNow): Json {
  if (key === 'imagePullSecrets' && Array.isArray(child)) return child.map((item: Json) => renamed('secretRef', item, nameNow));
  const [kind, field] = (Object.hasOwn(references, key) && references[key]) || [];
  if (kind === undefined || field === undefined || !isObject(child)) return child;
  // A projected volume says `secret.name` where a plain one says `secret.secretName`.
  const named = key === 'secret' && child[field] === undefined ? 'name' : field;
  const name = nameNow(kind, child[named]);
  return name === undefined ? child : { ...child, [named]: name };
}
