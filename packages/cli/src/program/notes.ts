// What an instrumented program notes while it runs; its counterpart is `instrument.ts`. Lives in the program's process.
import { types } from 'node:util';
import { type Note, type Notes, type OriginStep, type Place, type SourceLine, type WrittenSite, writtenKeyText } from '@konfig/core';

/** What was put into each line, from the left: the column where, from 0, and the length. */
export interface Shifts {
  readonly [line: number]: readonly (readonly [column: number, length: number])[];
}

/** The global through which the code notes: `literal(value, site, …roots)` gives the value back, `field(site, …roots)` nothing; `keep` and `kept` hand it what a call gave. */
export const noteName = '__konfigNote';

// Kept from before it is guarded.
const { isProxy } = types;

/** What the instrumented code calls. */
interface NoteTaker {
  literal<T extends object>(value: T, site: number, ...roots: readonly unknown[]): T;
  field(site: number, ...roots: readonly unknown[]): void;
  keep<T>(number: number, value: T): T;
  kept(number: number): unknown;
}

export interface TakenNotes {
  /** To be the global that instrumented code calls. */
  readonly taker: NoteTaker;
  readonly notes: Notes;
}

/** Takes the notes of the sites of one bundle. */
export function takeNotes(sites: readonly WrittenSite[], lineAt: Notes['lineAt']): TakenNotes {
  const noted = new WeakMap<object, Note[]>();
  const kept = new Map<number, unknown>();
  let last: object | undefined;
  const taker: NoteTaker = {
    literal(value, site, ...roots) {
      noted.set(value, [{ site: sites[site] as WrittenSite, roots }]);
      last = value;
      return value;
    },
    keep(number, value) {
      kept.set(number, value);
      return value;
    },
    kept(number) {
      const value = kept.get(number);
      kept.delete(number);
      return value;
    },
    field(number, ...roots) {
      const site = sites[number] as WrittenSite;
      const { object, key } = targetOf(site.target as AssignmentTarget, roots);
      if (!isObjectLike(object)) return;
      const before = noted.get(object);
      if (before) before.push({ site, roots, key });
      else noted.set(object, [{ site, roots, key }]);
    },
  };
  // Frozen: a program that could put its own in the place of these could tell other lines than it has.
  const lines = new Map<Place, SourceLine | undefined>();
  const notes: Notes = {
    of: (object) => noted.get(object),
    last: () => last,
    lineAt(place) {
      if (!lines.has(place)) lines.set(place, lineAt(place));
      return lines.get(place);
    },
  };
  return { taker: Object.freeze(taker), notes };
}

type AssignmentTarget = NonNullable<WrittenSite['target']>;

/** Reads no getters: noting must do nothing that the program did not do. */
function targetOf({ root, path, field }: AssignmentTarget, roots: readonly unknown[]): { readonly object: unknown; readonly key: string } {
  const object = path.reduce<unknown>(
    (value, step) => (isObjectLike(value) ? Object.getOwnPropertyDescriptor(value, keyOf(step, roots))?.value : undefined),
    roots[root],
  );
  return { object, key: keyOf(field, roots) };
}

function keyOf(step: OriginStep, roots: readonly unknown[]): string {
  if (typeof step === 'string') return step;
  return ('key' in step ? writtenKeyText(step.key, roots) : undefined) ?? '';
}

function isObjectLike(value: unknown): value is object {
  return ((typeof value === 'object' && value !== null) || typeof value === 'function') && !isProxy(value);
}

/** The column, from 1, that a place of the instrumented code had before. */
export function columnBefore(shifts: Shifts, line: number, column: number): number {
  let added = 0;
  for (const [before, length] of shifts[line] ?? []) {
    if (column - 1 < before + added) break;
    // Inside of what was put in: the place where it was.
    if (column - 1 < before + added + length) return before + 1;
    added += length;
  }
  return column - added;
}

/** A part of the instrumented code as it was written: what a program makes of its own text must not hold what was put into it. */
export function writtenText(part: string, { code, shifts }: { readonly code: string; readonly shifts: Shifts }): string {
  // The numbers of sites are in it, so that it stands in one place only.
  const from = code.indexOf(part);
  if (from < 0) return part;
  const first = code.slice(0, from).split('\n');
  return part
    .split('\n')
    .map((text, i) => withoutShifts(text, i === 0 ? (first.at(-1) as string).length : 0, shifts[first.length + i] ?? []))
    .join('\n');
}

/** @param column Where the text begins in its line, from 0. */
function withoutShifts(text: string, column: number, shifts: Shifts[number]): string {
  let [kept, done, added] = ['', 0, 0];
  for (const [before, length] of shifts) {
    const at = before + added - column;
    added += length;
    if (at < done || at >= text.length) continue;
    kept += text.slice(done, at);
    done = at + length;
  }
  return kept + text.slice(done);
}
