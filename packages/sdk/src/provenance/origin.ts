// Where the value of an object's field was written, followed from field to field: what the code says of it, checked against the values
// that were really there.
import { types } from 'node:util';
import type { Note, Notes, Origin, OriginField, Place, WrittenField } from '@konfig/core';
import { writtenKeyText } from '@konfig/core';
import { linkOf } from './links';

/** How a value came to a field. */
export interface Trail {
  /** The places that it came through, the nearest first; the last one is where it was written, or the farthest that is known. */
  readonly places: readonly Place[];
  /** From there on nobody knows: a caller gave it, or several places have the same value. */
  readonly isGuess: boolean;
}

/** More steps than this are somebody's recursion. */
const mostSteps = 20;

/** Where the field of an object got its value; undefined where nobody has noted it. Reads no getters: those are the program's. */
export function trailOf(object: object, key: string, notes: Notes, steps = 0): Trail | undefined {
  if (steps > mostSteps) return undefined;
  const link = linkOf(object, key);
  if (link) return trailOf(link.object, link.key, notes, steps + 1);
  const noted = notes.of(object);
  if (!noted) return undefined;
  const walk: Walk = { notes, steps, value: ownValue(object, key) };
  for (let i = noted.length - 1; i >= 0; i--) {
    const found = trailIn(noted[i] as Note, key, walk);
    if (found) return found;
  }
  return undefined;
}

/** The value of a field that is there as such; undefined for a getter, and for what a proxy would say. */
export function ownValue(object: object, key: string): unknown {
  return types.isProxy(object) ? undefined : Object.getOwnPropertyDescriptor(object, key)?.value;
}

interface Walk {
  readonly notes: Notes;
  readonly steps: number;
  /** What the field holds: whatever it came from must hold the same. */
  readonly value: unknown;
}

function trailIn(note: Note, key: string, walk: Walk): Trail | undefined {
  const { site, roots } = note;
  if (note.key !== undefined) return note.key === key ? trail(site.fields[''] as WrittenField, roots, walk) : undefined;
  const named = Object.hasOwn(site.fields, key) ? trail(site.fields[key] as WrittenField, roots, walk) : undefined;
  if (!site.computed && !site.spreads) return named;
  const computed = (site.computed ?? []).filter((field) => writtenKeyText(field.key, roots) === key);
  const spread = (site.spreads ?? []).flatMap((one) => spreadField(one, key, roots, walk) ?? []);
  // What is written last wins.
  const own = [...(named ? [named] : []), ...computed.flatMap((one) => trail(one, roots, walk) ?? [])];
  const candidates = [...own, ...spread].sort((one, other) => after(one.at, other.at));
  return candidates.find(({ isSure }) => isSure) ?? candidates[0];
}

interface Found extends Trail {
  readonly at: Place;
  /** Its value was seen to be the field's. */
  readonly isSure: boolean;
}

/** Undefined: the field's value is another one. */
function trail(written: WrittenField, roots: readonly unknown[], walk: Walk): Found | undefined {
  const { at, from, value, isGiven = false } = written;
  if (value !== undefined) return Object.is(value, walk.value) ? { at, places: [at], isSure: true, isGuess: false } : undefined;
  if (!from) return { at, places: [at], isSure: false, isGuess: isGiven };
  const found = from.flatMap((origin) => trailFrom(origin, roots, walk) ?? []);
  const sure = found.filter(({ isSure }) => isSure);
  const best = sure[0] ?? found[0];
  // What a getter gave was calculated; else none of what it could have come from holds the value.
  if (!best) return { at, places: [at], isSure: false, isGuess: !from.every((origin) => isCalculated(origin, roots)) };
  return { at, places: [at, ...best.places], isSure: best.isSure, isGuess: best.isGuess || sure.some((one) => !isSameEnd(one, best)) };
}

function isCalculated(origin: Origin, roots: readonly unknown[]): boolean {
  const field = 'root' in origin ? fieldOf(origin, roots) : undefined;
  return field !== undefined && ownValue(field.object, field.key) === undefined && field.key in field.object;
}

function isSameEnd(one: Trail, other: Trail): boolean {
  const [a, b] = [one.places.at(-1), other.places.at(-1)];
  return a?.[0] === b?.[0] && a?.[1] === b?.[1];
}

function trailFrom(origin: Origin, roots: readonly unknown[], walk: Walk): Found | undefined {
  if ('fields' in origin) return undefined;
  if (!('root' in origin)) return trail(origin, roots, walk);
  const field = fieldOf(origin, roots);
  if (!field || !Object.is(ownValue(field.object, field.key), walk.value)) return undefined;
  const further = trailOf(field.object, field.key, walk.notes, walk.steps + 1);
  const isOneOfSeveral = Array.isArray(field.object) && field.object.indexOf(walk.value) !== field.object.lastIndexOf(walk.value);
  return { at: [0, 0], places: further?.places ?? [], isSure: true, isGuess: isOneOfSeveral || (further?.isGuess ?? true) };
}

/** What is spread has the field, with this value. */
function spreadField({ at, from = [] }: WrittenField, key: string, roots: readonly unknown[], walk: Walk): readonly Found[] {
  return from.flatMap((origin): readonly Found[] => {
    if ('fields' in origin) {
      const written = Object.hasOwn(origin.fields, key) ? trail(origin.fields[key] as WrittenField, roots, walk) : undefined;
      return written ? [{ ...written, at }] : [];
    }
    if (!('root' in origin)) return [];
    const object = valueAtOrigin(origin, roots);
    if (!isObjectLike(object) || !Object.hasOwn(object, key) || !Object.is(ownValue(object, key), walk.value)) return [];
    const further = trailOf(object, key, walk.notes, walk.steps + 1);
    return [{ at, places: [at, ...(further?.places ?? [])], isSure: true, isGuess: further?.isGuess ?? true }];
  });
}

/** The object and the key that an origin ends in; undefined where it is the root itself. */
export function fieldOf({ root, path }: OriginField, roots: readonly unknown[]): { object: object; key: string } | undefined {
  let object = roots[root];
  for (const [i, step] of path.entries()) {
    if (!isObjectLike(object)) return undefined;
    const key =
      typeof step === 'string' ? step : 'key' in step ? writtenKeyText(step.key, roots) : String(indexIn(object, roots[step.element]));
    if (key === undefined) return undefined;
    if (i === path.length - 1) return { object, key };
    object = ownValue(object, key);
  }
  return undefined;
}

function valueAtOrigin(origin: OriginField, roots: readonly unknown[]): unknown {
  if (origin.path.length === 0) return roots[origin.root];
  const field = fieldOf(origin, roots);
  return field && ownValue(field.object, field.key);
}

function indexIn(list: object, element: unknown): number {
  return Array.isArray(list) ? list.indexOf(element) : -1;
}

function isObjectLike(value: unknown): value is object {
  return ((typeof value === 'object' && value !== null) || typeof value === 'function') && !types.isProxy(value);
}

function after([line, column]: Place, [otherLine, otherColumn]: Place): number {
  return otherLine - line || otherColumn - column;
}
