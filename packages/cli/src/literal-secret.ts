// Values that stand in a program as they are, though the system that keeps them calls them secret.
import { asLater, isObject, type Json, type JsonObject, type Mask, masked, maskOf, type Path, type Spec } from '@konfig/core';

/** Is this what a Kubernetes Secret holds, or part of it, written out? What `secret.env` names is not: its value is never there at all. */
export function isLiteralSecret(type: string, path: Path, value: Json | undefined): boolean {
  return type === 'v1/Secret' && (path[0] === 'data' || path[0] === 'stringData') && isWrittenOut(value);
}

/** The Spec as it may be shown: without such values, and masked wherever else their text stands. Ids stay as they are. */
export function shownSpec(spec: Spec): Spec {
  const mask = literalMask(spec);
  const shown = ({ type, attributes }: Spec['resources'][number]) => mask.json(withoutLiteralSecrets(type, attributes));
  return { ...spec, resources: spec.resources.map((resource) => ({ ...resource, attributes: shown(resource) })) };
}

/** Masks what these Specs have written out in their Secrets. */
export function literalMask(...specs: readonly Spec[]): Mask {
  const texts = specs.flatMap(({ resources }) => resources.flatMap(({ type, attributes }) => literalsIn(type, attributes)));
  return maskOf(texts, { base64: (text) => Buffer.from(text).toString('base64'), hex: (text) => Buffer.from(text).toString('hex') });
}

function literalsIn(type: string, { data, stringData }: JsonObject): readonly string[] {
  if (type !== 'v1/Secret') return [];
  const encoded = textsOf(data).map((text) => Buffer.from(text, 'base64').toString());
  return [...encoded, ...textsOf(data), ...textsOf(stringData)];
}

function textsOf(values: Json | undefined): readonly string[] {
  return isObject(values) ? Object.values(values).filter((value) => typeof value === 'string') : [];
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
