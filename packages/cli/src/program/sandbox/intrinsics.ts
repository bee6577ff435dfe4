// The language's own objects, which a program must leave as they are: the sdk and every package work with them.
import type { Problem } from '@konfig/core';

const typedArray = Object.getPrototypeOf(Uint8Array) as object;
const iterators = [[][Symbol.iterator](), new Map()[Symbol.iterator](), new Set()[Symbol.iterator]()].map(
  (one) => Object.getPrototypeOf(one) as object,
);

const kept: readonly (readonly [name: string, object: object])[] = [
  ...[
    Object,
    Array,
    Function,
    String,
    Number,
    Boolean,
    BigInt,
    Symbol,
    Date,
    RegExp,
    Promise,
    Map,
    Set,
    WeakMap,
    WeakSet,
    Uint8Array,
    Buffer,
  ].flatMap((type) => [[type.name, type] as const, [`${type.name}.prototype`, type.prototype as object] as const]),
  ['TypedArray', typedArray],
  ['TypedArray.prototype', (typedArray as { prototype: object }).prototype],
  ['Error.prototype', Error.prototype],
  ['JSON', JSON],
  ['Math', Math],
  ['Reflect', Reflect],
  ...iterators.map((iterator) => ['Iterator', iterator] as const),
];

const { getOwnPropertyDescriptor, getPrototypeOf, is } = Object;
const { ownKeys } = Reflect;
const toText = String;

interface Before {
  readonly name: string;
  readonly object: object;
  readonly parent: unknown;
  readonly keys: readonly (string | symbol)[];
  readonly values: readonly unknown[];
}

/** Takes note of them as they are now; lets nobody add what every object or list would have. Answers with what was replaced since then. */
export function keepIntrinsics(): () => readonly Problem[] {
  const before = kept.map(([name, object]): Before => {
    const keys = ownKeys(object);
    return { name, object, parent: getPrototypeOf(object) as unknown, keys, values: keys.map((key) => valueAtKey(object, key)) };
  });
  Object.preventExtensions(Object.prototype);
  Object.preventExtensions(Array.prototype);
  return () => replacedOf(before);
}

/** What it looks for may be the very functions of lists, or how they are gone through: it uses none of them. */
function replacedOf(before: readonly Before[]): readonly Problem[] {
  const problems: Problem[] = [];
  for (let i = 0; i < before.length; i++) {
    const { name, object, parent, keys, values } = before[i] as Before;
    for (let k = 0; k < keys.length; k++) {
      const key = keys[k] as string | symbol;
      if (!is(valueAtKey(object, key), values[k])) problems[problems.length] = replaced(`${name}.${toText(key)}`);
    }
    if (getPrototypeOf(object) !== parent) problems[problems.length] = replaced(`the prototype of ${name}`);
  }
  return problems;
}

function valueAtKey(object: object, key: string | symbol): unknown {
  const found = getOwnPropertyDescriptor(object, key);
  return found && ('value' in found ? found.value : found.get);
}

function replaced(what: string): Problem {
  return {
    code: 'PROGRAM_IMPURE',
    message: `The program, or a package that it loads, replaces ${what}, with which everybody works.`,
    hint: 'Write a function of your own instead, or leave that package out.',
  };
}
