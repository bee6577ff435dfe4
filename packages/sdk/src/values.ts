// What a program makes of values that are known only later: texts, base64, secrets that may be read.
import { type Json, KonfigError } from '@konfig/core';
import { exposedKey, isOutput, Output, type Value } from './output';
import { concat, isKnownNow } from './put-together';
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

/** What stands in a JSON text: what JSON knows, and values that are known later. */
export type JsonValue =
  | Value<string | number | boolean>
  | Output<unknown>
  | null
  | undefined
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/**
 * The JSON of a map or a list in which Outputs stand, as `JSON.stringify` writes it of what is known: `json({ hosts: entry.output('hosts'), port: 8080 })`. A list
 * stays a list in it, and a number a number. It is a secret if one of its parts is.
 */
export function json(value: readonly JsonValue[] | { readonly [key: string]: JsonValue }): Output<string> {
  const made = withoutOutputs(value as JsonValue);
  return new Output<string>(isKnownNow(made.value) ? JSON.stringify(made.value) : { $concat: [made.value] }, made.isSecret);
}

interface Plain {
  readonly value: Json;
  readonly isSecret: boolean;
}

function withoutOutputs(value: JsonValue): Plain {
  const output = value === null || value === undefined ? undefined : asOutput(value as Value<unknown>);
  if (output) return { value: output.resolve(), isSecret: output.secret };
  if (typeof value !== 'object' || value === null) return { value: value ?? null, isSecret: false };
  const entries = Object.entries(value)
    .filter(([, child]) => child !== undefined || Array.isArray(value))
    .map(([key, child]) => [key, withoutOutputs(child as JsonValue)] as const);
  const isSecret = entries.some(([, child]) => child.isSecret);
  const children = entries.map(([key, child]) => [key, child.value] as const);
  return { value: Array.isArray(value) ? children.map(([, child]) => child) : Object.fromEntries(children), isSecret };
}

function missing(strings: readonly string[], part: number): KonfigError {
  return new KonfigError({
    code: 'PROPS_INVALID',
    message: `The part after '${strings[part]}' of a text has no value.`,
    hint: 'Give it one; without, the text would say undefined.',
  });
}
