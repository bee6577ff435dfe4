// Does what was given for a setting fit its defaults? Types say it to those who are checked by them; this says it to all others.
import { didYouMean, type Path, pathText } from '@konfig/core';
import { isOutput } from '../output';
import { isNumber, isRecord, shown } from '../shape';
import { putField } from './fields';

/** Something that does not fit. */
export interface Misfit {
  readonly path: Path;
  /** The end of a sentence that begins with the field. */
  readonly message: string;
  readonly hint: string;
}

/** What fits, and what does not. */
export interface Fit {
  readonly values: unknown;
  readonly misfits: readonly Misfit[];
}

/**
 * Holds values against defaults. A default that is an empty object is a map that takes any names; one that is undefined or null takes any plain value.
 * What does not fit is left out.
 */
export function fit(values: unknown, defaults: unknown): Fit {
  const misfits: Misfit[] = [];
  return { values: fitting(values, defaults, { path: [], misfits, above: [] }), misfits };
}

interface Here {
  readonly path: Path;
  readonly misfits: Misfit[];
  /** The objects that this value is in. */
  readonly above: readonly unknown[];
}

function fitting(value: unknown, otherwise: unknown, here: Here): unknown {
  if (value === undefined) return undefined;
  const wanted = wantedFor(otherwise);
  if (!wanted.takes(value)) return misfit(here, `is ${shown(value)}`, `Write ${wanted.words}.`);
  if (here.above.includes(value)) return misfit(here, 'contains itself', 'Write it out.');
  if (Array.isArray(value)) return fittingItems(value, otherwise, here);
  return isRecord(value) ? fittingFields(value, otherwise, here) : value;
}

function misfit({ path, misfits }: Here, message: string, hint: string): undefined {
  misfits.push({ path, message, hint });
  return undefined;
}

/** A list is taken whole, or not at all. */
function fittingItems(value: readonly unknown[], otherwise: unknown, here: Here): unknown {
  const before = here.misfits.length;
  const of = Array.isArray(otherwise) ? itemOf(otherwise) : undefined;
  value.forEach((item, i) => {
    const below = inside(here, i, value);
    if (item === undefined) misfit(below, 'is undefined', 'Write a value, or take it out.');
    else fitting(item, of, below);
  });
  return here.misfits.length === before ? value : undefined;
}

/** Items are held against the first one of the default, where all of those are of one kind. */
function itemOf(list: readonly unknown[]): unknown {
  const [first] = list;
  return typeof first !== 'object' && list.every((item) => typeof item === typeof first) ? first : undefined;
}

function fittingFields(value: { readonly [name: string]: unknown }, otherwise: unknown, here: Here): unknown {
  const known = isRecord(otherwise) ? Object.keys(otherwise) : [];
  const result: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    const below = inside(here, key, value);
    if (known.length > 0 && !known.includes(key)) {
      misfit(below, 'is none of its fields', `${didYouMean(key, known)}Its fields are ${known.join(', ')}.`);
      continue;
    }
    const one = fitting(value[key], known.length > 0 ? (otherwise as { readonly [name: string]: unknown })[key] : undefined, below);
    if (one !== undefined) putField(result, key, one, value);
  }
  return result;
}

function inside({ path, misfits, above }: Here, key: string | number, value: unknown): Here {
  return { path: [...path, key], misfits, above: [...above, value] };
}

interface Wanted {
  readonly takes: (value: unknown) => boolean;
  readonly words: string;
}

const isText = (value: unknown) => typeof value === 'string';
const isPlain = (value: unknown) =>
  value === null ||
  isText(value) ||
  typeof value === 'boolean' ||
  isNumber(value) ||
  Array.isArray(value) ||
  isRecord(value) ||
  isOutput(value);

const plain: Wanted = { takes: isPlain, words: 'text, a finite number, true or false, a list or an object of these' };

/** The kind of value that a default stands for. */
function wantedFor(otherwise: unknown): Wanted {
  if (isText(otherwise)) return { takes: (value) => isText(value) || isOutput(value), words: `text, like ${shown(otherwise)}` };
  if (typeof otherwise === 'number') return { takes: isNumber, words: `a finite number, like ${otherwise}` };
  if (typeof otherwise === 'boolean') return { takes: (value) => typeof value === 'boolean', words: 'true or false' };
  if (Array.isArray(otherwise)) return { takes: Array.isArray, words: 'a list' };
  if (isRecord(otherwise)) {
    const [first] = Object.keys(otherwise);
    return { takes: isRecord, words: first === undefined ? 'an object' : `an object with its fields, like { ${first}: … }` };
  }
  return plain;
}

/** `postgres.storage.size` */
export function fieldText(setting: string, path: Path): string {
  return pathText([setting, ...path]);
}
