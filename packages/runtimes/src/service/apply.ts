// Makes one resource as wished, deletes one, lets one go. Whatever was lost on the way is asked again with the same key.
import { randomUUID } from 'node:crypto';
import {
  type Applied,
  type ApplyRequest,
  type DeleteRequest,
  KonfigError,
  type LiveIdentity,
  type Problem,
  pathText,
  type ResourceId,
  shortId,
} from '@konfig/core';
import { pause } from '../pause';
import { placeOf, resourcePath } from './address';
import { broken, type ServiceAnswer } from './client';
import { liveOf, observationOf } from './observation';
import { planResources } from './plan';
import type { ToldResource } from './protocol';
import { refusalProblems } from './refusal';
import { wishOf } from './wish';
import { ownerText, type ServiceWorld } from './world';

export async function applyResource(world: ServiceWorld, request: ApplyRequest, signal: AbortSignal): Promise<Applied> {
  const { action, live, resource } = request;
  if (action === 'replace' && live) await removeOld(world, { id: resource.id, type: resource.type, uid: live.uid }, signal);
  const expects = action === 'create' || action === 'replace' ? undefined : live;
  const told = await put(world, request, expects, signal);
  if (expects && told.uid !== expects.uid) throw madeAnew(world, resource.id, [expects.uid, told.uid]);
  return appliedOf(world, request, told);
}

async function put(
  world: ServiceWorld,
  request: ApplyRequest,
  expects: LiveIdentity | undefined,
  signal: AbortSignal,
  attempt = 1,
): Promise<ToldResource> {
  const { resource, stack, action } = request;
  const { config } = wishOf(resource);
  const answer = await world.client.request<ToldResource>(
    {
      method: 'PUT',
      path: resourcePath(placeOf(resource.id)),
      headers: { 'idempotency-key': randomUUID() },
      body: {
        owner: ownerText(stack),
        config,
        expects: expects ? { uid: expects.uid, version: expects.version } : null,
        takeOver: action === 'adopt',
      },
    },
    'resource',
    signal,
  );
  if (!answer.refusal) return checkIsIt(world, resource.id, answer.body);
  if (answer.refusal.code === 'stale' && expects && attempt < 4)
    return put(world, request, await sameEffect(world, request, signal), signal, attempt + 1);
  throw new KonfigError(refusalProblems({ id: resource.id, config }, answer));
}

/** It has changed meanwhile: the newer version will do, if an apply would still change just what the plan has shown. */
async function sameEffect(
  world: ServiceWorld,
  { stack, resource, live, changes }: ApplyRequest,
  signal: AbortSignal,
): Promise<LiveIdentity> {
  const [row] = await planResources(world, { stack, wished: [resource], removed: [] }, signal);
  if (row?.live?.uid !== live?.uid) throw new KonfigError(stale(resource.id, 'is no longer the one that was planned for'));
  const fields = (list: ApplyRequest['changes']) =>
    list
      .map(({ path }) => pathText(path))
      .sort()
      .join('\n');
  if (fields(row?.changes ?? []) !== fields(changes)) throw new KonfigError(stale(resource.id, 'has changed since the plan was made'));
  return row?.live as LiveIdentity;
}

function stale(id: ResourceId, what: string): Problem {
  return { code: 'PLAN_STALE', message: `${shortId(id)} ${what}.`, hint: 'Make a new plan and look at it.', at: id };
}

/** A service that mixes up its resources must not be believed. */
function checkIsIt({ client }: Pick<ServiceWorld, 'client'>, id: ResourceId, told: ToldResource): ToldResource {
  const { type, name } = placeOf(id);
  if (told.type === type && told.name === name) return told;
  throw broken(
    `${client.url} was asked for ${type} ${name} and answered with ${JSON.stringify(client.quote(`${told.type} ${told.name}`, 200))}.`,
    'Tell those who keep the service.',
  );
}

/** Whoever confirmed a change in place has not confirmed that it is deleted and made anew. */
function madeAnew({ client }: ServiceWorld, id: ResourceId, uids: readonly string[]): KonfigError {
  const [before, after] = uids.map((uid) => JSON.stringify(client.quote(uid, 100)));
  return broken(
    `${client.url} was asked to change ${shortId(id)} with the uid ${before} in place, and answered with the uid ${after}: another one stands there.`,
    'Look whether it still has its data, and tell those who keep the service: what has to be made anew belongs into replace of the plan.',
  );
}

function appliedOf({ client }: ServiceWorld, { resource, live }: ApplyRequest, told: ToldResource): Applied {
  return {
    uid: told.uid,
    generation: told.generation,
    live: liveOf(told),
    observation: observationOf(resource.id, told, client.quote),
    isUnchanged: told.version === live?.version,
    warnings: [],
  };
}

/** Asks for the delete of the one with this uid, never of another. */
export async function deleteResource(
  { client }: ServiceWorld,
  { id, uid }: DeleteRequest,
  signal: AbortSignal,
): Promise<'deleting' | 'gone'> {
  const query = uid === undefined ? '' : `?uid=${encodeURIComponent(uid)}`;
  const answer = await client.request<undefined>({ method: 'DELETE', path: resourcePath(placeOf(id)) + query }, 'nothing', signal);
  if (!answer.refusal) return answer.status === 202 ? 'deleting' : 'gone';
  // Another one stands there by now: the one that was meant is gone.
  if (answer.status === 404 || answer.refusal.code === 'stale') return 'gone';
  throw new KonfigError(refusalProblems({ id }, answer));
}

const lookAgain = 500;

async function removeOld(world: ServiceWorld, old: DeleteRequest, signal: AbortSignal): Promise<void> {
  if ((await deleteResource(world, old, signal)) === 'gone') return;
  for (;;) {
    const there = await readResource(world, old.id, signal);
    if (there?.uid !== old.uid) return;
    await pause(lookAgain, signal);
  }
}

export async function disownResource(
  { client }: ServiceWorld,
  { id, uid, stack }: DeleteRequest & { readonly stack: string },
  signal: AbortSignal,
): Promise<void> {
  const path = `${resourcePath(placeOf(id))}/disown`;
  const body = { owner: ownerText(stack), ...(uid === undefined ? {} : { uid }) };
  const answer = await client.request<undefined>({ method: 'POST', path, body }, 'nothing', signal);
  if (answer.refusal && answer.status !== 404) throw new KonfigError(refusalProblems({ id }, answer));
}

/** As it is now; undefined: it is not there. */
export async function readResource(
  world: Pick<ServiceWorld, 'client'>,
  id: ResourceId,
  signal: AbortSignal,
): Promise<ToldResource | undefined> {
  const answer: ServiceAnswer<ToldResource> = await world.client.request(
    { method: 'GET', path: resourcePath(placeOf(id)) },
    'resource',
    signal,
  );
  if (!answer.refusal) return checkIsIt(world, id, answer.body);
  if (answer.status === 404) return undefined;
  throw new KonfigError(refusalProblems({ id }, answer));
}
