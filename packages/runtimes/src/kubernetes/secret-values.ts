// What Kubernetes itself calls secret: the values of a Secret.
import { asLater, type HeldSecret, isObject, type Json, type JsonObject, type Path } from '@konfig/core';

/** Does what stands at this path of such an object belong to a Secret's values? */
export function isSecretPath(type: string, path: Path): boolean {
  return type === 'v1/Secret' && (path[0] === 'data' || path[0] === 'stringData');
}

/** The values of a Secret, decoded; of other objects none. */
export function secretValues(type: string, { data, stringData }: JsonObject): readonly HeldSecret[] {
  if (type !== 'v1/Secret') return [];
  return [...valuesIn('data', data, decoded), ...valuesIn('stringData', stringData, (text) => text)];
}

function valuesIn(field: string, values: Json | undefined, read: (text: string) => string): readonly HeldSecret[] {
  if (!isObject(values) || asLater(values)) return [];
  return Object.entries(values).map(([key, value]) => ({ path: [field, key], text: typeof value === 'string' ? read(value) : undefined }));
}

/** Bytes that are no text are masked as they stand. */
function decoded(base64: string): string {
  const text = Buffer.from(base64, 'base64').toString('utf8');
  return text.includes('\uFFFD') ? base64 : text;
}
