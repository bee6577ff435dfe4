import { deducedType } from '../schema/notation';
import { schemas } from '../schema/schemas';
import type { Field, ListType, Type } from '../schema/type';
import { type JsonSchema, valueSchema } from './definition';

/** The schema of a whole custom resource as server-side apply wants it: which lists are sets or maps, what is owned as a whole. */
export function ownershipType(kind: string, schema: JsonSchema): Type {
  const root = typeOf({ ...schema, 'x-kubernetes-embedded-resource': true }, kind);
  return root.map ? root : deducedType;
}

function typeOf(schema: JsonSchema, name: string): Type {
  if (schema['x-kubernetes-int-or-string']) return { name, scalar: { kind: 'untyped' } };
  switch (schema.type) {
    case 'string':
      return { name, scalar: { kind: 'string' } };
    case 'integer':
    case 'number':
      return { name, scalar: { kind: 'numeric' } };
    case 'boolean':
      return { name, scalar: { kind: 'boolean' } };
    case 'array':
      return { name, list: listOf(schema, name) };
    case 'object':
      return objectOf(schema, name);
    default:
      return deducedType;
  }
}

function listOf(schema: JsonSchema, name: string): ListType {
  const kind = schema['x-kubernetes-list-type'];
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  const element = schema.items ? typeOf(schema.items, name) : deducedType;
  return { element, relationship: kind === 'set' ? 'set' : kind === 'map' ? 'keyed' : 'atomic', keys };
}

function objectOf(schema: JsonSchema, name: string): Type {
  const atomic = schema['x-kubernetes-map-type'] === 'atomic';
  const keeps = schema['x-kubernetes-preserve-unknown-fields'] || schema.additionalProperties === true;
  const values = valueSchema(schema);
  const element = values ? typeOf(values, name) : keeps || !schema.properties ? deducedType : undefined;
  const properties = Object.entries(schema.properties ?? {}).map(([key, below]): [string, Field] => [key, fieldOf(key, below)]);
  const fields = new Map(schema['x-kubernetes-embedded-resource'] ? [...properties, ...resourceFields()] : properties);
  return { name, map: { fields, ...(element && { element }), atomic } };
}

function fieldOf(name: string, schema: JsonSchema): Field {
  return field(name, typeOf(schema, name), schema.default);
}

function field(name: string, type: Type, keyDefault?: unknown): Field {
  return { name, type, pointer: true, always: false, ...(keyDefault !== undefined && { keyDefault }) };
}

// A resource has these whether the schema names them or not.
function resourceFields(): [string, Field][] {
  const text: Type = { name: 'string', scalar: { kind: 'string' } };
  const types: readonly [string, Type][] = [
    ['apiVersion', text],
    ['kind', text],
    ['metadata', schemas.core.type('ObjectMeta')],
  ];
  return types.map(([name, type]) => [name, field(name, type)]);
}
