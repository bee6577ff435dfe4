// Parts of a resource that a plan makes anew, under another name or in another resource, though their construct may only have been renamed or put there.
import { valueAt } from './json';
import { type Leaves, leavesOf, likenessOf, moveHint, nearly } from './likeness';
import type { Plan, Step } from './plan';
import type { Problem } from './problem';
import type { PartAction, WishedPart } from './runtime';
import { type Resource, type Spec, shortId } from './spec';

/** Is a part deleted, and another one made? */
export function mayRenameParts(steps: readonly Pick<Step, 'parts'>[]): boolean {
  const does = (wanted: PartAction) => steps.some(({ parts = [] }) => parts.some(({ action }) => action === wanted));
  return does('delete') && does('create');
}

/** The parts that a resource wishes. */
type PartsOf = (resource: Resource) => readonly WishedPart[];

/** Warnings, one for each `moved` to write, and one for each way between two resources. */
export function partRenamesIn({ steps }: Plan, { wished, released }: { readonly wished: Spec; readonly released: Spec }, partsOf: PartsOf) {
  if (!mayRenameParts(steps)) return [];
  const partsIn = ({ resources }: Spec, step: Step) => {
    const resource = resources.find(({ id }) => id === step.id);
    return resource ? partsWithFields(resource, step, partsOf) : [];
  };
  const all = steps
    .filter(({ parts = [] }) => parts.length > 0)
    .map((step): Changing => ({ step, before: partsIn(released, step), after: partsIn(wished, step) }));
  const within = all.map((one) => ({ ...one, renames: pairsOf(goneOf(one), madeOf(one), isElsewhere) }));
  const paired = new Set(within.flatMap(({ renames }) => renames.flatMap(({ before, after }) => [before, after])));
  const isLeft = (part: Part) => !paired.has(part);
  const across = pairsOf(all.flatMap(goneOf).filter(isLeft), all.flatMap(madeOf).filter(isLeft), isInOther);
  return [...within.flatMap(renamesOf), ...movesOf(across)];
}

interface Part extends WishedPart {
  /** Of the resource that it is a part of. */
  readonly step: Step;
  readonly fields: Leaves;
}

/** A step with all parts that its resource had, and is to have. */
interface Changing {
  readonly step: Step;
  readonly before: readonly Part[];
  readonly after: readonly Part[];
}

function goneOf({ step, before }: Changing): readonly Part[] {
  return withAction(before, step, 'delete');
}

function madeOf({ step, after }: Changing): readonly Part[] {
  return withAction(after, step, 'create');
}

function partsWithFields(resource: Resource, step: Step, partsOf: PartsOf): readonly Part[] {
  return partsOf(resource).map((part) => {
    // What it refers to may have been renamed along with it.
    const fields = leavesOf(valueAt(resource.attributes, part.at) ?? null).map(
      ([path, value]) => [path, value.replace(/\$\{.*\}/, '')] as const,
    );
    return { ...part, step, fields: new Map(fields) };
  });
}

function renamesOf({ before, after, renames }: Changing & { readonly renames: readonly Rename[] }): readonly Problem[] {
  const places = { wished: after.map(({ construct }) => construct), released: before.map(({ construct }) => construct) };
  return byHint(renames, (rename) => moveHint(rename.before.construct, rename.after.construct, places));
}

/** No `moved` leads from one resource into another: each has a state of its own. */
function movesOf(renames: readonly Rename[]): readonly Problem[] {
  return byHint(renames, ({ before, after }) => {
    const [from, to] = [shortId(before.step.id), shortId(after.step.id)];
    return `Nothing moves from ${from} to ${to} by itself. To keep it: give the component around it onRemoval: 'retain' where it was, and apply; then put it where it is now, with .importFrom(its id), and apply.`;
  });
}

function byHint(renames: readonly Rename[], hintOf: (rename: Rename) => string): readonly Problem[] {
  const groups = new Map<string, readonly Rename[]>();
  for (const rename of renames) {
    const hint = hintOf(rename);
    groups.set(hint, [...(groups.get(hint) ?? []), rename]);
  }
  return [...groups].map(([hint, group]) => problemOf(hint, group));
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

type MayBe = (before: Part, after: Part) => boolean;

const isElsewhere: MayBe = (before, after) => after.construct.join('/') !== before.construct.join('/');

const isInOther: MayBe = ({ step: one }, { step: other }) => one.id !== other.id && one.type === other.type;

/** Each with what is most like it, and is not another one's already. */
function pairsOf(gone: readonly Part[], made: readonly Part[], mayBe: MayBe): readonly Rename[] {
  const taken = new Set<Part>();
  return gone.flatMap((before): readonly Rename[] => {
    const [best] = made
      .filter((after) => !taken.has(after) && after.type === before.type && mayBe(before, after))
      .map((after) => ({ before, after, likeness: likenessOf(before.fields, after.fields) }))
      .sort((one, other) => other.likeness - one.likeness);
    if (!best || best.likeness < nearly) return [];
    taken.add(best.after);
    return [best];
  });
}

function problemOf(hint: string, renames: readonly Rename[]): Problem {
  const [{ before, after }] = renames as [Rename];
  const where = before.step.id === after.step.id ? '' : ` of ${shortId(after.step.id)}`;
  const others = renames.length > 1 ? `, and ${renames.length - 1} more like it` : '';
  return {
    code: 'PLAN_RENAMES',
    severity: 'warning',
    message: `${before.name} of ${shortId(before.step.id)} is deleted, and nearly the same made anew as ${after.name}${where}${others}.`,
    hint,
    at: `${after.step.id} ${after.at.join('.')}`,
  };
}
