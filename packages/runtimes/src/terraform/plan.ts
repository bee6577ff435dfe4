// What Terraform would do, asked of it: facts for core's makePlan, no decision.
import {
  isKonfigError,
  type OwnedResource,
  type PartImport,
  type PlannedPart,
  type PlannedRow,
  type PlanRequest,
  type Problem,
  type Resource,
  type ResourceId,
  shortId,
} from '@konfig/core';
import { inParallel } from '../in-parallel';
import { toldOfOthers } from './at-work';
import { markData } from './data-kinds';
import { foreseenParts, withForeseen } from './foreseen';
import { importProblems, withImports } from './imports';
import type { KeptStack } from './kept';
import { asLastTold } from './kept-inputs';
import { markProblems } from './mark';
import { protectedProblems, replacedProblems, retainedProblems, secretProblems } from './objections';
import { aheadOf } from './outputs';
import { lookInto } from './own-backend';
import { listedParts } from './parts';
import { emptyRow, planStack } from './plan-stack';
import { forgottenOf, liveOf, lookAt } from './seen';
import { refuseTurnover } from './turnover';
import { validated } from './validated';
import { hasOwnBackend, type StackWish, waitsFor, wishOf } from './wish';
import type { TerraformWorld } from './world';

/** Stacks that are planned side by side: providers mostly wait for their servers. */
const atOnce = 10;

export async function planResources(
  world: TerraformWorld,
  { stack, wished, removed, imports = [] }: PlanRequest,
  signal: AbortSignal,
): Promise<readonly PlannedRow[]> {
  world.stack = stack;
  const asked: readonly (() => Promise<PlannedRow>)[] = [
    ...wished.map((resource) => () => {
      const ours = imports.filter((one) => one.resource === resource.id);
      return planWished(world, resource, ours, signal);
    }),
    ...removed.map((resource) => () => planRemoved(world, resource, signal)),
  ];
  return inParallel(asked, atOnce, async (ask) => toldOfOthers(world, await ask()));
}

async function planWished(
  world: TerraformWorld,
  resource: Resource,
  imports: readonly PartImport[],
  signal: AbortSignal,
): Promise<PlannedRow> {
  const wish = wishOf(resource);
  world.saved.delete(wish.id);
  world.imports.set(wish.id, imports);
  return toldAsProblems(wish.id, signal, async () => {
    if (waitsFor(wish) !== undefined) {
      const seen = await lookInto(world, wish, signal);
      refuseTurnover(world, wish, seen.kept);
      const wrong = await validated(world, wish, signal);
      const foreseen = wrong.length > 0 ? [] : await foreseenParts(world, wish, { ...seen, imports }, signal);
      const listed = listedRow(world, wish, seen.kept, { imports, foreseen });
      return { ...listed, problems: [...wrong, ...listed.problems] };
    }
    const planned = await planStack(world, wish, { mode: 'apply', imports, ...(await lookAt(world, wish.id)) }, signal);
    return { ...planned.row, ahead: aheadOf(planned.plan, wish) };
  });
}

async function planRemoved(world: TerraformWorld, { id, attributes }: OwnedResource, signal: AbortSignal): Promise<PlannedRow> {
  world.saved.delete(id);
  return toldAsProblems(id, signal, async () => {
    const seen = await lookAt(world, id);
    const live = liveOf(seen.kept);
    const last = attributes && asLastTold(wishOf({ id, attributes }), seen.kept);
    if (!live && !(last && hasOwnBackend(last.wish))) {
      // No state, and still there may be what a first run was making when it died.
      const wish = last?.wish ?? wishOf({ id, attributes: {} });
      return { ...emptyRow(id), problems: markProblems(seen.kept, wish, { mode: 'destroy', stack: world.stack }) };
    }
    if (!last) return { ...emptyRow(id), ...(live ? { live } : {}), problems: [wishLost(id)] };
    if (!last.isWhole) return unseenRow(id, last.problems);
    return (await planStack(world, last.wish, { mode: 'destroy', ...seen }, signal)).row;
  });
}

/** Nobody tells any more how to destroy it. */
export function wishLost(id: ResourceId): Problem {
  return {
    code: 'RECORD_OUTDATED',
    message: `${shortId(id)} is to be destroyed, but no release tells any more how it was configured: which providers it has, and how they get in.`,
    hint: 'Put the stack back into the program, apply, and take it out again.',
    at: id,
  };
}

/** One stack that cannot be planned does not hide the others, nor does one that took too long. */
async function toldAsProblems(id: ResourceId, signal: AbortSignal, plan: () => Promise<PlannedRow>): Promise<PlannedRow> {
  try {
    return await plan();
  } catch (error) {
    const isCancelled = signal.aborted && !isKonfigError(signal.reason);
    if (isCancelled || !isKonfigError(error)) throw isCancelled ? signal.reason : error;
    return unseenRow(id, error.problems);
  }
}

function unseenRow(id: ResourceId, problems: readonly Problem[]): PlannedRow {
  return {
    ...emptyRow(id),
    isUnseen: true,
    checked: 'none',
    problems: problems.map((one) => (one.at === undefined ? { ...one, at: id } : one)),
  };
}

interface Known {
  readonly imports: readonly PartImport[];
  readonly foreseen: readonly PlannedPart[];
}

function listedRow(world: TerraformWorld, wish: StackWish, kept: KeptStack, { imports, foreseen }: Known): PlannedRow {
  const live = liveOf(kept);
  const staying = forgottenOf(kept, wish, 'apply');
  const forgotten = hasOwnBackend(wish) ? [] : staying;
  const parts = markData(withForeseen(listedParts(wish, { there: kept.state?.addresses ?? [], forgotten, imports }), foreseen));
  return {
    ...emptyRow(wish.id),
    ...(live ? { live } : {}),
    checked: 'none',
    parts,
    problems: [
      ...protectedProblems(parts, kept, wish),
      ...replacedProblems(parts, wish),
      ...(hasOwnBackend(wish) ? retainedProblems(staying, wish) : []),
      ...secretProblems(world, undefined, wish),
      ...importProblems(kept, wish, imports),
      ...markProblems(kept, withImports(wish, imports, kept), { mode: 'apply', stack: world.stack }),
    ],
    // Whatever it tells, it may tell otherwise then.
    ahead: { outputs: {}, secrets: {} },
  };
}
