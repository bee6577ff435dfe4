import { type FieldProblem, problem } from '../api/failure';
import { sameJson } from '../fields/atom';
import { isObject, type JsonObject } from '../schema/type';
import { type JsonSchema, valueSchema } from './definition';
import { fitsFormat, isKnownFormat } from './formats';

/**
 * What is wrong with a value by its schema, in the words of the real server, whose messages name a field «in body».
 * What did not change since `old` is not looked at again: a definition may have become stricter since.
 */
export function checkBySchema(schema: JsonSchema, value: unknown, old: unknown, below = ''): FieldProblem[] {
  return check(schema, value, old, { path: '', below });
}

interface Place {
  /** As messages name the value. */
  readonly path: string;
  /** What stands before it in the field of a problem: `status`, when only that is looked at. */
  readonly below: string;
}

function check(schema: JsonSchema, value: unknown, old: unknown, place: Place): FieldProblem[] {
  if (old !== undefined && sameJson(value, old)) return [];
  const type = checkType(schema, value, place);
  if (value === null || value === undefined) return [...type, ...checkEnum(schema, value, place)];
  return [
    ...type,
    ...checkJunctors(schema, value, place),
    ...(typeof value === 'string' ? checkText(schema, value, place) : []),
    ...(typeof value === 'number' ? checkNumber(schema, value, place) : []),
    ...(Array.isArray(value) ? checkList(schema, value, old, place) : []),
    ...checkEnum(schema, value, place),
    ...(isObject(value) ? checkObject(schema, value, old, place) : []),
  ];
}

function checkType(schema: JsonSchema, value: unknown, place: Place): FieldProblem[] {
  const wanted = schema['x-kubernetes-int-or-string'] ? ['integer', 'string'] : schema.type ? [schema.type] : [];
  if (wanted.length === 0 || (value === null && schema.nullable)) return [];
  const got = typeName(value);
  const fits = wanted.includes(got) || (got === 'integer' && wanted.includes('number'));
  return fits ? [] : [wrongType(place, wanted.join(','), got)];
}

function typeName(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

function wrongType(place: Place, wanted: string, got: string): FieldProblem {
  return problem.typeInvalid(fieldOf(place), got, `${place.path} in body must be of type ${wanted}: ${JSON.stringify(got)}`);
}

function checkText(schema: JsonSchema, text: string, place: Place): FieldProblem[] {
  const length = [...text].length;
  const { minLength, maxLength, pattern, format } = schema;
  const wrongFormat = format !== undefined && isKnownFormat(format) && !fitsFormat(format, text);
  return [...checkLength(), ...(wrongFormat ? [wrongType(place, format, text)] : [])];

  // Only the first of the three is told.
  function checkLength(): FieldProblem[] {
    if (maxLength !== undefined && length > maxLength) return [problem.tooLong(fieldOf(place), maxLength)];
    if (minLength !== undefined && length < minLength) return [said(place, text, `should be at least ${minLength} chars long`)];
    if (pattern === undefined || regularExpression(pattern)?.test(text)) return [];
    return [said(place, text, `should match '${pattern}'`)];
  }
}

/** A pattern in the syntax of Go; nothing when it is none. */
export function regularExpression(pattern: string): RegExp | undefined {
  const flagged = /^\(\?([ims]+)\)(.*)$/s.exec(pattern);
  const source = (flagged?.[2] ?? pattern)
    .replace(/\\A/g, '^')
    .replace(/\\z/g, '$')
    .replace(/\(\?P</g, '(?<');
  for (const flags of ['u', '']) {
    try {
      return new RegExp(source, `${flagged?.[1] ?? ''}${flags}`);
    } catch {
      // Without `u`, escapes that mean nothing are let through, as Go does.
    }
  }
  return undefined;
}

function checkNumber(schema: JsonSchema, value: number, place: Place): FieldProblem[] {
  const { minimum, exclusiveMinimum, maximum, exclusiveMaximum, multipleOf } = schema;
  const tooSmall = minimum !== undefined && (exclusiveMinimum ? value <= minimum : value < minimum);
  const tooLarge = maximum !== undefined && (exclusiveMaximum ? value >= maximum : value > maximum);
  const isWhole = schema.format === 'int32' ? Math.abs(value) <= 2_147_483_647 : Number.isInteger(value);
  const format = schema.format === 'int32' ? 'with format int32' : '(default format)';
  const notMultiple = multipleOf !== undefined && !Number.isInteger(value / multipleOf);
  return [
    ...(schema.type === 'integer' && !isWhole ? [nowhere(`Checked value must be of type integer ${format} in ${place.path}`)] : []),
    ...(notMultiple ? [said(place, value, `should be a multiple of ${multipleOf}`)] : []),
    ...(tooLarge ? [said(place, value, `should be less than ${exclusiveMaximum ? '' : 'or equal to '}${maximum}`)] : []),
    ...(tooSmall ? [said(place, value, `should be greater than ${exclusiveMinimum ? '' : 'or equal to '}${minimum}`)] : []),
  ];
}

function checkList(schema: JsonSchema, list: readonly unknown[], old: unknown, place: Place): FieldProblem[] {
  const { items, minItems, maxItems } = schema;
  const oldItems = schema['x-kubernetes-list-type'] === 'map' && Array.isArray(old) ? old : [];
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  const sameItem = (item: unknown): unknown =>
    oldItems.find((other) => isObject(item) && isObject(other) && keys.every((key) => item[key] === other[key]));
  return [
    ...(items ? list.flatMap((item, index) => check(items, item, sameItem(item), within(place, `${place.path}[${index}]`))) : []),
    ...(minItems !== undefined && list.length < minItems ? [said(place, list.length, `should have at least ${minItems} items`)] : []),
    ...(maxItems !== undefined && list.length > maxItems ? [problem.tooMany(fieldOf(place), list.length, maxItems)] : []),
  ];
}

function checkEnum(schema: JsonSchema, value: unknown, place: Place): FieldProblem[] {
  if (!schema.enum || schema.enum.some((known) => sameJson(known, value))) return [];
  return [
    problem.notSupported(
      fieldOf(place),
      value ?? null,
      schema.enum.map((known) => (typeof known === 'string' ? known : JSON.stringify(known))),
    ),
  ];
}

function checkObject(schema: JsonSchema, object: JsonObject, old: unknown, place: Place): FieldProblem[] {
  const names = Object.keys(object).filter((name) => object[name] !== undefined);
  const before = isObject(old) ? old : {};
  const { minProperties, maxProperties, properties = {}, required = [] } = schema;
  const values = valueSchema(schema);
  const at = (name: string): Place => within(place, place.path === '' ? name : `${place.path}.${name}`);
  return [
    ...(minProperties !== undefined && names.length < minProperties
      ? [said(place, names.length, `should have at least ${minProperties} properties`)]
      : []),
    ...(maxProperties !== undefined && names.length > maxProperties ? [problem.tooMany(fieldOf(place), names.length, maxProperties)] : []),
    ...names.flatMap((name) => {
      const below = properties[name] ?? values;
      if (below) return check(below, object[name], before[name], at(name));
      return schema.additionalProperties === false
        ? [problem.invalid(fieldOf(at(name)), '', `${at(name).path} in body is a forbidden property`)]
        : [];
    }),
    ...required.filter((name) => object[name] === undefined).map((name) => problem.required(fieldOf(at(name)))),
  ];
}

function checkJunctors(schema: JsonSchema, value: unknown, place: Place): FieldProblem[] {
  const tried = (schemas: readonly JsonSchema[] = []): FieldProblem[][] => schemas.map((one) => check(one, value, undefined, place));
  const any = tried(schema.anyOf);
  const one = tried(schema.oneOf);
  const all = tried(schema.allOf);
  const right = one.filter((problems) => problems.length === 0).length;
  const named = JSON.stringify(place.path);
  const says = right === 0 ? 'Found none valid' : `Found ${right} valid alternatives`;
  const failing = all.filter((problems) => problems.length > 0);
  const noneOfAll = failing.length === all.length ? '. None validated' : '';
  return [
    ...(any.length > 0 && any.every((problems) => problems.length > 0)
      ? [nowhere(`${named} must validate at least one schema (anyOf)`), ...fewest(any)]
      : []),
    ...(one.length > 0 && right !== 1
      ? [nowhere(`${named} must validate one and only one schema (oneOf). ${says}`), ...(right === 0 ? fewest(one) : [])]
      : []),
    ...failing.flat(),
    ...(failing.length > 0 ? [nowhere(`${named} must validate all the schemas (allOf)${noneOfAll}`)] : []),
    ...(schema.not && check(schema.not, value, undefined, place).length === 0
      ? [nowhere(`${named} must not validate the schema (not)`)]
      : []),
  ];
}

// Of the alternatives the nearest is told: which one was meant nobody can know.
function fewest(tried: readonly FieldProblem[][]): FieldProblem[] {
  return [...tried].sort((a, b) => a.length - b.length)[0] ?? [];
}

function said(place: Place, value: unknown, detail: string): FieldProblem {
  return problem.invalid(fieldOf(place), value, `${place.path} in body ${detail}`);
}

/** A problem of which the real server names no field. */
export function nowhere(detail: string): FieldProblem {
  return problem.invalid('<nil>', '', detail);
}

function within(place: Place, path: string): Place {
  return { ...place, path };
}

function fieldOf({ path, below }: Place): string {
  if (below === '') return path === '' ? '<nil>' : path;
  return path === '' ? below : `${below}.${path}`;
}
