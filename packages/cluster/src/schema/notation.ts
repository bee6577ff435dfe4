import { type Field, isObject, type JsonObject, type ListType, type ScalarKind, type Type, type Wire } from './type';

/**
 * The short notation of the tables, one text per struct, fields parted by commas:
 *
 *     DeploymentSpec: `replicas *int = 1, +selector *LabelSelector, paused bool`
 *
 * | notation | meaning |
 * |---|---|
 * | `name string` | a value; its zero is the same as none and is not stored |
 * | `name *int` | a pointer: 0 is a value and is kept |
 * | `+name string` | written even when empty |
 * | `= 1` | the default |
 * | `[Container] by name` | a list whose items are known by their keys |
 * | `[string] set` | a list of values, each with its own owner |
 * | `[string]` | a list that is replaced as a whole; `merged by type` only concerns strategic merge |
 * | `{string}` | a map; `{string} atomic` is replaced as a whole |
 * | `atomic; …` | a struct that is replaced as a whole |
 * | `any`, `deduced` | JSON of any form: owned as a whole, or field by field |
 * | `Schema\|bool` | the first of the two that fits the value's form; owned field by field |
 */
export type SchemaTable = { readonly [struct: string]: string };

/** Finds types by name in a table and the tables it builds on, and links each once, when it is first used. */
export class Schema {
  private readonly types = new Map<string, Type>();

  constructor(
    private readonly table: SchemaTable,
    private readonly bases: readonly Schema[],
    private readonly completions: { readonly [struct: string]: (value: JsonObject) => void },
    /** The package of its structs, as OpenAPI names it. */
    private readonly home: string,
  ) {}

  type(name: string): Type {
    const found = this.find(name);
    if (!found) throw new Error(`The schema tables name the struct ${name}, but none defines it.`);
    return found;
  }

  private find(name: string): Type | undefined {
    const known = this.types.get(name);
    if (known) return known;
    const text = this.table[name];
    if (text !== undefined) return this.define(name, text);
    for (const base of this.bases) {
      const found = base.find(name);
      if (found) return found;
    }
    return undefined;
  }

  private define(name: string, text: string): Type {
    const trimmed = text.trim();
    const atomic = trimmed.startsWith('atomic;');
    const lines = (atomic ? trimmed.slice('atomic;'.length) : trimmed).trim();
    let fields: ReadonlyMap<string, Field> | undefined;
    const read = (): ReadonlyMap<string, Field> => {
      fields ??= new Map(
        lines === ''
          ? []
          : lines
              .split(/,\s*/)
              .map((line) => this.field(line))
              .map((field) => [field.name, field]),
      );
      return fields;
    };
    const complete = this.completions[name];
    const type: Type = {
      name,
      home: this.home,
      map: {
        get fields() {
          return read();
        },
        atomic,
      },
      ...(complete && { complete }),
    };
    this.types.set(name, type);
    return type;
  }

  private field(line: string): Field {
    const match = /^(\+?)(\S+) (\*?)(.+?)(?: = (.*))?$/s.exec(line.trim());
    if (!match) throw new Error(`A schema table holds a line that is no field: ${line}`);
    const [, plus, name, star, notation, preset] = match;
    const type = this.read(notation as string);
    const pointer = star === '*';
    const always = plus === '+';
    const value = preset === undefined ? undefined : readDefault(preset, type);
    const keyDefault = value ?? (always && !pointer && type.scalar ? zeroOf(type) : undefined);
    return { name: name as string, type, pointer, always, default: value, keyDefault };
  }

  private read(notation: string): Type {
    const list = /^\[(.+)\](?: (set)| by (.+?)| merged by (\S+))?$/.exec(notation);
    if (list) return this.listOf(this.read(list[1] as string), list);
    const map = /^\{(.+)\}( atomic)?$/.exec(notation);
    if (map) return { name: notation, map: { fields: noFields, element: this.read(map[1] as string), atomic: map[2] !== undefined } };
    const either = notation.split('|');
    if (either.length > 1) return { ...deducedType, name: 'either', choose: chooser(either.map((one) => this.read(one))) };
    const atomicStruct = /^(\S+) atomic$/.exec(notation);
    if (atomicStruct) {
      const struct = this.read(atomicStruct[1] as string);
      return struct.map ? { ...struct, map: { ...struct.map, atomic: true } } : struct;
    }
    return scalars[notation] ?? this.type(notation);
  }

  private listOf(element: Type, match: RegExpExecArray): Type {
    const keys = match[3]?.split(' ') ?? [];
    const relationship: ListType['relationship'] = match[2] ? 'set' : keys.length > 0 ? 'keyed' : 'atomic';
    const mergeKey = keys[0] ?? match[4];
    return { name: match[0], list: { element, relationship, keys, ...(mergeKey && { mergeKey }) } };
  }
}

const noFields: ReadonlyMap<string, Field> = new Map();

function scalar(kind: ScalarKind, wire: Wire): Type {
  return { name: wire, scalar: { kind, wire } };
}

/** JSON of any form, owned as a whole. */
const anyType: Type = { name: 'any', scalar: { kind: 'untyped' } };
const anyList: Type = { name: 'any', list: { element: anyType, relationship: 'atomic', keys: [] } };
const anyMap: Type = { name: 'any', map: { fields: noFields, element: anyType, atomic: true } };
Object.assign(anyType, { list: anyList.list, map: anyMap.map });

/** JSON of any form, of which each field has its owner; lists are owned as a whole. */
export const deducedType: Type = { name: 'any', scalar: { kind: 'untyped' }, ...(anyType.list && { list: anyType.list }) };
Object.assign(deducedType, { map: { fields: noFields, element: deducedType, atomic: false } });

function chooser(types: readonly Type[]): (value: unknown) => Type {
  const fits = (type: Type, value: unknown): boolean =>
    Array.isArray(value) ? type.list !== undefined : isObject(value) ? type.map !== undefined : type.scalar !== undefined;
  return (value) => types.find((type) => fits(type, value)) ?? (types[0] as Type);
}

const scalars: { readonly [notation: string]: Type } = {
  string: scalar('string', 'string'),
  int: scalar('numeric', 'int'),
  long: scalar('numeric', 'long'),
  float: scalar('numeric', 'float'),
  bool: scalar('boolean', 'bool'),
  intOrString: scalar('untyped', 'intOrString'),
  quantity: scalar('untyped', 'quantity'),
  time: scalar('string', 'time'),
  microTime: scalar('string', 'microTime'),
  duration: scalar('string', 'duration'),
  bytes: scalar('string', 'bytes'),
  any: anyType,
  deduced: deducedType,
};

function readDefault(text: string, type: Type): unknown {
  if (text === '{}') return {};
  if (text === '""') return '';
  const wire = type.scalar?.wire;
  if (wire === 'int' || wire === 'long') return Number(text);
  return wire === 'bool' ? text === 'true' : text;
}

function zeroOf(type: Type): unknown {
  const kind = type.scalar?.kind;
  return kind === 'numeric' ? 0 : kind === 'boolean' ? false : '';
}
