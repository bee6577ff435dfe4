// What a plan deletes and makes anew under another name, though it is nearly the same: it may only have been renamed.
import { isObject, type Json } from './json';
import type { Plan } from './plan';
import type { Problem } from './problem';
import { type Resource, type ResourceId, type Spec, type SynthOutput, shortId, sourceOf } from './spec';

/** Is there anything to compare: something deleted, and something made, of one type? */
export function mayRename({ steps, kind, options }: Plan): boolean {
  const made = new Set(steps.filter(({ action }) => action === 'create').map(({ type }) => type));
  return kind === 'apply' && options.rollbackTo === undefined && steps.some(({ action, type }) => action === 'delete' && made.has(type));
}

/** Warnings, one for each construct that seems to have been renamed or put elsewhere, with the `moved` to write. Manifests name their objects themselves. */
export function renamesIn({ steps }: Plan, { spec: wished, sources }: SynthOutput, released: Spec): readonly Problem[] {
  const of = (spec: Spec, action: 'create' | 'delete') => {
    const ids = new Set(steps.filter((step) => step.action === action).map(({ id }) => id));
    return spec.resources.filter(({ id }) => ids.has(id));
  };
  const made = of(wished, 'create').filter(({ id }) => !/\.(ya?ml|json)$/.test(sourceOf(sources, id)?.file ?? ''));
  const pairs = of(released, 'delete').flatMap((before): readonly Rename[] => {
    const [best] = made
      .filter((after) => after.type === before.type && after.target === before.target && after.path !== before.path)
      .map((after) => ({ before, after, likeness: likeness(before, after) }))
      .sort((one, other) => other.likeness - one.likeness);
    return best && best.likeness >= nearly ? [best] : [];
  });
  const moves = new Set(pairs.map(moveText));
  return [...moves].map((move) =>
    problemOf(
      move,
      pairs.filter((pair) => moveText(pair) === move),
    ),
  );
}

/** The part of all fields that must be equal. */
const nearly = 0.8;

interface Rename {
  readonly before: Resource;
  readonly after: Resource;
}

function problemOf(move: string, renames: readonly Rename[]): Problem {
  const [{ before, after }] = renames as [Rename];
  const others = renames.length > 1 ? `, and ${renames.length - 1} more like it` : '';
  return {
    code: 'PLAN_RENAMES',
    severity: 'warning',
    message: `${shortId(before.id)} is deleted, and nearly the same made anew as ${shortId(after.id)}${others}.`,
    hint: `If it was only renamed, keep it: ${move} before it is made.`,
    at: after.id,
  };
}

/** Their paths without the project, the stack and what they end in alike. */
function moveText({ before, after }: Rename): string {
  const [from, to] = [before.path.split('/').slice(2), after.path.split('/').slice(2)];
  while (from.length > 1 && to.length > 1 && from.at(-1) === to.at(-1)) {
    from.pop();
    to.pop();
  }
  return `moved(stack, '${from.join('/')}', '${to.join('/')}')`;
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
