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
    return { message: `${at} is ${found.what}, which no manifest can say.`, hint: found.hint, at };
  }
  const text = error instanceof Error ? error.message : String(error);
  return {
    message: text.replace(/^Failed serializing construct at path '.*?' with name '.*?': (Error: )?/, ''),
    hint: 'Correct the manifest.',
  };
}

interface Unwritable {
  readonly path: Path;
  readonly what: string;
  readonly hint: string;
}

function search(value: unknown, path: Path, above: readonly unknown[]): Unwritable | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (above.includes(value)) return { path, what: 'a part of itself (a cycle)', hint: 'Copy what is needed instead of pointing back.' };
  if (!Array.isArray(value) && !isPlain(value)) {
    const name = (value as object).constructor?.name ?? 'Object';
    if (typeof (value as { resolve?: unknown }).resolve === 'function' || name === 'Lazy') return undefined;
    return {
      path,
      what: `${/^[aeiou]/i.test(name) ? 'an' : 'a'} ${name}`,
      hint: 'Write plain values: strings, numbers, booleans, lists and maps.',
    };
  }
  for (const [key, child] of Object.entries(value)) {
    const found = search(child, [...path, Array.isArray(value) ? Number(key) : key], [...above, value]);
    if (found) return found;
  }
  return undefined;
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value) as object | null;
  return prototype === null || prototype.constructor?.name === 'Object';
}
