// Values that stand in a program as they are, though the system that keeps them calls them secret.
import { asLater, isObject, type Json, type JsonObject, masked, type Path } from '@konfig/core';

/** Is this what a Kubernetes Secret holds, or part of it, written out? What `secret.env` names is not: its value is never there at all. */
export function isLiteralSecret(type: string, path: Path, value: Json | undefined): boolean {
  return type === 'v1/Secret' && (path[0] === 'data' || path[0] === 'stringData') && isWrittenOut(value);
}

/** The attributes of a resource without such values. */
export function withoutLiteralSecrets(type: string, attributes: JsonObject): JsonObject {
  const hide = (value: Json): Json =>
    isObject(value) ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, hidden(one)])) : value;
  const hidden = (value: Json): Json => (isWrittenOut(value) ? masked : value);
  const shown = Object.entries(attributes).map(([key, value]) => [key, isLiteralSecret(type, [key], value) ? hide(value) : value] as const);
  return Object.fromEntries(shown);
}

function isWrittenOut(value: Json | undefined): boolean {
  if (value === undefined || asLater(value)) return false;
  return isObject(value) ? Object.values(value).some(isWrittenOut) : true;
}
