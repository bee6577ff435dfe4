// The smallest set of lines that differ between two texts, with one line around them.

export interface DiffLine {
  readonly sign: '+' | '-' | ' ';
  readonly text: string;
}

/** Removed, added and one kept line on each side of them. Very long texts are compared only at their ends. */
export function diffLines(before: readonly string[], after: readonly string[]): readonly DiffLine[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let end = 0;
  const shorter = Math.min(before.length, after.length) - start;
  while (end < shorter && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  const all: DiffLine[] = [
    ...before.slice(0, start).map((text) => ({ sign: ' ' as const, text })),
    ...diffMiddle(before.slice(start, before.length - end), after.slice(start, after.length - end)),
    ...before.slice(before.length - end).map((text) => ({ sign: ' ' as const, text })),
  ];
  const isNear = (i: number) => [i - 1, i, i + 1].some((at) => all[at] !== undefined && all[at].sign !== ' ');
  return all.filter((_, i) => isNear(i));
}

const largest = 250_000;

/** By the longest common subsequence. */
function diffMiddle(before: readonly string[], after: readonly string[]): readonly DiffLine[] {
  const gone = (text: string): DiffLine => ({ sign: '-', text });
  const come = (text: string): DiffLine => ({ sign: '+', text });
  if (before.length * after.length > largest) return [...before.map(gone), ...after.map(come)];
  const columns = after.length + 1;
  const common = new Uint32Array((before.length + 1) * columns);
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      const down = common[(i + 1) * columns + j] as number;
      const right = common[i * columns + j + 1] as number;
      common[i * columns + j] = before[i] === after[j] ? 1 + (common[(i + 1) * columns + j + 1] as number) : Math.max(down, right);
    }
  }
  const lines: DiffLine[] = [];
  let i = 0;
  let j = 0;
  while (i < before.length || j < after.length) {
    if (i < before.length && j < after.length && before[i] === after[j]) {
      lines.push({ sign: ' ', text: before[i] as string });
      i++;
      j++;
    } else if (
      j >= after.length ||
      (i < before.length && (common[(i + 1) * columns + j] as number) >= (common[i * columns + j + 1] as number))
    ) {
      lines.push(gone(before[i++] as string));
    } else lines.push(come(after[j++] as string));
  }
  return lines;
}
