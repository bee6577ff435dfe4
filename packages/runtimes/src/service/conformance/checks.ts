// What a service of konfig.dev/service/v1 must do, as single checks: each makes what it needs, and asks for one thing.
import { randomUUID } from 'node:crypto';
import { equalJson, isObject, type Json, type JsonObject } from '@konfig/core';
import { isWithin } from '../address';
import { faultsIn, isSchema, writeOnlyFields } from '../schema';
import { type Check, check, notHere } from './check';
import { Failed, objectIn } from './exchange';
import { hiding } from './hiding';
import { wrongSampleOf } from './sample';
import {
  goneAfterDelete,
  made,
  must,
  mustBe,
  mustRefuse,
  placeOf,
  planOf,
  put,
  read,
  readyOf,
  remove,
  resourceIn,
  type Subject,
  wishFor,
  withImmutableChanged,
} from './subject';

const reading: readonly Check[] = [
  check('its schemas are JSON Schema 2020-12', async ({ type, typeName }) => {
    const wrong = (['config', 'outputs', 'secrets'] as const).find((part) => !isSchema(type[part] ?? {}));
    must(wrong === undefined, `types.${typeName}.${wrong} is none`);
  }),
  check('it lets nobody in without a token', async ({ caller }) => {
    if (caller.token === undefined) return notHere;
    const { status } = await caller.call('GET', '/v1/resources', { as: 'nobody' });
    must(status === 401, `the answer is ${status}, not 401`);
  }),
  check('what is not there is 404', async (subject) => {
    mustRefuse(await subject.caller.call('GET', placeOf(subject, subject.newName())), 404, 'not-found');
  }),
  check('a type that it does not have is 404', async ({ caller, newName }) => {
    mustRefuse(await caller.call('GET', `/v1/resources/KonfigVerifyNone/${newName()}`), 404, 'not-found');
  }),
  check('refusals are application/problem+json', async (subject) => {
    const { contentType } = await subject.caller.call('GET', placeOf(subject, subject.newName()));
    must(contentType.startsWith('application/problem+json'), `the content type is ${contentType || 'missing'}`);
  }),
  check('a body that cannot be read is 400', async ({ caller }) => {
    mustRefuse(await caller.call('POST', '/v1/plan', { text: '{"owner":' }), 400, 'malformed');
  }),
];

const planning: readonly Check[] = [
  check('a plan changes nothing', async (subject) => {
    const name = subject.newName();
    await planOf(subject, [wishFor(subject, name)]);
    must((await read(subject, name)) === undefined, 'what was only planned is there');
  }),
  check('a plan has a row for each resource, in their order', async (subject) => {
    const names = [subject.newName(), subject.newName(), subject.newName()];
    const rows = await planOf(
      subject,
      names.slice(0, 2).map((name) => wishFor(subject, name)),
      [{ type: subject.typeName, name: names[2] as string }],
    );
    must(
      equalJson(
        rows.map(({ name }) => name),
        names,
      ),
      'the rows are not those of what was asked',
    );
  }),
  check('the rows of a plan have their form', async (subject) => {
    const { name } = await made(subject);
    mustBe(
      await subject.caller.call('POST', '/v1/plan', { body: { owner: subject.owner, wished: [wishFor(subject, name)], removed: [] } }),
      'plan',
    );
  }),
  check('a plan knows whether something is there', async (subject) => {
    const resource = await made(subject);
    const [none, one] = await planOf(subject, [wishFor(subject, subject.newName()), wishFor(subject, resource.name)]);
    must(none?.live === null, 'live is not null where nothing is there');
    must(one?.live?.uid === resource.uid, 'live has not the uid of what is there');
  }),
  check('what was just applied differs in nothing', async (subject) => {
    const { name } = await made(subject);
    const [row] = await planOf(subject, [wishFor(subject, name)]);
    must(row?.changes.length === 0, 'the plan has changes');
  }),
  check('what differs is planned, and applied in place or said to need a replace', async (subject) => {
    if (!subject.other) return notHere;
    const before = await made(subject);
    const [row] = await planOf(subject, [wishFor(subject, before.name, { config: subject.other })]);
    must((row?.changes.length ?? 0) > 0, 'another config is planned without a change');
    const reply = await put(subject, before.name, { config: subject.other, expects: before });
    if ((row?.replace ?? []).length > 0) {
      must(reply.status === 422, `what the plan says cannot change in place is answered with ${reply.status}, not 422`);
      return undefined;
    }
    const after = resourceIn(reply);
    must(after.uid === before.uid, 'a change in place gives another uid');
    must(after.version !== before.version, 'a change leaves the version as it was');
    must(after.generation > before.generation, 'a change of the config does not raise the generation');
    return undefined;
  }),
  check('what cannot change in place is said by the plan, and refused by an apply', async (subject) => {
    const other = withImmutableChanged(subject);
    if (!other) return notHere;
    const before = await made(subject);
    const [row] = await planOf(subject, [wishFor(subject, before.name, { config: other.config })]);
    // It may not take such a value at all.
    if ((row?.errors ?? []).length > 0) return notHere;
    must((row?.replace ?? []).length > 0, `the plan does not say that ${other.pointer} needs a replace, which describe calls immutable`);
    mustRefuse(await put(subject, before.name, { config: other.config, expects: before }), 422, 'invalid');
    return undefined;
  }),
  check('a plan tells of no error at what is not known yet', async (subject) => {
    const [field] = Object.keys(subject.config);
    if (field === undefined) return notHere;
    const pointer = `/${field.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    const [row] = await planOf(subject, [
      wishFor(subject, subject.newName(), { config: { ...subject.config, [field]: null }, unknown: [pointer] }),
    ]);
    const about = (row?.errors ?? []).filter((error) => isWithin(error.field, pointer) || isWithin(pointer, error.field));
    must(about.length === 0, `an error is told at ${pointer}, which is in "unknown"`);
    return undefined;
  }),
  check('a config that is not valid is told by the plan with its field', async (subject) => {
    const wrong = wrongSampleOf(subject.type.config, subject.config);
    if (!wrong) return notHere;
    const [row] = await planOf(subject, [wishFor(subject, subject.newName(), { config: wrong.config })]);
    must(
      (row?.errors ?? []).some(({ field }) => field.startsWith(`/${wrong.field}`)),
      `no error is told at /${wrong.field}`,
    );
    return undefined;
  }),
];

const applying: readonly Check[] = [
  check('an apply answers the resource', async (subject) => {
    const reply = await put(subject, subject.newName());
    resourceIn(reply);
    mustBe(reply, 'resource');
  }),
  check('what was applied can be read', async (subject) => {
    const resource = await made(subject);
    const there = await read(subject, resource.name);
    must(there?.uid === resource.uid, 'what is read has not the uid that the apply answered');
    must(there?.name === resource.name && there.type === subject.typeName, 'what is read is another resource');
    mustHold(there?.config, subject.config, subject);
  }),
  check('what was changed can be read', async (subject) => {
    if (!subject.other) return notHere;
    const before = await made(subject);
    const reply = await put(subject, before.name, { config: subject.other, expects: before });
    if (reply.status === 422) return notHere;
    mustHold(resourceIn(reply).config, subject.other, subject);
    mustHold((await read(subject, before.name))?.config, subject.other, subject);
    return undefined;
  }),
  check('it belongs to who has made it', async (subject) => {
    must((await made(subject)).owner === subject.owner, 'the owner is not who has made it');
  }),
  check('outputs are as they are described', async (subject) => {
    const { name } = await made(subject);
    const ready = await readyOf(subject, name);
    const { outputs = {}, secrets } = subject.type;
    const [fault] = faultsIn(ready.outputs ?? null, outputs);
    must(fault === undefined, `/outputs${fault?.field} ${fault?.detail}`);
    const [hidden] = secrets ? faultsIn(ready.secrets ?? null, secrets) : [];
    must(hidden === undefined, `/secrets${hidden?.field} is not as it is described`);
  }),
  check('the same key again changes nothing', async (subject) => {
    const [name, key] = [subject.newName(), randomUUID()];
    const first = await made(subject, { key }, name);
    const second = resourceIn(await put(subject, name, { key }));
    must(second.uid === first.uid, 'the second answer has another uid');
  }),
  check('the same key with another wish is 400', async (subject) => {
    const [name, key] = [subject.newName(), randomUUID()];
    await made(subject, { key }, name);
    mustRefuse(await put(subject, name, { key, owner: `${subject.owner}-2` }), 400, 'malformed');
  }),
  check('an apply without a key is 400', async (subject) => {
    const path = placeOf(subject, subject.newName());
    mustRefuse(
      await subject.caller.call('PUT', path, { body: { owner: subject.owner, config: subject.config, expects: null } }),
      400,
      'malformed',
    );
  }),
  check('where nothing was expected and something is there, it is 412', async (subject) => {
    const { name } = await made(subject);
    mustRefuse(await put(subject, name), 412, 'stale');
  }),
  check('an old version is 412', async (subject) => {
    const { name, uid } = await made(subject);
    mustRefuse(await put(subject, name, { expects: { uid, version: 'konfig-verify-old' } }), 412, 'stale');
  }),
  check('another uid is 412', async (subject) => {
    const { name, version } = await made(subject);
    mustRefuse(await put(subject, name, { expects: { uid: 'konfig-verify-other', version } }), 412, 'stale');
  }),
  check('a config that is not valid is 422 with its field', async (subject) => {
    const wrong = wrongSampleOf(subject.type.config, subject.config);
    if (!wrong) return notHere;
    const { errors } = mustRefuse(await put(subject, subject.newName(), { config: wrong.config }), 422, 'invalid');
    const fields = Array.isArray(errors) ? errors.map((error: Json) => (isObject(error) ? String(error.field) : '')) : [];
    must(
      fields.some((field) => field.startsWith(`/${wrong.field}`)),
      `no error is told at /${wrong.field}`,
    );
    return undefined;
  }),
  check('what it does not know in a request is ignored', async (subject) => {
    await made(subject, { more: { 'konfig.dev/verify': true } });
  }),
];

const owning: readonly Check[] = [
  check('what belongs to somebody else is 409', async (subject) => {
    const { name, uid, version } = await made(subject);
    mustRefuse(await put(subject, name, { owner: `${subject.owner}-2`, expects: { uid, version } }), 409, 'owned');
  }),
  check('it is taken over when that is asked for', async (subject) => {
    const { name, uid, version } = await made(subject);
    const taken = resourceIn(await put(subject, name, { owner: `${subject.owner}-2`, expects: { uid, version }, takeOver: true }));
    must(taken.owner === `${subject.owner}-2`, 'the owner is still the one before');
    must(taken.uid === uid, 'it was made anew');
  }),
  check('it is disowned, and stays', async (subject) => {
    const { name, uid } = await made(subject);
    const { status } = await subject.caller.call('POST', `${placeOf(subject, name)}/disown`, { body: { uid, owner: subject.owner } });
    must(status === 204, `the answer is ${status}, not 204`);
    must((await read(subject, name))?.owner === null, 'it still has an owner, or is gone');
  }),
];

const listing: readonly Check[] = [
  check('it lists by type and owner, page by page', async (subject) => {
    const owner = `${subject.owner}-list`;
    const names = [(await made(subject, { owner })).name, (await made(subject, { owner })).name];
    await made(subject);
    const found: string[] = [];
    const seen = new Set<string>();
    for (let after: string | undefined; ; ) {
      const page = await pageOf(subject, owner, after);
      found.push(...page.names);
      after = page.next;
      if (after === undefined || found.length > names.length) break;
      must(!seen.has(after) && seen.size < mostPages, 'there is always a next page');
      seen.add(after);
    }
    must(equalJson(found.sort(), names.sort()), `it found ${found.join(', ') || 'nothing'}`);
  }),
  check('a page of a list holds no more than was asked for', async (subject) => {
    const owner = `${subject.owner}-page`;
    await made(subject, { owner });
    await made(subject, { owner });
    const { names } = await pageOf(subject, owner);
    must(names.length <= 1, `it holds ${names.length} where limit is 1`);
  }),
];

const mostPages = 100;

interface Page {
  readonly names: readonly string[];
  readonly next: string | undefined;
}

/** One resource at a time. */
async function pageOf({ caller, typeName }: Subject, owner: string, after?: string): Promise<Page> {
  const query = new URLSearchParams({ type: typeName, owner, limit: '1', ...(after === undefined ? {} : { after }) });
  const { resources, next } = objectIn(await caller.call('GET', `/v1/resources?${query}`));
  return {
    names: Array.isArray(resources) ? resources.map((one: Json) => String((one as JsonObject).name)) : [],
    next: typeof next === 'string' ? next : undefined,
  };
}

const deleting: readonly Check[] = [
  check('a delete with another uid deletes nothing', async (subject) => {
    const { name } = await made(subject);
    mustRefuse(await remove(subject, name, 'konfig-verify-other'), 412, 'stale');
    must((await read(subject, name)) !== undefined, 'it is gone');
  }),
  check('a delete deletes, and may be asked for again', async (subject) => {
    const { name, uid } = await made(subject);
    must(await goneAfterDelete(subject, name, uid), 'it is still there after a minute');
    must((await read(subject, name)) === undefined, 'it can still be read');
    const again = await remove(subject, name, uid);
    must([202, 204, 404].includes(again.status), `asked again it answers ${again.status}`);
  }),
  check('what is made anew has another uid', async (subject) => {
    const { name, uid } = await made(subject);
    must(await goneAfterDelete(subject, name, uid), 'it is still there after a minute');
    must((await made(subject, {}, name)).uid !== uid, 'it has the uid of the one before');
  }),
];

const watching: readonly Check[] = [
  check('its events tell what comes and goes', async (subject) => {
    if (!subject.description.watch.includes('events')) return notHere;
    const name = subject.newName();
    let uid: string | undefined;
    let isRemoved = false;
    await subject.caller.events(undefined, async ({ event, data }) => {
      if (event === 'open') uid = (await made(subject, {}, name)).uid;
      if (!isAbout(data, name)) return 'more';
      if (event === 'gone') must(isRemoved, 'what was made and not deleted is told as gone');
      if (event === 'resource' && !isRemoved) {
        await remove(subject, name, uid);
        isRemoved = true;
      }
      return event === 'gone' ? 'enough' : 'more';
    });
    return undefined;
  }),
  check('its events go on after the last one that was seen', async (subject) => {
    if (!subject.description.watch.includes('events')) return notHere;
    let last: string | undefined;
    await subject.caller.events(undefined, async ({ id }) => {
      last = id;
      return 'enough';
    });
    if (last === undefined) throw new Failed('the first event has no id');
    const { name } = await made(subject);
    await subject.caller.events(last, async ({ event, data }) => (event === 'reset' || isAbout(data, name) ? 'enough' : 'more'));
    return undefined;
  }),
  check('its changes can be polled', async (subject) => {
    if (!subject.description.watch.includes('poll')) return notHere;
    const start = await subject.caller.call('GET', '/v1/changes');
    mustBe(start, 'changes');
    const { name } = await made(subject);
    const next = await subject.caller.call('GET', `/v1/changes?after=${encodeURIComponent(String(objectIn(start).token))}`);
    mustBe(next, 'changes');
    const changes = objectIn(next).changes as readonly JsonObject[];
    must(
      changes.some((change) => change.name === name && change.resource !== null),
      'what was made meanwhile is not among them',
    );
    return undefined;
  }),
];

/** Every check, in the order in which they run. */
export const checks: readonly Check[] = [...reading, ...planning, ...applying, ...owning, ...hiding, ...listing, ...deleting, ...watching];

/** But what is `writeOnly`. */
function mustHold(config: JsonObject | undefined, given: JsonObject, { type }: Subject): void {
  const hidden = writeOnlyFields(type.config);
  const lost = Object.entries(given).find(
    ([key, value]) => !hidden.some((one) => one.startsWith(`/${key}`)) && !covers(config?.[key], value),
  );
  must(lost === undefined, `config.${lost?.[0]} is not as it was given`);
}

/** All that was given is there; defaults may have come besides. */
function covers(there: Json | undefined, given: Json): boolean {
  if (isObject(given) && isObject(there)) return Object.entries(given).every(([key, value]) => covers(there[key], value));
  return equalJson(there, given);
}

function isAbout(data: string, name: string): boolean {
  return data.includes(JSON.stringify(name));
}
