// What cdk8s would lose of an object without a word: keys that are none of its own, or that are no texts. Told as a problem.
import { pathText } from '@konfig/core';
import type { IResolver, ResolutionContext } from 'cdk8s';
import { report } from '../synth';

/** Takes objects without a prototype as the plain ones that they are (`Object.groupBy`, the groups of a regular expression), which cdk8s refuses. */
export class PlainObjectResolver implements IResolver {
  resolve(context: ResolutionContext): void {
    const value = context.value as unknown;
    if (typeof value !== 'object' || value === null || Array.isArray(value) || !isPlain(value)) return;
    for (const [what, hint] of whatWouldBeLost(value)) tell(context, what, hint);
    if (Object.getPrototypeOf(value) === null) context.replaceValue({ ...value });
  }
}

// The instance of a class is told elsewhere, as what it is; an Output becomes a plain object first.
function isPlain(value: object): boolean {
  const isClass = 'constructor' in value && typeof value.constructor === 'function' && value.constructor.name !== 'Object';
  return !isClass && typeof (value as { resolve?: unknown }).resolve !== 'function';
}

function* whatWouldBeLost(value: object): Generator<readonly [what: string, hint: string]> {
  if (Object.hasOwn(value, '__proto__')) yield ['has a key called __proto__, with which objects are forged', 'Use another name.'];
  for (const symbol of Object.getOwnPropertySymbols(value)) yield [`has a key that is the symbol ${String(symbol)}`, 'Use a text.'];
  for (const key in value) {
    if (!Object.hasOwn(value, key)) yield [`inherits ${key} from its prototype`, 'Copy it: { ...prototype, ...own }.'];
  }
}

function tell({ obj, key }: ResolutionContext, what: string, hint: string): void {
  // cdk8s writes the index of a list as a text.
  const at = pathText(key.map((part) => (/^\d+$/.test(part) ? Number(part) : part)));
  report(obj, { code: 'SPEC_INVALID', message: `${at || 'It'} ${what}, which no manifest can say.`, hint, ...(at && { at }) });
}
