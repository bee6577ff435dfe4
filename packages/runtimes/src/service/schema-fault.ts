// One complaint of JSON Schema, said as a sentence about a single field.
import { didYouMean, isObject, type Json, type JsonObject, masked, valueAt } from '@konfig/core';
import type { ErrorObject } from 'ajv/dist/2020';
import type { Quote } from '../quote';
import { below, isWithin, pathOf } from './address';
import type { FieldFault } from './protocol';

export interface SchemaFault extends FieldFault {
  /** What was most likely meant; ends with a space. */
  readonly meant: string;
}

/** What was checked, and how its values may be shown. */
export interface Checked {
  readonly value: Json;
  readonly schema: JsonObject;
  readonly quote: Quote;
  /** JSON pointers: what is there is not shown. */
  readonly hidden: readonly string[];
}

export function faultOf(error: ErrorObject, checked: Checked): SchemaFault {
  const { instancePath: field, keyword, params, message } = error;
  if (error.propertyName !== undefined)
    return { field: below(field, error.propertyName), detail: `is called so, and ${message}`, meant: '' };
  const found = (must: string, meant = '') => ({ field, detail: `is ${shownAt(error, checked)}, and ${must}`, meant });
  switch (keyword) {
    case 'required':
      return { field: below(field, params.missingProperty), detail: 'is missing', meant: '' };
    case 'additionalProperties':
    case 'unevaluatedProperties': {
      const key = String(params.additionalProperty ?? params.unevaluatedProperty);
      return { field: below(field, key), detail: 'is not known here', meant: didYouMean(key, keysAt(checked.schema, error.schemaPath)) };
    }
    case 'enum': {
      const allowed = params.allowedValues as readonly Json[];
      return found(
        `must be one of ${allowed.map((one) => JSON.stringify(one)).join(', ')}`,
        meantOf(atPointer(checked.value, field), allowed),
      );
    }
    case 'const':
      return found(`must be ${JSON.stringify(params.allowedValue)}`);
    case 'type':
      return found(`must be ${kindText(params.type)}`);
    default:
      return found((message ?? 'is not allowed').replaceAll('NOT', 'not'));
  }
}

function meantOf(value: Json | undefined, allowed: readonly Json[]): string {
  const texts = allowed.filter((one) => typeof one === 'string');
  return typeof value === 'string' ? didYouMean(value, texts) : '';
}

/** Of `anyOf` null or an object, an object that is wrong is not wrong for being no null. */
export function withoutOtherKinds(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const beside = errors
    .filter(({ keyword }) => keyword === 'anyOf' || keyword === 'oneOf')
    .flatMap((either) => {
      const within = errors.filter(({ schemaPath }) => schemaPath.startsWith(`${either.schemaPath}/`));
      const branchOf = ({ schemaPath }: ErrorObject) => schemaPath.slice(either.schemaPath.length + 1).split('/')[0];
      const isOtherKind = ({ keyword, instancePath }: ErrorObject) => keyword === 'type' && instancePath === either.instancePath;
      const others = new Set(within.filter(isOtherKind).map(branchOf));
      const left = new Set(within.map(branchOf).filter((branch) => !others.has(branch)));
      return left.size === 1 ? [either, ...within.filter((error) => others.has(branchOf(error)))] : [];
    });
  return errors.filter((error) => !beside.includes(error));
}

const longest = 60;

/** What an object or a list holds stands in no sentence: a field of it may be hidden. */
function shownAt({ instancePath, parentSchema }: ErrorObject, { value, quote, hidden }: Checked): string {
  const here = atPointer(value, instancePath);
  if (here === undefined) return 'nothing';
  if (parentSchema?.writeOnly === true || hidden.some((one) => isWithin(instancePath, one))) return masked;
  if (Array.isArray(here)) return 'a list';
  return isObject(here) ? 'an object' : quote(JSON.stringify(here), longest);
}

function atPointer(value: Json, pointer: string): Json | undefined {
  return valueAt(value, pathOf(pointer, value).slice(1));
}

/** The names of the properties beside the keyword at this place of the schema: `#/properties/port/additionalProperties`. */
function keysAt(schema: JsonObject, schemaPath: string): readonly string[] {
  const above = schemaPath.slice(1, schemaPath.lastIndexOf('/'));
  const place = above === '' ? schema : atPointer(schema, above);
  return isObject(place) && isObject(place.properties) ? Object.keys(place.properties) : [];
}

function kindText(type: unknown): string {
  return [type].flat().map(String).join(' or ');
}
