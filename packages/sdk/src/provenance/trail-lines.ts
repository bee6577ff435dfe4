// Trails as lines of the program.
import type { FieldSource, Notes, SourceLine } from '@konfig/core';
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
  const way: { readonly holder: object; readonly key: string }[] = [];
  let value: unknown = start;
  for (const [i, part] of path.entries()) {
    if (typeof value !== 'object' || value === null || isOutput(value)) return undefined;
    if (part === '*') return firstOfEach(value, path.slice(i + 1), notes);
    const holder = value;
    const key = part.startsWith('/') ? Object.keys(holder).find((name) => name.endsWith(part)) : part;
    if (key === undefined || !Object.hasOwn(holder, key)) return undefined;
    way.push({ holder, key });
    value = ownValue(holder, key);
  }
  // To follow a trail takes long, and most often the first is known.
  for (const { holder, key } of way.reverse()) {
    const source = sourceOfTrail(trailOf(holder, key, notes), notes);
    if (source) return { source, value };
  }
  return undefined;
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
  if (!trail) return undefined;
  const lines: SourceLine[] = [];
  for (const place of trail.places) {
    const line = notes.lineAt(place);
    if (line && !isSameLine(line, lines.at(-1))) lines.push(line);
  }
  const origin = lines.pop();
  return origin && { ...origin, ...(trail.isGuess && { guess: true }), ...(lines.length > 0 && { through: lines }) };
}

/** Two fields of one line need to be told once. */
export function isSameLine(one: FieldSource, other: FieldSource | undefined): boolean {
  return other !== undefined && one.file === other.file && one.line === other.line && one.guess === other.guess;
}
