import { parse } from 'yaml';
import type { Field, ListType, MapType, Scalar, ScalarKind, Type } from '../src/schema/type';

interface Atom {
  readonly namedType?: string;
  readonly scalar?: ScalarKind;
  readonly list?: { readonly elementType: Atom; readonly elementRelationship?: string; readonly keys?: readonly string[] };
  readonly map?: {
    readonly fields?: readonly { readonly name: string; readonly type: Atom; readonly default?: unknown }[];
    readonly elementType?: Atom;
    readonly elementRelationship?: string;
  };
}

/** Reads a schema of structured-merge-diff, as its tests write them, as a type of ours. */
export function typeFromYaml(schema: string, root: string): Type {
  const { types } = parse(schema) as { types: readonly (Atom & { readonly name: string })[] };
  const known = new Map<string, Type>();
  const named = (name: string): Type => {
    const found = known.get(name);
    if (found) return found;
    const type = { name } as Type;
    known.set(name, type);
    const atom = types.find((one) => one.name === name);
    if (!atom) throw new Error(`The schema has no type ${name}.`);
    return Object.assign(type, forms(atom));
  };
  const read = (atom: Atom): Type => (atom.namedType ? named(atom.namedType) : { name: 'inlined', ...forms(atom) });
  const forms = ({ scalar, list, map }: Atom): { scalar?: Scalar; list?: ListType; map?: MapType } => ({
    ...(scalar && { scalar: { kind: scalar } }),
    ...(list && { list: { element: read(list.elementType), relationship: relationship(list), keys: list.keys ?? [] } }),
    ...(map && { map: readMap(map) }),
  });
  const readMap = (map: NonNullable<Atom['map']>): MapType => {
    const fields = (map.fields ?? []).map((field): [string, Field] => [
      field.name,
      {
        name: field.name,
        type: read(field.type),
        pointer: true,
        always: false,
        ...(field.default !== undefined && { keyDefault: field.default }),
      },
    ]);
    return {
      fields: new Map(fields),
      ...(map.elementType && { element: read(map.elementType) }),
      atomic: map.elementRelationship === 'atomic',
    };
  };
  return named(root);
}

function relationship(list: NonNullable<Atom['list']>): ListType['relationship'] {
  if (list.elementRelationship !== 'associative') return 'atomic';
  return (list.keys ?? []).length > 0 ? 'keyed' : 'set';
}
