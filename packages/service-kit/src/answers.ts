// The answers that change nothing: describe, plan, list.
import { errorsIn, immutableIn, readNow } from './changes';
import { below, isObject, isWithin, type JsonObject } from './json';
import { type Kept, type KeptType, told, typeOf } from './kept';
import { changesTo } from './plan';
import { Refusal } from './problem';
import type { JsonSchema } from './schema';
import type { StoredResource } from './store';

/** The protocol that the kit speaks. */
export const protocol = 'konfig.dev/service/v1';

export function describe({ options }: Kept): JsonObject {
  const types = Object.entries(options.types).map(
    ([name, { description, config, outputs = nothing, secrets, immutable = [], holdsData = false }]) => [
      name,
      { ...(description === undefined ? {} : { description }), config, outputs, ...(secrets ? { secrets } : {}), immutable, holdsData },
    ],
  );
  return {
    protocols: [protocol],
    name: options.name,
    identity: options.identity,
    types: Object.fromEntries(types),
    watch: ['events', 'poll'],
  };
}

const nothing: JsonSchema = { type: 'object', properties: {}, additionalProperties: false };

export interface PlanWish {
  readonly type: string;
  readonly name: string;
  readonly config: JsonObject;
  readonly unknown: readonly string[];
}

export interface Removal {
  readonly type: string;
  readonly name: string;
}

/** What an apply of these would do, in their order. Nothing is changed. */
export async function plan(kept: Kept, wished: readonly PlanWish[], removed: readonly Removal[]): Promise<JsonObject> {
  const rows = await Promise.all([...wished.map((wish) => planOne(kept, wish)), ...removed.map((one) => lookAt(kept, one))]);
  return { rows };
}

async function planOne(kept: Kept, wish: PlanWish): Promise<JsonObject> {
  const { type: typeName, name, unknown } = wish;
  const type = typeOf(kept, typeName);
  const { value, errors } = await errorsIn(type, wish);
  const there = await readNow(kept, typeName, name);
  const row = rowOf(wish, there, type.holdsData ?? false);
  if (errors.length > 0) return { ...row, errors: errors as unknown as JsonObject[] };
  // What is not known holds its place by null, and is not compared.
  const changes = there && there.state === 'there' ? await changesTo(there, { config: value, writeOnly: type.writeOnly, unknown }) : [];
  const replace = immutableIn(
    type,
    changes.map(({ field }) => field),
  );
  return { ...row, changes: changes as unknown as JsonObject[], replace: replace as unknown as JsonObject[], later: laterIn(type) };
}

/** What an update may change of what others refer to. */
function laterIn({ outputs = nothing, secrets = nothing, stable = [] }: KeptType): readonly string[] {
  const pointers = Object.entries({ outputs, secrets }).flatMap(([where, { properties }]) =>
    Object.keys(isObject(properties) ? properties : {}).map((name) => below(`/${where}`, name)),
  );
  return pointers.filter((pointer) => !stable.some((one) => isWithin(pointer, one)));
}

async function lookAt(kept: Kept, removal: Removal): Promise<JsonObject> {
  const type = kept.types.get(removal.type);
  return rowOf(removal, type && (await readNow(kept, removal.type, removal.name)), type?.holdsData ?? false);
}

function rowOf({ type, name }: Removal, there: StoredResource | undefined, holdsData: boolean): JsonObject {
  const live = there && there.state !== 'making' ? { uid: there.uid, version: String(there.version) } : null;
  return {
    type,
    name,
    live,
    owner: there?.owner ?? null,
    deleting: there?.state === 'deleting',
    changes: [],
    replace: [],
    errors: [],
    notes: [],
    holdsData,
  };
}

const longestPage = 500;

/** A page of resources, without their secrets. */
export async function list(kept: Kept, query: URLSearchParams): Promise<JsonObject> {
  const [type, owner, after] = ['type', 'owner', 'after'].map((name) => query.get(name) ?? undefined);
  if (type !== undefined) typeOf(kept, type);
  const limit = Math.min(Number(query.get('limit') ?? longestPage), longestPage);
  if (!(limit >= 1)) throw new Refusal('malformed', `limit is ${query.get('limit')}, and must be a whole number from 1.`);
  const found = await kept.store.list({
    ...(type === undefined ? {} : { type }),
    ...(owner === undefined ? {} : { owner }),
    ...(after === undefined ? {} : { after }),
    limit,
  });
  const last = found.at(-1);
  return {
    resources: found.map((one) => told(one, 'without secrets')),
    ...(found.length === limit && last ? { next: `${last.type}/${last.name}` } : {}),
  };
}

export async function readOne(kept: Kept, type: string, name: string): Promise<JsonObject> {
  const there = await readNow(kept, type, name);
  if (!there || there.state === 'making') throw new Refusal('not-found', `There is no ${type} ${name}.`);
  return told(there, 'whole');
}
