// What is left of a token of Terraform when a program calculates with it or cuts it up: it looks known, and is not.
import { isObject, type Json, type Path, type Problem, pathText } from '@konfig/core';
import { holdsToken, tokenOf } from './marks';

/** Marks in another case, cut up, or encoded in a way that is not taken apart again. */
const remnants: readonly RegExp[] = [
  /TfToken(?:\[|%5B)/i,
  /[$#&]\{TfT|[$#&]\{Tf?$/,
  /TOKEN\.\d+\]\}/i,
  // Cleaned, as names are: `TfToken-TOKEN-0`, `tftokentoken0`, of its small letters and digits `foken0`, of its capitals `TTTOKEN`. Turned round: `}]0.NEKOT[nekoTfT{`.
  /TfToken[^A-Za-z0-9]{0,3}TOKEN[^A-Za-z0-9]{0,3}\d/i,
  /(?<![A-Za-z])foken\d|(?<![A-Za-z])TTTOKEN(?![A-Za-z])/,
  /NEKOT[^A-Za-z0-9]{0,3}nekoTfT/i,
  // What cdktf writes where JSON.stringify comes upon a value of a module.
  /<unresolved-token>/,
  // A text that was made a number.
  /^NaN$/,
  // A number, beside what else there is.
  /\de\+2[7-9]\d/,
  // `{TfToken[` in hexadecimal, and in base64 at each of the three places where it may begin.
  /5466546f6b656e/i,
  /e1RmVG9rZW5b|tUZlRva2Vu|7VGZUb2tlb/,
];

/** No program's own number is as large as that of a token, or what is made of it. */
const largest = 1e260;

/** The paths in a value at which something is left of a token. */
export function remnantsIn(value: Json | undefined, path: Path = []): readonly Path[] {
  if (typeof value === 'string') return isRemnant(value) ? [path] : [];
  if (typeof value === 'number') return Math.abs(value) > largest && !tokenOf(value) ? [path] : [];
  if (Array.isArray(value)) return value.flatMap((item: Json, i) => remnantsIn(item, [...path, i]));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, child]) => {
    // A whole mark as a key is told as such.
    if (!holdsToken(key) && isRemnant(key)) return [path];
    return remnantsIn(child, key.startsWith('$') ? path : [...path, key]);
  });
}

function isRemnant(text: string): boolean {
  return remnants.some((one) => one.test(text));
}

/** A value that a program has looked into before anybody knows it. */
export function remnantProblem(path: Path): Omit<Problem, 'source'> {
  const at = pathText(path);
  return {
    code: 'SPEC_INVALID',
    message: `${at === '' ? 'It' : at} is calculated from a value of Terraform, which is not known while the program runs.`,
    hint: 'Let Terraform do it: Fn.upper, Fn.substr, Fn.element, Fn.join … of cdktf for texts and lists, Op.add … for numbers. As it is, a value goes into a template string, text`…`, JSON.stringify and base64.',
    ...(at === '' ? {} : { at }),
  };
}
