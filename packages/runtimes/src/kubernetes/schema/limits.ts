// Checks that many kinds share, each of one field.
import { asLater, type Json } from '@konfig/core';
import { at, type Entry } from '../field';
import { type Fault, quoted } from './fault';
import { isPortName, portNameHint } from './syntax';

/** A whole number between these. */
export function numberFaults({ value, path }: Entry, field: string, min: number, max = Number.POSITIVE_INFINITY): readonly Fault[] {
  const given = at(value, ...field.split('.'));
  if (typeof given !== 'number' || (given >= min && given <= max)) return [];
  const words = max === Number.POSITIVE_INFINITY ? `at least ${min}` : `from ${min} to ${max}`;
  return [{ path: [...path, ...field.split('.')], message: `${field} is ${given}, but must be ${words}.` }];
}

/** A port by its number. */
export function portFaults(entry: Entry, field: string): readonly Fault[] {
  return numberFaults(entry, field, 1, 65535);
}

/** A port by number, or by a name that a port can have. */
export function portRefFaults(entry: Entry, field: string): readonly Fault[] {
  const given = entry.value[field];
  // Zero and the empty text are as good as nothing.
  if (given === 0 || given === '') return [];
  if (typeof given !== 'string') return portFaults(entry, field);
  if (isPortName(given)) return [];
  return [
    {
      path: [...entry.path, field],
      message: `${field} is ${quoted(given)}, which is no name of a port.`,
      hint: /^\d+$/.test(given) ? `Write it without quotes: ${given}.` : portNameHint,
    },
  ];
}

/** A text that pleases this rule. */
export function textFaults(
  { value, path }: Entry,
  field: string,
  { isOk, words, hint }: { isOk(text: string): boolean; readonly words: string; readonly hint?: string },
): readonly Fault[] {
  const given = value[field];
  if (typeof given !== 'string' || given === '' || isOk(given)) return [];
  return [{ path: [...path, field], message: `${field} is ${quoted(given)}, which is no ${words}.`, ...(hint ? { hint } : {}) }];
}

/** `25%`, or a whole number from 0. */
export function shareFaults({ value, path }: Entry, field: string): readonly Fault[] {
  const given = value[field];
  const isOk = typeof given === 'number' ? given >= 0 : typeof given !== 'string' || /^\d+%$/.test(given);
  return isOk
    ? []
    : [
        {
          path: [...path, field],
          message: `${field} is ${quoted(given)}, but must be a whole number from 0, or a percentage such as "25%".`,
        },
      ];
}

/** Of these fields at most one; with `isNeeded` exactly one. */
export function oneOfFaults(
  { value, path }: Entry,
  fields: readonly string[],
  { what, isNeeded = false }: { readonly what: string; readonly isNeeded?: boolean },
): readonly Fault[] {
  const given = fields.filter((field) => isGiven(value[field]));
  if (given.length > 1)
    return [{ path: [...path, given[1] as string], message: `${what} has ${given.join(' and ')}, but may have only one of them.` }];
  return isNeeded && given.length === 0 ? [{ path, message: `${what} has none of ${fields.join(', ')}, but needs one.` }] : [];
}

/** Fields that the OpenAPI lets be missing and the server does not. */
export function neededFaults({ value, path }: Entry, ...fields: readonly string[]): readonly Fault[] {
  return fields
    .filter((field) => !isGiven(value[field]) || value[field] === '')
    .map((field) => ({ path: [...path, field], message: `${field} is ${value[field] === '' ? 'empty' : 'missing'}.` }));
}

/** Entries of one list with one name. */
export function twiceFaults(entries: readonly Entry[], field: string, what: string): readonly Fault[] {
  const seen = new Set<Json>();
  return entries.flatMap(({ value, path }) => {
    const given = value[field];
    if (typeof given !== 'string' || given === '') return [];
    if (!seen.has(given)) {
      seen.add(given);
      return [];
    }
    return [{ path: [...path, field], message: `${what} ${quoted(given)} is there twice.`, hint: 'Give each a name of its own.' }];
  });
}

export function isGiven(value: Json | undefined): boolean {
  return value !== undefined && value !== null;
}

/** Is it a value that can be looked at, not one that comes later? */
export function isKnown(value: Json | undefined): value is Json {
  return value !== undefined && asLater(value) === undefined;
}
