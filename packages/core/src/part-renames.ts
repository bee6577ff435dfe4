// Parts of a resource that a plan makes anew under another name, though their construct may only have been renamed.
import { valueAt } from './json';
import { type Leaves, leavesOf, likenessOf, moveHint, nearly } from './likeness';
import type { Plan, Step } from './plan';
import type { Problem } from './problem';
import type { PartAction, WishedPart } from './runtime';
import { type Resource, type Spec, shortId } from './spec';

/** Is a part of it deleted, and another one made? */
export function mayRenameParts({ parts = [] }: Pick<Step, 'parts'>): boolean {
  return (['delete', 'create'] as const).every((does) => parts.some(({ action }) => action === does));
}

/** The parts that a resource wishes. */
type PartsOf = (resource: Resource) => readonly WishedPart[];

/** Warnings, one for each `moved` to write. */
export function partRenamesIn({ steps }: Plan, { wished, released }: { readonly wished: Spec; readonly released: Spec }, partsOf: PartsOf) {
  const find = ({ resources }: Spec, step: Step) => resources.find(({ id }) => id === step.id);
  return steps.filter(mayRenameParts).flatMap((step): readonly Problem[] => {
    const [before, after] = [find(released, step), find(wished, step)];
    return before && after ? renamesOf(step, partsWithFields(before, partsOf), partsWithFields(after, partsOf)) : [];
  });
}

interface Part extends WishedPart {
  readonly fields: Leaves;
}

function partsWithFields(resource: Resource, partsOf: PartsOf): readonly Part[] {
  return partsOf(resource).map((part) => {
    // What it refers to may have been renamed along with it.
    const fields = leavesOf(valueAt(resource.attributes, part.at) ?? null).map(
      ([path, value]) => [path, value.replace(/\$\{.*\}/, '')] as const,
    );
    return { ...part, fields: new Map(fields) };
  });
}

function renamesOf(step: Step, before: readonly Part[], after: readonly Part[]): readonly Problem[] {
  const places = { wished: after.map(({ construct }) => construct), released: before.map(({ construct }) => construct) };
  const byHint = new Map<string, readonly Rename[]>();
  for (const rename of pairsOf(withAction(before, step, 'delete'), withAction(after, step, 'create'))) {
    const hint = moveHint(rename.before.construct, rename.after.construct, places);
    byHint.set(hint, [...(byHint.get(hint) ?? []), rename]);
  }
  return [...byHint].map(([hint, renames]) => problemOf(step, hint, renames));
}

/** Of a part that is there several times, each has the name of it and a key. */
function withAction(wished: readonly Part[], { parts = [] }: Step, does: PartAction): readonly Part[] {
  const isOf = (name: string, part: Part) => name === part.name || name.startsWith(`${part.name}[`) || name.startsWith(`${part.name}.`);
  return wished.filter((part) => parts.some(({ name, action }) => action === does && isOf(name, part)));
}

interface Rename {
  readonly before: Part;
  readonly after: Part;
}

/** Each with what is most like it, and is not another one's already. */
function pairsOf(gone: readonly Part[], made: readonly Part[]): readonly Rename[] {
  const taken = new Set<Part>();
  return gone.flatMap((before): readonly Rename[] => {
    const [best] = made
      .filter((after) => !taken.has(after) && after.type === before.type && after.construct.join('/') !== before.construct.join('/'))
      .map((after) => ({ before, after, likeness: likenessOf(before.fields, after.fields) }))
      .sort((one, other) => other.likeness - one.likeness);
    if (!best || best.likeness < nearly) return [];
    taken.add(best.after);
    return [best];
  });
}

function problemOf({ id }: Step, hint: string, renames: readonly Rename[]): Problem {
  const [{ before, after }] = renames as [Rename];
  const others = renames.length > 1 ? `, and ${renames.length - 1} more like it` : '';
  return {
    code: 'PLAN_RENAMES',
    severity: 'warning',
    message: `${before.name} of ${shortId(id)} is deleted, and nearly the same made anew as ${after.name}${others}.`,
    hint,
    at: `${id} ${after.at.join('.')}`,
  };
}
