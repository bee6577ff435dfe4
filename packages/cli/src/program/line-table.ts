// A source map, decoded once when the bundle is made: to decode it in each process of the program takes milliseconds.
// https://tc39.es/ecma426/#sec-mappings
import type { SourceLine } from '@konfig/core';

export interface LineTable {
  readonly sources: readonly string[];
  /** Four numbers for each stretch of the bundle: line and column where it begins, from 0; which source, -1 for none, and the line in it, from 1. */
  readonly stretches: readonly number[];
}

/** @param map a source map, version 3. */
export function lineTableOf(map: string): LineTable {
  const { sources, mappings } = JSON.parse(map) as { readonly sources: readonly string[]; readonly mappings: string };
  const stretches: number[] = [];
  let [source, line] = [0, 0];
  for (const [number, segments] of mappings.split(';').entries()) {
    let column = 0;
    for (const segment of segments === '' ? [] : segments.split(',')) {
      const [columns = 0, bySource, byLine = 0] = numbersOf(segment);
      column += columns;
      source += bySource ?? 0;
      line += byLine;
      const [known, knownLine] = bySource === undefined ? [-1, 0] : [source, line + 1];
      if (stretches.at(-2) !== known || stretches.at(-1) !== knownLine) stretches.push(number, column, known, knownLine);
    }
  }
  return { sources: sources.map((name) => name.replace(/^(\.\/)+/, '')), stretches };
}

/** The line that a place in the bundle was made of. Line and column from 0. */
export function lineIn({ sources, stretches }: LineTable, line: number, column: number): SourceLine | undefined {
  let [low, high] = [0, stretches.length / 4];
  while (low < high) {
    const middle = (low + high) >> 1;
    const begins = stretches[4 * middle] as number;
    if (begins < line || (begins === line && (stretches[4 * middle + 1] as number) <= column)) low = middle + 1;
    else high = middle;
  }
  const file = sources[stretches[4 * low - 2] as number];
  return file ? { file, line: stretches[4 * low - 1] as number } : undefined;
}

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Base64 VLQ: five bits a digit, the lowest first, the sixth says that there are more; the lowest bit of all is the sign. */
function numbersOf(segment: string): readonly number[] {
  const numbers: number[] = [];
  let [value, shift] = [0, 0];
  for (const letter of segment) {
    const digit = digits.indexOf(letter);
    value |= (digit & 31) << shift;
    shift += 5;
    if (digit & 32) continue;
    numbers.push(value & 1 ? -(value >>> 1) : value >>> 1);
    [value, shift] = [0, 0];
  }
  return numbers;
}
