// The service that is verified, with scratch resources of one of its types.
import { randomBytes, randomUUID } from 'node:crypto';
import { equalJson, isObject, type Json, type JsonObject, type Path, valueAt } from '@konfig/core';
import { inParallel } from '../../in-parallel';
import { below, pathOf, resourcePath } from '../address';
import { type AnswerName, answers, type Description, type ToldResource, type ToldRow, type TypeDescription } from '../protocol';
import { faultsIn, writeOnlyFields } from '../schema';
import { type Call, type Caller, Failed, objectIn, type Reply } from './exchange';
import { examplesOf } from './sample';

export interface Subject {
  readonly caller: Caller;
  readonly description: Description;
  readonly typeName: string;
  readonly type: TypeDescription;
  /** A config that it allows; and another one, where the schema shows two. */
  readonly config: JsonObject;
  readonly other: JsonObject | undefined;
  readonly owner: string;
  /** A name that was never used. It is cleaned up in the end. */
  newName(): string;
  /** Deletes all that was made. Names of those that are still there. This caller asks, also when the other one was stopped. */
  cleanUp(caller: Caller): Promise<readonly string[]>;
}

export type SubjectOptions = Pick<Subject, 'caller' | 'description' | 'typeName' | 'type' | 'config' | 'other'>;

export function makeSubject(options: SubjectOptions): Subject {
  const run = randomBytes(4).toString('hex');
  const names: string[] = [];
  return {
    ...options,
    owner: `konfig stack verify/${run}`,
    newName() {
      const name = `konfig-verify-${run}-${names.length + 1}`;
      names.push(name);
      return name;
    },
    async cleanUp(caller) {
      const asked = { caller, typeName: options.typeName };
      const isGone = await inParallel(names, atOnce, (name) => isDeleted(asked, name).catch(() => false));
      return names.filter((_, i) => !isGone[i]);
    },
  };
}

const atOnce = 4;

/** The one that is there, by its uid. A service may say that it has gone, and keep it. */
async function isDeleted(asked: Pick<Subject, 'caller' | 'typeName'>, name: string): Promise<boolean> {
  const { status, body } = await asked.caller.call('GET', placeOf(asked, name));
  if (status === 404) return true;
  const uid = isObject(body) && typeof body.uid === 'string' ? body.uid : undefined;
  if (!(await goneAfterDelete(asked, name, uid))) return false;
  return (await asked.caller.call('GET', placeOf(asked, name))).status === 404;
}

export function placeOf({ typeName }: Pick<Subject, 'typeName'>, name: string): string {
  return resourcePath({ type: typeName, name });
}

export interface PutWish {
  readonly key?: string;
  readonly owner?: string;
  readonly config?: JsonObject;
  readonly expects?: { readonly uid: string; readonly version: string } | null;
  readonly takeOver?: boolean;
  readonly more?: JsonObject;
}

export function put(
  subject: Subject,
  name: string,
  { key = randomUUID(), owner, config, expects = null, takeOver = false, more = {} }: PutWish = {},
): Promise<Reply> {
  const body = { owner: owner ?? subject.owner, config: config ?? subject.config, expects, takeOver, ...more };
  return subject.caller.call('PUT', placeOf(subject, name), { body: body as Json, headers: { 'idempotency-key': key } });
}

/** Makes a scratch resource, or says that this does not work. */
export async function made(subject: Subject, wish: PutWish = {}, name = subject.newName()): Promise<ToldResource> {
  return resourceIn(await put(subject, name, wish));
}

/** The resource that was answered, of which only the form is looked at that everything else needs. */
export function resourceIn(reply: Reply): ToldResource {
  if (reply.status !== 200 && reply.status !== 201) throw new Failed(`the answer is ${reply.status}, not 200 or 201`);
  const resource = objectIn(reply);
  if (typeof resource.uid !== 'string' || typeof resource.version !== 'string') throw new Failed('the answer has no uid and version');
  return resource as unknown as ToldResource;
}

export async function read(subject: Subject, name: string): Promise<ToldResource | undefined> {
  const reply = await subject.caller.call('GET', placeOf(subject, name));
  return reply.status === 404 ? undefined : resourceIn(reply);
}

const readyWithin = 60_000;

/** Outputs need be whole only when it is ready. */
export async function readyOf(subject: Subject, name: string): Promise<ToldResource> {
  for (const until = Date.now() + readyWithin; ; ) {
    const there = await read(subject, name);
    if (there && (there.health?.status === 'ready' || Date.now() > until)) return there;
    if (!there) throw new Failed('it is gone');
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

export async function planOf(
  subject: Subject,
  wished: readonly JsonObject[],
  removed: readonly JsonObject[] = [],
): Promise<readonly ToldRow[]> {
  const reply = await subject.caller.call('POST', '/v1/plan', { body: { owner: subject.owner, wished, removed } });
  if (reply.status !== 200) throw new Failed(`the plan is answered with ${reply.status}`);
  const { rows } = objectIn(reply);
  if (!Array.isArray(rows)) throw new Failed('the plan has no rows');
  return rows as unknown as readonly ToldRow[];
}

export function wishFor({ typeName, config }: Subject, name: string, more: JsonObject = {}): JsonObject {
  return { type: typeName, name, config, unknown: [], ...more };
}

/** Fails where the answer is not as its schema wants it. */
export function mustBe(reply: Reply, answer: AnswerName): void {
  const [fault] = faultsIn(reply.body ?? null, answers[answer]);
  if (fault) throw new Failed(`${fault.field || 'the answer'} ${fault.detail}`);
}

/** A refusal with one of these statuses and codes, as RFC 9457 has it. */
export function mustRefuse(reply: Reply, status: number, code: string): JsonObject {
  if (reply.status !== status) throw new Failed(`the answer is ${reply.status}, not ${status}`);
  if (!isObject(reply.body) || reply.body.code !== code) throw new Failed(`the refusal has not the code ${code}`);
  return reply.body;
}

export function must(holds: boolean, otherwise: string): void {
  if (!holds) throw new Failed(otherwise);
}

/** The config with a text in all that is `writeOnly`; undefined where no text fits there. */
export function withHidden({ type, config }: Subject, text: string): JsonObject | undefined {
  const fields = writeOnlyFields(type.config);
  if (fields.length === 0) return undefined;
  return fields.reduce<JsonObject | undefined>((here, pointer) => {
    const filled = [text, `https://verify.example/${text}`, `${text}@verify.example`].map((one) => here && withValue(here, pointer, one));
    return filled.find((one) => one && faultsIn(one, type.config).length === 0);
  }, config);
}

/** The config with another value at one of the fields that cannot change in place; undefined where the schema, as far as it is known, allows none. */
export function withImmutableChanged({ type, config }: Subject): { readonly config: JsonObject; readonly pointer: string } | undefined {
  for (const pointer of type.immutable ?? []) {
    const path = pathOf(pointer, config).slice(1);
    const before = valueAt(config, path);
    if (before === undefined) continue;
    const shown = examplesOf(type.config).map((example) => valueAt(example, path));
    for (const value of [...shown, ...enumAt(type.config, path), ...othersOf(before)]) {
      if (value === undefined || equalJson(value, before)) continue;
      const changed = withValue(config, pointer, value);
      if (faultsIn(changed, type.config).length === 0) return { config: changed, pointer };
    }
  }
  return undefined;
}

function enumAt(schema: JsonObject, path: Path): readonly Json[] {
  const properties = path.flatMap((part) => ['properties', part]);
  const values = valueAt(schema, [...properties, 'enum']);
  return Array.isArray(values) ? values : [];
}

/** Values of the same kind. */
function othersOf(value: Json): readonly Json[] {
  if (typeof value === 'string') return [`${value}x`, `x${value}`, value.slice(0, -1)].filter((text) => text !== '');
  if (typeof value === 'number') return [value + 1, value - 1];
  return typeof value === 'boolean' ? [!value] : [];
}

/** The config with this at the JSON pointer. `at`: where it stands itself. */
export function withValue(value: JsonObject, pointer: string, wished: Json, at = ''): JsonObject {
  const key =
    pointer
      .slice(at.length + 1)
      .split('/')[0]
      ?.replaceAll('~1', '/')
      .replaceAll('~0', '~') ?? '';
  const here = below(at, key);
  const child = value[key];
  return { ...value, [key]: here === pointer ? wished : withValue(isObject(child) ? child : {}, pointer, wished, here) };
}

export function remove(subject: Pick<Subject, 'caller' | 'typeName'>, name: string, uid?: string, call: Call = {}): Promise<Reply> {
  const query = uid === undefined ? '' : `?uid=${encodeURIComponent(uid)}`;
  return subject.caller.call('DELETE', placeOf(subject, name) + query, call);
}

const goneWithin = 60_000;

/** Is it gone within a minute? */
export async function goneAfterDelete(subject: Pick<Subject, 'caller' | 'typeName'>, name: string, uid?: string): Promise<boolean> {
  const reply = await remove(subject, name, uid);
  if (reply.status === 204 || reply.status === 404) return true;
  for (const until = Date.now() + goneWithin; reply.status === 202 && Date.now() < until; ) {
    const { status } = await subject.caller.call('GET', placeOf(subject, name));
    if (status === 404) return true;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  return false;
}
