// What a plan or a run does, counted. A resource of a Terraform stack counts as one of Kubernetes does: where the parts of a step are known, they are counted
// instead of it.
import type { Action } from './action';
import type { RelatedNode } from './health';
import type { Plan, Step } from './plan';
import type { PartAction, PlannedPart } from './runtime';

/** What is counted: what steps do to resources, and what becomes of their parts. To ask for one again is nothing that happens to it. */
export type Counted = Action | Exclude<PartAction, 'read'>;

/** How many of each; what is left out is none. */
export type Counts = { readonly [counted in Counted]?: number };

type Counting = Pick<Step, 'action' | 'parts'>;

/** A step that changes none of its parts, but something of its own (an output), counts too. */
export function countsOf({ action, parts = [] }: Counting): Counts {
  const counted = parts.filter(isCounted);
  if (counted.length === 0) return { [action]: 1 };
  if (!changesParts.has(action)) return { [action]: counted.length };
  const counts = countParts(counted);
  const changes = counted.some((part) => part.action !== 'keep');
  return changes ? counts : sumOf([{ [action]: 1 }, counts]);
}

/** What the whole plan does. */
export function countsOfPlan({ steps }: Pick<Plan, 'steps'>): Counts {
  return sumOf(steps.map(countsOf));
}

/** What of a step that failed was done by then, as far as its system has told: each part has a node of its name. */
export function doneOf({ parts = [] }: Counting, related: readonly RelatedNode[]): Counts {
  const ready = new Set(related.flatMap(({ name, health }) => (health === 'ready' ? [name] : [])));
  return countParts(parts.filter(({ name, action }) => action !== 'keep' && ready.has(name)).filter(isCounted));
}

/** How many things a step finds there that its stack owns. */
export function ownedBy({ parts = [] }: Pick<Step, 'parts'>): number {
  const counted = parts.filter(isCounted);
  return counted.length === 0 ? 1 : counted.filter(({ action }) => action !== 'create' && action !== 'import').length;
}

/** As an event or a record tells it of a step. */
export interface CountedStep {
  readonly action: Action;
  /** Where it is made of parts: what it does, counted. Default: its action, once. */
  readonly counts?: Counts;
}

/** What such steps do. */
export function countsOfSteps(steps: readonly CountedStep[]): Counts {
  return sumOf(steps.map(({ action, counts = { [action]: 1 } }) => counts));
}

function sumOf(all: readonly Counts[]): Counts {
  const sum: { [counted in Counted]?: number } = {};
  for (const counts of all)
    for (const [counted, count] of Object.entries(counts) as [Counted, number][]) sum[counted] = (sum[counted] ?? 0) + count;
  return sum;
}

/** Of all that is counted. */
export function totalOf(counts: Counts): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/** The others leave all parts alone, whatever was planned of them. */
const changesParts: ReadonlySet<Action> = new Set<Action>(['create', 'update', 'replace', 'adopt', 'delete']);

type CountedPart = PlannedPart & { readonly action: Exclude<PartAction, 'read'> };

function isCounted(part: PlannedPart): part is CountedPart {
  return part.action !== 'read';
}

function countParts(parts: readonly CountedPart[]): Counts {
  return sumOf(parts.map(({ action }) => ({ [action]: 1 })));
}
