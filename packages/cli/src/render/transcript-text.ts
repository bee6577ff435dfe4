// What stays on the terminal when an operation is over: one line for each step that changed something or went wrong.
import type { StepView, View } from '@konfig/core';
import { doneWords } from './action-words';
import { cleanLines } from './clean-text';
import { type NameOf, resourceNames, withoutName } from './resource-name';
import { type Line, paintLines, type Style, toned } from './style';
import { stateSigns, symbolsOf } from './symbols';
import { padTo, widthOf } from './text-width';
import { spanText } from './time-text';
import { skipText } from './waiting';

export interface TranscriptOptions extends Style {
  readonly width: number;
  readonly nameOf?: NameOf;
}

/** In the order of the plan; empty when nothing was to be done. */
export function transcriptText(view: View, options: TranscriptOptions): string {
  const nameOf = options.nameOf ?? resourceNames(view.steps.keys());
  const symbols = symbolsOf(options);
  const steps = [...view.steps.values()].filter((step) => step.action !== 'keep' || step.state === 'failed');
  const nameWidth = Math.min(
    40,
    steps.reduce((widest, step) => Math.max(widest, widthOf(nameOf(step.id))), 0),
  );
  const lines = steps.map((step): Line => {
    const { symbol, tone } = stateSigns[step.state];
    return [
      toned(tone, symbols[symbol]),
      ` ${padTo(nameOf(step.id), nameWidth)}  ${endWords[step.state](step, nameOf, view)}`,
      toned('faint', spanOf(step)),
    ];
  });
  return paintLines(lines, options, options.width);
}

const endWords: { readonly [state in StepView['state']]: (step: StepView, nameOf: NameOf, view: View) => string } = {
  done: (step) => doneWords[step.action],
  failed: (step, nameOf) => `failed: ${withoutName(cleanLines(step.problem?.message ?? 'without a word')[0] as string, nameOf(step.id))}`,
  skipped: (step, nameOf, view) => `skipped: ${skipText(step.because ?? '', view, nameOf)}`,
  pending: () => 'not started',
  started: () => 'started, its end was not seen',
  applied: () => 'applied, not waited for',
};

function spanOf({ state, startedAt, endedAt }: StepView): string {
  return state === 'done' && startedAt !== undefined && endedAt !== undefined ? `  ${spanText((endedAt - startedAt) / 1000)}` : '';
}
