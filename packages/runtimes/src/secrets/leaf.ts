// A value inside of a JSON document that holds many secrets.
import { childOf, didYouMean, isObject, type Json, pathText, type SecretAnswer } from '@konfig/core';
import { unread } from './source';

/** The text at a path of a document; where the path leads nowhere, what stands there instead. */
export function leafAt(document: Json, path: readonly (string | number)[]): SecretAnswer {
  let here = document;
  for (const [i, part] of path.entries()) {
    const next = childOf(here, part);
    if (next === undefined || next === null) return nothing(here, path.slice(0, i), part);
    here = next;
  }
  return textOfLeaf(here);
}

function nothing(here: Json, above: readonly (string | number)[], part: string | number): SecretAnswer {
  const place = above.length === 0 ? 'the document' : pathText(above);
  const keys = isObject(here) ? Object.keys(here).filter((key) => key !== 'sops') : [];
  const what = isObject(here) ? keysText(keys) : Array.isArray(here) ? `a list of ${here.length}` : 'a single value';
  return unread(`is not there: ${place} is ${what}`, `${didYouMean(String(part), keys)}Put it there, or name another one.`);
}

function keysText(keys: readonly string[]): string {
  if (keys.length === 0) return 'empty';
  const shown = keys.slice(0, 12).join(', ');
  return `an object with ${shown}${keys.length > 12 ? ` and ${keys.length - 12} more` : ''}`;
}

function textOfLeaf(value: Json): SecretAnswer {
  if (typeof value === 'string') return { value };
  if (typeof value === 'boolean' || Number.isSafeInteger(value)) return { value: String(value) };
  if (typeof value === 'number') return unread('is a number that JavaScript would round', 'Keep it as text, in quotes.');
  const what = isObject(value) ? keysText(Object.keys(value)) : 'a list';
  return unread(`is no text, but ${what}`, 'Name one of the values in it.');
}
