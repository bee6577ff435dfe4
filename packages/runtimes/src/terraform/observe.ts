// Stacks as they are, told from what is kept of them: Terraform itself watches nothing.
import {
  equalJson,
  type Finding,
  type Health,
  isKonfigError,
  isObject,
  type Json,
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
import { type KeptStack, nothingKept } from './kept';
import { readOf } from './outputs';
import { lookAt } from './seen';
import { withoutKey } from './state';
import { type StackWish, wishOf } from './wish';
import type { TerraformWorld } from './world';

/** Seconds between two looks at what is kept. */
const lookEvery = 5;

/** Also against what is wished of them, where that is told: a run may have come half-way. */
export async function observeStacks(world: TerraformWorld, resources: readonly Watched[]): Promise<readonly Observation[]> {
  const seen = resources.map(({ id, attributes }) =>
    keptOf(world, id).then(
      (kept) => withFlaws(observationOf(id, kept), attributes ? flawsIn(wishOf({ id, attributes }), kept) : [], kept),
      (error) => {
        if (!isKonfigError(error) || !error.problems.every(({ code }) => code in unreadable)) throw error;
        return unreadObservation(id, error.problems);
      },
    ),
  );
  return Promise.all(seen);
}

/** Where what is kept cannot be read or does not count yet: of one stack, whatever the others are. */
const unreadable: { readonly [code in ProblemCode]?: string } = {
  TARGET_CONFIG: 'its state cannot be read',
  RECORD_CORRUPT: 'its state cannot be read',
  LOCK_HELD: 'Terraform is still at work on it',
};

function unreadObservation(id: ResourceId, problems: readonly Problem[]): Observation {
  const findings = problems.map(
    ({ code, message, hint }): Finding => ({ code, class: 'terminal', message, on: shortId(id), ...(hint ? { details: [hint] } : {}) }),
  );
  const message = unreadable[problems[0]?.code ?? 'RECORD_CORRUPT'] as string;
  return { id, exists: true, health: 'unknown', message, findings, related: [] };
}

export async function readStack(world: TerraformWorld, id: ResourceId): Promise<JsonObject | undefined> {
  return readOf(await keptOf(world, id));
}

async function keptOf(world: TerraformWorld, id: ResourceId): Promise<KeptStack> {
  return world.keeper() ? (await lookAt(world, id)).kept : nothingKept;
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

/** What has not come out as wished. How many there are of one with `count` or `for_each`, only Terraform knows. */
function flawsIn({ configuration }: StackWish, { state, mark }: KeptStack): readonly RelatedNode[] {
  const there = new Set(state?.addresses);
  const known = new Set(state?.addresses.map(withoutKey));
  const missing = addressesIn(configuration).flatMap(({ address, isData }) => {
    const path = pathOfAddress(configuration, address);
    const block = path && valueAt(configuration, path);
    const isCounted = isObject(block) && (block.count !== undefined || block.for_each !== undefined);
    return isData || isCounted || !isObject(block) || known.has(address) ? [] : [address];
  });
  const begun = [...(mark?.creates.filter((address) => !there.has(address)) ?? []), ...(mark?.replaces ?? [])];
  const flaws = (names: readonly string[], health: Health, message: string) =>
    names.map((name): RelatedNode => ({ name, health, message }));
  const all = [
    ...flaws(begun, 'unknown', `is being made by ${mark?.by}, or was when that run died`),
    ...flaws(state?.tainted ?? [], 'degraded', 'is tainted: its making did not end well, and the next apply replaces it'),
    ...flaws(missing, 'degraded', 'is not there'),
  ];
  // The first that is said of each.
  return [...new Map(all.toReversed().map((node) => [node.name, node])).values()].toReversed();
}

function withFlaws(seen: Observation, flaws: readonly RelatedNode[], { mark }: KeptStack): Observation {
  if (flaws.length === 0 || !(seen.exists || mark)) return seen;
  const of = new Map(flaws.map((node) => [node.name, node]));
  const there = seen.related.map((node) => of.get(node.name) ?? node);
  const named = new Set(there.map(({ name }) => name));
  const related = [...there, ...flaws.filter(({ name }) => !named.has(name))];
  const health = related.some((node) => node.health === 'degraded') ? 'degraded' : 'unknown';
  const ready = related.filter((node) => node.health === 'ready').length;
  return { ...seen, exists: true, health, message: `${ready} of ${related.length} resources`, related };
}

export async function watchStacks(
  world: TerraformWorld,
  resources: readonly Watched[],
  onChange: (observation: Observation) => void,
  signal: AbortSignal,
): Promise<Watch> {
  const watched = new Set<ResourceId>();
  const lookedAt = new Map<ResourceId, Watched>();
  const told = new Map<ResourceId, Observation>();
  const tell = (observations: readonly Observation[]) => {
    for (const observation of observations) {
      if (signal.aborted || equalJson(told.get(observation.id) as unknown as Json, observation as unknown as Json)) continue;
      told.set(observation.id, observation);
      onChange(observation);
    }
  };
  const add = async (more: readonly Watched[]) => {
    for (const { id } of more) watched.add(id);
    for (const one of more) if (one.isLookedAt) lookedAt.set(one.id, one);
    // What this operation is yet to make is not missing.
    tell(
      await observeStacks(
        world,
        more.map((one) => (one.isLookedAt ? one : { id: one.id, type: one.type })),
      ),
    );
  };
  const listener = (observation: Observation) => {
    if (watched.has(observation.id)) onChange(observation);
  };
  world.listeners.add(listener);
  // What other runs do shows in what is kept. Where that cannot be read now, whoever reads the record hears of it.
  const looking = setInterval(() => void observeStacks(world, [...lookedAt.values()]).then(tell, () => undefined), lookEvery * 1000);
  const ended = new Promise<void>((resolve) => {
    const end = () => {
      clearInterval(looking);
      world.listeners.delete(listener);
      resolve();
    };
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
  await add(resources);
  return { add, ended };
}
