// What must not be shown of what was sent and got: the token, what a service keeps secret, and what it is given to be kept so.
import { isObject, type Json, type JsonObject, masked } from '@konfig/core';
import { firstMask, type Quote, quoteBy } from '../../quote';
import { isWithin, pathOf } from '../address';
import { parsed } from './parsed';

/** Hides what it has heard of, and what stands where secrets stand. */
export interface Unseen {
  /** A request as it may be shown. */
  json(body: Json): Json;
  /** An answer as it may be shown. */
  text(text: string): string;
  /** For what is said of it, without its place. */
  readonly quote: Quote;
}

/** `known` are secrets from the beginning; `hidden` are the fields of a config that are `writeOnly`, as JSON pointers. */
export function unseen(known: readonly (string | undefined)[], hidden: readonly string[]): Unseen {
  const mask = firstMask(known);
  const json = (given: Json) => {
    const heard: string[] = [];
    const open = withoutSecrets(given, { hidden, heard });
    mask.add(heard);
    return mask.json(open);
  };
  return {
    json,
    text(text) {
      const given = parsed(text);
      if (isObject(given) || Array.isArray(given)) return JSON.stringify(json(given));
      // Where in it a secret stands is not known then.
      return /secret/i.test(text) ? 'no JSON, and not shown since it may hold secrets' : mask.text(text);
    },
    quote: quoteBy(mask),
  };
}

interface Hiding {
  readonly hidden: readonly string[];
  /** What stood in `secrets`: it is hidden wherever it comes again. */
  readonly heard: string[];
}

function withoutSecrets(value: Json, hiding: Hiding): Json {
  if (Array.isArray(value)) return value.map((item: Json) => withoutSecrets(item, hiding));
  if (!isObject(value)) return value;
  const isHiddenChange = typeof value.field === 'string' && hiding.hidden.some((one) => meets(value.field as string, one));
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => {
      if (key === 'secrets') return [key, covered(child, hiding.heard)];
      if (isHiddenChange && (key === 'before' || key === 'after')) return [key, masked];
      return [key, key === 'config' && isObject(child) ? withoutFields(child, hiding.hidden) : withoutSecrets(child, hiding)];
    }),
  );
}

function meets(field: string, hidden: string): boolean {
  return isWithin(field, hidden) || isWithin(hidden, field);
}

/** Hidden also where it is too short to be looked for. */
function covered(value: Json, heard: string[]): Json {
  if (Array.isArray(value)) return value.map((item: Json) => covered(item, heard));
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, covered(child, heard)]));
  if (value === null) return value;
  heard.push(String(value));
  return masked;
}

function withoutFields(config: JsonObject, hidden: readonly string[]): Json {
  return hidden.reduce<Json>((here, pointer) => without(here, pathOf(pointer, config).slice(1).map(String)), config);
}

function without(value: Json, [key, ...rest]: readonly string[]): Json {
  if (key === undefined) return value === null ? null : masked;
  if (!isObject(value) || !Object.hasOwn(value, key)) return value;
  return { ...value, [key]: without(value[key] as Json, rest) };
}
