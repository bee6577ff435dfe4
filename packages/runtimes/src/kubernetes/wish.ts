// One resource to plan, what the plan itself brings beside it, and the cluster's answer to a dry run of it.
import {
  type FieldChange,
  isObject,
  type JsonObject,
  type Owner,
  type Path,
  type PlannedRow,
  pathText,
  type Resource,
  valueAt,
} from '@konfig/core';
import { type Address, groupKind } from './address';
import { objectOf } from './answer';
import { withAuthors } from './authors';
import { changesOf, hideValues } from './changes';
import { type Definition, definitionOf, readDefinition } from './custom/definition';
import { objectPath, type ServedKind } from './discovery';
import { type FieldSet, fieldsOf, ownedBy, unionOf, without, withoutField } from './field-set';
import { asJson, type KubeObject } from './objects';
import { offlineChanges } from './offline';
import { isClientSide, lastApplied, lastAppliedOf, stackAnnotation } from './owners';
import { bodyOf, type SsaResult, serverSideApply } from './server-side-apply';
import { unknownChanges, withoutUnknownParts, withoutUnknowns } from './unknowns';
import type { World } from './world';

/** What the plan itself brings into being, so that it need not be there yet. */
export interface MadeByPlan {
  /** By group and kind. */
  readonly definitions: ReadonlyMap<string, Definition>;
  readonly namespaces: ReadonlySet<string>;
  /** Those of the cluster by group and kind, each read once a plan. */
  readonly before: Map<string, Promise<Definition | undefined>>;
}

export function madeByPlan(wished: readonly Resource[]): MadeByPlan {
  const namespaces = wished
    .filter(({ attributes }) => attributes.kind === 'Namespace')
    .map(({ attributes }) => String(valueAt(attributes, ['metadata', 'name'])));
  const definitions = wished.flatMap(({ attributes }) => definitionOf(attributes) ?? []);
  return { definitions: new Map(definitions.map((one) => [groupKind(one), one])), namespaces: new Set(namespaces), before: new Map() };
}

export interface Wish {
  readonly resource: Resource;
  readonly stack: string;
  readonly made: MadeByPlan;
}

export interface ServedWish extends Wish {
  readonly served: ServedKind;
  readonly address: Address;
  /** Who has it now, where that is not this stack. */
  readonly owner: Owner | undefined;
}

export async function readLive(world: World, served: ServedKind, address: Address, signal: AbortSignal): Promise<KubeObject | undefined> {
  // A 403 is no news here: the dry run or missingPermissions says what is missing.
  return objectOf(await world.client.request({ method: 'GET', path: objectPath(served, address) }, signal));
}

/** The schema that the cluster has of a custom kind in the version of the wish. */
export async function schemaBefore(world: World, { served, made }: ServedWish, signal: AbortSignal): Promise<JsonObject | undefined> {
  const key = groupKind(served);
  const reading = made.before.get(key) ?? readDefinition(world, served, signal);
  made.before.set(key, reading);
  return (await reading)?.versions.find(({ name }) => name === served.version)?.schema;
}

/** A row about what stands there now, before anything was asked of it. */
export function rowOf({ id }: Pick<Resource, 'id'>, live?: KubeObject, owner?: Owner): PlannedRow {
  return {
    id,
    ...(live ? { live: { uid: live.metadata.uid ?? '', version: live.metadata.resourceVersion ?? '' } } : {}),
    ...(owner ? { owner } : {}),
    changes: [],
    immutable: [],
    replaceable: true,
    checked: 'none',
    notes: [],
    problems: [],
  };
}

interface DryRunOptions {
  readonly takeOver?: boolean;
  /** Under another name, as if it were not there. */
  readonly as?: { readonly name: string; readonly namespace?: string };
}

export function dryRun(world: World, wish: ServedWish, options: DryRunOptions, signal: AbortSignal): Promise<SsaResult> {
  const { resource, served, stack } = wish;
  const { name, namespace } = options.as ?? wish.address;
  const identity = { stack, name, ...(namespace === undefined ? {} : { namespace }) };
  return serverSideApply(
    world.client,
    {
      ...identity,
      id: resource.id,
      served,
      body: bodyOf(withoutUnknowns(resource.attributes), served, identity),
      manager: world.manager,
      dryRun: true,
      isOurs: wish.owner === undefined,
      takeOver: options.takeOver ?? false,
    },
    signal,
  );
}

/** A name that no object has, as long as the shortest limit allows. */
export function stranger(name: string): string {
  const random = Math.random().toString(36).slice(2, 8).padEnd(6, 'x');
  return `${name.slice(0, 50).replace(/[^a-z0-9]+$/, '')}-${random}`;
}

/** What the server would make of it, against what is there. */
export function changesTo(world: World, { resource, owner }: ServedWish, live: KubeObject, after: KubeObject): readonly FieldChange[] {
  const given = owner && isClientSide(live) ? lastAppliedOf(live) : undefined;
  const result = given ? withoutDropped(asJson(after), given, resource.attributes) : asJson(after);
  const owned = unionOf([ownedBy(live, world.manager), ownedBy(after, world.manager), given ? fieldsOf(given) : {}]);
  return shown(world, resource, { live, changes: changesOf(asJson(live), result, withoutMarks(owned)) });
}

/** The same without the server. */
export function changesOffline(world: World, { resource }: Wish, live: KubeObject): readonly FieldChange[] {
  return shown(world, resource, { live, changes: offlineChanges(asJson(live), withoutUnknowns(resource.attributes)) });
}

/** Our marks, and the name that says which object it is, are nobody's change. */
function withoutMarks(owned: FieldSet): FieldSet {
  const marks: readonly Path[] = [
    ['metadata', 'annotations', stackAnnotation],
    ['metadata', 'annotations', lastApplied],
    ['metadata', 'name'],
    ['metadata', 'namespace'],
    ['apiVersion'],
    ['kind'],
  ];
  return marks.reduce(withoutField, owned);
}

/** What `kubectl apply` was once given and we do not wish goes when its ownership is folded into ours. */
function withoutDropped(after: JsonObject, given: JsonObject, wished: JsonObject, path: Path = []): JsonObject {
  return Object.entries(given).reduce<JsonObject>((left, [key, value]) => {
    const there = wished[key];
    const here = [...path, key];
    if (there === undefined) return (without(left, here) ?? {}) as JsonObject;
    return isObject(value) && isObject(there) ? withoutDropped(left, value, there, here) : left;
  }, after);
}

/** The changes as they are shown: what is not known yet beside what is, and a Secret without its values. */
function shown(
  { manager }: Pick<World, 'manager'>,
  resource: Resource,
  { live, changes }: { readonly live: KubeObject; readonly changes: readonly FieldChange[] },
): readonly FieldChange[] {
  const unknown = unknownChanges(resource.attributes, asJson(live));
  const unknownAt = unknown.map(({ path }) => path);
  const known = changes.flatMap((change) => withoutUnknownParts(change, unknownAt) ?? []);
  const all = unknown.length === 0 ? known : [...known, ...unknown].sort((a, b) => (pathText(a.path) < pathText(b.path) ? -1 : 1));
  return withAuthors(resource.attributes.kind === 'Secret' ? hideValues(all) : all, live, manager);
}
