// One release for a reader: who and when, the plan as it was shown, how each step went, what was wrong.
import type { Plan, Problem, ReleaseSummary, SourceTable, StepRecord } from '@konfig/core';
import { doneWords } from './action-words';
import { planText } from './plan-text';
import { problemsText } from './problem-text';
import { commitText, phasePiece, tookText } from './release-words';
import { type NameOf, resourceNames, withoutName } from './resource-name';
import { type Line, paintLines, type Style, toned } from './style';
import { stateSigns, symbolsOf } from './symbols';
import { padTo, widthOf } from './text-width';
import { agoText, minuteText, spanText } from './time-text';

/** A release, and what of it is shown. */
export interface ShownRelease {
  readonly stack: string;
  readonly summary: ReleaseSummary;
  /** Undefined in records of before plans were kept. */
  readonly plan?: Plan;
  readonly sources: SourceTable;
  readonly steps: readonly StepRecord[];
  readonly problems: readonly Problem[];
}

export interface ReleaseTextOptions extends Style {
  readonly width: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Default: the machine's. */
  readonly timeZone?: string;
}

/** What `konfig show shop/prod@12` prints. */
export function releaseText(release: ShownRelease, options: ReleaseTextOptions): string {
  const { plan, sources, steps, problems } = release;
  const parts = [
    paintLines(headLines(release, options), options, options.width),
    ...(plan ? [planText(plan, sources, options)] : []),
    paintLines(stepLines(steps, options), options, options.width),
    ...(problems.length > 0 ? [problemsText(problems, options)] : []),
  ];
  return parts.filter((part) => part !== '').join('\n');
}

function headLines({ stack, summary }: ShownRelease, options: ReleaseTextOptions): readonly Line[] {
  const { number, kind, phase, by, startedAt, commit, rollbackTo } = summary;
  const took = tookText(summary);
  return [
    [
      toned('strong', `${stack}@${number}`),
      `  ${kind}${rollbackTo === undefined ? '' : ` back to release ${rollbackTo}`}  `,
      phasePiece(phase, symbolsOf(options)),
    ],
    [
      toned(
        'faint',
        `by ${by}${commit === undefined ? '' : ` from ${commitText(summary)}`}, ${minuteText(Date.parse(startedAt), options.timeZone)} (${agoText(Date.parse(startedAt), options.now)})${took === '' ? '' : `, took ${took}`}`,
      ),
    ],
  ];
}

/** What was left alone and is well says nothing. */
function stepLines(steps: readonly StepRecord[], options: ReleaseTextOptions): readonly Line[] {
  const told = steps.filter(({ action, state }) => action !== 'keep' || state !== 'done');
  const nameOf = resourceNames(steps.map(({ id }) => id));
  const width = Math.min(44, Math.max(0, ...told.map(({ id }) => widthOf(nameOf(id)))));
  return told.map((step) => stepLine(step, nameOf, width, options));
}

function stepLine(step: StepRecord, nameOf: NameOf, width: number, options: ReleaseTextOptions): Line {
  const { symbol, tone } = stateSigns[step.state];
  const name = nameOf(step.id);
  const words = [step.message && withoutName(step.message, name), step.seconds === undefined ? undefined : spanText(step.seconds)];
  const said = words.filter((word) => word !== undefined && word !== '').join(', ');
  return [
    toned(tone, symbolsOf(options)[symbol]),
    ` ${padTo(name, width)}  ${wordOf(step)}`,
    ...(said === '' ? [] : [toned('faint', `  ${said}`)]),
  ];
}

const stateWords: { readonly [state in Exclude<StepRecord['state'], 'done'>]: string } = {
  pending: 'not begun',
  started: 'begun, and then not heard of',
  applied: 'applied, not seen ready',
  failed: 'failed',
  skipped: 'skipped',
};

function wordOf({ state, action, health }: StepRecord): string {
  if (state !== 'done') return stateWords[state];
  return health === undefined || action === 'delete' ? doneWords[action] : `${doneWords[action]}, ${health}`;
}
