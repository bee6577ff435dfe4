// Stacks as they are, told from what is kept of them: Terraform itself watches nothing.
import {
  type Finding,
  isKonfigError,
  isObject,
  type JsonObject,
  type Observation,
  type Problem,
  type ProblemCode,
  type RelatedNode,
  type ResourceId,
  shortId,
  valueAt,
  type Watch,
  type Watched,
} from '@konfig/core';
import { addressesIn, pathOfAddress } from './configuration';
import { learnState } from './held-secrets';
import { homeOf, type KeptStack, nothingKept } from './kept';
import { readOf } from './outputs';
import { withoutKey } from './state';
import { type StackWish, wishOf } from './wish';
import type { TerraformWorld } from './world';

/** Also against what is wished of them, where that is told: a run may have come half-way. */
export async function observeStacks(world: TerraformWorld, resources: readonly Watched[]): Promise<readonly Observation[]> {
  const seen = resources.map(({ id, attributes }) =>
    keptOf(world, id).then(
      (kept) => withMissing(observationOf(id, kept), attributes ? missingIn(wishOf({ id, attributes }), kept) : []),
      (error) => {
        if (!isKonfigError(error) || !error.problems.every(({ code }) => unreadable.has(code))) throw error;
        return unreadObservation(id, error.problems);
      },
    ),
  );
  return Promise.all(seen);
}

/** What is kept is there, and cannot be understood: of one stack, whatever the others are. */
const unreadable: ReadonlySet<ProblemCode> = new Set<ProblemCode>(['TARGET_CONFIG', 'RECORD_CORRUPT']);

function unreadObservation(id: ResourceId, problems: readonly Problem[]): Observation {
  const findings = problems.map(
    ({ code, message, hint }): Finding => ({ code, class: 'terminal', message, on: shortId(id), ...(hint ? { details: [hint] } : {}) }),
  );
  return { id, exists: true, health: 'unknown', message: 'its state cannot be read', findings, related: [] };
}

export async function readStack(world: TerraformWorld, id: ResourceId): Promise<JsonObject | undefined> {
  return readOf(await keptOf(world, id));
}

async function keptOf(world: TerraformWorld, id: ResourceId): Promise<KeptStack> {
  const store = world.keeper();
  if (!store) return nothingKept;
  const kept = await homeOf(id, store, world.config.keys).read();
  learnState(world, kept);
  return kept;
}

/** `done`: what an apply that has just ended can say of some of its resources. */
export function observationOf(id: ResourceId, { state }: KeptStack, done: ReadonlyMap<string, RelatedNode> = new Map()): Observation {
  if (!state) return { id, exists: false, health: 'unknown', message: 'is not there', findings: [], related: [] };
  const count = state.addresses.length;
  const related = state.addresses.map((name): RelatedNode => done.get(name) ?? { name, health: 'ready', message: 'is there' });
  return {
    id,
    exists: true,
    uid: state.lineage,
    health: 'ready',
    message: `${count} resource${count === 1 ? '' : 's'}`,
    findings: [],
    related,
  };
}

/** Resources that are wished and not there. How many there are of one with `count` or `for_each`, only Terraform knows. */
function missingIn({ configuration }: StackWish, { state }: KeptStack): readonly string[] {
  const there = new Set(state?.addresses.map(withoutKey));
  return addressesIn(configuration).flatMap(({ address, isData }) => {
    const path = pathOfAddress(configuration, address);
    const block = path && valueAt(configuration, path);
    const isCounted = isObject(block) && (block.count !== undefined || block.for_each !== undefined);
    return isData || isCounted || !isObject(block) || there.has(address) ? [] : [address];
  });
}

function withMissing(seen: Observation, missing: readonly string[]): Observation {
  if (missing.length === 0 || !seen.exists) return seen;
  const nodes = missing.map((name): RelatedNode => ({ name, health: 'degraded', message: 'is not there' }));
  const { length: count } = seen.related;
  return { ...seen, health: 'degraded', message: `${count} of ${count + missing.length} resources`, related: [...seen.related, ...nodes] };
}

export async function watchStacks(
  world: TerraformWorld,
  resources: readonly Watched[],
  onChange: (observation: Observation) => void,
  signal: AbortSignal,
): Promise<Watch> {
  const watched = new Set<ResourceId>();
  const add = async (more: readonly Watched[]) => {
    for (const { id } of more) watched.add(id);
    const ids = more.map(({ id, type }) => ({ id, type }));
    for (const observation of await observeStacks(world, ids)) if (!signal.aborted) onChange(observation);
  };
  const listener = (observation: Observation) => {
    if (watched.has(observation.id)) onChange(observation);
  };
  world.listeners.add(listener);
  const ended = new Promise<void>((resolve) => {
    const end = () => {
      world.listeners.delete(listener);
      resolve();
    };
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
  await add(resources);
  return { add, ended };
}
