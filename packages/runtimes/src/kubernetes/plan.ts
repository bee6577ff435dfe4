// What applying would change, asked of the server by dry run: facts for core's makePlan, no decision.
import {
  type FieldChange,
  isObject,
  type JsonObject,
  type Owner,
  type Path,
  type PlannedRow,
  type PlanRequest,
  type Problem,
  pathText,
  type Resource,
  shortId,
  valueAt,
} from '@konfig/core';
import { type Address, groupKind, kindOf } from './address';
import { withAuthors } from './authors';
import { changesOf, hideValues } from './changes';
import { inParallel, objectOf, statusOf } from './client';
import { objectPath, type ServedKind } from './discovery';
import { type FieldSet, fieldsOf, ownedBy, parseFieldPath, unionOf, without, withoutField } from './field-set';
import { asJson, type KubeObject, type Status } from './objects';
import { offlineChanges } from './offline';
import { isClientSide, lastApplied, lastAppliedOf, ownerOf, stackAnnotation } from './owners';
import { holdsData, planRemoved } from './plan-removed';
import { immutableFields, namedParts, rejectionOf } from './rejection';
import { bodyOf, type SsaResult, serverSideApply } from './server-side-apply';
import { isAboutUnknowns, isAtOrBelow, unknownChanges, withoutUnknowns } from './unknowns';
import { placeIn, type World } from './world';

const atOnce = 12;

export async function planResources(world: World, request: PlanRequest, signal: AbortSignal): Promise<readonly PlannedRow[]> {
  const made = madeByPlan(request.wished);
  await lookAgain(world, request, signal);
  const ask = (resource: Resource) => planWished(world, { resource, stack: request.stack, made }, signal);
  return [...(await inParallel(request.wished, atOnce, ask)), ...(await planRemoved(world, request, signal))];
}

/** A kind that is missing may have come since we looked. */
async function lookAgain(world: World, { wished }: PlanRequest, signal: AbortSignal): Promise<void> {
  const kinds = new Map(wished.map((resource) => [resource.type, kindOf(resource.type)]));
  const found = await Promise.all([...kinds.values()].map((kind) => world.discovery.find(kind, signal)));
  if (found.includes(undefined)) await world.discovery.refresh(signal);
}

/** What the plan itself brings into being, so that it need not be there yet. */
interface MadeByPlan {
  readonly kinds: ReadonlySet<string>;
  readonly namespaces: ReadonlySet<string>;
}

function madeByPlan(wished: readonly Resource[]): MadeByPlan {
  const kinds = new Set<string>();
  const namespaces = new Set<string>();
  for (const { attributes } of wished) {
    if (attributes.kind === 'Namespace') namespaces.add(String(valueAt(attributes, ['metadata', 'name'])));
    if (attributes.kind !== 'CustomResourceDefinition') continue;
    const group = valueAt(attributes, ['spec', 'group']);
    const kind = valueAt(attributes, ['spec', 'names', 'kind']);
    if (typeof group === 'string' && typeof kind === 'string') kinds.add(groupKind({ group, kind }));
  }
  return { kinds, namespaces };
}

interface Wish {
  readonly resource: Resource;
  readonly stack: string;
  readonly made: MadeByPlan;
}

interface ServedWish extends Wish {
  readonly served: ServedKind;
  readonly address: Address;
  /** Who has it now, where that is not this stack. */
  readonly owner: Owner | undefined;
}

async function planWished(world: World, wish: Wish, signal: AbortSignal): Promise<PlannedRow> {
  const address = placeIn(world, wish.resource);
  const served = await world.discovery.find(address, signal);
  if (!served) return planUnserved(world, wish, address, signal);
  const live = await readLive(world, served, address, signal);
  const owner = live ? ownerOf(live, wish.stack) : undefined;
  const here = { ...wish, served, address, owner };
  const dry = await dryRun(world, here, { takeOver: live !== undefined && changesHands(live, owner) }, signal);
  return rowFrom(world, here, { live, dry }, signal);
}

interface Seen {
  readonly live: KubeObject | undefined;
  readonly dry: SsaResult;
}

/**
 * What belongs to somebody else changes hands as a whole or not at all, so its owner's fields are no conflict; the same holds for
 * what a person made with `kubectl apply`.
 */
export function changesHands(live: KubeObject, owner: Owner | undefined): boolean {
  return owner !== undefined && (owner.kind !== 'nobody' || isClientSide(live));
}

async function rowFrom(world: World, wish: ServedWish, { live, dry }: Seen, signal: AbortSignal): Promise<PlannedRow> {
  const { resource } = wish;
  const row = blankRow(resource, live, wish.owner, dry);
  const status = statusOf(dry.answer);
  const after = objectOf(dry.answer);
  if (dry.problems.length > 0) return { ...row, problems: dry.problems };
  if (after) return live ? { ...row, changes: changesTo(world, wish, live, after) } : row;
  if (isNamespaceMissing(status)) return { ...row, ...(await planWithoutNamespace(world, wish, signal)) };
  if (/does not support dry run/i.test(status.message ?? '')) return { ...row, ...planUnasked(world, wish, { live, status }) };
  const immutable = live ? immutableFields(status) : undefined;
  if (live && immutable) return { ...row, ...(await planReplace(world, wish, { live, immutable }, signal)) };
  const problems = rejectionOf(resource, dry.answer.status, status);
  if (isAboutUnknowns(problems, resource)) return { ...row, checked: 'none', changes: live ? changesOffline(world, wish, live) : [] };
  return { ...row, problems };
}

function blankRow(resource: Resource, live: KubeObject | undefined, owner: Owner | undefined, dry: SsaResult): PlannedRow {
  return {
    id: resource.id,
    ...(live ? { live: { uid: live.metadata.uid ?? '', version: live.metadata.resourceVersion ?? '' } } : {}),
    ...(owner ? { owner } : {}),
    changes: [],
    immutable: [],
    replaceable: true,
    checked: 'server',
    notes: [...dry.notes, ...dry.answer.warnings.map((warning) => `${shortId(resource.id)}: ${warning}`)],
    problems: [],
  };
}

async function readLive(world: World, served: ServedKind, address: Address, signal: AbortSignal): Promise<KubeObject | undefined> {
  // A 403 is no news here: the dry run or missingPermissions says what is missing.
  return objectOf(await world.client.request({ method: 'GET', path: objectPath(served, address) }, signal));
}

interface DryRunOptions {
  readonly takeOver?: boolean;
  /** Under another name, as if it were not there. */
  readonly as?: { readonly name: string; readonly namespace?: string };
}

function dryRun(world: World, wish: ServedWish, options: DryRunOptions, signal: AbortSignal): Promise<SsaResult> {
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

function changesTo(world: World, { resource, owner }: ServedWish, live: KubeObject, after: KubeObject): readonly FieldChange[] {
  const given = owner && isClientSide(live) ? lastAppliedOf(live) : undefined;
  const result = given ? withoutDropped(asJson(after), given, resource.attributes) : asJson(after);
  const owned = unionOf([ownedBy(live, world.manager), ownedBy(after, world.manager), given ? fieldsOf(given) : {}]);
  return shown(world, resource, { live, changes: changesOf(asJson(live), result, withoutMarks(owned)) });
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
  const known = changes.filter((change) => !unknown.some((one) => isAtOrBelow(change.path, one.path)));
  const all = unknown.length === 0 ? known : [...known, ...unknown].sort((a, b) => (pathText(a.path) < pathText(b.path) ? -1 : 1));
  return withAuthors(resource.attributes.kind === 'Secret' ? hideValues(all) : all, live, manager);
}

function changesOffline(world: World, { resource }: Wish, live: KubeObject): readonly FieldChange[] {
  return shown(world, resource, { live, changes: offlineChanges(asJson(live), withoutUnknowns(resource.attributes)) });
}

/** The kind is not served: its CRD comes with this plan, or is missing. */
async function planUnserved(world: World, wish: Wish, address: Address, signal: AbortSignal): Promise<PlannedRow> {
  const { resource } = wish;
  const row: PlannedRow = { id: resource.id, changes: [], immutable: [], replaceable: true, checked: 'none', notes: [], problems: [] };
  if (!wish.made.kinds.has(groupKind(address))) {
    const other = await world.discovery.findAnyVersion(address, signal);
    return { ...row, problems: [unknownKind(resource, other)] };
  }
  // The CRD's new version may be what is missing, not the object.
  const served = await world.discovery.findAnyVersion(address, signal);
  const live = served ? await readLive(world, served, address, signal) : undefined;
  if (!live) return row;
  const owner = ownerOf(live, wish.stack);
  return {
    ...row,
    live: { uid: live.metadata.uid ?? '', version: live.metadata.resourceVersion ?? '' },
    ...(owner ? { owner } : {}),
    checked: 'offline',
    changes: changesOffline(world, wish, live),
  };
}

export function unknownKind(resource: Pick<Resource, 'id' | 'type'>, other: ServedKind | undefined): Problem {
  const version = other ? [other.group, other.version].filter(Boolean).join('/') : undefined;
  return {
    code: 'KIND_UNKNOWN',
    message: `${shortId(resource.id)} is of the kind ${resource.type}, which the cluster does not know.`,
    hint: version
      ? `The cluster has this kind as ${version}: use that apiVersion.`
      : 'Its CRD is not in the cluster; is it in this stack? Check apiVersion and kind, or install what brings it.',
    at: resource.id,
  };
}

function isNamespaceMissing(status: Status): boolean {
  return status.reason === 'NotFound' && (status.details?.kind === 'namespaces' || /^namespaces? "/.test(status.message ?? ''));
}

/** The namespace comes with this plan: the server checks the object in a namespace that is there. */
async function planWithoutNamespace(world: World, wish: ServedWish, signal: AbortSignal): Promise<Partial<PlannedRow>> {
  const { resource, address } = wish;
  if (!wish.made.namespaces.has(address.namespace ?? '')) {
    const problem: Problem = {
      code: 'RESOURCE_REJECTED',
      message: `${shortId(resource.id)} is for namespace ${address.namespace}, which is not there.`,
      hint: `Add the Namespace ${address.namespace} to this stack, or create it first.`,
      at: `${resource.id} metadata.namespace`,
    };
    return { problems: [problem] };
  }
  const { answer, notes } = await dryRun(world, wish, { as: { name: stranger(address.name), namespace: 'default' } }, signal);
  if (answer.status < 300) return { notes };
  if (answer.status !== 422 && answer.status !== 400 && answer.status !== 500) return { checked: 'none', notes };
  const problems = rejectionOf(resource, answer.status, statusOf(answer));
  return isAboutUnknowns(problems, resource) ? { checked: 'none' } : { problems };
}

/** A name that no object has, as long as the shortest limit allows. */
function stranger(name: string): string {
  const random = Math.random().toString(36).slice(2, 8).padEnd(6, 'x');
  return `${name.slice(0, 50).replace(/[^a-z0-9]+$/, '')}-${random}`;
}

/** A webhook of this object cannot be asked without consequences. */
function planUnasked(
  world: World,
  wish: Wish,
  { live, status }: { readonly live: KubeObject | undefined; readonly status: Status },
): Partial<PlannedRow> {
  return {
    checked: 'offline',
    changes: live ? changesOffline(world, wish, live) : [],
    notes: [`${shortId(wish.resource.id)}: compared without the server, since ${status.message}`],
  };
}

interface Immutable {
  readonly live: KubeObject;
  readonly immutable: readonly { readonly path: string; readonly message: string }[];
}

/** The object would have to be made anew: compare live with what the server would make of it under another name. */
async function planReplace(world: World, wish: ServedWish, seen: Immutable, signal: AbortSignal): Promise<Partial<PlannedRow>> {
  const { live } = seen;
  const dry = await dryRun(world, wish, { as: { ...wish.address, name: stranger(wish.address.name) } }, signal);
  const after = objectOf(dry.answer);
  const changes = after ? changesTo(world, wish, live, after) : changesOffline(world, wish, live);
  const immutable = namedImmutable(wish.resource, seen.immutable, changes);
  return { changes, immutable, replaceable: isReplaceable(wish.resource, changes) };
}

/**
 * `spec: updates to fields other than 'replicas', 'template' … are forbidden` → the changed fields that are meant.
 */
function namedImmutable(resource: Resource, causes: Immutable['immutable'], changes: readonly FieldChange[]): Immutable['immutable'] {
  return causes.flatMap(({ path, message }) => {
    const parts = namedParts(parseFieldPath(path), resource.attributes);
    const allowed = [...message.matchAll(/[`'"]([\w.[\]*]+)[`'"]/g)].map((match) => [
      ...parts,
      (match[1] as string).replace(/^spec\./, ''),
    ]);
    const meant = changes.filter((change) => isAtOrBelow(change.path, parts) && !allowed.some((field) => isAtOrBelow(change.path, field)));
    // `spec.clusterIPs[0]` may be the server's word for `spec.clusterIP`.
    if (meant.length === 0) return [{ path: pathText(changes.length === 1 ? (changes[0] as FieldChange).path : parts), message }];
    return meant.map((change) => ({ path: pathText(change.path), message }));
  });
}

function isReplaceable({ attributes }: Resource, changes: readonly FieldChange[]): boolean {
  if (holdsData(attributes as unknown as KubeObject)) return false;
  if (attributes.kind !== 'StatefulSet') return true;
  return !changes.some((change) => isAtOrBelow(change.path, ['spec', 'volumeClaimTemplates']));
}
