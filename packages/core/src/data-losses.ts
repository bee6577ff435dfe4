// What holds data and would be gone with it: whoever carries a plan out must have said that it may go.
import type { Action } from './action';
import { namesText } from './names-text';
import type { Step } from './plan';
import type { PlanInput } from './plan-input';
import type { Problem } from './problem';
import type { InventoryEntry } from './release';
import type { PlannedPart, PlannedRow } from './runtime';
import { shortId, sourceOf } from './spec';

/** The names of what holds data and goes with a step: its parts, else itself. None of what may go, as the last release has it written down. */
export function lostBy(row: PlannedRow, action: Action, { entry, kind }: Removal): readonly string[] {
  const mayGo = entry?.onRemoval === 'delete';
  if (action === 'update' || action === 'adopt') return losingParts(row, mayGo).map(({ name }) => name);
  if (action !== 'delete' || mayGo) return [];
  if (row.parts) return losingParts(row, false).map(({ name }) => name);
  // That a namespace goes with its stack is plain, and what others have in it is told by itself.
  const isLost = kind === 'destroy' ? row.holdsData === true : !row.replaceable;
  return isLost ? [shortId(row.id)] : [];
}

/** What a step is of: what the record says of its resource, in which kind of plan. */
export interface Removal extends Pick<PlanInput, 'kind'> {
  readonly entry: InventoryEntry | undefined;
}

/** To replace one is no removal: that it may be removed does not say that it may lose its data and stay. */
function losingParts({ parts = [] }: PlannedRow, mayGo: boolean): readonly PlannedPart[] {
  return parts.filter(({ losesData, action }) => losesData && !(mayGo && action === 'delete'));
}

/** What is decided of a step, before it is said where it stands. */
export type DecidedStep = Omit<Step, 'target' | 'runtime' | 'type' | 'waitsFor'>;

/** What stands against losing them: in a rollback that they are lost at all, else that somebody has to confirm it. */
export function lossProblems({ id, action, parts = [], loses = [] }: DecidedStep, input: PlanInput): readonly Problem[] {
  if (loses.length === 0) return [];
  if (action === 'delete') return [{ ...confirmable, message: `Deleting ${shortId(id)} loses what ${what(id, loses)}.`, at: id }];
  const { rollbackTo, includeData } = input.options ?? {};
  const lost = parts.filter(({ name }) => loses.includes(name));
  if (rollbackTo === undefined || includeData) return lost.map((part) => confirmed(id, part));
  const source = sourceOf(input.sources, id);
  return lost.map((part) => ({ ...refusedBack(id, part, rollbackTo), ...(source ? { source } : {}) }));
}

function what(id: string, loses: readonly string[]): string {
  return loses.length === 1 && loses[0] === shortId(id) ? 'it holds' : `${namesText(loses)} ${loses.length === 1 ? 'holds' : 'hold'}`;
}

const confirmable = {
  code: 'PLAN_LOSES_DATA',
  severity: 'warning',
  hint: 'If that is meant, confirm it, or let onRemoval say "delete" beforehand. With --yes it takes --include-data too.',
} as const;

function confirmed(id: string, { name, action, reason, at }: PlannedPart): Problem {
  const why = reason === undefined ? '' : ` (${reason})`;
  return {
    ...confirmable,
    message: `${name} of ${shortId(id)} holds data, and would be ${action === 'replace' ? 'replaced, which deletes it' : 'deleted'}${why}.`,
    ...(action === 'replace'
      ? { hint: 'If that is meant, confirm it; with --yes it takes --include-data too. Else undo that change.' }
      : {}),
    at: at === undefined ? id : `${id} ${at.join('.')}`,
  };
}

/** A part cannot stay where the older release has none like it: whether it may go is for people to say. */
function refusedBack(id: string, { name, action, reason }: PlannedPart, release: number): Problem {
  return {
    code: 'RESOURCE_PROTECTED',
    message:
      action === 'replace'
        ? `${name} of ${shortId(id)} holds data, and going back to release ${release} would replace it${reason === undefined ? '' : ` (${reason})`}.`
        : `${name} of ${shortId(id)} holds data, and release ${release} does not have it: going back would delete it.`,
    hint: 'To keep it, take the program of that release, put this resource into it as it is now, and apply. If its data may go, add --include-data.',
    at: id,
  };
}
