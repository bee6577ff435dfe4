// JSON Schema 2020-12: what is wrong with a value by it, and which fields it hides.
import { isObject, type Json, type JsonObject } from '@konfig/core';
import Ajv, { type ValidateFunction } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { clean } from '../clean';
import { matchesInTime } from '../in-time';
import type { Quote } from '../quote';
import { below } from './address';
import { faultOf, type SchemaFault, withoutOtherKinds } from './schema-fault';

const compiled = new WeakMap<object, ValidateFunction>();

/**
 * What is wrong with a value by a schema; nothing where the schema itself is wrong, which is for its service to tell. What the
 * schema marks `writeOnly` is not shown.
 * @throws never.
 */
export function faultsIn(value: Json, schema: object, quote: Quote = clean): readonly SchemaFault[] {
  const validate = compile(schema);
  // What has a default is filled in by the service: it is not missing.
  if (!validate || validate(structuredClone(value))) return [];
  const errors = withoutOtherKinds(validate.errors ?? []).filter(({ keyword }) => keyword !== 'if' && keyword !== 'propertyNames');
  return errors.map((error) =>
    faultOf(error, { value, schema: schema as JsonObject, quote, hidden: writeOnlyFields(schema as JsonObject) }),
  );
}

/** Is it a JSON Schema of the draft 2020-12 that stands by itself? */
export function isSchema(schema: object): boolean {
  return compile(schema) !== undefined;
}

function compile(schema: object): ValidateFunction | undefined {
  const known = compiled.get(schema);
  if (known) return known;
  const ajv = new Ajv({ allErrors: true, strict: false, useDefaults: true, logger: false, verbose: true, code: { regExp: patternInTime } });
  addFormats(ajv);
  try {
    const validate = ajv.compile(schema);
    compiled.set(schema, validate);
    return validate;
  } catch {
    return undefined;
  }
}

/** A text for which a pattern of the service never finds its end is taken for one that does not match: one that matches is found soon. */
const patternInTime = Object.assign(
  (source: string, flags: string) => {
    const pattern = new RegExp(source, flags);
    // Ajv tells patterns apart by their text.
    return { test: (text: string) => matchesInTime(pattern, text, false), toString: () => String(pattern) };
  },
  { code: 'new RegExp' },
);

/** The fields that a config's schema marks `writeOnly`, as JSON pointers. Below lists there are none. */
export function writeOnlyFields(schema: Json | undefined, pointer = ''): readonly string[] {
  if (!isObject(schema) || !isObject(schema.properties)) return [];
  return Object.entries(schema.properties).flatMap(([key, child]) =>
    isObject(child) && child.writeOnly === true ? [below(pointer, key)] : writeOnlyFields(child, below(pointer, key)),
  );
}
