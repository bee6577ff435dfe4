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

/** A line stands for those that find no room; the last one stays, since it says what comes next. */
export function firstLines(lines: readonly Line[], rows: number, symbols: Symbols): readonly Line[] {
  if (lines.length <= rows) return lines;
  if (rows === 0) return [];
  const kept = rows > 2 ? lines.slice(-1) : [];
  const first = lines.slice(0, rows - 1 - kept.length);
  return [...first, [toned('faint', `    ${symbols.cut} and ${lines.length - first.length - kept.length} more lines`)], ...kept];
}
