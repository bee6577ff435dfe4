// The built-in kinds of Kubernetes and their fields, by minor version, from schemas/kubernetes.json, which a maintainer's script writes.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAsked, isNameOfObject, rangeOf, wordsOf } from './amendments';

/** What a field may hold. */
export type Type =
  | { readonly is: 'any' }
  | { readonly is: 'scalar'; readonly scalar: Scalar; readonly range?: readonly [min: number, max: number] }
  | { readonly is: 'enum'; readonly values: readonly string[] }
  | { readonly is: 'object'; readonly definition: string }
  /** `keys` tell entries apart; `*`: the whole entry does; none: entries may be alike. */
  | { readonly is: 'list'; readonly keys: readonly string[]; readonly of: Type }
  | { readonly is: 'map'; readonly of: Type };

export type Scalar = 'string' | 'int32' | 'integer' | 'number' | 'boolean' | 'quantity' | 'intOrString' | 'time' | 'bytes' | 'name';

export interface Field {
  readonly type: Type;
  /** The server does not do without. */
  readonly isRequired: boolean;
}

export type Fields = ReadonlyMap<string, Field>;

/** A built-in kind: in which minor versions it is there, both included. */
export interface BuiltIn {
  /** `apps/v1/Deployment` */
  readonly type: string;
  readonly from: number;
  readonly to: number;
  readonly isNamespaced: boolean;
  readonly definition: string;
}

interface File {
  readonly versions: readonly string[];
  readonly kinds: { readonly [type: string]: readonly [from: number, to: number, scope: 'namespaced' | 'cluster', definition: string] };
  readonly definitions: { readonly [name: string]: { readonly [from: string]: { readonly [field: string]: string } } };
}

let read: File | undefined;

// Two milliseconds, paid by whoever validates and by nobody else.
function file(): File {
  read ??= JSON.parse(readFileSync(join(__dirname, '../../../schemas/kubernetes.json'), 'utf8')) as File;
  return read;
}

/** Minor versions that the table knows, the oldest first: 30 for Kubernetes 1.30. */
export function knownMinors(): readonly number[] {
  return file().versions.map((version) => Number(version.split('.')[1]));
}

/** The kind of this type, in whatever versions it is there; undefined where it never was. */
export function builtIn(type: string): BuiltIn | undefined {
  const kind = Object.hasOwn(file().kinds, type) ? file().kinds[type] : undefined;
  if (!kind) return undefined;
  const [from, to, scope, definition] = kind;
  return { type, from, to, isNamespaced: scope === 'namespaced', definition };
}

/** All built-in kinds of any version. */
export function builtIns(): readonly BuiltIn[] {
  return Object.keys(file().kinds).flatMap((type) => builtIn(type) ?? []);
}

const parsed = new Map<string, Fields>();

/** The fields of a definition in a minor version. */
export function fieldsOf(definition: string, minor: number): Fields {
  const states = file().definitions[definition] ?? {};
  const since = Object.keys(states).filter((from) => Number(from) <= minor);
  const from = since[since.length - 1] ?? '';
  const key = `${definition} ${from}`;
  const known = parsed.get(key);
  if (known) return known;
  const fields = new Map(Object.entries(states[from] ?? {}).map(([name, text]) => fieldOf(definition, name, text)));
  parsed.set(key, fields);
  return fields;
}

/** The first minor version in which the definition has the field. */
export function fieldSince(definition: string, field: string): number | undefined {
  const states = Object.entries(file().definitions[definition] ?? {});
  const first = states.find(([, fields]) => Object.hasOwn(fields, field) || Object.hasOwn(fields, `${field}!`));
  return first && Number(first[0]);
}

function fieldOf(definition: string, text: string, type: string): readonly [string, Field] {
  const isRequired = text.endsWith('!');
  const name = isRequired ? text.slice(0, -1) : text;
  const field = `${definition.replace(/\.v\d+((alpha|beta)\d+)?\./, '.')}.${name}`;
  return [name, { type: amended(field, typeOf(type)), isRequired: isAsked(field, isRequired) }];
}

function amended(field: string, type: Type): Type {
  const values = wordsOf(field);
  if (values) return { is: 'enum', values };
  if (isNameOfObject(field)) return { is: 'scalar', scalar: 'name' };
  const range = rangeOf(field);
  return range && type.is === 'scalar' ? { ...type, range } : type;
}

/** `[name]@core.v1.Container`, `{}string`, `=Always=Never`, `quantity`. */
function typeOf(text: string): Type {
  if (text === 'any') return { is: 'any' };
  if (text.startsWith('@')) return { is: 'object', definition: text.slice(1) };
  if (text.startsWith('=')) return { is: 'enum', values: text.slice(1).split('=') };
  if (text.startsWith('{}')) return { is: 'map', of: typeOf(text.slice(2)) };
  if (!text.startsWith('[')) return { is: 'scalar', scalar: text as Scalar };
  const end = text.indexOf(']');
  const keys = end === 1 ? [] : text.slice(1, end).split(',');
  return { is: 'list', keys, of: typeOf(text.slice(end + 1)) };
}
