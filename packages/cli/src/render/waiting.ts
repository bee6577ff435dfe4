// Who waits for whom: told in the heartbeat of the log and beside the steps of the screen.
import type { ResourceId, StepView, View } from '@konfig/core';
import type { NameOf } from './resource-name';
import type { Symbols } from './symbols';
import { spanText } from './time-text';

/** What is under way now and has not come to an end. */
export function stepsUnderWay(view: View): readonly StepView[] {
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

/** The steps that can only run after this one, near and far. */
export function stepsBehind(view: View, id: ResourceId): readonly ResourceId[] {
  const behind = new Set<ResourceId>([id]);
  // Every step comes after all that it waits for, so one pass finds them all.
  for (const step of view.steps.values()) {
    if (step.state === 'pending' && step.waitsFor.some(({ on }) => behind.has(on))) behind.add(step.id);
  }
  behind.delete(id);
  return [...behind];
}

const mostNamed = 5;

/** What the operation waits for, for a heartbeat. */
export function waitText(view: View, now: number, nameOf: NameOf, symbols: Symbols): readonly string[] {
  const busy = stepsUnderWay(view);
  const pending = [...view.steps.values()].filter((step) => step.state === 'pending').length;
  if (busy.length === 0) return [`${symbols.dot} waits${view.holder ? ` for the lock, held by ${view.holder.who}` : ''}`];
  const lines = busy.slice(0, mostNamed).map((step) => {
    const span = step.startedAt === undefined ? '' : ` for ${spanText((now - step.startedAt) / 1000)}`;
    const end = step.failsAt === undefined ? '' : `, fails in ${spanText((step.failsAt - now) / 1000)}`;
    return `${symbols.dot} waits for ${nameOf(step.id)}${span}: ${step.message ?? `${step.action} under way`}${end}`;
  });
  const more = [
    ...(busy.length > mostNamed ? [`${busy.length - mostNamed} more are under way`] : []),
    ...(pending > 0 ? [`${pending} not started`] : []),
  ];
  return more.length > 0 ? [...lines, `${symbols.dot} ${more.join(', ')}`] : lines;
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
