// Who waits for whom: told in the heartbeat of the log and beside the steps of the screen.
import type { ResourceId, StepView, View } from '@konfig/core';
import type { NameOf } from './resource-name';
import type { Symbols } from './symbols';
import { spanText } from './time-text';

/** What is under way now and has not come to an end. */
function stepsUnderWay(view: View): readonly StepView[] {
  return [...view.steps.values()].filter((step) => step.state === 'started' || step.state === 'applied');
}

/** The chain of what a pending step waits for, nearest first: `Service/web ← Deployment/web`. */
export function waitChain(view: View, step: StepView): readonly ResourceId[] {
  const chain: ResourceId[] = [];
  let here: StepView | undefined = step;
  while (here && chain.length < 4) {
    const next: StepView | undefined = blockerOf(view, here);
    if (!next || chain.includes(next.id)) break;
    chain.push(next.id);
    here = next.state === 'pending' ? next : undefined;
  }
  return chain;
}

/** For each step those that wait for it and have not begun. */
export type Waiters = ReadonlyMap<ResourceId, readonly ResourceId[]>;

export function waitersOf(view: View): Waiters {
  const waiters = new Map<ResourceId, ResourceId[]>();
  for (const step of view.steps.values()) {
    if (step.state !== 'pending') continue;
    for (const { on } of step.waitsFor) {
      const list = waiters.get(on);
      if (list) list.push(step.id);
      else waiters.set(on, [step.id]);
    }
  }
  return waiters;
}

/** The steps that can only run after this one, near ones first. */
export function stepsBehind(waiters: Waiters, id: ResourceId): readonly ResourceId[] {
  const behind = new Set<ResourceId>([id]);
  // A set is walked in the order of its entries, those that are added on the way too.
  for (const here of behind) for (const next of waiters.get(here) ?? []) behind.add(next);
  behind.delete(id);
  return [...behind];
}

/** Why a step was skipped: `waited for Job/seed`, `cancelled`. */
export function skipText(because: string, view: View, nameOf: NameOf): string {
  return view.steps.has(because) ? `waited for ${nameOf(because)}` : because;
}

/** When a step fails, and what would still save it: `fails in 29s unless Pod/web-9tq recovers`. */
export function failText({ findings }: StepView, left: number): string {
  const fails = `fails in ${spanText(Math.max(0, Math.ceil(left / 1000)))}`;
  if (findings.some((finding) => finding.class === 'terminal')) return fails;
  const likely = findings.find((finding) => finding.class === 'likely');
  return `${fails} unless ${likely ? `${likely.on} recovers` : 'it gets on'}`;
}

const mostNamed = 5;

/** What the operation waits for, for a heartbeat. */
export function waitText(view: View, now: number, nameOf: NameOf, symbols: Symbols): readonly string[] {
  const busy = stepsUnderWay(view);
  const pending = [...view.steps.values()].filter((step) => step.state === 'pending').length;
  const begin = symbols.dot === '' ? '' : `${symbols.dot} `;
  if (busy.length === 0) return [`${begin}waits${view.holder ? ` for the lock, held by ${view.holder.who}` : ''}`];
  const lines = busy.slice(0, mostNamed).map((step) => {
    const span = step.startedAt === undefined ? '' : ` for ${spanText((now - step.startedAt) / 1000)}`;
    const end = step.failsAt === undefined ? [] : [failText(step, step.failsAt - now)];
    const parts = [step.message ?? `${step.action} under way`, ...end, ...(step.serving === undefined ? [] : [step.serving])];
    return `${begin}waits for ${nameOf(step.id)}${span}: ${parts.join(', ')}`;
  });
  const more = [
    ...(busy.length > mostNamed ? [`${busy.length - mostNamed} more are under way`] : []),
    ...(pending > 0 ? [`${pending} not started`] : []),
  ];
  return more.length > 0 ? [...lines, `${begin}${more.join(', ')}`] : lines;
}

/** The first dependency that is not met; a pending one only where nothing is under way before it. */
function blockerOf(view: View, step: StepView): StepView | undefined {
  const open = step.waitsFor.flatMap(({ on, until }) => {
    const other = view.steps.get(on);
    if (!other || other.state === 'done') return [];
    return until === 'present' && other.state === 'applied' && other.action !== 'delete' ? [] : [other];
  });
  return open.find((other) => other.state !== 'pending') ?? open[0];
}
