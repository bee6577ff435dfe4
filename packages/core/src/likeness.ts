// How alike two things are of which one goes and one comes, and the move that would keep the one.
import { isObject, type Json } from './json';

/** The part of all fields that must be equal. */
export const nearly = 0.8;

/** Fields by their paths. */
export type Leaves = ReadonlyMap<string, string>;

/** The part of their fields that is equal, from 0 to 1. `rename` says what a text of the one would be in the other. */
export function likenessOf(one: Leaves, other: Leaves, rename: (text: string) => string = (text) => text): number {
  const isThere = (path: string, value: string) => other.get(path) === value;
  const equal = [...one].filter(
    ([path, value]) => isThere(path, value) || isThere(path, rename(value)) || isThere(rename(path), rename(value)),
  );
  return equal.length / Math.max(one.size, other.size, 1);
}

/** All that stands in a value, by its path. */
export function leavesOf(value: Json, path = ''): readonly (readonly [path: string, value: string])[] {
  if (Array.isArray(value)) return value.flatMap((item: Json, i) => leavesOf(item, `${path}/${i}`));
  if (isObject(value)) return Object.entries(value).flatMap(([key, child]) => leavesOf(child, `${path}/${key}`));
  return [[path, String(value)]];
}

/** Ids of constructs below the stack, of all that is wished and of all that was released last. */
export interface Places {
  readonly wished: readonly (readonly string[])[];
  readonly released: readonly (readonly string[])[];
}

/** Of the ids below the stack: without what they end in alike, as long as nothing else stands there that is to stay. */
export function moveHint(before: readonly string[], after: readonly string[], { wished, released }: Places): string {
  const [from, to] = [[...before], [...after]];
  while (from.length > 1 && to.length > 1 && from.at(-1) === to.at(-1)) {
    if (stands(from.slice(0, -1), wished) || stands(to.slice(0, -1), released)) break;
    from.pop();
    to.pop();
  }
  return `If it was only renamed, keep it: moved(stack, '${from.join('/')}', '${to.join('/')}') before it is made.`;
}

function stands(place: readonly string[], among: readonly (readonly string[])[]): boolean {
  return among.some((ids) => place.every((id, i) => ids[i] === id));
}
