// Carrying out a plan that was shown: that one and no other, with what it makes written down before it is begun.
import { type Applied, type ApplyRequest, type DeleteRequest, KonfigError, type PlannedPart } from '@konfig/core';
import { refuseBesideOthers } from './at-work';
import { carryOut, type Meanwhile } from './carry-out';
import { nothingKept } from './kept';
import { asLastTold } from './kept-inputs';
import { observationOf } from './observe';
import { readOf } from './outputs';
import { lookInto } from './own-backend';
import { wishLost } from './plan';
import { madeFor, planStack } from './plan-stack';
import { lookAt, type Mode, type Seen } from './seen';
import { notShown, stale } from './shown';
import { hasOwnBackend, type StackWish, wishOf } from './wish';
import type { SavedPlan, TerraformWorld } from './world';

export async function applyStack(world: TerraformWorld, request: ApplyRequest, signal: AbortSignal): Promise<Applied> {
  const { resource, stack, live } = request;
  world.stack = stack;
  const wish = wishOf(resource);
  refuseBesideOthers(world, wish.id);
  const seen = await lookInto(world, wish, signal);
  if (!hasOwnBackend(wish) && live?.uid !== seen.kept.state?.lineage)
    throw new KonfigError(stale(wish.id, 'has another state by now than the one that was planned for'));
  const meanwhile = { ...request, signal };
  const plan = await planToCarryOut(world, wish, 'apply', { seen, shown: request.parts }, meanwhile);
  const done = await carryOut(world, wish, { mode: 'apply', seen, plan }, meanwhile);
  const observation = observationOf(wish.id, done.kept, done.nodes);
  for (const listener of world.listeners) listener(observation);
  return {
    uid: done.kept.state?.lineage ?? '',
    live: readOf(done.kept) ?? {},
    observation,
    isUnchanged: plan.isEmpty,
    warnings: done.warnings,
  };
}

export async function deleteStack(world: TerraformWorld, request: DeleteRequest, signal: AbortSignal): Promise<'gone'> {
  const { id, uid, attributes } = request;
  refuseBesideOthers(world, id);
  const wish = attributes && (await lastWishOf(world, wishOf({ id, attributes })));
  const seen = wish ? await lookInto(world, wish, signal) : await lookAt(world, id);
  const { state } = seen.kept;
  // Another one stands there by now: the one that was meant is gone.
  if (uid !== undefined && state && state.lineage !== uid) return 'gone';
  if (state && !wish) throw new KonfigError(wishLost(id));
  if (state && wish) {
    const meanwhile = { ...request, signal };
    const plan = await planToCarryOut(world, wish, 'destroy', { seen, shown: request.parts }, meanwhile);
    await carryOut(world, wish, { mode: 'destroy', seen, plan }, meanwhile);
  }
  await seen.home.remove();
  if (seen.rescued) world.rescue.drop(seen.rescued);
  for (const listener of world.listeners) listener(observationOf(id, nothingKept));
  return 'gone';
}

async function lastWishOf(world: TerraformWorld, wish: StackWish): Promise<StackWish> {
  const last = asLastTold(wish, (await lookAt(world, wish.id)).kept);
  if (last.problems.length > 0) throw new KonfigError(last.problems);
  return last.wish;
}

export async function abandonStack(world: TerraformWorld, { id, stack }: DeleteRequest & { readonly stack: string }): Promise<void> {
  world.stack = stack;
  refuseBesideOthers(world, id);
  const { home } = await lookAt(world, id);
  await home.remove();
}

interface Shown {
  readonly seen: Seen;
  readonly shown: readonly PlannedPart[] | undefined;
}

/** The plan that was shown; where wish or state are others by now, a new one, which must do nothing that was not shown. */
async function planToCarryOut(
  world: TerraformWorld,
  wish: StackWish,
  mode: Mode,
  { seen, shown }: Shown,
  meanwhile: Meanwhile,
): Promise<SavedPlan> {
  const saved = world.saved.get(wish.id);
  world.saved.delete(wish.id);
  if (saved?.madeFor === madeFor(wish, seen.kept)) return saved;
  const signal = meanwhile.cancelled ? AbortSignal.any([meanwhile.cancelled, meanwhile.signal]) : meanwhile.signal;
  const { row } = await planStack(world, wish, { mode, imports: world.imports.get(wish.id) ?? [], ...seen }, signal);
  const errors = row.problems.filter(({ severity }) => severity !== 'warning');
  if (errors.length > 0) throw new KonfigError(errors);
  const beyond = shown ? row.parts.flatMap((part) => notShown(wish.id, part, shown)) : [];
  if (beyond.length > 0) throw new KonfigError(beyond);
  meanwhile.planned?.(row.parts);
  const made = world.saved.get(wish.id) as SavedPlan;
  world.saved.delete(wish.id);
  return made;
}
