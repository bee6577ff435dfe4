// Objects, and keys of them, that a field names and that are not in the stack: surely wrong, or perhaps in the cluster already. Pure.
import { asLater, didYouMean, isObject, type Json, type JsonObject, type Problem, pathText, type Resource, shortId } from '@konfig/core';
import { apiVersionOf, kindOf } from './address';
import { at } from './field';
import { type Key, type KeyRead, keyOf, placeIn, type Reference, referencesIn } from './references';
import { builtIn, builtIns } from './schema/table';

/** All that the resources name and that is not among them; what may be in the cluster is a warning, told once for each object. */
export function missingReferences(resources: readonly Resource[]): readonly Problem[] {
  const places = new Map(resources.map((resource) => [placeIn(resource.target, keyOf(resource)), resource]));
  const words = wordsOfOthers(resources);
  const told = new Set<string>();
  return resources.flatMap((resource) =>
    referencesIn(resource.attributes).flatMap((reference): readonly Problem[] => {
      const key = keyMeant(resource, reference);
      if (key === undefined) return [];
      const there = places.get(placeIn(resource.target, key)) ?? places.get(placeIn(resource.target, { kind: key.kind, name: key.name }));
      if (there) return missingKeys(resource, reference, there);
      const place = placeIn(resource.target, key);
      if (reference.isOptional || told.has(place) || words.has(key.name) || isFurniture(key) || isOfSet(key, resources)) return [];
      told.add(place);
      return [missing(resource, reference, key, resources)];
    }),
  );
}

function keyMeant(resource: Resource, { kind, name, namespace }: Reference): Key | undefined {
  if (typeof name !== 'string' || name === '' || asLater(namespace)) return undefined;
  const own = keyOf(resource).namespace;
  const there = typeof namespace === 'string' && namespace !== '' ? namespace : own;
  return { kind, name, ...(there === undefined || clusterKinds.test(kind) ? {} : { namespace: there }) };
}

const clusterKinds = /^(Cluster|StorageClass|PriorityClass|RuntimeClass|IngressClass|PersistentVolume$|ValidatingAdmissionPolicy)/;

function missing(resource: Resource, reference: Reference, key: Key, resources: readonly Resource[]): Problem {
  const others = resources
    .filter((other) => other.target === resource.target)
    .map(keyOf)
    .filter((other) => other.kind === key.kind && other.namespace === key.namespace);
  if (isWithoutGroup(resource, reference)) return noGroup(resource, reference);
  const what = `${key.kind.split('.')[0]} ${key.name}`;
  const near = didYouMean(
    key.name,
    others.map(({ name }) => name),
  );
  return {
    code: 'SPEC_REFERENCE',
    severity: 'warning',
    message: `${shortId(resource.id)} needs ${what}${key.namespace === undefined ? '' : ` in ${key.namespace}`}, which is not in this stack.`,
    hint: `${near}If it is in the cluster already, all is well; else add it.`,
    at: `${resource.id} ${pathText(reference.path)}`,
  };
}

/** The target of an autoscaler may leave out its apiVersion, and is one of the core group then: none of those can be scaled but this. */
function isWithoutGroup({ attributes }: Resource, { kind, path }: Reference): boolean {
  const target = at(attributes, ...path.slice(0, -1).map(String));
  return path[1] === 'scaleTargetRef' && isObject(target) && !target.apiVersion && kind !== 'ReplicationController';
}

function noGroup({ id, attributes }: Resource, { kind }: Reference): Problem {
  const meant = builtIns().map(({ type }) => kindOf(type));
  const version = meant.find((one) => one.kind === kind && one.group === 'apps');
  return {
    code: 'SPEC_REFERENCE',
    severity: 'warning',
    message: `${shortId(id)} does not say of which group its ${kind} ${String(at(attributes, 'spec', 'scaleTargetRef', 'name'))} is: scaleTargetRef has no apiVersion.`,
    hint: `Write apiVersion: ${version ? apiVersionOf(version) : 'GROUP/VERSION, as the object itself does'}.`,
    at: `${id} spec.scaleTargetRef`,
  };
}

/** What every cluster has, or its owners put there. */
function isFurniture({ kind, name }: Key): boolean {
  const names = furniture[kind];
  return names?.test(name) ?? false;
}

const furniture: { readonly [kind: string]: RegExp } = {
  ConfigMap: /^kube-root-ca\.crt$/,
  ServiceAccount: /^default$/,
  Service: /^kubernetes$/,
  'ClusterRole.rbac.authorization.k8s.io': /^(cluster-admin|admin|edit|view|system:.*)$/,
  'Role.rbac.authorization.k8s.io': /^system:/,
  'PriorityClass.scheduling.k8s.io': /^system-(cluster|node)-critical$/,
};

/** Texts in objects of other people's kinds: what they name they may well make, as a Certificate does its Secret. */
function wordsOfOthers(resources: readonly Resource[]): ReadonlySet<string> {
  const words = new Set<string>();
  const collect = (value: Json) => {
    if (typeof value === 'string') words.add(value);
    else if (Array.isArray(value)) value.forEach(collect);
    else if (isObject(value)) Object.values(value).forEach(collect);
  };
  for (const { type, attributes } of resources) if (!builtIn(type)) collect(attributes);
  return words;
}

/** A claim that a StatefulSet makes: `data-db-0`. */
function isOfSet({ kind, name, namespace }: Key, resources: readonly Resource[]): boolean {
  if (kind !== 'PersistentVolumeClaim') return false;
  const sets = resources.filter((resource) => keyOf(resource).kind === 'StatefulSet.apps' && keyOf(resource).namespace === namespace);
  return sets.some((set) => name.replace(/-\d+$/, '').endsWith(`-${keyOf(set).name}`));
}

function missingKeys(resource: Resource, { keys = [], isOptional }: Reference, there: Resource): readonly Problem[] {
  const have = keysOf(there.attributes);
  if (!have || isOptional) return [];
  return keys.flatMap((read) => (typeof read.key !== 'string' || have.includes(read.key) ? [] : [missingKey(resource, read, there, have)]));
}

function missingKey(resource: Resource, { key, path }: KeyRead, there: Resource, have: readonly string[]): Problem {
  return {
    code: 'SPEC_REFERENCE',
    message: `${shortId(resource.id)} reads the key ${String(key)} of ${shortId(there.id)}, which does not have it.`,
    hint: `${didYouMean(String(key), have)}${have.length > 0 ? `It has ${have.slice(0, 10).join(', ')}.` : 'It has none.'}`,
    at: `${resource.id} ${pathText(path)}`,
  };
}

/** Undefined where they are not all known, or where the cluster adds some. */
function keysOf(attributes: JsonObject): readonly string[] | undefined {
  if (attributes.type === 'kubernetes.io/service-account-token') return undefined;
  const parts = ['data', 'binaryData', 'stringData'].map((field) => at(attributes, field));
  return parts.some((part) => asLater(part)) ? undefined : parts.flatMap((part) => (isObject(part) ? Object.keys(part) : []));
}
