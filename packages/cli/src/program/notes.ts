// What an instrumented program notes while it runs; its counterpart is `instrument.ts`. Lives in the program's process.
import type { Note, Notes, OriginStep, SourceLine, WrittenSite } from '@konfig/core';

/** What the instrumented code calls. */
interface NoteTaker {
  literal<T extends object>(value: T, site: number, ...roots: readonly unknown[]): T;
  field(site: number, ...roots: readonly unknown[]): void;
}

/** Makes the global that the instrumented code calls by this name, and gives what is noted through it. */
export function takeNotes(name: string, sites: readonly WrittenSite[], lineAt: Notes['lineAt']): Notes {
  const notes = new WeakMap<object, Note[]>();
  const taker: NoteTaker = {
    literal(value, site, ...roots) {
      notes.set(value, [{ site: sites[site] as WrittenSite, roots }]);
      return value;
    },
    field(number, ...roots) {
      const site = sites[number] as WrittenSite;
      const { object, key } = site.target ? targetOf(site.target, roots) : { object: undefined, key: '' };
      if (!isObjectLike(object)) return;
      const noted = notes.get(object);
      if (noted) noted.push({ site, roots, key });
      else notes.set(object, [{ site, roots, key }]);
    },
  };
  // A program that could put its own in its place could tell other lines than those it has.
  Object.defineProperty(globalThis, name, { value: Object.freeze(taker) });
  const lines = new Map<string, SourceLine | undefined>();
  return {
    of: (object) => notes.get(object),
    lineAt(place) {
      const key = place.join(':');
      if (!lines.has(key)) lines.set(key, lineAt(place));
      return lines.get(key);
    },
  };
}

/** Reads no getters: noting must do nothing that the program did not do. */
function targetOf({ root, path, field }: NonNullable<WrittenSite['target']>, roots: readonly unknown[]) {
  const object = path.reduce<unknown>(
    (value, step) => (isObjectLike(value) ? Object.getOwnPropertyDescriptor(value, keyOf(step, roots))?.value : undefined),
    roots[root],
  );
  return { object, key: keyOf(field, roots) };
}

function keyOf(step: OriginStep, roots: readonly unknown[]): string {
  if (typeof step === 'string') return step;
  return 'key' in step ? String(roots[step.key]) : '';
}

function isObjectLike(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
