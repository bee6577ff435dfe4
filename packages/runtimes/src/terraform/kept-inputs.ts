// What a stack was told by others when it was last applied: it can be destroyed with that where they are gone.
import {
  equalJson,
  type FieldChange,
  isObject,
  type Json,
  type JsonObject,
  latersIn,
  type Path,
  type Problem,
  pathText,
  shortId,
} from '@konfig/core';
import type { KeptStack } from './kept';
import { canSeal } from './seal';
import { typeOf } from './variables';
import type { StackWish } from './wish';
import type { TerraformWorld } from './world';

/** What tells whether a value may be kept. */
type Keeping = Pick<TerraformWorld, 'mask'> & { readonly config: Pick<TerraformWorld['config'], 'keys'> };

/** Of the values of its variables those that may be kept: secrets only where they are sealed. */
export function inputsToKeep(wish: StackWish, { config, mask }: Keeping): JsonObject {
  const isOpen = (name: string, value: Json) => !isSensitive(wish, name) && equalJson(mask()?.json(value) ?? value, value);
  return Object.fromEntries(Object.entries(wish.inputs).filter(([name, value]) => canSeal(config.keys) || isOpen(name, value)));
}

/** What it is told otherwise than before: that is work though none of its resources differs, since it is to be destroyed with it. */
export function inputChanges(wish: StackWish, { inputs: before = {} }: KeptStack, keeping: Keeping): readonly FieldChange[] {
  const changed = Object.entries(inputsToKeep(wish, keeping)).filter(([name, after]) => !equalJson(before[name], after));
  return changed.map(([name, after]): FieldChange => {
    const path = ['inputs', name];
    return isSensitive(wish, name) ? { path, sensitive: true } : { path, ...present(before[name]), after };
  });
}

function present(before: Json | undefined): { readonly before?: Json } {
  return before === undefined ? {} : { before };
}

/** Is it said to be a secret? */
function isSensitive({ configuration }: StackWish, name: string): boolean {
  const declared = isObject(configuration.variable) ? configuration.variable[name] : undefined;
  return isObject(declared) && declared.sensitive === true;
}

/** What was wished last, as it can be destroyed. */
export interface LastWish {
  readonly wish: StackWish;
  /** What it takes and nobody tells. With any of them Terraform must not be asked. */
  readonly problems: readonly Problem[];
  /** All that it takes is known. */
  readonly isWhole: boolean;
}

/** Values that are not to be had any more, or of another type by now, are those that it was applied with. */
export function asLastTold(wish: StackWish, { inputs: kept = {} }: Pick<KeptStack, 'inputs'>): LastWish {
  const inputs: Record<string, Json> = {};
  const missing: string[] = [];
  for (const [name, value] of Object.entries(wish.inputs)) {
    const type = typeOf(wish, name);
    const found = [value, kept[name]].find((one) => one !== undefined && fits(one, type));
    if (found === undefined) missing.push(name);
    inputs[name] = found ?? value;
  }
  return {
    wish: { ...wish, inputs },
    problems: missing.flatMap((name) => missingProblem(wish, name)),
    isWhole: missing.length === 0,
  };
}

/** Is it known, and would Terraform take it for a variable of this type? */
function fits(value: Json, type = 'any'): boolean {
  if (value === null || latersIn(value).length > 0) return false;
  const isScalar = typeof value !== 'object';
  if (type === 'string') return isScalar;
  if (type === 'number') return typeof value === 'number' || (typeof value === 'string' && /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(value));
  if (type === 'bool') return value === true || value === false || value === 'true' || value === 'false';
  if (/^(list|set|tuple)\b/.test(type)) return Array.isArray(value);
  if (/^(map|object)\b/.test(type)) return isObject(value);
  return true;
}

function missingProblem(wish: StackWish, name: string): readonly Problem[] {
  const from = placeIn(wish.inputs[name] as Json);
  // A secret that cannot be read is told already, with where it should be.
  if (from?.resource === 'secret') return [];
  const what = from ? `${pathText(from.path)} of ${shortId(from.resource)}` : `its variable ${name}`;
  const why = from ? 'which is not to be had any more' : `whose value has another type by now than ${typeOf(wish, name)}`;
  const again = from
    ? `Make ${shortId(from.resource)} again with that value (where it is still in the program, konfig apply does)`
    : 'Bring it back';
  return [
    {
      code: 'RECORD_OUTDATED',
      message: `${shortId(wish.id)} cannot be destroyed: it takes ${what}, ${why}, and the value that it was applied with was not kept.`,
      hint: `${again}, and destroy then. Or write the value out in the program in its place, apply, and destroy then.`,
      at: wish.id,
    },
  ];
}

function placeIn(value: Json): { readonly resource: string; readonly path: Path } | undefined {
  return latersIn(value).flatMap(({ later }) => ('$unknown' in later ? [later.$unknown] : '$ref' in later ? [later.$ref] : []))[0];
}
