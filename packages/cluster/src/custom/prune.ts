import { isObject, type JsonObject } from '../schema/type';
import { type JsonSchema, valueSchema } from './definition';

const metaFields = new Set(['apiVersion', 'kind', 'metadata']);

/** A copy without the fields that the schema does not name; their paths are collected in `pruned`. The root is a resource. */
export function prune(schema: JsonSchema, value: JsonObject, pruned: string[]): JsonObject {
  const unknown: string[] = [];
  const root = { ...schema, 'x-kubernetes-embedded-resource': true };
  const kept = pruneValue(root, value, { path: '', pruned: unknown }) as JsonObject;
  pruned.push(...unknown.sort());
  return kept;
}

interface Place {
  readonly path: string;
  readonly pruned: string[];
}

function pruneValue(schema: JsonSchema | undefined, value: unknown, place: Place): unknown {
  const keeps = schema?.['x-kubernetes-preserve-unknown-fields'] === true;
  if (Array.isArray(value)) {
    const at = (index: number): Place => ({ ...place, path: `${place.path}[${index}]` });
    // Below a list that keeps what is unknown, only what is known is looked into.
    const items = schema?.items ?? (keeps ? keepsAll : undefined);
    return value.map((item, index) => pruneValue(items, item, at(index)));
  }
  if (!isObject(value)) return value;
  const out: JsonObject = {};
  for (const key in value) {
    const at = { ...place, path: place.path === '' ? key : `${place.path}.${key}` };
    const property = schema?.properties?.[key];
    if (schema?.['x-kubernetes-embedded-resource'] && metaFields.has(key)) out[key] = value[key];
    else if (property) out[key] = pruneValue(property, value[key], at);
    else if (schema?.additionalProperties) out[key] = pruneValue(valueSchema(schema), value[key], at);
    else if (keeps) out[key] = value[key];
    else if (!metaFields.has(key) || place.path !== '') place.pruned.push(at.path);
  }
  return out;
}

const keepsAll: JsonSchema = { 'x-kubernetes-preserve-unknown-fields': true };
