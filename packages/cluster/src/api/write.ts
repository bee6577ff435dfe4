import { randomUUID } from 'node:crypto';
import { sameJson } from '../fields/atom';
import { type ManagedFields, readManagedFields, sameManagers, writeManagedFields } from '../fields/managers';
import type { Kind } from '../kinds/kind';
import { checkMetadata, randomSuffix } from '../kinds/names';
import type { KubeObject, ManagedFieldsEntry, Metadata } from '../objects';
import { isObject, type JsonObject } from '../schema/type';
import { timestamp, type World } from '../world';
import { checkBounds, mutated, reviewOf } from './admit';
import { alreadyExists, conflict, type FieldProblem, failure, forbidden, invalid, notFound, problem } from './failure';
import { trackUpdate } from './owners';
import { bodyOf, read, requirePlace, wrongNamespace } from './read';
import { fetchObject, keepObject } from './stored';
import type { Writing } from './writing';

export function create(world: World, kind: Kind, namespace: string, body: unknown, writing: Writing): KubeObject {
  const given = bodyOf(kind, body);
  const decoded = read(kind, kind.rules.status ? { ...given, status: undefined } : given, writing);
  const named = nameNew(kind, namespace, decoded);
  requireNamespace(world, kind, namespace, named.metadata.name);
  const managed = trackUpdate(world, kind, undefined, named, writing, readManagedFields(named.metadata.managedFields));
  return insert(world, kind, named, managed, writing);
}

/** Puts in a new object, named and decoded; its fields are owned as `managed` says. */
export function insert(world: World, kind: Kind, named: KubeObject, managed: ManagedFields, writing: Writing): KubeObject {
  if (kind.custom?.definition.metadata.deletionTimestamp)
    throw failure(405, 'MethodNotAllowed', 'create not allowed while custom resource definition is terminating', {
      group: kind.group,
      kind: kind.plural,
    });
  const review = reviewOf(world, kind, { operation: 'CREATE', object: named, old: undefined }, writing);
  const object = stampNew(world, kind, mutated(kind, named, review), managed);
  kind.rules.prepare?.(object, undefined, world.store);
  const problems = [...(kind.rules.check?.(object, undefined) ?? []), ...checkMetadata(object, kind.rules.name ?? 'subdomain')];
  if (problems.length > 0) throw invalid(kind, object.metadata.name ?? '', unique(problems));
  const { name, namespace = '' } = object.metadata;
  review?.validate(object);
  checkBounds(world, kind, object);
  if (world.store.get(kind.resource, namespace, name)) throw alreadyExists(kind, name);
  return writing.dryRun ? withoutVersion(object) : keepObject(world, kind, object);
}

// What was never stored has no version.
function withoutVersion(object: KubeObject): KubeObject {
  const { resourceVersion: _, ...metadata } = object.metadata;
  return { ...object, metadata: metadata as Metadata };
}

export function replace(world: World, kind: Kind, namespace: string, name: string, body: unknown, writing: Writing): KubeObject {
  const given = bodyOf(kind, body);
  const live = fetchObject(world, kind, namespace, name);
  const decoded = read(kind, given, writing);
  requirePlace(decoded, kind.namespaced ? namespace : '', name);
  if (!live && kind.rules.createOnUpdate) return create(world, kind, namespace, given, writing);
  if (!live) throw notFound(kind, name);
  requireSameObject(kind, live, decoded.metadata.uid);
  if (kind.rules.conditionalUpdate && !decoded.metadata.resourceVersion) {
    throw invalid({ group: kind.group, kind: kind.plural }, name, [
      problem.invalid('metadata.resourceVersion', 0, 'must be specified for an update'),
    ]);
  }
  return update(world, kind, live, decoded, { ...writing, resetsManagers: isReset(given) });
}

/** Any write that is not an apply: `next` is the whole object as the writer wants it, decoded. */
export function update(
  world: World,
  kind: Kind,
  live: KubeObject,
  next: KubeObject,
  writing: Writing & { readonly resetsManagers?: boolean },
): KubeObject {
  checkPreconditions(kind, live, next);
  const aimed = aim(kind, live, next, writing.subresource);
  const given = writing.resetsManagers ? [] : (next.metadata.managedFields ?? live.metadata.managedFields);
  const known = readManagedFields(writing.subresource ? live.metadata.managedFields : given);
  const managed = known.owners.size === 0 ? known : trackUpdate(world, kind, live, aimed, writing, known);
  return commit(world, kind, live, aimed, managed, writing);
}

/** The object with only that part changed which this door lets through. */
export function aim(kind: Kind, live: KubeObject, next: KubeObject, subresource: Writing['subresource']): KubeObject {
  const metadata = keepServerFields(live.metadata, next.metadata);
  if (subresource === 'status') {
    if (kind.rules.statusWithoutMetadata) return withStatus(live, next.status, live.metadata);
    const { labels, ...rest } = metadata;
    return { ...live, status: next.status, metadata: live.metadata.labels ? { ...rest, labels: live.metadata.labels } : rest };
  }
  return kind.rules.status ? withStatus(next, live.status, metadata) : { ...next, metadata };
}

function withStatus({ status: _, ...object }: KubeObject, status: unknown, metadata: Metadata): KubeObject {
  return { ...object, metadata: { ...metadata }, ...(status !== undefined && { status }) } as KubeObject;
}

function keepServerFields(live: Metadata, next: Metadata): Metadata {
  const { managedFields, deletionTimestamp, deletionGracePeriodSeconds, generation, ...rest } = next;
  return {
    ...rest,
    name: live.name,
    ...(live.namespace !== undefined && { namespace: live.namespace }),
    uid: live.uid,
    resourceVersion: live.resourceVersion,
    creationTimestamp: live.creationTimestamp,
    ...(live.generation !== undefined && { generation: live.generation }),
    ...(live.deletionTimestamp !== undefined && { deletionTimestamp: live.deletionTimestamp }),
    ...(live.deletionGracePeriodSeconds !== undefined && { deletionGracePeriodSeconds: live.deletionGracePeriodSeconds }),
  };
}

/** Writes what an update or an apply has made of a live object. */
export function commit(
  world: World,
  kind: Kind,
  live: KubeObject,
  aimed: KubeObject,
  managed: ManagedFields,
  writing: Writing,
): KubeObject {
  const review = reviewOf(world, kind, { operation: 'UPDATE', object: aimed, old: live }, writing);
  const object = review ? aim(kind, live, mutated(kind, aimed, review), writing.subresource) : aimed;
  if (writing.subresource !== 'status') {
    kind.rules.prepare?.(object, live, world.store);
    if (kind.rules.generation && countsAsChange(kind, object, live)) object.metadata.generation = (live.metadata.generation ?? 0) + 1;
    const problems = [...(kind.rules.check?.(object, live) ?? []), ...checkMetadata(object, kind.rules.name ?? 'subdomain')];
    const all = [...toldTwice(checkFinalizers(live, object)), ...unique(problems)];
    if (all.length > 0) throw invalid(kind, object.metadata.name, all);
  }
  if (writing.subresource === 'status') {
    const problems = unique(kind.rules.checkStatus?.(object, live) ?? []);
    if (problems.length > 0) throw invalid(kind, object.metadata.name, problems);
  }
  review?.validate(object);
  const entries = writeManagedFields(managed, kind.apiVersion);
  const sameOwners = sameManagers(entries, live.metadata.managedFields);
  setManagedFields(object.metadata, sameOwners ? live.metadata.managedFields : entries);
  if (sameOwners && sameJson(object, live)) return live;
  if (writing.dryRun) return object;
  if (isGone(object)) {
    world.store.remove(kind.resource, object.metadata.namespace ?? '', object.metadata.name, object);
    return object;
  }
  return keepObject(world, kind, object);
}

// An object that waited for its finalizers goes when the last is taken off. Pods wait for their kubelet, namespaces for their content.
function isGone(object: KubeObject): boolean {
  const { deletionTimestamp, finalizers = [], deletionGracePeriodSeconds = 0 } = object.metadata;
  if (deletionTimestamp === undefined || finalizers.length > 0 || deletionGracePeriodSeconds > 0) return false;
  return ((object.spec as { finalizers?: readonly string[] } | undefined)?.finalizers ?? []).length === 0 || object.kind !== 'Namespace';
}

function countsAsChange(kind: Kind, object: KubeObject, live: KubeObject): boolean {
  return !sameJson(object.spec, live.spec) || (kind.rules.alsoGeneration?.(object, live) ?? false);
}

function checkFinalizers(live: KubeObject, object: KubeObject): FieldProblem[] {
  if (live.metadata.deletionTimestamp === undefined) return [];
  const known = new Set(live.metadata.finalizers);
  const added = (object.metadata.finalizers ?? []).filter((name) => !known.has(name));
  if (added.length === 0) return [];
  return [
    problem.forbidden(
      'metadata.finalizers',
      `no new finalizers can be added if the object is being deleted, found new finalizers []string{${added.map((name) => JSON.stringify(name)).join(', ')}}`,
    ),
  ];
}

function setManagedFields(metadata: Metadata, entries: readonly ManagedFieldsEntry[] | undefined): void {
  if (entries && entries.length > 0) metadata.managedFields = entries;
  else delete metadata.managedFields;
}

export function checkPreconditions(kind: Kind, live: KubeObject, next: KubeObject): void {
  const { uid, resourceVersion } = next.metadata;
  const { name } = live.metadata;
  if (resourceVersion && resourceVersion !== live.metadata.resourceVersion) {
    throw conflict(kind, name, 'the object has been modified; please apply your changes to the latest version and try again');
  }
  if (uid && uid !== live.metadata.uid) {
    throw invalid(kind, name, toldTwice([problem.invalid('metadata.uid', uid, 'field is immutable')]));
  }
}

// To whoever writes the whole object, a uid says which one is meant; in a patch it is a field like others.
export function requireSameObject(kind: Kind, live: KubeObject, uid: string | undefined): void {
  if (!uid || uid === live.metadata.uid) return;
  const { namespace, name } = live.metadata;
  const key = `/registry/${kind.custom ? `${kind.group}/` : ''}${kind.plural}/${namespace ? `${namespace}/` : ''}${name}`;
  const why = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${live.metadata.uid}`;
  throw conflict(kind, name, `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: ${why}`);
}

// The real server checks the metadata of an update once for all kinds and once for the kind.
function toldTwice(problems: readonly FieldProblem[]): FieldProblem[] {
  return [...problems, ...problems];
}

export function nameNew(kind: Kind, namespace: string, object: KubeObject): KubeObject {
  const { metadata } = object;
  if (metadata.namespace !== undefined && metadata.namespace !== namespace) throw wrongNamespace(namespace);
  if (kind.namespaced) metadata.namespace = namespace;
  // Names made up for you end in five characters that spell no words.
  if (!metadata.name && metadata.generateName) metadata.name = `${metadata.generateName.slice(0, 58)}${randomSuffix()}`;
  return object;
}

export function requireNamespace(world: World, kind: Kind, namespace: string, name: string): void {
  if (!kind.namespaced) return;
  const found = world.store.get('namespaces', '', namespace);
  if (!found) throw notFound({ group: '', kind: 'Namespace', plural: 'namespaces' }, namespace);
  if (found.metadata.deletionTimestamp === undefined) return;
  throw forbidden(kind, name, `unable to create new content in namespace ${namespace} because it is being terminated`, [
    { reason: 'NamespaceTerminating', message: `namespace ${namespace} is being terminated`, field: 'metadata.namespace' },
  ]);
}

function stampNew(world: World, kind: Kind, object: KubeObject, managed: ManagedFields): KubeObject {
  const { metadata } = object;
  const { deletionTimestamp, deletionGracePeriodSeconds, resourceVersion, selfLink, generation, ...kept } = metadata as Metadata & {
    selfLink?: string;
  };
  const entries = writeManagedFields(managed, kind.apiVersion);
  const stamped: Metadata = {
    ...kept,
    uid: randomUUID(),
    resourceVersion: '',
    creationTimestamp: timestamp(world.now()),
    ...(kind.rules.generation && { generation: 1 }),
  };
  setManagedFields(stamped, entries);
  return { ...object, metadata: stamped };
}

/** An empty list of managers, or one of an empty entry, takes all of them away. */
export function isReset(given: JsonObject): boolean {
  const entries = (given.metadata as JsonObject | undefined)?.managedFields;
  if (!Array.isArray(entries)) return false;
  return entries.length === 0 || (entries.length === 1 && isObject(entries[0]) && Object.keys(entries[0]).length === 0);
}

function unique(problems: readonly FieldProblem[]): FieldProblem[] {
  const seen = new Set<string>();
  return problems.filter((found) => {
    const key = `${found.field}\u0000${found.message}`;
    const fresh = !seen.has(key);
    seen.add(key);
    return fresh;
  });
}
