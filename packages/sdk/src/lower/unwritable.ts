// Why a manifest could not be written: the path of a value that JSON cannot say, found only after cdk8s gave up.
import { type Path, pathText } from '@konfig/core';
import type { ApiObject } from 'cdk8s';

/** What is wrong with the object's manifest, where, and what to do. */
export function whyUnwritable(
  object: ApiObject,
  error: unknown,
): { readonly message: string; readonly hint: string; readonly at?: string } {
  const found = search((object as unknown as { props: unknown }).props, [], []);
  if (found) {
    const at = pathText(found.path);
    return { message: `${at} is ${found.what}.`, hint: found.hint, at };
  }
  const text = error instanceof Error ? error.message : String(error);
  return {
    message: text.replace(/^Failed serializing construct at path '.*?' with name '.*?': (Error: )?/, ''),
    hint: 'Correct the manifest.',
  };
}

const unsayable = ', which no manifest can say';

interface Unwritable {
  readonly path: Path;
  readonly what: string;
  readonly hint: string;
}

function search(value: unknown, path: Path, above: readonly unknown[]): Unwritable | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (above.includes(value))
    return { path, what: `a part of itself (a cycle)${unsayable}`, hint: 'Copy what is needed instead of pointing back.' };
  if (!Array.isArray(value) && !isPlain(value)) {
    const name = (value as object).constructor?.name ?? 'Object';
    if (typeof (value as { resolve?: unknown }).resolve === 'function' || name === 'Lazy') return undefined;
    return {
      path,
      what: `${/^[aeiou]/i.test(name) ? 'an' : 'a'} ${name}${unsayable}`,
      hint: 'Write plain values: strings, numbers, booleans, lists and maps.',
    };
  }
  for (const key of Object.keys(value)) {
    const below = [...path, Array.isArray(value) ? Number(key) : key];
    const child = read(value, key);
    if ('thrown' in child) return { path: below, what: `a getter that throws: ${child.thrown}`, hint: 'Give it a value, or leave it out.' };
    const found = search(child.value, below, [...above, value]);
    if (found) return found;
  }
  return undefined;
}

function read(object: object, key: string): { readonly value: unknown } | { readonly thrown: string } {
  try {
    return { value: (object as Record<string, unknown>)[key] };
  } catch (error) {
    return { thrown: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
  }
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value) as object | null;
  return prototype === null || prototype.constructor?.name === 'Object';
}
