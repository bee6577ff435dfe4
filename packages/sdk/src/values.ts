// What a program makes of values that are known only later: texts, base64, secrets that may be read.
import { KonfigError } from '@konfig/core';
import { exposedKey, isOutput, Output, type Value } from './output';
import { concat } from './put-together';
import { terraformLater } from './terraform/later';

/**
 * A string with Outputs in it: ``text`http://${web.output('status.loadBalancer.ingress[0].ip')}/` ``.
 * It is a secret if one of its parts is.
 * @throws KonfigError PROPS_INVALID when one of its parts has no value.
 */
export function text(strings: TemplateStringsArray, ...values: readonly Value<string | number | boolean>[]): Output<string> {
  const outputs = values.map((value) => asOutput(value));
  const parts = strings.flatMap((literal, i) => {
    if (i >= values.length) return [literal];
    const value = values[i];
    if (value === undefined || value === null) throw missing(strings, i);
    return [literal, outputs[i]?.resolve() ?? String(value)];
  });
  return new Output<string>(
    concat(parts),
    outputs.some((output) => output?.secret),
  );
}

/** An Output as it is, and a value of Terraform as one; undefined for what is known now. */
export function asOutput<T>(value: Value<T>): Output<T> | undefined {
  if (isOutput(value)) return value as Output<T>;
  const later = terraformLater(value);
  return later && new Output<T>(later.value, later.secret);
}

/**
 * Lets a secret go into a field where everyone with access to the cluster can read it: an Output, or a value of a Terraform stack. The reason is for the
 * reviewer.
 * @throws KonfigError PROPS_INVALID when no reason is given, or the value is known already.
 */
export function expose<T>(value: Value<T>, reason: string): Output<T> {
  if (reason.trim() === '') {
    throw new KonfigError({
      code: 'PROPS_INVALID',
      message: 'expose() was called without a reason.',
      hint: "Say why this secret may be read by everyone: expose(value, 'the licence key is public').",
    });
  }
  const output = asOutput(value);
  if (output) return new Output<T>({ [exposedKey]: output.resolve() }, false);
  throw new KonfigError({
    code: 'PROPS_INVALID',
    message: 'expose() was given a value that is known already.',
    hint: 'Write it as it is; expose is for secrets, which are named by secret.env and its like, or are values of a Terraform stack.',
  });
}

/** The base64 of a value that is known later, for the `data` of a raw Secret. */
export function base64(value: Value<string>): Output<string> {
  const output = asOutput(value);
  return new Output<string>({ $base64: output ? output.resolve() : (value as string) }, output?.secret ?? false);
}

function missing(strings: readonly string[], part: number): KonfigError {
  return new KonfigError({
    code: 'PROPS_INVALID',
    message: `The part after '${strings[part]}' of a text has no value.`,
    hint: 'Give it one; without, the text would say undefined.',
  });
}
