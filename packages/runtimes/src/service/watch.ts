// Observations that stay true: what is there is read once, then the service tells what changes, by events or when it is asked.
import { KonfigError, type Observation, type Watch, type Watched } from '@konfig/core';
import { inParallel } from '../in-parallel';
import { pause } from '../pause';
import { reasonOf } from '../reason-of';
import { keyOf, placeOf } from './address';
import { readResource } from './apply';
import { broken, type ServerEvent } from './client';
import { observationOf } from './observation';
import { answers, type ToldChanges, type ToldResource } from './protocol';
import { faultsIn } from './schema';
import type { ServiceWorld } from './world';

const atOnce = 8;
const askAgain = 2000;
/** So long a service may be out of reach before its watch gives up. */
const patience = 60_000;

export async function observeResources(
  world: ServiceWorld,
  resources: readonly Watched[],
  signal: AbortSignal,
): Promise<readonly Observation[]> {
  return inParallel(resources, atOnce, async ({ id }) => observationOf(id, await readResource(world, id, signal), world.client.quote));
}

export async function watchResources(
  world: ServiceWorld,
  resources: readonly Watched[],
  onChange: (observation: Observation) => void,
  signal: AbortSignal,
): Promise<Watch> {
  const ending = AbortSignal.any([signal, world.client.closed]);
  const watched = new Map<string, Watched>();
  const told = new Map<string, string>();
  const tell = (key: string, resource: ToldResource | undefined) => {
    const one = watched.get(key);
    if (!one || ending.aborted) return;
    const observation = observationOf(one.id, resource, world.client.quote);
    // A new version is told even where it looks the same: whoever has applied it waits for a word on just that one.
    const text = `${resource?.version} ${JSON.stringify(observation)}`;
    if (told.get(key) === text) return;
    told.set(key, text);
    onChange(observation);
  };
  const readAll = (some: Iterable<Watched>) =>
    inParallel([...some], atOnce, async ({ id }) => tell(keyOf(placeOf(id)), await readResource(world, id, ending))).then(() => undefined);
  const add = async (more: readonly Watched[]) => {
    for (const one of more) watched.set(keyOf(placeOf(one.id)), one);
    await readAll(more);
  };
  for (const one of resources) watched.set(keyOf(placeOf(one.id)), one);
  const news: News = { tell, readAll: () => readAll(watched.values()) };
  // What changes while everything is read for the first time must not be missed: the stream is open before.
  let begun = () => {};
  let failed: (error: unknown) => void = () => {};
  const ready = new Promise<void>((resolve, reject) => {
    begun = resolve;
    failed = reject;
  });
  const follow = world.description.watch.includes('events') ? followEvents : followPolls;
  const ended = follow(world, news, begun, ending).catch((error) => {
    failed(error);
    if (!ending.aborted) throw error;
  });
  ended.catch(() => undefined);
  await ready;
  return { add, ended };
}

interface News {
  readonly tell: (key: string, resource: ToldResource | undefined) => void;
  /** Reads all that is watched anew, and tells it. */
  readonly readAll: () => Promise<void>;
}

/** Gives up when the service was out of reach for too long; a refusal is the end at once. */
async function untilLost(world: ServiceWorld, work: (alive: () => void) => Promise<void>, signal: AbortSignal): Promise<void> {
  let since = Date.now();
  let failures = 0;
  while (!signal.aborted) {
    try {
      await work(() => {
        since = Date.now();
        failures = 0;
      });
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof KonfigError && error.problems.some(({ code }) => code !== 'CONNECTION_LOST')) throw error;
      if (Date.now() - since > patience) throw watchLost(world, error);
    }
    await pause(Math.min(100 * 2 ** failures++, 5000), signal);
  }
}

function watchLost({ client }: ServiceWorld, error: unknown): KonfigError {
  const message = `${client.url} could not be watched for ${patience / 1000} s: ${client.quote(reasonOf(error))}.`;
  return new KonfigError({
    code: 'CONNECTION_LOST',
    message,
    hint: 'Run the same command again when the service answers; it goes on where it stopped.',
  });
}

async function followEvents(world: ServiceWorld, { tell, readAll }: News, begun: () => void, signal: AbortSignal): Promise<void> {
  let last: string | undefined;
  await untilLost(
    world,
    async (alive) => {
      for await (const event of await world.client.events(last, signal)) {
        alive();
        last = event.id ?? last;
        if (event.event === 'reset' || event.event === 'open') {
          await readAll();
          begun();
        } else if (event.event === 'resource') {
          const resource = eventData<ToldResource>(world, event, 'resource');
          tell(keyOf(resource), resource);
        } else if (event.event === 'gone') tell(keyOf(eventData<ToldResource>(world, event, undefined)), undefined);
      }
    },
    signal,
  );
}

function eventData<T>({ client: { quote, url } }: ServiceWorld, { event, data }: ServerEvent, answer: 'resource' | undefined): T {
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    value = undefined;
  }
  const [fault] = faultsIn((value ?? null) as never, answer ? answers[answer] : goneSchema, quote);
  if (!fault) return value as T;
  throw broken(
    `${url} told an event ${quote(event, 40)} that konfig.dev/service/v1 does not allow: ${fault.field || 'it'} ${fault.detail}.`,
    'Tell those who keep the service.',
  );
}

const goneSchema = { type: 'object', properties: { type: { type: 'string' }, name: { type: 'string' } }, required: ['type', 'name'] };

async function followPolls(world: ServiceWorld, { tell, readAll }: News, begun: () => void, signal: AbortSignal): Promise<void> {
  let token: string | undefined;
  await untilLost(
    world,
    async (alive) => {
      const query = token === undefined ? '' : `?after=${encodeURIComponent(token)}`;
      const answer = await world.client.request<ToldChanges>({ method: 'GET', path: `/v1/changes${query}` }, 'changes', signal);
      if (answer.refusal) {
        if (token === undefined || answer.status !== 410)
          throw broken(`${world.client.url} answered GET /v1/changes with ${answer.status}.`, 'Tell those who keep the service.');
        token = undefined;
        return;
      }
      alive();
      if (token === undefined) {
        await readAll();
        begun();
      }
      token = answer.body.token;
      for (const { type, name, resource } of answer.body.changes) tell(keyOf({ type, name }), resource ?? undefined);
      await pause(askAgain, signal);
    },
    signal,
  );
}
