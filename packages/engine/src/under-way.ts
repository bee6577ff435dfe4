// A run that is under way reads, in what it has written down, as one that has died: whoever holds the lock tells them apart.
import type { Holder, Problem, ReleaseStore } from '@konfig/core';

interface Found {
  readonly problems: readonly Problem[];
}

interface Where {
  readonly stack: string;
  readonly store: ReleaseStore;
}

/** What it finds left behind is so only where nobody holds the lock and it is still found then: the run may have ended while it was looked for. */
export async function surely<T extends Found>(look: () => Promise<T>, { stack, store }: Where): Promise<T> {
  const first = await look();
  if (!isUnsure(first)) return first;
  const found = (await store.holder(stack)) ? first : await look();
  if (!isUnsure(found)) return found;
  const holder = await store.holder(stack);
  if (!holder) return { ...found, problems: found.problems.map(asError) };
  return { ...found, problems: [underWay(stack, holder), ...found.problems.filter((problem) => !isOfAnother(problem))] };
}

/** Was it found while another run was changing the stack? */
export function wasUnderWay({ problems }: Found): boolean {
  return problems.some(isAtWork);
}

function underWay(stack: string, { who, since }: Holder): Problem {
  return {
    code: 'LOCK_HELD',
    severity: 'warning',
    message: `${stack} is being changed by ${who}, since ${since}: what is shown here is how it was found meanwhile.`,
    hint: 'Wait for its end, and preview again; an apply waits for it with --lock-wait 10m.',
  };
}

function isUnsure({ problems }: Found): boolean {
  return problems.some(isOfAnother);
}

/** What another run was making, or is at. */
function isOfAnother(problem: Problem): boolean {
  return problem.code === 'PLAN_ORPHANS' || isAtWork(problem);
}

/** A run that a runtime has seen alive. */
function isAtWork({ code, severity }: Problem): boolean {
  return code === 'LOCK_HELD' && severity === 'warning';
}

/** It has lost its lock and goes on all the same: beside it nothing may begin. */
function asError(problem: Problem): Problem {
  return isAtWork(problem) ? { ...problem, severity: 'error' } : problem;
}
