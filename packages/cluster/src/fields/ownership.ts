import type { Type } from '../schema/type';
import { sameJson } from './atom';
import { compare } from './compare';
import { merge } from './merge';
import { fieldsOf, withNamedFields } from './of';
import { removeFields } from './remove';
import { difference, differenceBelow, emptySet, type FieldSet, intersection, isEmptySet, pathsOf, union } from './set';

/** What one manager owns. The key of the map it stands in says who it is. */
export interface Owned {
  readonly set: FieldSet;
  readonly applied: boolean;
}

export type Owners = ReadonlyMap<string, Owned>;

/** A field that another manager holds and this apply would change. */
export interface FieldConflict {
  readonly manager: string;
  readonly path: readonly string[];
}

export type Applied =
  | { readonly outcome: 'applied'; readonly value: unknown; readonly owners: Owners; readonly changed: boolean }
  | { readonly outcome: 'conflict'; readonly conflicts: readonly FieldConflict[] };

export interface ApplyRequest {
  readonly type: Type;
  readonly live: unknown;
  readonly config: unknown;
  readonly owners: Owners;
  readonly manager: string;
  readonly force: boolean;
  /** Fields that this endpoint does not write, as `status` on the main resource. */
  readonly ignored: FieldSet;
}

/**
 * Server-side apply: lays the config over the live object, takes away what this manager applied before, no longer
 * applies and nobody else owns, and hands over fields to this manager, or says who is in the way.
 */
export function applyFields(request: ApplyRequest): Applied {
  const { type, live, config, manager } = request;
  const owners = new Map(request.owners);
  const last = owners.get(manager)?.set ?? emptySet;
  owners.set(manager, { set: differenceBelow(fieldsOf(type, config), request.ignored), applied: true });
  const value = prune(type, merge(type, live, config), owners, last);
  const moved = moveOwnership(request, value, owners);
  if (moved.length > 0) return { outcome: 'conflict', conflicts: moved };
  return { outcome: 'applied', value, owners, changed: !sameJson(live, value) };
}

export interface UpdateRequest {
  readonly type: Type;
  readonly live: unknown;
  readonly value: unknown;
  readonly owners: Owners;
  readonly manager: string;
  readonly ignored: FieldSet;
}

/** After any other write: what changed belongs to the writer, what is gone belongs to nobody. */
export function updateFields(request: UpdateRequest): { readonly owners: Owners; readonly took: boolean } {
  const { type, live, value, manager, ignored } = request;
  const changed = compare(type, live, value);
  const owners = new Map<string, Owned>();
  const written = union(changed.modified, changed.added);
  for (const [name, owned] of request.owners) {
    const set = difference(difference(owned.set, differenceBelow(written, ignored)), differenceBelow(changed.removed, ignored));
    if (!isEmptySet(set)) owners.set(name, { set, applied: owned.applied });
  }
  const took = difference(differenceBelow(written, ignored), metadataOfTheServer);
  if (isEmptySet(took)) return { owners, took: false };
  const before = request.owners.get(manager);
  const kept = before ? difference(before.set, differenceBelow(changed.removed, ignored)) : emptySet;
  owners.set(manager, { set: union(kept, took), applied: false });
  return { owners, took: true };
}

function moveOwnership(request: ApplyRequest, value: unknown, owners: Map<string, Owned>): FieldConflict[] {
  const changed = compare(request.type, request.live, value);
  const written = differenceBelow(union(changed.modified, changed.added), request.ignored);
  const removed = differenceBelow(changed.removed, request.ignored);
  const taken = new Map<string, FieldSet>();
  for (const [name, owned] of owners) {
    if (name === request.manager) continue;
    const overlap = intersection(owned.set, written);
    if (!isEmptySet(overlap)) taken.set(name, overlap);
  }
  if (!request.force && taken.size > 0) return conflictsOf(taken);
  for (const [name, owned] of owners) {
    if (name === request.manager) continue;
    const set = difference(difference(owned.set, taken.get(name) ?? emptySet), removed);
    if (isEmptySet(set)) owners.delete(name);
    else owners.set(name, { ...owned, set });
  }
  const mine = owners.get(request.manager) as Owned;
  const set = difference(mine.set, metadataOfTheServer);
  if (isEmptySet(set)) owners.delete(request.manager);
  else owners.set(request.manager, { ...mine, set });
  return [];
}

function conflictsOf(taken: ReadonlyMap<string, FieldSet>): FieldConflict[] {
  const managers = [...taken].sort(([a], [b]) => (a < b ? -1 : 1));
  return managers.flatMap(([manager, set]) => pathsOf(set).map((path) => ({ manager, path })));
}

/** Takes away what `last` held, then gives back what some owner holds now and what was never this manager's. */
function prune(type: Type, merged: unknown, owners: Owners, last: FieldSet): unknown {
  if (isEmptySet(last)) return merged;
  const lastNamed = withNamedFields(last, type);
  const pruned = removeFields(type, merged, lastNamed);
  const mergedSet = withNamedFields(fieldsOf(type, merged), type);
  const held = [...owners.values()].reduce((all, owned) => union(all, owned.set), emptySet);
  const stay = union(withNamedFields(fieldsOf(type, pruned), type), withNamedFields(held, type));
  const withOwned = removeFields(type, merged, difference(mergedSet, stay));
  const leftSet = withNamedFields(fieldsOf(type, withOwned), type);
  return removeFields(type, merged, intersection(difference(mergedSet, leftSet), lastNamed));
}

const metadataFields = [
  'name',
  'namespace',
  'creationTimestamp',
  'selfLink',
  'uid',
  'clusterName',
  'generation',
  'managedFields',
  'resourceVersion',
];

// Nobody owns what only the server writes.
const metadataOfTheServer: FieldSet = {
  owned: false,
  children: new Map<string, FieldSet>([
    ['f:apiVersion', { owned: true }],
    ['f:kind', { owned: true }],
    ['f:metadata', { owned: true, children: new Map(metadataFields.map((name) => [`f:${name}`, { owned: true }])) }],
  ]),
};
