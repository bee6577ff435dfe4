// How often a resource is there, where the program writes that out: without a reference to anything, it is known before anything else is.
import { isObject, type Json, type JsonObject, valueAt } from '@konfig/core';
import { pathOfAddress } from './configuration';
import { withoutKey } from './state';
import { blocksOf } from './wish';

/** What of a resource is wished, and what of it goes. */
export interface Instances {
  readonly wished: readonly { readonly name: string; readonly isThere: boolean }[];
  /** With Terraform's own word for why. */
  readonly gone: readonly { readonly name: string; readonly because: string }[];
}

/** @param there addresses of all that the stack has. Undefined where the program does not tell, or instances come from elsewhere. */
export function instancesOf(configuration: JsonObject, address: string, there: readonly string[]): Instances | undefined {
  const keys = keysOf(configuration, address);
  if (!keys) return undefined;
  const wished = keys.map((key) => address + key);
  const has = there.filter((name) => withoutKey(name) === address);
  // Terraform takes the one for the other, where count was added or taken away.
  const twin = new Map([
    [address, `${address}[0]`],
    [`${address}[0]`, address],
  ]);
  const goesOn = (name: string) => wished.includes(name) || (wished.includes(twin.get(name) ?? '') && !has.includes(twin.get(name) ?? ''));
  return {
    wished: wished.map((name) => ({ name, isThere: has.includes(name) || has.includes(twin.get(name) ?? '') })),
    gone: has.filter((name) => !goesOn(name)).map((name) => ({ name, because: whyGone(name.slice(address.length), keys) })),
  };
}

function whyGone(key: string, [wished = key]: readonly string[]): string {
  if (kindOf(key) !== kindOf(wished) || key === '') return 'delete_because_wrong_repetition';
  return kindOf(key) === 'number' ? 'delete_because_count_index' : 'delete_because_each_key';
}

function kindOf(key: string): 'none' | 'number' | 'text' {
  if (key === '') return 'none';
  return key.startsWith('["') ? 'text' : 'number';
}

/** As they stand in addresses: `[0]`, `["a"]`, and nothing for what is there once. */
function keysOf(configuration: JsonObject, address: string): readonly string[] | undefined {
  const path = pathOfAddress(configuration, address);
  const block = path && valueAt(configuration, path);
  if (!isObject(block) || hasMoved(configuration, address)) return undefined;
  const { count, for_each: each } = block;
  if (count === undefined && each === undefined) return [''];
  if (typeof count === 'number') return Array.from({ length: count }, (_, i) => `[${i}]`);
  return namesIn(each)?.map((name) => `[${JSON.stringify(name)}]`);
}

/** A map, or a set of texts as `${toset(["a", "b"])}`. */
function namesIn(each: Json | undefined): readonly string[] | undefined {
  const names = isObject(each) ? Object.keys(each) : typeof each === 'string' ? textsIn(each) : undefined;
  return names?.some((name) => /[$%\\]/.test(name)) ? undefined : names;
}

function textsIn(expression: string): readonly string[] | undefined {
  const list = /^\$\{toset\((\[(?:\s*"[^"\\]*"\s*,?)*\])\)\}$/.exec(expression)?.[1];
  try {
    return list === undefined ? undefined : (JSON.parse(list) as readonly string[]);
  } catch {
    return undefined;
  }
}

/** Its instances may come from elsewhere, or go on elsewhere. */
function hasMoved(configuration: JsonObject, address: string): boolean {
  const isOfIt = (place: Json | undefined) => typeof place === 'string' && (place === address || place.startsWith(`${address}[`));
  return blocksOf(configuration.moved).some(({ from, to }) => isOfIt(from) || isOfIt(to));
}
