// Trails as lines of the program.
import type { FieldSource, Notes } from '@konfig/core';
import { isOutput } from '../output';
import { ownValue, type Trail, trailOf } from './origin';

/** A field of the program's own, and its line. */
export interface FoundField {
  readonly source: FieldSource;
  /** What the program had there. */
  readonly value: unknown;
}

/** The line of a value deep in an object, or of the nearest value above it that is known. */
export function sourceOfPath(start: object, path: readonly string[], notes: Notes): FoundField | undefined {
  let found: FoundField | undefined;
  let object: unknown = start;
  for (const [i, part] of path.entries()) {
    if (typeof object !== 'object' || object === null || isOutput(object)) return undefined;
    if (part === '*') return firstOfEach(object, path.slice(i + 1), notes);
    const key = part.startsWith('/') ? Object.keys(object).find((name) => name.endsWith(part)) : part;
    if (key === undefined || !Object.hasOwn(object, key)) return undefined;
    const value = ownValue(object, key);
    const source = sourceOfTrail(trailOf(object, key, notes), notes) ?? found?.source;
    found = source && { source, value };
    object = value;
  }
  return found;
}

function firstOfEach(object: object, path: readonly string[], notes: Notes): FoundField | undefined {
  for (const key of Object.keys(object)) {
    const child = ownValue(object, key);
    const found = typeof child === 'object' && child !== null ? sourceOfPath(child, path, notes) : undefined;
    if (found) return found;
  }
  return undefined;
}

/** The last line of a trail is where the value was written. */
export function sourceOfTrail(trail: Trail | undefined, notes: Notes): FieldSource | undefined {
  const lines = (trail?.places ?? []).flatMap((place) => notes.lineAt(place) ?? []);
  const distinct = lines.filter((line, i) => !isSameLine(line, lines[i - 1]));
  const origin = distinct.pop();
  return origin && { ...origin, ...(trail?.isGuess && { guess: true }), ...(distinct.length > 0 && { through: distinct }) };
}

/** Two fields of one line need to be told once. */
export function isSameLine(one: FieldSource, other: FieldSource | undefined): boolean {
  return other !== undefined && one.file === other.file && one.line === other.line && one.guess === other.guess;
}
