// Which stacks depend on their inputs only, one line each.
import { type Line, paintLines, type Style, toned } from './style';
import { stateSigns, symbolsOf } from './symbols';
import { padTo, widthOf } from './text-width';

export interface VerifiedStack {
  readonly stack: string;
  readonly isSame: boolean;
  readonly digests?: { readonly spec: string };
}

/** What `konfig verify` prints, above the problems. */
export function verificationText(stacks: readonly VerifiedStack[], options: Style & { readonly width: number }): string {
  const symbols = symbolsOf(options);
  const width = Math.max(0, ...stacks.map(({ stack }) => widthOf(stack)));
  const lines = stacks.map(({ stack, isSame, digests }): Line => {
    const { symbol, tone } = isSame ? stateSigns.done : stateSigns.failed;
    const words = isSame ? 'the same under all conditions' : digests ? 'differs' : 'gives no Spec';
    const digest = digests ? [toned('faint', `  ${digests.spec.slice(0, 12)}`)] : [];
    return [toned(tone, symbols[symbol]), ` ${padTo(stack, width)}  ${words}`, ...digest];
  });
  if (stacks.length === 0) return paintLines([['There are no stacks here.']], options);
  return paintLines(lines, options, options.width);
}
