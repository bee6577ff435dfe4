// What a service may not tell: secrets anywhere but with the resource itself, and what is `writeOnly` nowhere.
import { randomUUID } from 'node:crypto';
import { isObject, type Json, type JsonObject, valueAt } from '@konfig/core';
import { isWithin, pathOf } from '../address';
import { faultsIn, writeOnlyFields } from '../schema';
import { type Check, check, notHere } from './check';
import { Failed, objectIn, type Reply } from './exchange';
import { parsed } from './parsed';
import { wrongSampleOf } from './sample';
import { made, must, placeOf, planOf, put, readyOf, type Subject, wishFor, withHidden, withValue } from './subject';

export const hiding: readonly Check[] = [
  check('what is writeOnly is never told', async (subject) => {
    const hidden = writeOnlyFields(subject.type.config);
    const canary = `canary-${randomUUID()}`;
    const config = withHidden(subject, canary);
    if (!config) return notHere;
    const { name, told } = await madeAndTold(subject, config);
    told.push({ where: 'the answer to GET', body: (await subject.caller.call('GET', placeOf(subject, name))).body });
    for (const { where, body } of told) {
      must(!textOf(body).includes(canary), `it stands in ${where}`);
      const shown = resourcesIn(body).flatMap((one) => hidden.filter((pointer) => isThere(one.config, pointer)));
      must(shown.length === 0, `config has ${shown[0]} in ${where}`);
    }
    return undefined;
  }),
  check('a refusal does not repeat what is writeOnly', async (subject) => {
    const canary = `canary-${randomUUID()}`;
    const wrong = wrongConfigs(subject, canary);
    if (wrong.length === 0) return notHere;
    for (const config of wrong) {
      const name = subject.newName();
      const body = { owner: subject.owner, wished: [wishFor(subject, name, { config })], removed: [] };
      const plan = await subject.caller.call('POST', '/v1/plan', { body });
      must(!textOf(plan.body).includes(canary), 'it stands in the answer to a plan');
      must(!textOf((await put(subject, name, { config })).body).includes(canary), 'it stands in the answer to an apply');
    }
    return undefined;
  }),
  check('a change of what is writeOnly is planned without its values', async (subject) => {
    const [before, after] = [withHidden(subject, 'konfig-verify-before'), withHidden(subject, 'konfig-verify-after')];
    if (!before || !after) return notHere;
    const { name } = await made(subject, { config: before });
    const [row] = await planOf(subject, [wishFor(subject, name, { config: after })]);
    must(
      (row?.changes ?? []).some(({ sensitive }) => sensitive === true),
      'no change is told as sensitive',
    );
    must(!JSON.stringify(row).includes('konfig-verify-after'), 'the value stands in the plan');
    return undefined;
  }),
  check('secrets are told only with the resource itself', async (subject) => {
    if (!subject.type.secrets) return notHere;
    const { name, told } = await madeAndTold(subject, subject.config);
    const secrets = longTextsIn((await readyOf(subject, name)).secrets ?? null);
    // Those that are known only now stand in no answer of before.
    const elsewhere = [...told.filter(({ where }) => where !== applied), await listed(subject)];
    for (const { where, body } of elsewhere) {
      must(!resourcesIn(body).some((one) => isObject(one.secrets) && Object.keys(one.secrets).length > 0), `they stand in ${where}`);
      must(!secrets.some((one) => textOf(body).includes(one)), `one stands in ${where}`);
    }
    return undefined;
  }),
];

interface Told {
  readonly where: string;
  readonly body: Json | undefined;
}

const applied = 'the answer to PUT';

/** A new resource, and all that the service tells of it: at once, in its list, to those who watch and to those who poll. */
async function madeAndTold(subject: Subject, config: JsonObject): Promise<{ readonly name: string; readonly told: Told[] }> {
  const { caller, description } = subject;
  const name = subject.newName();
  const told: Told[] = [];
  const make = async () => {
    const reply = await put(subject, name, { config });
    if (reply.status !== 200 && reply.status !== 201) throw new Failed(`the answer is ${reply.status}, not 200 or 201`);
    told.push({ where: applied, body: reply.body });
  };
  const token = description.watch.includes('poll') ? objectIn(await caller.call('GET', '/v1/changes')).token : undefined;
  if (!description.watch.includes('events')) await make();
  else
    await caller.events(undefined, async ({ event, data }) => {
      if (event === 'open') await make();
      if (!data.includes(JSON.stringify(name))) return 'more';
      told.push({ where: `an event of ${event}`, body: parsed(data) });
      return 'enough';
    });
  if (token !== undefined) {
    const changes = await caller.call('GET', `/v1/changes?after=${encodeURIComponent(String(token))}`);
    told.push({ where: 'its changes', body: changes.body });
  }
  told.push(await listed(subject));
  return { name, told };
}

async function listed({ caller, typeName, owner }: Subject): Promise<Told> {
  const { body }: Reply = await caller.call('GET', `/v1/resources?${new URLSearchParams({ type: typeName, owner })}`);
  return { where: 'the list', body };
}

/** Configs that are not valid, and hold the text where it is to be hidden: in what is wrong, and beside it. */
function wrongConfigs(subject: Subject, canary: string): readonly JsonObject[] {
  const { config: schema } = subject.type;
  const hidden = writeOnlyFields(schema);
  const within = hidden.flatMap((pointer) => [canary, [canary], { wrong: canary }].map((one) => withValue(subject.config, pointer, one)));
  const valid = withHidden(subject, canary);
  const beside = valid && wrongSampleOf(schema, valid);
  const isBeside = beside && !hidden.some((one) => isWithin(one, `/${beside.field}`));
  return [...(isBeside ? [beside.config] : []), ...within.filter((one) => faultsIn(one, schema).length > 0)];
}

/** Every resource in an answer: itself, in a list, in changes. */
function resourcesIn(body: Json | undefined): readonly JsonObject[] {
  if (Array.isArray(body)) return body.flatMap((one: Json) => resourcesIn(one));
  if (!isObject(body)) return [];
  return typeof body.uid === 'string' && isObject(body.config) ? [body] : Object.values(body).flatMap((one) => resourcesIn(one));
}

function isThere(config: Json | undefined, pointer: string): boolean {
  return config !== undefined && valueAt(config, pathOf(pointer, config).slice(1)) !== undefined;
}

/** What is shorter may stand anywhere by chance. */
const shortest = 6;

function longTextsIn(value: Json): readonly string[] {
  if (typeof value === 'string') return value.length >= shortest ? [value] : [];
  if (Array.isArray(value)) return value.flatMap((one: Json) => longTextsIn(one));
  return isObject(value) ? Object.values(value).flatMap((one) => longTextsIn(one)) : [];
}

function textOf(body: Json | undefined): string {
  return JSON.stringify(body) ?? '';
}
