// Which stacks are well formed, one line each.
import { isError, type Problem } from '@konfig/core';
import { type Line, paintLines, type Style, toned } from './style';
import { stateSigns, symbolsOf } from './symbols';
import { padTo, widthOf } from './text-width';

export interface ValidatedStack {
  readonly stack: string;
  readonly resources?: number;
  readonly problems: readonly Problem[];
}

/** What `konfig validate` prints, above the problems. */
export function validationText(stacks: readonly ValidatedStack[], options: Style & { readonly width: number }): string {
  const symbols = symbolsOf(options);
  const width = Math.max(0, ...stacks.map(({ stack }) => widthOf(stack)));
  const lines = stacks.map(({ stack, resources, problems }): Line => {
    const errors = problems.filter(isError).length;
    const warnings = problems.length - errors;
    const words = [
      ...(errors > 0 ? [count(errors, 'error')] : []),
      ...(warnings > 0 ? [count(warnings, 'warning')] : []),
      ...(resources === undefined ? [] : [count(resources, 'resource')]),
    ];
    const { symbol, tone } = errors > 0 ? stateSigns.failed : stateSigns.done;
    return [toned(tone, symbols[symbol]), ` ${padTo(stack, width)}  ${words.join(', ')}`];
  });
  if (stacks.length === 0) return paintLines([['There are no stacks here.']], options);
  return paintLines(lines, options, options.width);
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}
