// What is written down of a run, as it is now.
import {
  type Halt,
  type InventoryEntry,
  inventoryAfter,
  isError,
  type OperationResult,
  type Phase,
  type Plan,
  type Problem,
  type Release,
  type ResourceId,
  recordVersion,
  releasedSpec,
  type StackRecord,
} from '@konfig/core';
import type { Preview } from './preview';
import { type Progress, stepRecord } from './progress';
import type { World } from './world';

/** What is recorded of a run. */
export interface RunFacts {
  readonly plan: Plan;
  readonly preview: Preview;
  readonly world: World;
  /** Of the program. */
  readonly commit: string | undefined;
  readonly number: number;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly before: readonly InventoryEntry[];
  readonly steps: ReadonlyMap<ResourceId, Progress>;
  readonly problems: readonly Problem[];
  /** Undefined: the first one. */
  readonly last: Release | undefined;
  readonly halt?: Halt;
}

export function recordNow({ plan, number, preview, before, steps }: RunFacts): StackRecord {
  return {
    version: recordVersion,
    stack: plan.stack,
    lastRelease: number,
    hashKey: preview.hashKey,
    inventory: inventoryAfter(before, plan, steps),
  };
}

export function releaseNow({ plan, number, preview, world, commit, startedAt, steps, problems, last }: RunFacts, phase: Phase): Release {
  const { who, clock } = world;
  return {
    version: recordVersion,
    stack: plan.stack,
    number,
    kind: plan.kind,
    phase,
    by: who.name,
    ...(commit === undefined ? {} : { commit }),
    startedAt: new Date(startedAt).toISOString(),
    ...(phase === 'applying' ? {} : { endedAt: new Date(clock.now()).toISOString() }),
    specDigest: plan.specDigest,
    spec: releasedSpec(preview.request.spec, plan, last?.spec),
    plan,
    sources: preview.request.sources,
    ...(plan.options.rollbackTo === undefined ? {} : { rollbackTo: plan.options.rollbackTo }),
    steps: [...steps.values()].map(stepRecord),
    problems: [...problems],
  };
}

export function phaseOf({ steps, problems, halt }: RunFacts): OperationResult['phase'] {
  const states = [...steps.values()].map((one) => one.state);
  // What has stopped because it was told to has not failed.
  const isWrong = (problem: Problem) => isError(problem) && !(halt === 'cancelled' && problem.code === 'CANCELLED');
  if (problems.some(isWrong) || (states.includes('failed') && halt !== 'cancelled')) return 'failed';
  return halt === 'cancelled' && states.some((state) => state !== 'done') ? 'cancelled' : 'succeeded';
}
