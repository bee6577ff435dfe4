// What makes a plan as a whole suspicious, or impossible.
import { countsOfPlan, ownedBy } from './counts';
import { namesText } from './names-text';
import { didYouMean } from './nearest';
import type { Plan, Step } from './plan';
import type { PlanInput } from './plan-input';
import type { Problem } from './problem';
import type { PlannedRow } from './runtime';
import { type ResourceId, shortId, stackName } from './spec';

/** What bears our mark came into the inventory before it was made: where it is not in there, this is not the record that knows of it. */
export function unknownToRecord(steps: readonly Step[], rows: ReadonlyMap<ResourceId, PlannedRow>, input: PlanInput): readonly Problem[] {
  if (input.options?.adopt) return [];
  const recorded = new Set((input.record?.inventory ?? []).map((entry) => entry.id));
  const unknown = steps.filter(({ id, live, action }) => live && action !== 'skip' && !recorded.has(id) && !rows.get(id)?.owner);
  if (unknown.length === 0) return [];
  const stack = stackName(input.spec);
  const all = namesText(unknown.map(({ id }) => shortId(id)));
  const inParts = unknown.filter(({ parts }) => parts?.some(({ action }) => action === 'delete'));
  const alsoDeletes = `; but in ${namesText(inParts.map(({ id }) => shortId(id)))} it is deleted, as konfig preview --adopt shows`;
  return [
    {
      code: 'RECORD_OUTDATED',
      message: `${all} ${unknown.length === 1 ? 'bears' : 'bear'} the mark of ${stack}, but its records, which end at release ${input.record?.lastRelease ?? 0}, do not know of ${unknown.length === 1 ? 'it' : 'them'}.`,
      hint: `They may lie in another store, or these come from an old backup: bring back the right ones. If they are lost, apply with --adopt: what the program wishes is taken over; what it no longer wishes stays${inParts.length > 0 ? alsoDeletes : ''}.`,
    },
  ];
}

/** What an option names must be there, or a slip of the finger would go unnoticed. */
export function unknownNames({ options, spec, record }: PlanInput): readonly Problem[] {
  const wished = spec.resources.map(({ id }) => id);
  const owned = (record?.inventory ?? []).map(({ id }) => id);
  return [
    ...(options?.replace ?? []).flatMap((name) => unknownName(name, wished, `${stackName(spec)} has no resource %s to replace.`)),
    ...(options?.acceptState ?? []).flatMap((name) =>
      unknownName(name, owned, `${stackName(spec)} owns no %s whose state could be accepted.`),
    ),
  ];
}

function unknownName(name: string, ids: readonly ResourceId[], message: string): readonly Problem[] {
  const names = ids.map(shortId);
  if (ids.includes(name) || names.includes(name)) return [];
  return [
    {
      code: 'USAGE',
      message: message.replace('%s', () => JSON.stringify(name)),
      hint: `${didYouMean(name, names)}Name it like PersistentVolumeClaim/disk.`,
    },
  ];
}

/** An apply that deletes more than half of what we own is more often a mistake than a wish. */
export function riskOf(plan: Plan, input: PlanInput): readonly Problem[] {
  const { delete: deletes = 0 } = countsOfPlan(plan);
  const owned = ownedIn(plan, input);
  if (plan.kind === 'destroy' || deletes < 2 || deletes * 2 <= owned) return [];
  return [
    {
      code: 'PLAN_RISKY',
      severity: 'warning',
      message: `${plan.stack} would lose ${deletes} of its ${owned} resources.`,
      hint: 'Look at the list; if it is meant, confirm it. With --yes it takes --allow-mass-delete too.',
    },
  ];
}

/** What is ours: the parts of a resource instead of it, where the plan knows them. */
function ownedIn(plan: Plan, { record }: PlanInput): number {
  const steps = new Map(plan.steps.map((step) => [step.id, step]));
  return (record?.inventory ?? []).reduce((sum, { id }) => sum + ownedBy(steps.get(id) ?? {}), 0);
}
