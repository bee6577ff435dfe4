// JSON Schema 2020-12, said in sentences about single fields.
import Ajv, { type ErrorObject, type ValidateFunction } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { below, isObject, type Json, type JsonObject, valueAt } from './json';
import type { FieldError } from './problem';

/** A JSON Schema of the draft 2020-12. */
export type JsonSchema = JsonObject;

export interface CheckedSchema {
  /** A copy with the schema's defaults filled in, and what is wrong with it. */
  check(value: JsonObject): { readonly value: JsonObject; readonly errors: readonly FieldError[] };
}

/** Throws where the schema itself is wrong. */
export function checkedSchema(schema: JsonSchema): CheckedSchema {
  const ajv = new Ajv({ allErrors: true, strict: false, useDefaults: true });
  addFormats(ajv);
  const validate: ValidateFunction = ajv.compile(schema as object);
  return {
    check(given) {
      const value = structuredClone(given) as JsonObject;
      validate(value);
      return { value, errors: (validate.errors ?? []).filter(isPlain).map((error) => fieldError(error, value)) };
    },
  };
}

/** The fields that the schema marks `writeOnly`: given, used, and never told again. Below lists there are none. */
export function writeOnlyFields(schema: JsonSchema, pointer = ''): readonly string[] {
  const { properties } = schema;
  if (!isObject(properties)) return [];
  return Object.entries(properties).flatMap(([key, child]) => {
    if (!isObject(child)) return [];
    return child.writeOnly === true ? [below(pointer, key)] : writeOnlyFields(child, below(pointer, key));
  });
}

/** What only says that an alternative around it failed tells nobody anything. */
function isPlain({ keyword }: ErrorObject): boolean {
  return keyword !== 'if';
}

function fieldError(error: ErrorObject, value: JsonObject): FieldError {
  const { instancePath, keyword, params } = error;
  switch (keyword) {
    case 'required':
      return { field: below(instancePath, params.missingProperty), detail: 'is missing' };
    case 'additionalProperties':
    case 'unevaluatedProperties':
      return { field: below(instancePath, params.additionalProperty ?? params.unevaluatedProperty), detail: 'is not known here' };
    case 'enum':
      return {
        field: instancePath,
        detail: `must be one of ${(params.allowedValues as readonly Json[]).map((one) => JSON.stringify(one)).join(', ')}`,
      };
    case 'const':
      return { field: instancePath, detail: `must be ${JSON.stringify(params.allowedValue)}` };
    case 'type':
      return {
        field: instancePath,
        detail: `must be ${[params.type].flat().join(' or ')}, and is ${typeName(valueAt(value, instancePath))}`,
      };
    default:
      return { field: instancePath, detail: (error.message ?? 'is not allowed').replaceAll('NOT', 'not') };
  }
}

function typeName(value: Json | undefined): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}
