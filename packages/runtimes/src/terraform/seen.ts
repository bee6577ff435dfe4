// A stack as it counts: what is kept of it, or what was rescued and is newer.
import { KonfigError, type LiveIdentity, type ResourceId, shortId } from '@konfig/core';
import { addressesIn } from './configuration';
import { learnState } from './held-secrets';
import { type Home, homeOf, type KeptStack } from './kept';
import type { Rescued } from './rescue';
import { withoutAddresses, withoutInstances, withoutKey } from './state';
import { blocksOf, type StackWish } from './wish';
import type { TerraformWorld } from './world';

/** Made as wished, or taken away. */
export type Mode = 'apply' | 'destroy';

/** What is kept of a stack, as it counts: what was rescued is newer. */
export interface Seen {
  readonly home: Home;
  readonly kept: KeptStack;
  readonly rescued?: Rescued;
}

export async function lookAt(world: TerraformWorld, id: ResourceId): Promise<Seen> {
  const keeper = world.keeper();
  if (!keeper) {
    throw new KonfigError({
      code: 'TARGET_UNREACHABLE',
      message: `The store of releases could not be opened, and the state of ${shortId(id)} is kept there.`,
      hint: 'Bring the store back, and run this again.',
      at: id,
    });
  }
  const home = homeOf(id, keeper, world.config.keys);
  const kept = await home.read();
  const rescued = world.rescue.find(keeper.stack, id, kept);
  const seen = rescued ? { home, kept: rescued.kept, rescued } : { home, kept };
  learnState(world, seen.kept);
  return seen;
}

/** Undefined: it was never applied. */
export function liveOf({ state }: KeptStack): LiveIdentity | undefined {
  return state && { uid: state.lineage, version: String(state.serial) };
}

/** What is in the state, is to stay when it goes from the program, and has gone. */
export function forgottenOf({ state, retained }: KeptStack, wish: StackWish, mode: Mode): readonly string[] {
  const stays = new Set([...retained, ...wish.retained]);
  const wished = new Set(mode === 'destroy' ? [] : [...addressesIn(wish.configuration).map(({ address }) => address), ...movedFrom(wish)]);
  return (state?.addresses ?? []).filter((address) => stays.has(withoutKey(address)) && !wished.has(withoutKey(address)));
}

function movedFrom({ configuration }: StackWish): readonly string[] {
  return blocksOf(configuration.moved).flatMap(({ from }) => (typeof from === 'string' ? [withoutKey(from)] : []));
}

/** What a run that died was to replace, and the program takes over now: Terraform imports nothing to where its state has something, though that be gone. */
export function retakenIn({ mark }: KeptStack, { configuration }: StackWish): readonly string[] {
  const imported = new Set(blocksOf(configuration.import).map(({ to }) => to));
  return mark?.replaces?.filter((address) => imported.has(address)) ?? [];
}

interface LeftOut {
  /** With all instances of each. */
  readonly forgotten: readonly string[];
  readonly retaken: readonly string[];
}

/** The state as Terraform is to see it. */
export function viewOf({ text }: Pick<KeptStack, 'text'>, { forgotten, retaken }: LeftOut): string | undefined {
  if (text === undefined || forgotten.length + retaken.length === 0) return text;
  return withoutInstances(withoutAddresses(text, forgotten.map(withoutKey)), retaken);
}
