// What a new version of a CustomResourceDefinition takes from the objects and clients that rely on the old one. Pure.
import { equalJson, isObject, type Json, type JsonObject } from '@konfig/core';
import type { Definition } from './definition';

/** One thing that the new definition no longer has, or no longer allows. */
export interface Loss {
  /** `spec.versions[name=v1]`, or a field of its schema: `spec.watts`. */
  readonly field: string;
  readonly message: string;
  /** The server would refuse it, or objects could no longer be read. */
  readonly isFatal: boolean;
  /** Of a loss in a schema: the version. */
  readonly version?: string;
}

export function lossesOf(before: Definition, after: Definition): readonly Loss[] {
  return [...versionLosses(before, after), ...before.versions.flatMap((version) => schemaLosses(version, after))];
}

function versionLosses(before: Definition, after: Definition): readonly Loss[] {
  const found: Loss[] = [];
  for (const name of before.storedVersions) {
    if (after.versions.some((version) => version.name === name)) continue;
    const message = `version ${name} goes, but objects may still be stored in it (status.storedVersions)`;
    found.push({ field: `spec.versions[name=${name}]`, message, isFatal: true });
  }
  for (const { name } of before.versions.filter(({ served }) => served)) {
    const next = after.versions.find((version) => version.name === name);
    if (next?.served || (!next && before.storedVersions.includes(name))) continue;
    const message = `version ${name} is no longer served; clients that ask for it will find nothing`;
    found.push({ field: `spec.versions[name=${name}]${next ? '.served' : ''}`, message, isFatal: false });
  }
  return found;
}

function schemaLosses({ name, schema }: Definition['versions'][number], after: Definition): readonly Loss[] {
  const next = after.versions.find((version) => version.name === name);
  if (!schema || !next?.schema) return [];
  return narrowed(schema, next.schema, '')
    .map((loss) => ({ ...loss, version: name, isFatal: false }))
    .sort((a, b) => (a.field < b.field ? -1 : a.field > b.field ? 1 : 0));
}

type Narrowed = Pick<Loss, 'field' | 'message'>;

function narrowed(before: JsonObject, after: JsonObject, field: string): readonly Narrowed[] {
  const found: Narrowed[] = [];
  const here = field || 'the object';
  const lose = (message: string) => found.push({ field: here, message });
  if (
    before.type !== undefined &&
    after.type !== undefined &&
    before.type !== after.type &&
    !(before.type === 'integer' && after.type === 'number')
  )
    lose(`is ${String(after.type)} instead of ${String(before.type)}`);
  if (before.nullable === true && after.nullable !== true) lose('may no longer be null');
  const gone = enumOf(before)?.filter((value) => !enumOf(after)?.some((other) => equalJson(value, other))) ?? [];
  if (enumOf(after) && gone.length > 0) lose(`may no longer be ${gone.map((value) => JSON.stringify(value)).join(', ')}`);
  if (!enumOf(before) && enumOf(after)) lose(`may only be ${(enumOf(after) ?? []).map((value) => JSON.stringify(value)).join(', ')}`);
  if (after.pattern !== undefined && after.pattern !== before.pattern) lose(`must match ${String(after.pattern)}`);
  for (const [key, isTighter] of tighter) {
    const [was, is] = [before[key], after[key]];
    if (typeof is === 'number' && (typeof was !== 'number' || isTighter(is, was))) lose(`has the new limit ${key} ${is}`);
  }
  const required = namesIn(after.required).filter((name) => !namesIn(before.required).includes(name));
  for (const name of required) {
    const own = isObject(after.properties) ? after.properties[name] : undefined;
    if (isObject(own) && own.default === undefined) found.push({ field: below(field, name), message: 'is now required' });
  }
  return [...found, ...narrowedBelow(before, after, field)];
}

function narrowedBelow(before: JsonObject, after: JsonObject, field: string): readonly Narrowed[] {
  const found: Narrowed[] = [];
  const left = isObject(after.properties) ? after.properties : {};
  const isOpen = after['x-kubernetes-preserve-unknown-fields'] === true || after.additionalProperties !== undefined;
  for (const [name, child] of Object.entries(isObject(before.properties) ? before.properties : {})) {
    const next = left[name];
    if (isObject(next) && isObject(child)) found.push(...narrowed(child, next, below(field, name)));
    else if (!isOpen)
      found.push({ field: below(field, name), message: 'goes; what objects have there is dropped when they are next written' });
  }
  for (const key of ['items', 'additionalProperties'] as const) {
    const [was, is] = [before[key], after[key]];
    if (isObject(was) && isObject(is)) found.push(...narrowed(was, is, `${field}${key === 'items' ? '[]' : '.*'}`));
  }
  return found;
}

function below(field: string, name: string): string {
  return field === '' ? name : `${field}.${name}`;
}

function enumOf(schema: JsonObject): readonly Json[] | undefined {
  return Array.isArray(schema.enum) ? schema.enum : undefined;
}

function namesIn(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

const tighter: readonly (readonly [string, (is: number, was: number) => boolean])[] = [
  ...['minimum', 'minLength', 'minItems', 'minProperties'].map((key) => [key, (is: number, was: number) => is > was] as const),
  ...['maximum', 'maxLength', 'maxItems', 'maxProperties'].map((key) => [key, (is: number, was: number) => is < was] as const),
];
