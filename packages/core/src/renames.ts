// What a plan makes anew, under another name or in its place, though its construct may only have been renamed.
import { isObject, type Json } from './json';
import type { Plan, Step } from './plan';
import type { Problem } from './problem';
import { type FieldSource, type Resource, type ResourceId, type Spec, type SynthOutput, shortId, sourceOf } from './spec';

/** Is there anything to compare: something deleted, and something made, of one type, or something replaced for its selector? */
export function mayRename({ steps, kind, options }: Plan): boolean {
  const made = new Set(steps.filter(({ action }) => action === 'create').map(({ type }) => type));
  const isMadeAnew = (step: Step) => (step.action === 'delete' && made.has(step.type)) || isReplacedForSelector(step);
  return kind === 'apply' && options.rollbackTo === undefined && steps.some(isMadeAnew);
}

/**
 * Warnings, one for each construct that seems to have been renamed or put elsewhere, with the `moved` to write, or the name where the program writes it out.
 * Manifests name their objects themselves.
 */
export function renamesIn({ steps }: Plan, { spec: wished, sources }: SynthOutput, released: Spec): readonly Problem[] {
  const of = (spec: Spec, isWanted: (step: Step) => boolean) => {
    const ids = new Set(steps.filter(isWanted).map(({ id }) => id));
    return spec.resources.filter(({ id }) => ids.has(id));
  };
  const isOfProgram = ({ id }: Resource) => !/\.(ya?ml|json)$/.test(sourceOf(sources, id)?.file ?? '');
  const made = of(wished, ({ action }) => action === 'create').filter(isOfProgram);
  const pairs = of(released, ({ action }) => action === 'delete').flatMap((before): readonly Rename[] => {
    const [best] = made
      .filter((after) => after.type === before.type && after.target === before.target && after.path !== before.path)
      .map((after) => ({ before, after, likeness: likeness(before, after) }))
      .sort((one, other) => other.likeness - one.likeness);
    return best && best.likeness >= nearly ? [best] : [];
  });
  const former = new Map(of(released, isReplacedForSelector).map((resource) => [resource.id, resource]));
  const replaced = of(wished, isReplacedForSelector)
    .filter(isOfProgram)
    .flatMap((after): readonly Rename[] => {
      const before = former.get(after.id);
      return before && before.path !== after.path ? [{ before, after }] : [];
    });
  const byHint = new Map<string, readonly Rename[]>();
  for (const pair of [...pairs, ...replaced]) {
    const hint = hintOf(pair, nameLine(pair, sources), { wished, released });
    byHint.set(hint, [...(byHint.get(hint) ?? []), pair]);
  }
  return [...byHint].map(([hint, renames]) => problemOf(hint, renames));
}

/** The part of all fields that must be equal. */
const nearly = 0.8;

interface Rename {
  readonly before: Resource;
  readonly after: Resource;
}

/** The ids of constructs are in the labels that a selector goes by. */
function isReplacedForSelector({ action, immutable }: Step): boolean {
  return action === 'replace' && immutable.some((path) => /\bselector\b/.test(path));
}

function problemOf(hint: string, renames: readonly Rename[]): Problem {
  const [{ before, after }] = renames as [Rename];
  const others = renames.length > 1 ? `, and ${renames.length - 1} more like it` : '';
  const message =
    before.id === after.id
      ? `${shortId(after.id)} is replaced, since its construct has another id or another place${others}.`
      : `${shortId(before.id)} is deleted, and nearly the same made anew as ${shortId(after.id)}${others}.`;
  return { code: 'PLAN_RENAMES', severity: 'warning', message, hint, at: after.id };
}

/** Where the program writes out a new name: no move changes that. */
function nameLine({ before, after }: Rename, sources: SynthOutput['sources']): FieldSource | undefined {
  const line = before.id === after.id ? undefined : sources[after.id]?.fields?.['metadata.name'];
  return line?.isMade ? undefined : line;
}

interface Specs {
  readonly wished: Spec;
  readonly released: Spec;
}

function hintOf(rename: Rename, written: FieldSource | undefined, specs: Specs): string {
  if (!written) return `If it was only renamed, keep it: ${moveText(rename, specs)} before it is made.`;
  const { before, after } = rename;
  return `Its name was changed, which no move undoes: to keep it, write '${nameOf(before.id)}' for '${nameOf(after.id)}' at ${written.file}:${written.line}.`;
}

/** Their paths without the project, the stack and what they end in alike, as long as nothing else stands there that is to stay. */
function moveText({ before, after }: Rename, { wished, released }: Specs): string {
  const [from, to] = [idsOf(before), idsOf(after)];
  while (from.length > 1 && to.length > 1 && from.at(-1) === to.at(-1)) {
    if (stands(from.slice(0, -1), wished) || stands(to.slice(0, -1), released)) break;
    from.pop();
    to.pop();
  }
  return `moved(stack, '${from.join('/')}', '${to.join('/')}')`;
}

function stands(place: readonly string[], { resources }: Spec): boolean {
  return resources.some((resource) => place.every((id, i) => idsOf(resource)[i] === id));
}

/** Below the stack. */
function idsOf({ path }: Resource): string[] {
  return path.split('/').slice(2);
}

/** The part of their fields that is equal, from 0 to 1. Their own names are taken for one. */
function likeness(before: Resource, after: Resource): number {
  const [one, other] = [fieldsOf(before), fieldsOf(after)];
  const rename = (text: string) => text.replaceAll(nameOf(before.id), nameOf(after.id));
  const isThere = (path: string, value: string) => other.get(path) === value;
  const equal = [...one].filter(
    ([path, value]) => isThere(path, value) || isThere(path, rename(value)) || isThere(rename(path), rename(value)),
  );
  return equal.length / Math.max(one.size, other.size, 1);
}

/** Fields by their paths. Names and labels are what differs. */
function fieldsOf({ attributes }: Resource): ReadonlyMap<string, string> {
  const { metadata: _, apiVersion: __, kind: ___, ...content } = attributes;
  return new Map(leavesOf(content, ''));
}

function leavesOf(value: Json, path: string): readonly (readonly [path: string, value: string])[] {
  if (Array.isArray(value)) return value.flatMap((item: Json, i) => leavesOf(item, `${path}/${i}`));
  if (isObject(value)) return Object.entries(value).flatMap(([key, child]) => leavesOf(child, `${path}/${key}`));
  return [[path, String(value)]];
}

function nameOf(id: ResourceId): string {
  return id.slice(id.lastIndexOf('/') + 1);
}
