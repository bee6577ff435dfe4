// What a plan makes anew, under another name or in its place, though its construct may only have been renamed.
import { leavesOf, likenessOf, moveHint, nearly } from './likeness';
import { mayRenameParts } from './part-renames';
import type { Plan, Step } from './plan';
import type { Problem } from './problem';
import { type FieldSource, type Resource, type ResourceId, type Spec, type SynthOutput, shortId, sourceOf } from './spec';

/** Is there anything to compare: something deleted, and something made, of one type or as parts of resources, or something replaced for its selector? */
export function mayRename({ steps, kind, options }: Plan): boolean {
  const made = new Set(steps.filter(({ action }) => action === 'create').map(({ type }) => type));
  const isMadeAnew = (step: Step) => (step.action === 'delete' && made.has(step.type)) || isReplacedForSelector(step);
  return kind === 'apply' && options.rollbackTo === undefined && (steps.some(isMadeAnew) || mayRenameParts(steps));
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

function hintOf(rename: Rename, written: FieldSource | undefined, { wished, released }: Specs): string {
  const { before, after } = rename;
  if (!written)
    return moveHint(idsOf(before), idsOf(after), { wished: wished.resources.map(idsOf), released: released.resources.map(idsOf) });
  return `Its name was changed, which no move undoes: to keep it, write '${nameOf(before.id)}' for '${nameOf(after.id)}' at ${written.file}:${written.line}.`;
}

/** Below the stack. */
function idsOf({ path }: Resource): readonly string[] {
  return path.split('/').slice(2);
}

/** The part of their fields that is equal, from 0 to 1. Their own names are taken for one. */
function likeness(before: Resource, after: Resource): number {
  const [one, other] = [fieldsOf(before), fieldsOf(after)];
  const rename = (text: string) => text.replaceAll(nameOf(before.id), nameOf(after.id));
  return likenessOf(one, other, rename);
}

/** Fields by their paths. Names and labels are what differs. */
function fieldsOf({ attributes }: Resource): ReadonlyMap<string, string> {
  const { metadata: _, apiVersion: __, kind: ___, ...content } = attributes;
  return new Map(leavesOf(content, ''));
}

function nameOf(id: ResourceId): string {
  return id.slice(id.lastIndexOf('/') + 1);
}
