// What a service does to its resources: make, change, delete, let go.
import { createHash, randomUUID } from 'node:crypto';
import type { Made } from './definition';
import { isThere } from './health';
import { equalJson, isWithin, type JsonObject, without } from './json';
import { drop, type Kept, type KeptType, save, typeOf } from './kept';
import { changesTo } from './plan';
import { type FieldError, Refusal } from './problem';
import { digestsOf } from './sensitive';
import type { StoredResource } from './store';

/** The very resource that a caller has seen, and its version. */
export interface Expected {
  readonly uid: string;
  readonly version: string;
}

export interface ApplyWish {
  readonly type: string;
  readonly name: string;
  readonly owner: string;
  readonly config: JsonObject;
  /** Null: nothing is there. */
  readonly expects: Expected | null;
  readonly takeOver: boolean;
  /** The same for each try of one wish. */
  readonly key: string;
}

/** Makes a resource or changes it. The same key again changes nothing again. */
export function applyWish(kept: Kept, wish: ApplyWish): Promise<StoredResource> {
  const type = typeOf(kept, wish.type);
  return kept.store.exclusive(`${wish.type}/${wish.name}`, async () => {
    const there = await readNow(kept, wish.type, wish.name);
    const done = await doneBefore(kept, type, wish, there);
    if (done) return done;
    checkExpected(wish, there);
    checkOwner(wish, there);
    const config = await checkConfig(type, wish);
    const resource =
      there && there.state !== 'making'
        ? await change(kept, type, { wish, config, there })
        : await make(kept, type, { wish, config, there });
    await kept.store.remember(wish.key, { wish: digestOf(type, wish), uid: resource.uid });
    return resource;
  });
}

/** The resource as it is now. Where the type can read the world, that counts. */
export async function readNow(kept: Kept, typeName: string, name: string): Promise<StoredResource | undefined> {
  const there = await kept.store.get(typeName, name);
  const type = typeOf(kept, typeName);
  if (!there || !type.read || there.state !== 'there') return there;
  const live = await asked(kept, `read ${typeName}/${name}`, () => type.read?.(there));
  if (!live) {
    await drop(kept, there);
    return undefined;
  }
  const next = { ...there, ...live, config: without(live.config ?? there.config, type.writeOnly) };
  const isSame = equalJson(next as unknown as JsonObject, there as unknown as JsonObject);
  return isSame ? there : save(kept, { ...next, version: there.version + 1 });
}

/** Deletes it; `deleting`: that takes a while. */
export function remove(
  kept: Kept,
  { type: typeName, name, uid }: { readonly type: string; readonly name: string; readonly uid?: string },
): Promise<'gone' | 'deleting'> {
  const type = typeOf(kept, typeName);
  return kept.store.exclusive(`${typeName}/${name}`, async () => {
    const there = await kept.store.get(typeName, name);
    if (!there) return 'gone';
    if (uid !== undefined && there.uid !== uid)
      throw new Refusal('stale', `${typeName} ${name} is another one by now: it has the uid ${there.uid}.`);
    if (there.state === 'deleting') return 'deleting';
    if ((await asked(kept, `delete ${typeName}/${name}`, () => type.delete(there))) === 'deleting') {
      await save(kept, {
        ...there,
        version: there.version + 1,
        state: 'deleting',
        health: { status: 'progressing', message: 'is being deleted' },
      });
      return 'deleting';
    }
    await drop(kept, there);
    return 'gone';
  });
}

/** Takes an owner's mark off and leaves the rest as it is. */
export function disown(
  kept: Kept,
  { type, name, uid, owner }: { readonly type: string; readonly name: string; readonly uid?: string; readonly owner: string },
): Promise<void> {
  typeOf(kept, type);
  return kept.store.exclusive(`${type}/${name}`, async () => {
    const there = await kept.store.get(type, name);
    if (!there || there.owner !== owner || (uid !== undefined && there.uid !== uid)) return;
    const { owner: _, ...rest } = there;
    await save(kept, { ...rest, version: there.version + 1 });
  });
}

/** What is wrong with a config: by the schema, then by the type itself. Fields that are not known yet are nobody's fault. */
export async function errorsIn(
  type: KeptType,
  { name, config, unknown = [] }: { readonly name: string; readonly config: JsonObject; readonly unknown?: readonly string[] },
): Promise<{ readonly value: JsonObject; readonly errors: readonly FieldError[] }> {
  const { value, errors } = type.schema.check(config);
  const known = errors.filter(({ field }) => !unknown.some((one) => isWithin(field, one) || isWithin(one, field)));
  if (known.length > 0 || unknown.length > 0 || !type.check) return { value, errors: known };
  return { value, errors: await type.check({ name, config: value }) };
}

/** The fields of a change that this type cannot change in place. */
export function immutableIn({ immutable = [] }: KeptType, fields: readonly string[]): readonly FieldError[] {
  return immutable
    .filter((one) => fields.some((field) => isWithin(field, one) || isWithin(one, field)))
    .map((field) => ({ field, detail: 'cannot be changed in place' }));
}

async function doneBefore(
  { store }: Kept,
  type: KeptType,
  wish: ApplyWish,
  there: StoredResource | undefined,
): Promise<StoredResource | undefined> {
  const answer = await store.recall(wish.key);
  if (!answer) return undefined;
  if (answer.wish !== digestOf(type, wish)) throw new Refusal('malformed', 'This Idempotency-Key was used for another wish.');
  if (there?.uid !== answer.uid) throw new Refusal('stale', `${wish.type} ${wish.name} was made by this very wish, and has gone since.`);
  return there;
}

function digestOf({ writeOnly }: KeptType, { type, name, owner, config, expects, takeOver }: ApplyWish): string {
  const wish = JSON.stringify([type, name, owner, without(config, writeOnly), expects, takeOver]);
  return createHash('sha256').update(wish).digest('hex');
}

function checkExpected({ type, name, expects }: ApplyWish, there: StoredResource | undefined): void {
  if (there?.state === 'deleting') throw new Refusal('conflict', `${type} ${name} is being deleted.`);
  if (!expects) {
    if (there && there.state !== 'making') throw new Refusal('stale', `${type} ${name} is there already.`);
    return;
  }
  if (!there) throw new Refusal('stale', `${type} ${name} is not there any more.`);
  if (there.uid !== expects.uid) throw new Refusal('stale', `${type} ${name} is another one by now.`);
  if (String(there.version) !== expects.version)
    throw new Refusal('stale', `${type} ${name} has version ${there.version} by now, not ${expects.version}.`);
}

function checkOwner({ type, name, owner, takeOver }: ApplyWish, there: StoredResource | undefined): void {
  if (there?.owner !== undefined && there.owner !== owner && !takeOver)
    throw new Refusal('owned', `${type} ${name} belongs to ${there.owner}.`);
}

async function checkConfig(type: KeptType, { name, config }: ApplyWish): Promise<JsonObject> {
  const { value, errors } = await errorsIn(type, { name, config });
  if (errors.length > 0) throw new Refusal('invalid', `The config of ${name} is not valid.`, { errors });
  return value;
}

interface Work {
  readonly wish: ApplyWish;
  readonly config: JsonObject;
  readonly there: StoredResource | undefined;
}

/** It is remembered before it is made: when this process dies in between, the next try goes on with the same uid. */
async function make(kept: Kept, type: KeptType, { wish, config, there }: Work): Promise<StoredResource> {
  const { name, owner } = wish;
  const { uid = randomUUID(), version = 0 } = there ?? {};
  const start: StoredResource = {
    type: wish.type,
    name,
    uid,
    version: version + 1,
    generation: 1,
    owner,
    config: without(config, type.writeOnly),
    digests: await digestsOf(config, type.writeOnly),
    outputs: {},
    secrets: {},
    health: { status: 'progressing', message: 'is being made' },
    state: 'making',
  };
  await save(kept, start);
  try {
    const made = await asked(kept, `create ${wish.type}/${name}`, () => type.create({ name, uid, owner, config }));
    return await save(kept, { ...start, ...resultOf(made), version: start.version + 1, state: 'there' });
  } catch (error) {
    await drop(kept, start);
    throw error;
  }
}

async function change(kept: Kept, type: KeptType, { wish, config, there }: Work): Promise<StoredResource> {
  const before = there as StoredResource;
  const changes = await changesTo(before, { config, writeOnly: type.writeOnly, unknown: [] });
  const { name, owner } = wish;
  if (changes.length === 0) return before.owner === owner ? before : save(kept, { ...before, owner, version: before.version + 1 });
  const errors = immutableIn(
    type,
    changes.map(({ field }) => field),
  );
  if (errors.length > 0) throw new Refusal('invalid', `${wish.type} ${name} would have to be made anew.`, { errors });
  const made = await asked(kept, `update ${wish.type}/${name}`, () => type.update({ name, uid: before.uid, owner, config, before }));
  return save(kept, {
    ...before,
    owner,
    config: without(config, type.writeOnly),
    digests: await digestsOf(config, type.writeOnly),
    ...resultOf(made, before),
    version: before.version + 1,
    generation: before.generation + 1,
  });
}

function resultOf({ outputs, secrets, health }: Made, before?: StoredResource): Pick<StoredResource, 'outputs' | 'secrets' | 'health'> {
  return { outputs: outputs ?? before?.outputs ?? {}, secrets: secrets ?? before?.secrets ?? {}, health: health ?? isThere };
}

/** What the type's own code throws is for its own log: it may hold a secret. */
async function asked<T>({ onError }: Kept, doing: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Refusal) throw error;
    onError(error, doing);
    throw new Refusal('failed', `The service could not ${doing}; its log says why.`);
  }
}
