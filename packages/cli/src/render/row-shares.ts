// Who gets which of the rows of a screen when there are not enough for all.
import { type Line, toned } from './style';
import type { Symbols } from './symbols';

const fairShare = 5;

/** Rows for each block's details: first a fair share for all, then the rest in order. */
export function shareRows(wishes: readonly number[], room: number): readonly number[] {
  let left = room;
  const take = (most: number) => {
    const rows = Math.max(0, Math.min(most, left));
    left -= rows;
    return rows;
  };
  const first = wishes.map((wish) => take(Math.min(wish, fairShare)));
  return wishes.map((wish, i) => (first[i] as number) + take(wish - (first[i] as number)));
}

/** The last of them stands for what does not fit. */
export function firstLines(lines: readonly Line[], rows: number, symbols: Symbols): readonly Line[] {
  if (lines.length <= rows) return lines;
  if (rows === 0) return [];
  return [...lines.slice(0, rows - 1), [toned('faint', `    ${symbols.cut} and ${lines.length - rows + 1} more lines`)]];
}
