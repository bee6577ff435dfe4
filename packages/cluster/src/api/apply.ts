import { checkValue } from '../fields/check';
import { type ManagedFields, managerKey, printConflicts, printManager, readManagedFields } from '../fields/managers';
import { applyFields } from '../fields/ownership';
import { printPath } from '../fields/path';
import type { Kind } from '../kinds/kind';
import type { KubeObject, Metadata } from '../objects';
import { zeroObject } from '../schema/decode';
import { isObject, type JsonObject } from '../schema/type';
import { timestamp, type World } from '../world';
import { badRequest, conflict, failure, notFound } from './failure';
import { ignoredFields, managerOf, trackUpdate } from './owners';
import { read, wrongNamespace } from './read';
import { fetchObject } from './stored';
import { aim, checkPreconditions, commit, insert, nameNew, requireNamespace } from './write';
import type { Writing } from './writing';

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
