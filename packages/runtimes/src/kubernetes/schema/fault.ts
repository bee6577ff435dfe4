// One thing that is wrong with one field of an object, in the words that a reader gets.
import { isObject, type Json, type Path, type PathPart } from '@konfig/core';

export interface Fault {
  readonly path: Path;
  /** A sentence that goes on after `Deployment/web: `. */
  readonly message: string;
  readonly hint?: string;
  /** Default `error`. */
  readonly severity?: 'error' | 'warning';
}

/** How an entry of a list is called in paths: by its name where it has one, since indexes move. */
export function partOf(item: Json, index: number): PathPart {
  return isObject(item) && typeof item.name === 'string' ? { name: item.name } : index;
}

/** A value as a message quotes it. A long one is not cut: half a secret could no longer be told from other words. */
export function quoted(value: Json | undefined): string {
  if (value === undefined) return 'missing';
  const json = JSON.stringify(value);
  if (json.length <= 80) return json;
  if (typeof value === 'string') return `a text of ${value.length} characters`;
  return Array.isArray(value) ? 'a list' : 'an object';
}
