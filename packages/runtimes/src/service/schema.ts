// JSON Schema 2020-12, said in sentences about single fields.
import { didYouMean, isObject, type Json, type JsonObject, valueAt } from '@konfig/core';
import Ajv, { type ErrorObject, type ValidateFunction } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { below, pathOf } from './address';
import type { FieldFault } from './protocol';

export interface SchemaFault extends FieldFault {
  /** What was most likely meant; ends with a space. */
  readonly meant: string;
}

const compiled = new WeakMap<object, ValidateFunction>();

/**
 * What is wrong with a value by a schema; nothing where the schema itself is wrong, which is for its service to tell.
 * @throws never.
 */
export function faultsIn(value: Json, schema: object): readonly SchemaFault[] {
  const validate = compile(schema);
  // What has a default is filled in by the service: it is not missing.
  if (!validate || validate(structuredClone(value))) return [];
  const errors = (validate.errors ?? []).filter(({ keyword }) => keyword !== 'if');
  return errors.map((error) => faultOf(error, value, schema as JsonObject));
}

/** Is it a JSON Schema of the draft 2020-12 that stands by itself? */
export function isSchema(schema: object): boolean {
  return compile(schema) !== undefined;
}

function compile(schema: object): ValidateFunction | undefined {
  const known = compiled.get(schema);
  if (known) return known;
  const ajv = new Ajv({ allErrors: true, strict: false, useDefaults: true, logger: false });
  addFormats(ajv);
  try {
    const validate = ajv.compile(schema);
    compiled.set(schema, validate);
    return validate;
  } catch {
    return undefined;
  }
}

function faultOf(error: ErrorObject, value: Json, schema: JsonObject): SchemaFault {
  const { instancePath: field, keyword, params, message } = error;
  switch (keyword) {
    case 'required':
      return { field: below(field, params.missingProperty), detail: 'is missing', meant: '' };
    case 'additionalProperties':
    case 'unevaluatedProperties': {
      const key = String(params.additionalProperty ?? params.unevaluatedProperty);
      return { field: below(field, key), detail: 'is not known here', meant: didYouMean(key, keysAt(schema, error.schemaPath)) };
    }
    case 'enum': {
      const allowed = params.allowedValues as readonly Json[];
      const here = atPointer(value, field);
      const meant =
        typeof here === 'string'
          ? didYouMean(
              here,
              allowed.filter((one) => typeof one === 'string'),
            )
          : '';
      return { field, detail: `is ${shown(here)}, and must be one of ${allowed.map(shown).join(', ')}`, meant };
    }
    case 'const':
      return { field, detail: `is ${shown(atPointer(value, field))}, and must be ${shown(params.allowedValue)}`, meant: '' };
    case 'type':
      return { field, detail: `is ${shown(atPointer(value, field))}, and must be ${kindText(params.type)}`, meant: '' };
    default:
      return {
        field,
        detail: `is ${shown(atPointer(value, field))}, and ${(message ?? 'is not allowed').replaceAll('NOT', 'not')}`,
        meant: '',
      };
  }
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

const longest = 60;

function shown(value: Json | undefined): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}

/** The fields that a config's schema marks `writeOnly`, as JSON pointers. Below lists there are none. */
export function writeOnlyFields(schema: Json | undefined, pointer = ''): readonly string[] {
  if (!isObject(schema) || !isObject(schema.properties)) return [];
  return Object.entries(schema.properties).flatMap(([key, child]) =>
    isObject(child) && child.writeOnly === true ? [below(pointer, key)] : writeOnlyFields(child, below(pointer, key)),
  );
}
