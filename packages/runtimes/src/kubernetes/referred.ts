// What an object names of others by group, kind and name: what an operator made for it where owner references do not reach, as in Crossplane and Cluster API.
import { isObject, type Json } from '@konfig/core';
import { type Address, addressOfObject, groupOf, kindOf, typeOf } from './address';
import { isBuiltIn } from './built-in';
import type { KubeObject, Pod } from './objects';

/** So many references of one object are looked at, and so many of its fields. */
const mostReferences = 50;
const mostFields = 5000;

/** The objects that hang from this one because it names them; of built-in kinds only the claims of a Pod and the volume of a claim. Each once, in the order of its fields. */
export function referredBy(object: KubeObject): readonly Address[] {
  if (groupOf(object) === 'PersistentVolumeClaim') return volumeOf(object);
  if (groupOf(object) === 'Pod') return claimsOf(object as Pod);
  if (isBuiltIn(groupOf(object))) return [];
  const { namespace, name } = object.metadata;
  const own = addressOfObject(object);
  const found = new Map<string, Address>();
  for (const one of referencesIn([object.spec, object.status] as Json[])) {
    const address = addressIn(one, namespace);
    const isItself = address?.name === name && address.kind === own.kind && address.group === own.group;
    if (address && !isItself && found.size < mostReferences) found.set(JSON.stringify(address), address);
  }
  return [...found.values()];
}

function claimsOf({ spec, metadata: { namespace } }: Pod): readonly Address[] {
  const names = (spec?.volumes ?? []).flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? []);
  const place = namespace === undefined ? {} : { namespace };
  return names.map((name) => ({ group: '', version: 'v1', kind: 'PersistentVolumeClaim', name, ...place }));
}

function volumeOf(claim: KubeObject): readonly Address[] {
  const { volumeName } = (claim.spec ?? {}) as { readonly volumeName?: unknown };
  return typeof volumeName === 'string' && volumeName ? [{ group: '', version: 'v1', kind: 'PersistentVolume', name: volumeName }] : [];
}

type Reference = { readonly [key: string]: Json };

/** Every object in it that has a kind, a name and an API, and is no object of the cluster itself: a template has metadata. */
function referencesIn(roots: readonly Json[]): readonly Reference[] {
  const found: Reference[] = [];
  const values = [...roots];
  for (let i = 0; i < values.length && i < mostFields; i++) {
    const value = values[i] as Json;
    if (Array.isArray(value)) values.push(...value.slice(0, mostFields));
    else if (isObject(value) && isReference(value)) found.push(value);
    else if (isObject(value)) values.push(...Object.values(value).slice(0, mostFields));
  }
  return found;
}

function isReference(value: Reference): boolean {
  return isText(value.kind) && isText(value.name) && (isText(value.apiVersion) || (isText(value.group) && isText(value.version)));
}

function isText(value: Json | undefined): value is string {
  return typeof value === 'string' && value !== '' && value.length <= 253;
}

function addressIn({ apiVersion, group, version, kind, name, namespace }: Reference, own: string | undefined): Address | undefined {
  const api = isText(apiVersion) ? apiVersion : `${group}/${version}`;
  const place = isText(namespace) ? namespace : own;
  if (api.split('/').length > 2) return undefined;
  return { ...kindOf(typeOf(api, kind as string)), name: name as string, ...(place === undefined ? {} : { namespace: place }) };
}
