import { randomUUID } from 'node:crypto';
import type { Review } from '../admission/admission';
import type { Attributes } from '../admission/match';
import { sameJson } from '../fields/atom';
import { checkValue } from '../fields/check';
import {
  type ManagedFields,
  type Manager,
  managerKey,
  printConflicts,
  printManager,
  readManagedFields,
  sameManagers,
  writeManagedFields,
} from '../fields/managers';
import { applyFields, updateFields } from '../fields/ownership';
import { printPath } from '../fields/path';
import { emptySet, type FieldSet, setOfFields } from '../fields/set';
import type { Kind } from '../kinds/kind';
import { beyondBounds } from '../kinds/limit-range';
import { checkMetadata, randomSuffix } from '../kinds/names';
import { quotaRefusal } from '../kinds/quota';
import type { KubeObject, ManagedFieldsEntry, Metadata } from '../objects';
import { DecodeError, decode, zeroObject } from '../schema/decode';
import { isObject, type JsonObject } from '../schema/type';
import { timestamp, type World } from '../world';
import { alreadyExists, badRequest, conflict, type FieldProblem, failure, forbidden, invalid, notFound, problem } from './failure';
import { fetchObject, keepObject } from './stored';

/** How a write is meant. */
export interface Writing {
  /** Who writes, as managedFields names it. */
  readonly manager: string;
  readonly dryRun?: boolean;
  /** What happens to fields the schema does not know. */
  readonly unknownFields?: 'Ignore' | 'Warn' | 'Strict';
  /** Fields that the body has more than once, of which the last was taken; they are told as unknown ones are. */
  readonly duplicateFields?: readonly string[];
  readonly subresource?: 'status' | 'scale';
  /** Collects what the client should be told beside the answer. */
  readonly warnings?: string[];
}

const metadataOfStatusWrites: FieldSet = setOfFields(['spec'], ['metadata', 'labels']);
const allButStatus: FieldSet = setOfFields(['spec'], ['metadata']);
const statusOnly: FieldSet = setOfFields(['status']);

export function create(world: World, kind: Kind, namespace: string, body: unknown, writing: Writing): KubeObject {
  const given = bodyOf(kind, body);
  const decoded = read(kind, kind.rules.status ? { ...given, status: undefined } : given, writing);
  const named = nameNew(kind, namespace, decoded);
  requireNamespace(world, kind, namespace, named.metadata.name);
  const managed = trackUpdate(world, kind, undefined, named, writing, readManagedFields(named.metadata.managedFields));
  return insert(world, kind, named, managed, writing);
}

function insert(world: World, kind: Kind, named: KubeObject, managed: ManagedFields, writing: Writing): KubeObject {
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

// What a namespace allows is asked last, when nothing else speaks against an object.
function checkBounds({ store }: World, kind: Kind, object: KubeObject): void {
  if (!kind.namespaced) return;
  const isLimited = kind.resource === 'pods' || kind.resource === 'persistentvolumeclaims';
  const beyond = isLimited ? beyondBounds(store, object) : [];
  if (beyond.length > 0)
    throw forbidden(kind, object.metadata.name, beyond.length === 1 ? (beyond[0] as string) : `[${beyond.join(', ')}]`);
  const refusal = quotaRefusal(store, kind.resource, object);
  if (refusal !== undefined) throw forbidden(kind, object.metadata.name, refusal);
}

function reviewOf(
  world: World,
  kind: Kind,
  about: Pick<Attributes, 'operation' | 'object' | 'old'>,
  writing: Pick<Writing, 'dryRun' | 'manager' | 'subresource' | 'warnings'>,
): Review | undefined {
  const { name, namespace = '' } = (about.object ?? about.old)?.metadata ?? { name: '' };
  const { dryRun = false, manager, subresource = '', warnings } = writing;
  return world.admission?.review({ ...about, kind, subresource, namespace, name, dryRun, manager }, warnings);
}

// What a webhook put in is read as what a client sends, and belongs to nobody.
function mutated(kind: Kind, object: KubeObject, review: Review | undefined): KubeObject {
  const changed = review?.mutate(object) ?? object;
  if (changed === object) return object;
  return read(kind, changed as unknown as JsonObject, { manager: '', unknownFields: 'Ignore' });
}

// What was never stored has no version.
function withoutVersion(object: KubeObject): KubeObject {
  const { resourceVersion: _, ...metadata } = object.metadata;
  return { ...object, metadata: metadata as Metadata };
}

export function replace(world: World, kind: Kind, namespace: string, name: string, body: unknown, writing: Writing): KubeObject {
  const given = bodyOf(kind, body);
  const live = fetchObject(world, kind, namespace, name);
  const givenName = (given.metadata as JsonObject | undefined)?.name;
  if (givenName !== undefined && givenName !== name) {
    throw badRequest(`the name of the object (${givenName}) does not match the name on the URL (${name})`);
  }
  if (!live && kind.rules.createOnUpdate) return create(world, kind, namespace, given, writing);
  if (!live) throw notFound(kind, name);
  const decoded = read(kind, given, writing);
  requireSameObject(kind, live, decoded.metadata.uid);
  decoded.metadata.name ??= name;
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

export interface ApplyWriting extends Writing {
  readonly force: boolean;
}

/** Server-side apply; creates what is not there. */
export function apply(world: World, kind: Kind, namespace: string, name: string, body: unknown, writing: ApplyWriting): KubeObject {
  const config = configOf(kind, namespace, name, body);
  const live = fetchObject(world, kind, namespace, name);
  if (!live && config.metadata.uid !== undefined)
    throw conflict(kind, name, `uid mismatch: the provided object specified uid ${config.metadata.uid}, and no existing object was found`);
  if (!live && writing.subresource) throw notFound(kind, name);
  if (live) checkPreconditions(kind, live, config as unknown as KubeObject);
  const problems = checkValue(kind.type, config);
  if (problems.length > 0) throw untyped(kind, body, problems);
  const base = live ?? (zeroObject(kind.type) as unknown as KubeObject);
  const before = live ? ownersBeforeApply(world, kind, live) : readManagedFields(undefined);
  const manager = managerKey(managerOf(kind, writing, 'Apply'));
  const ignored = ignoredFields(kind, writing.subresource);
  const applied = applyFields({ type: kind.type, live: base, config, owners: before.owners, manager, force: writing.force, ignored });
  if (applied.outcome === 'conflict') {
    const causes = applied.conflicts.map(({ manager: other, path }) => ({
      reason: 'FieldManagerConflict',
      message: `conflict with ${printManager(other)}`,
      field: printPath(path),
    }));
    throw failure(409, 'Conflict', printConflicts(applied.conflicts), { causes });
  }
  const times = new Map(before.times);
  if (applied.changed) times.set(manager, timestamp(world.now()));
  const managed = { owners: applied.owners, times };
  const next = read(kind, applied.value as JsonObject, { ...writing, unknownFields: 'Ignore' });
  if (live) return commit(world, kind, live, aim(kind, live, next, writing.subresource), managed, writing);
  requireNamespace(world, kind, namespace, name);
  const status = kind.rules.status ? read(kind, { ...next, status: undefined }, { ...writing, unknownFields: 'Ignore' }) : next;
  return insert(world, kind, nameNew(kind, namespace, status), managed, writing);
}

function configOf(kind: Kind, namespace: string, name: string, body: unknown): JsonObject & { metadata: JsonObject } {
  if (!isObject(body)) throw badRequest('error decoding YAML: the patch is no object');
  if (body.kind !== kind.kind || (typeof body.apiVersion === 'string' && groupOf(body.apiVersion) !== kind.group)) {
    throw badRequest(
      `invalid object type: ${String(body.apiVersion ?? '').includes('/') ? '' : '/'}${body.apiVersion ?? ''}, Kind=${body.kind ?? ''}`,
    );
  }
  if (body.apiVersion !== kind.apiVersion) {
    throw badRequest(
      `Incorrect version specified in apply patch. Specified patch version: ${body.apiVersion}, expected: ${kind.apiVersion}`,
    );
  }
  const metadata = isObject(body.metadata) ? body.metadata : {};
  if (metadata.managedFields !== undefined && metadata.managedFields !== null) throw badRequest('metadata.managedFields must be nil');
  if (metadata.name !== undefined && metadata.name !== name)
    throw badRequest(`the name of the object (${metadata.name}) does not match the name on the URL (${name})`);
  if (metadata.namespace !== undefined && metadata.namespace !== namespace) throw wrongNamespace(namespace);
  return { ...body, metadata: { ...metadata, name, ...(kind.namespaced && { namespace }) } };
}

function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? (apiVersion.split('/')[0] as string) : '';
}

function untyped(kind: Kind, body: unknown, problems: readonly string[]): Error {
  const { namespace = '', name = '' } = ((body as JsonObject).metadata ?? {}) as Partial<Metadata>;
  const said = problems.length === 1 ? problems[0] : `errors:\n${problems.map((text) => `  ${text}`).join('\n')}`;
  const place = `${namespace}/${name}; ${kind.apiVersion}, Kind=${kind.kind}`;
  return failure(500, '', `failed to create typed patch object (${place}): ${said}`);
}

// The first apply to an object that nobody's fields are known of gives all it has to one stand-in.
function ownersBeforeApply(world: World, kind: Kind, live: KubeObject): ManagedFields {
  const known = readManagedFields(live.metadata.managedFields);
  if (known.owners.size > 0) return known;
  return trackUpdate(world, kind, undefined, live, { manager: 'before-first-apply' }, known);
}

function trackUpdate(
  world: World,
  kind: Kind,
  live: KubeObject | undefined,
  next: KubeObject,
  writing: Writing,
  known: ManagedFields,
): ManagedFields {
  const manager = managerKey(managerOf(kind, writing, 'Update'));
  const ignored = ignoredFields(kind, writing.subresource);
  const before = live ? withoutManagedFields(live) : zeroObject(kind.type);
  const { owners, took } = updateFields({
    type: kind.type,
    live: before,
    value: withoutManagedFields(next),
    owners: known.owners,
    manager,
    ignored,
  });
  const times = new Map(known.times);
  if (took) times.set(manager, timestamp(world.now()));
  return { owners, times };
}

function withoutManagedFields(object: KubeObject): KubeObject {
  const { managedFields, ...metadata } = object.metadata;
  return { ...object, metadata };
}

function managerOf(kind: Kind, writing: Writing, operation: Manager['operation']): Manager {
  return {
    name: writing.manager,
    operation,
    apiVersion: kind.apiVersion,
    ...(writing.subresource && { subresource: writing.subresource }),
  };
}

function ignoredFields(kind: Kind, subresource: Writing['subresource']): FieldSet {
  if (subresource === 'status') return kind.rules.statusWithoutMetadata ? allButStatus : metadataOfStatusWrites;
  return kind.rules.status ? statusOnly : emptySet;
}

/** The object with only that part changed which this door lets through. */
function aim(kind: Kind, live: KubeObject, next: KubeObject, subresource: Writing['subresource']): KubeObject {
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

function commit(world: World, kind: Kind, live: KubeObject, aimed: KubeObject, managed: ManagedFields, writing: Writing): KubeObject {
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

function checkPreconditions(kind: Kind, live: KubeObject, next: KubeObject): void {
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
function requireSameObject(kind: Kind, live: KubeObject, uid: string | undefined): void {
  if (!uid || uid === live.metadata.uid) return;
  const { namespace, name } = live.metadata;
  const key = `/registry/${kind.plural}/${namespace ? `${namespace}/` : ''}${name}`;
  const why = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${live.metadata.uid}`;
  throw conflict(kind, name, `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: ${why}`);
}

// The real server checks the metadata of an update once for all kinds and once for the kind.
function toldTwice(problems: readonly FieldProblem[]): FieldProblem[] {
  return [...problems, ...problems];
}

function bodyOf(kind: Kind, body: unknown): JsonObject {
  if (!isObject(body)) {
    const said =
      'json: cannot unmarshal array into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }';
    throw badRequest(
      `the object provided is unrecognized (must be of type ${kind.kind}): couldn't get version/kind; json parse error: ${said}`,
    );
  }
  const { apiVersion = kind.apiVersion, kind: name = kind.kind } = body;
  if (kind.custom) return customBodyOf(kind, body);
  if (apiVersion === kind.apiVersion && name === kind.kind) return body;
  const version = String(apiVersion).split('/').at(-1);
  const why =
    name === kind.kind
      ? `no kind "${name}" is registered for version "${apiVersion}" in scheme "pkg/runtime/scheme.go:111"`
      : `converting (${version}.${name}) to (${kind.group === '' ? 'core' : kind.group.split('.')[0]}.${kind.kind}): unknown conversion`;
  throw badRequest(`${name} in version "${version}" cannot be handled as a ${kind.kind}: ${why}`);
}

// What has no type in the server must say of itself what it is.
function customBodyOf(kind: Kind, body: JsonObject): JsonObject {
  const { apiVersion, kind: name } = body;
  if (!name || !apiVersion) {
    const text = JSON.stringify(body);
    const said = `Object '${name ? 'apiVersion' : 'Kind'}' is missing in '${text}'`;
    const shown = text.length > 30 ? `${text.slice(0, 30)} ...` : text;
    throw badRequest(`the object provided is unrecognized (must be of type ${kind.kind}): ${said} (${shown})`);
  }
  if (name !== kind.kind) {
    throw invalid({ ...kind, kind: String(name) }, nameOf(body), [problem.invalid('kind', name, `must be ${kind.kind}`)]);
  }
  if (apiVersion === kind.apiVersion) return body;
  throw badRequest(`the API version in the data (${apiVersion}) does not match the expected API version (${kind.apiVersion})`);
}

function nameOf(body: JsonObject): string {
  return isObject(body.metadata) && typeof body.metadata.name === 'string' ? body.metadata.name : '';
}

/** Decodes a whole object as its kind, with defaults; unknown fields fail, warn or go, as the writer wishes. */
export function read(kind: Kind, body: JsonObject, writing: Writing): KubeObject {
  const unknown: string[] = [];
  const object = decodeOrFail(kind, body, unknown);
  object.apiVersion = kind.apiVersion;
  object.kind = kind.kind;
  const told = [
    ...unknown.map((path) => `unknown field ${JSON.stringify(path)}`),
    ...(writing.duplicateFields ?? []).map((path) => `duplicate field ${JSON.stringify(path)}`),
  ];
  if (told.length > 0 && writing.unknownFields === 'Strict') {
    throw badRequest(
      `${kind.kind} in version "${kind.version}" cannot be handled as a ${kind.kind}: strict decoding error: ${told.join(', ')}`,
    );
  }
  if (writing.unknownFields === 'Warn') writing.warnings?.push(...told);
  return object;
}

function decodeOrFail(kind: Kind, body: JsonObject, unknown: string[]): KubeObject {
  try {
    const decoded = kind.rules.decode ? kind.rules.decode(body, unknown) : decode(kind.type, body, unknown);
    return decoded as unknown as KubeObject;
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw badRequest(`${kind.kind} in version "${kind.version}" cannot be handled as a ${kind.kind}: ${error.message}`);
  }
}

function nameNew(kind: Kind, namespace: string, object: KubeObject): KubeObject {
  const { metadata } = object;
  if (metadata.namespace !== undefined && metadata.namespace !== namespace) throw wrongNamespace(namespace);
  if (kind.namespaced) metadata.namespace = namespace;
  // Names made up for you end in five characters that spell no words.
  if (!metadata.name && metadata.generateName) metadata.name = `${metadata.generateName.slice(0, 58)}${randomSuffix()}`;
  return object;
}

function wrongNamespace(namespace: string): Error {
  if (namespace === '') return badRequest('the namespace of the provided object must be empty for cluster-scoped objects');
  return badRequest('the namespace of the provided object does not match the namespace sent on the request');
}

function requireNamespace(world: World, kind: Kind, namespace: string, name: string): void {
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

function isReset(given: JsonObject): boolean {
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
