// What Konfig's defaults add to what was written, as a text to be reviewed: each field once, with the objects that get it.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

type Objects = Record<string, unknown>;

/**
 * The fields of `whole` that are not in `written`, grouped:
 *
 *     spec.revisionHistoryLimit: 3
 *       every Deployment
 *
 * The object's own name in a value is written `<name>`. A field that was written and is changed or missing comes as `CHANGED`.
 */
export function addedText(written: Objects, whole: Objects): string {
  const groups = new Map<string, string[]>();
  for (const [object, manifest] of Object.entries(whole)) {
    const before = new Map(fieldsOf(written[object] ?? {}));
    const after = new Map(fieldsOf(manifest));
    const name = object.slice(object.indexOf('/') + 1);
    const lines = [...after]
      .filter(([path]) => !before.has(path))
      .map(([path, value]) => `${path}: ${value.replaceAll(`"${name}"`, '<name>')}`);
    const changed = [...before].filter(([path, value]) => after.get(path) !== value).map(([path]) => `CHANGED ${path}`);
    for (const line of [...lines, ...changed]) groups.set(line, [...(groups.get(line) ?? []), object]);
  }
  const texts = [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([line, objects]) => `${line}\n  ${whoText(objects, Object.keys(whole))}\n`);
  return texts.join('');
}

/** Compares with the golden file; with UPDATE_GOLDEN=1 writes it. Reading what changed in it is the review. */
export function expectGolden(file: string, text: string): void {
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(file, text);
  expect(text).toBe(existsSync(file) ? readFileSync(file, 'utf8') : '(there is no golden file; make it with UPDATE_GOLDEN=1)');
}

/** Every leaf with its path; entries of lists by name. */
function fieldsOf(value: unknown, path = ''): (readonly [string, string])[] {
  if (Array.isArray(value)) return value.flatMap((item, i) => fieldsOf(item, `${path}[${nameOf(item) ?? i}]`));
  if (typeof value !== 'object' || value === null) return [[path, JSON.stringify(value)]];
  return Object.entries(value).flatMap(([key, child]) => fieldsOf(child, path ? `${path}.${key}` : key));
}

function nameOf(item: unknown): string | undefined {
  const entry = item as { readonly name?: string; readonly topologyKey?: string } | null;
  return entry?.name ?? entry?.topologyKey;
}

function whoText(objects: readonly string[], all: readonly string[]): string {
  const kindOf = (object: string) => object.slice(0, object.indexOf('/'));
  const kinds = [...new Set(objects.map(kindOf))].sort();
  return kinds
    .map((kind) => {
      const here = objects.filter((object) => kindOf(object) === kind);
      const names = here.map((object) => object.slice(kind.length + 1)).sort();
      return here.length === all.filter((object) => kindOf(object) === kind).length ? `every ${kind}` : `${kind} ${names.join(', ')}`;
    })
    .join('; ');
}
