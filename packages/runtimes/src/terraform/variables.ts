// Values of a stack's variables on their way to Terraform: the only place where they are written.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isObject, type Json, KonfigError, latersIn, shortId } from '@konfig/core';
import { variablesFile } from './folder';
import type { StackWish } from './wish';

/** Gives them to a working folder and to the environment that is returned. Throws where one of them is not known: what stands for it is no value. */
export function giveVariables(folder: string, wish: StackWish): NodeJS.ProcessEnv {
  checkKnown(wish);
  const given = Object.entries(wish.inputs);
  const large = given.filter(([, value]) => isLarge(value));
  if (large.length > 0) writeFileSync(join(folder, variablesFile), JSON.stringify(Object.fromEntries(large)), { mode: 0o600 });
  const small = given.filter(([, value]) => !isLarge(value));
  return Object.fromEntries(small.map(([name, value]) => [`TF_VAR_${name}`, textOf(value, typeOf(wish, name))]));
}

/** The type that a variable is declared with: `string`, `list(string)`. Undefined: any. */
export function typeOf({ configuration }: StackWish, name: string): string | undefined {
  const declared = isObject(configuration.variable) ? configuration.variable[name] : undefined;
  const type = isObject(declared) ? declared.type : undefined;
  return typeof type === 'string' ? type.replace(/^\$\{(.*)\}$/, '$1') : undefined;
}

function checkKnown({ id, inputs, configuration }: StackWish): void {
  const unknown = Object.entries(inputs).find(([, value]) => latersIn(value).length > 0);
  if (!unknown && latersIn(configuration).length === 0) return;
  throw new KonfigError({
    code: 'INTERNAL',
    message: `${shortId(id)} was to be given to Terraform before ${unknown ? `its variable ${unknown[0]}` : 'all of its configuration'} is known.`,
    hint: 'Please report this with the command and its output.',
    at: id,
  });
}

/** Terraform reads texts as they are, and values of other types as expressions, in which `${` must not be one. */
function textOf(value: Json, type: string | undefined): string {
  if (typeof value === 'string' && (type === undefined || /^(string|number|bool)$/.test(type))) return value;
  return typeof value === 'object' || typeof value === 'string' ? expression(value) : String(value);
}

/** Linux takes no variable of the environment beyond 128 KiB. */
function isLarge(value: Json): boolean {
  return JSON.stringify(value).length > 60_000;
}

function expression(value: Json): string {
  return JSON.stringify(value).replace(/[$%](?=\{)/g, '$&$&');
}
