// What the server refuses in an object's fields, in our words: they name every field at once, and suggest what was meant.
import { isError, type Problem, pathText, type Resource, shortId } from '@konfig/core';
import { kindOf } from './address';
import { objectOf } from './answer';
import type { Client } from './client';
import { readDefinition } from './custom/definition';
import { asJson } from './objects';
import type { Fault } from './schema/fault';
import type { World } from './world';

/** The problems of a refusal; those of fields that we know to be wrong too are told as we tell them, and what is not about fields stays as it is. */
export async function inOwnWords(
  world: World,
  resource: Resource,
  problems: readonly Problem[],
  signal: AbortSignal,
): Promise<readonly Problem[]> {
  if (!problems.every(({ code }) => code === 'RESOURCE_REJECTED')) return problems;
  const all = await faultsOf(world, resource, signal).catch(() => {
    signal.throwIfAborted();
    // The server's own words are what counts; ours only say them better.
    return [];
  });
  const faults = all.filter(({ severity }) => severity !== 'warning');
  const own = faults.map((fault) => problemOf(resource, fault));
  const isTold = (problem: Problem) =>
    own.some(({ at }) => isSamePlace(at ?? '', problem.at ?? '')) || (own.length > 0 && isOfDecoder(problem));
  const others = problems.filter((problem) => !isTold(problem));
  // Whatever else it is, our table is not what decides.
  return others.length === problems.length ? problems : [...own, ...others];
}

async function faultsOf(world: World, resource: Resource, signal: AbortSignal): Promise<readonly Fault[]> {
  // The tables take a while to load, and mostly nothing is refused.
  const { objectFaults } = require('./schema/object') as typeof import('./schema/object');
  const builtIn = objectFaults(resource.attributes, resource.type, await minorOf(world.client, signal));
  if (builtIn) return builtIn;
  const served = await world.discovery.find(kindOf(resource.type), signal);
  const definition = served && (await readDefinition(world, served, signal));
  const { customFaults } = require('./custom/faults') as typeof import('./custom/faults');
  return definition ? customFaults(resource, definition) : [];
}

const minors = new WeakMap<Client, Promise<number>>();

/** Of the server; of one that is newer than our table, the newest. */
async function minorOf(client: Client, signal: AbortSignal): Promise<number> {
  const known = minors.get(client) ?? askVersion(client, signal);
  minors.set(client, known);
  // The next refusal asks again.
  known.catch(() => minors.delete(client));
  return known;
}

async function askVersion(client: Client, signal: AbortSignal): Promise<number> {
  const answer = objectOf(await client.request({ method: 'GET', path: '/version' }, signal));
  const { newestKnown } = require('./schema/version') as typeof import('./schema/version');
  return newestKnown(answer && Number.parseInt(String(asJson(answer).minor), 10));
}

function problemOf({ id }: Resource, { path, message, hint }: Fault): Problem {
  return { code: 'RESOURCE_REJECTED', message: `${shortId(id)}: ${message}`, ...(hint ? { hint } : {}), at: `${id} ${pathText(path)}` };
}

/** Of one object: the same field, or one above the other. */
function isSamePlace(a: string, b: string): boolean {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  return short.includes(' ') && (long === short || (long.startsWith(short) && /^[.[]/.test(long.slice(short.length))));
}

/** It could not even be read as what it is to be, so that no single field is named, or only the first. */
function isOfDecoder(problem: Problem): boolean {
  return (
    isError(problem) && /typed patch object|strict decoding|cannot unmarshal|unable to convert|to convert new object/.test(problem.message)
  );
}
