// The end of an operation: what became of it, what went wrong, what to do next.
import {
  type Counted,
  type CountedStep,
  type Counts,
  countStates,
  countsOfSteps,
  isError,
  type OperationResult,
  type StepView,
  type View,
} from '@konfig/core';
import { doneWords } from './action-words';
import { problemLines } from './problem-text';
import { type Line, lineWidth, paintLines, type Style, toned } from './style';
import { type Sign, stateSigns, symbolsOf } from './symbols';
import { wrapText } from './text-width';
import { spanText } from './time-text';

export interface ResultTextOptions extends Style {
  /** Default 100. */
  readonly width?: number;
}

/** What stands at the end of every `apply` and `destroy`. */
export function resultText(view: View, result: OperationResult, options: ResultTextOptions): string {
  return paintLines(resultLines(view, result, options), options);
}

export function resultLines(view: View, result: OperationResult, options: ResultTextOptions): readonly Line[] {
  const errors = result.problems.filter(isError);
  const warnings = result.problems.filter((problem) => !isError(problem));
  const problems = [...errors, ...warnings].flatMap((problem) => [[], ...problemLines(problem, options)]);
  return [...headLines(view, result, options), ...problems, ...nextLines(nextWords[result.phase](view), options)];
}

function nextLines(next: string, { width = 100 }: ResultTextOptions): readonly Line[] {
  if (next === '') return [];
  return [[], ...wrapText(next, Math.max(20, width - 6)).map((line, i): Line => [toned('strong', i === 0 ? 'next  ' : '      '), line])];
}

type End = OperationResult['phase'];

const signs: { readonly [phase in End]: Sign } = {
  succeeded: stateSigns.done,
  failed: stateSigns.failed,
  cancelled: { symbol: 'warning', tone: 'warn' },
};

const words: { readonly [phase in End]: string } = {
  succeeded: 'succeeded in',
  failed: 'failed after',
  cancelled: 'was cancelled after',
};

const nextWords: { readonly [phase in End]: (view: View) => string } = {
  succeeded: () => '',
  failed: ({ stack, kind }) =>
    stack === ''
      ? ''
      : `mend what is said above, then konfig ${kind} ${stack}: it does only the rest. konfig status ${stack} shows how it is now.`,
  cancelled: ({ stack, kind }) =>
    stack === '' ? '' : `konfig ${kind} ${stack} goes on from here; konfig status ${stack} shows how it is now.`,
};

/** `✔ shop/prod  release 42 succeeded in 2m41s: 2 created, 1 changed, 32 unchanged.` */
function headLines(view: View, result: OperationResult, options: ResultTextOptions): readonly Line[] {
  const { symbol, tone } = signs[result.phase];
  const sign = toned(tone, symbolsOf(options)[symbol]);
  if (view.steps.size === 0) return [[sign, ' ', toned('strong', `${view.stack === '' ? '' : `${view.stack}  `}Nothing was changed.`)]];
  const head = [sign, ' ', toned('strong', `${view.stack}  ${endText(view, result)}`)];
  const counts = `${countsText(view)}.`;
  const oneLine = [...head, `: ${counts}`];
  const width = options.width ?? 100;
  if (lineWidth(oneLine) <= width) return [oneLine];
  return [[...head, ':'], ...wrapText(counts, Math.max(20, width - 2)).map((line) => [`  ${line}`])];
}

/** `release 42 succeeded in 2m41s` */
export function endText(view: View, { release, phase }: Pick<OperationResult, 'release' | 'phase'>): string {
  return `release ${release} ${words[phase]} ${spanText((view.time - view.startedAt) / 1000)}`;
}

/** What was done, counted by what became of it. */
export function doneCounts(view: View): Counts {
  return countsOfSteps([...view.steps.values()].flatMap(doneOf));
}

/** `2 created, 1 failed` */
export function countsText(view: View): string {
  const counts = doneCounts(view);
  const done = (Object.entries(doneWords) as [Counted, string][]).map(([counted, word]) => ({ count: counts[counted] ?? 0, word }));
  const states = countStates(view);
  const rest = [
    { count: states.failed, word: 'failed' },
    { count: states.skipped, word: 'skipped' },
    // A cancel does not wait for what was applied.
    { count: states.applied + states.started, word: 'applied, not waited for' },
    { count: states.pending, word: 'not started' },
  ];
  return [...done, ...rest]
    .filter(({ count }) => count > 0)
    .map(({ count, word }) => `${count} ${word}`)
    .join(', ');
}

/** Of a step that failed, some parts may have been done. */
function doneOf(step: StepView): readonly CountedStep[] {
  return step.state === 'done' || (step.state === 'failed' && step.counts) ? [step] : [];
}
