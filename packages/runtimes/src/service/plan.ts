// What applying would change, asked of the service: facts for core's makePlan, no decision.
import {
  asLater,
  type FieldChange,
  isObject,
  type Json,
  KonfigError,
  type OwnedResource,
  type Owner,
  type Path,
  type PlannedRow,
  type PlanRequest,
  pathText,
  type Resource,
  valueAt,
} from '@konfig/core';
import type { Quote } from '../quote';
import { isWithin, pathOf, placeOf } from './address';
import { unknownType } from './check';
import { broken } from './client';
import type { ToldRow } from './protocol';
import { faultProblem, refusalProblems } from './refusal';
import { faultsIn, writeOnlyFields } from './schema';
import { aboutKnown, type ServiceWish, wishOf } from './wish';
import { ownerText, type ServiceWorld } from './world';

/** Rows that one request asks for. */
const atOnce = 200;

export async function planResources(
  world: ServiceWorld,
  { stack, wished, removed }: PlanRequest,
  signal: AbortSignal,
): Promise<readonly PlannedRow[]> {
  const known = wished.filter(({ type }) => Object.hasOwn(world.description.types, type));
  const strange = wished.filter((resource) => !known.includes(resource));
  const asked: readonly Asked[] = [
    ...known.map((resource) => ({ resource, wish: wishOf(resource) })),
    ...removed.map((resource) => ({ resource })),
  ];
  const rows: PlannedRow[] = strange.map((resource) => ({
    ...emptyRow(resource.id),
    problems: [unknownType(resource, Object.keys(world.description.types))],
  }));
  for (let i = 0; i < asked.length; i += atOnce) rows.push(...(await planSome(world, stack, asked.slice(i, i + atOnce), signal)));
  return rows;
}

/** What is asked about; without a wish it is to go. */
interface Asked {
  readonly resource: Resource | OwnedResource;
  readonly wish?: ServiceWish;
}

async function planSome(world: ServiceWorld, stack: string, asked: readonly Asked[], signal: AbortSignal): Promise<readonly PlannedRow[]> {
  const owner = ownerText(stack);
  const body = {
    owner,
    wished: asked.flatMap(({ wish }) => (wish ? [{ type: wish.type, name: wish.name, config: wish.config, unknown: wish.unknown }] : [])),
    removed: asked.flatMap(({ resource, wish }) => (wish ? [] : [placeOf(resource.id)])),
  };
  const answer = await world.client.request<{ readonly rows: readonly ToldRow[] }>(
    { method: 'POST', path: '/v1/plan', body },
    'plan',
    signal,
  );
  if (answer.refusal) throw new KonfigError(refusalProblems({ id: (asked[0] as Asked).resource.id }, answer));
  const { rows } = answer.body;
  const { quote, url } = world.client;
  return asked.map((one, i) => {
    const row = rows[i];
    const { type, name } = placeOf(one.resource.id);
    if (row?.type !== type || row.name !== name)
      throw broken(
        `${url} was asked to plan ${type} ${name} and answered ${row ? `${quote(row.type)} ${quote(row.name)}` : 'nothing'}.`,
        'A service must answer a row for each resource, in their order.',
      );
    return rowOf(world, owner, one, row);
  });
}

function emptyRow(id: string): PlannedRow {
  return { id, changes: [], immutable: [], replaceable: true, checked: 'server', notes: [], problems: [] };
}

function rowOf({ description, client: { quote } }: ServiceWorld, owner: string, asked: Asked, row: ToldRow): PlannedRow {
  const {
    resource: { id, type },
    wish,
  } = asked;
  const schema = description.types[type]?.config;
  const faults = wish && schema ? aboutKnown(faultsIn(wish.config, schema, quote), wish) : [];
  const others = (row.errors ?? [])
    .filter(({ field }) => !faults.some((fault) => fault.field === field))
    .map(({ field, detail }) => ({ field, detail: quote(detail, 300) }));
  const hidden = writeOnlyFields(schema);
  return {
    ...emptyRow(id),
    ...(row.live ? { live: { uid: row.live.uid, version: row.live.version } } : {}),
    ...(row.live && row.deleting ? { isGoing: true } : {}),
    ...(row.live && row.owner !== owner ? { owner: ownerOf(row.owner, quote) } : {}),
    changes: changesOf(row, asked, hidden),
    immutable: (row.replace ?? []).map(({ field, detail }) => ({ path: pathText(pathOf(field, wish?.config)), message: quote(detail) })),
    replaceable: row.holdsData !== true,
    ...(row.holdsData ? { holdsData: true } : {}),
    ...(row.changes.length > 0 ? { later: laterOf(row) } : {}),
    notes: (row.notes ?? []).map((note) => quote(note)),
    problems: [...faults, ...others].map((fault) => faultProblem(id, wish?.config, fault)),
  };
}

/** A service that does not say which of its outputs a change leaves as they are may change all of them. */
function laterOf({ later = ['/outputs', '/secrets'] }: ToldRow): readonly Path[] {
  return later.map((pointer) => pathOf(pointer, undefined).slice(1));
}

function ownerOf(owner: string | null, quote: Quote): Owner {
  if (owner === null) return { kind: 'nobody', name: 'nobody' };
  return { kind: 'konfig', name: quote(owner, 200).replace(/^konfig /, 'Konfig ') };
}

/** What a service calls no secret may still be one by its own schema. A value that is known only later is shown as such, not as the gap that holds its place. */
function changesOf(row: ToldRow, { resource, wish }: Asked, hidden: readonly string[]): readonly FieldChange[] {
  return row.changes.map(({ field, before, after, sensitive }) => {
    const path = pathOf(field, wish?.config);
    if (sensitive || hidden.some((one) => isWithin(field, one) || isWithin(one, field))) return { path, sensitive: true };
    const wished = wish && 'attributes' in resource && resource.attributes ? valueAt(resource.attributes, path) : undefined;
    const next = withLaters(after, wished);
    return { path, ...(before === undefined ? {} : { before }), ...(next === undefined ? {} : { after: next }) };
  });
}

/** With what is known only later where null holds its place. */
function withLaters(after: Json | undefined, wished: Json | undefined): Json | undefined {
  if (wished !== undefined && asLater(wished)) return wished;
  if (Array.isArray(after) && Array.isArray(wished)) return after.map((item: Json, i) => withLaters(item, wished[i]) ?? item);
  if (!isObject(after) || !isObject(wished)) return after;
  return Object.fromEntries(Object.entries(after).map(([key, item]) => [key, withLaters(item, wished[key]) ?? item]));
}
