// Values that stand in a program as they are, though the system that keeps them calls them secret.
import { asLater, isObject, type Json, type JsonObject, type Mask, masked, maskOf, type Path, type Spec } from '@konfig/core';

/** What may be read of anything of kind Secret. Whatever else stands there may be what it holds under a misspelt name. */
const readable: ReadonlySet<unknown> = new Set(['apiVersion', 'kind', 'metadata', 'type', 'immutable']);

/** Where its values stand, however it is spelt. */
const valueField = /^(string)?data$/i;

/** Is this what a Secret holds, or part of it, written out? What `secret.env` names is not: its value is never there at all. */
export function isLiteralSecret(type: string, path: Path, value: Json | undefined): boolean {
  return isSecret(type) && path.length > 0 && !readable.has(path[0]) && isWrittenOut(value);
}

/** Are values of a Secret written out here? */
export function holdsLiterals(type: string, attributes: JsonObject): boolean {
  return isSecret(type) && Object.entries(attributes).some(([key, value]) => valueField.test(key) && isWrittenOut(value));
}

function isSecret(type: string): boolean {
  return type.slice(type.lastIndexOf('/') + 1) === 'Secret';
}

/** The Spec as it may be shown: without such values, and masked wherever else their text stands, or that of `known` secrets. Ids stay as they are. */
export function shownSpec(spec: Spec, known: Mask = literalMask()): Spec {
  const mask = literalMask(spec);
  const shown = ({ type, attributes }: Spec['resources'][number]) => known.json(mask.json(withoutLiteralSecrets(type, attributes)));
  return { ...spec, resources: spec.resources.map((resource) => ({ ...resource, attributes: shown(resource) })) };
}

/** Masks what these Specs have written out in their Secrets. */
export function literalMask(...specs: readonly Spec[]): Mask {
  const texts = specs.flatMap(({ resources }) => resources.flatMap(({ type, attributes }) => literalsIn(type, attributes)));
  return maskOf(texts, { base64: (text) => Buffer.from(text).toString('base64'), hex: (text) => Buffer.from(text).toString('hex') });
}

function literalsIn(type: string, attributes: JsonObject): readonly string[] {
  if (!isSecret(type)) return [];
  const held = Object.entries(attributes).filter(([key]) => valueField.test(key));
  const decoded = textsOf(attributes.data).map((text) => Buffer.from(text, 'base64').toString());
  return [...decoded, ...held.flatMap(([, values]) => textsOf(values))];
}

function textsOf(values: Json | undefined): readonly string[] {
  if (typeof values === 'string') return [values];
  return isObject(values) && !asLater(values) ? Object.values(values).filter((value) => typeof value === 'string') : [];
}

/** The attributes of a resource without such values. */
export function withoutLiteralSecrets(type: string, attributes: JsonObject): JsonObject {
  const hide = (value: Json): Json =>
    isObject(value) ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, hidden(one)])) : masked;
  const hidden = (value: Json): Json => (isWrittenOut(value) ? masked : value);
  const shown = Object.entries(attributes).map(([key, value]) => [key, isLiteralSecret(type, [key], value) ? hide(value) : value] as const);
  return Object.fromEntries(shown);
}

function isWrittenOut(value: Json | undefined): boolean {
  if (value === undefined || asLater(value)) return false;
  return isObject(value) ? Object.values(value).some(isWrittenOut) : true;
}
