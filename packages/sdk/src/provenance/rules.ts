// Which prop each field of a manifest follows, as a table: `'spec.template.spec.containers[$c].image': 'containers.$c.image'`.
import { isObject, type Json, type PathPart } from '@konfig/core';

/**
 * Field of the manifest → props that it may follow, the first that is there counts. `[$c]` is an item of a list, by its name, mount path or port;
 * `.$c` a key of a map. `@replicas` is the default of that name.
 */
export type RuleTable = { readonly [field: string]: string };

/** A table, ready to be walked beside a manifest. */
export interface PropRules {
  /** The props that this field follows. */
  readonly props: readonly (readonly string[])[];
  readonly below: ReadonlyMap<string, PropRules>;
  /** The rules of every item or key that is not named, and what its name is called. */
  readonly each?: { readonly as: string; readonly rules: PropRules };
}

/** Where a walk through the rules stands: the rules of this field, and the names of the items that lead here. */
export interface RulePlace {
  readonly rules: PropRules;
  readonly names: { readonly [as: string]: string };
}

interface Growing {
  readonly props: (readonly string[])[];
  readonly below: Map<string, Growing>;
  each?: { readonly as: string; readonly rules: Growing };
}

/** Reads a table. */
export function rulesOf(table: RuleTable): PropRules {
  const root: Growing = { props: [], below: new Map() };
  for (const [field, props] of Object.entries(table)) {
    let here = root;
    for (const part of field.match(/\$?[^.[\]]+/g) ?? []) here = stepInto(here, part);
    here.props.push(...props.split('|').map((path) => path.trim().split('.')));
  }
  return root;
}

function stepInto(here: Growing, part: string): Growing {
  if (part.startsWith('$')) {
    here.each ??= { as: part, rules: { props: [], below: new Map() } };
    return here.each.rules;
  }
  const known = here.below.get(part);
  if (known) return known;
  const made: Growing = { props: [], below: new Map() };
  here.below.set(part, made);
  return made;
}

/** The rules of a key or an item; undefined where the table says nothing of it. */
export function rulesBelow(place: RulePlace | undefined, part: PathPart, value: Json): RulePlace | undefined {
  if (!place) return undefined;
  const { rules, names } = place;
  const named = typeof part === 'string' ? rules.below.get(part) : undefined;
  if (named) return { rules: named, names };
  const name = typeof part === 'string' ? part : nameOf(value);
  return rules.each && name !== undefined ? { rules: rules.each.rules, names: { ...names, [rules.each.as]: name } } : undefined;
}

/** The paths of the props that a field follows, with the names of the items filled in. */
export function propPaths({ rules, names }: RulePlace): readonly (readonly string[])[] {
  return rules.props.map((path) => path.map((part) => names[part] ?? part));
}

/** The name by which props know an item of a list. */
function nameOf(item: Json): string | undefined {
  if (!isObject(item)) return undefined;
  const name = item.mountPath ?? item.name ?? item.containerPort ?? item.port;
  return name === undefined ? undefined : String(name);
}
