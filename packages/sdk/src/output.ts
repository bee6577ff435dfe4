// Values that are known only after something was applied, and secrets: carried through the program, never read in it.
import { type Json, KonfigError, type Path, type PathPart } from '@konfig/core';
import type { IConstruct } from 'constructs';
import { concat } from './put-together';
import { terraformLater } from './terraform/later';

const brand = Symbol.for('konfig/Output');

/** Stands for a construct's resource in a `$ref` until the tree is whole and its id is known. */
export const constructPrefix = 'construct:';

/** The key that marks a secret which somebody exposed on purpose; taken off when the Spec is written. */
export const exposedKey = '$exposed';

/**
 * A value that is known only after something was applied, e.g. the address of a load balancer, or a secret.
 *
 * Pass it on as it is, or put it into a string with {@link text}. Reading it in the program is an error: `${output}`, `output + ''`
 * and `JSON.stringify(output)` throw a KonfigError that says what to write instead.
 */
export class Output<T = string> {
  /** Is it, or does it contain, a secret? Then it may only go where Konfig keeps it out of plain text. */
  readonly secret: boolean;
  /** Only for the type checker: an Output<number> is no Output<string>. */
  declare readonly type: T;
  readonly #value: Json;

  /** @internal Use `secret.env`, `object.output(…)` or `text`. */
  constructor(value: Json, secret: boolean) {
    this.#value = value;
    this.secret = secret;
    Object.defineProperty(this, brand, { value: true });
  }

  /** The value as it stands in a manifest. cdk8s calls this for every value that has it. */
  resolve(): Json {
    return this.#value;
  }

  toString(): string {
    throw misused('It was put into a string.');
  }

  toJSON(): never {
    throw misused('It was turned into JSON.');
  }

  [Symbol.toPrimitive](): never {
    throw misused('It was put into a string or a calculation.');
  }
}

/** Recognises an Output across several copies of this package. */
export function isOutput(value: unknown): value is Output<unknown> {
  return typeof value === 'object' && value !== null && brand in value;
}

/** A value, or an Output that will have one. */
export type Value<T> = T | Output<T>;

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

/**
 * A field of a resource as it will be once applied, for constructs that have no `output` of their own (raw cdk8s objects).
 *
 * The path is written as in kubectl: `status.loadBalancer.ingress[0].ip`, `spec.ports[name=http].nodePort`, `metadata.annotations["a/b"]`.
 * What a Secret holds (`data.password`, in base64 as it stands there) is a secret like any other.
 * @throws KonfigError PROPS_INVALID when the path cannot be read.
 */
export function outputOf<T = string>(construct: IConstruct, path: string): Output<T> {
  const parts = parsePath(path);
  return new Output<T>({ $ref: { resource: constructPrefix + construct.node.path, path: parts as Json } }, isInSecret(construct, parts));
}

/** The construct may be of cdk8s-plus: then its object is its child. */
function isInSecret(construct: IConstruct, [field]: Path): boolean {
  const { kind, apiVersion } = { ...construct.node.defaultChild, ...construct } as {
    readonly kind?: unknown;
    readonly apiVersion?: unknown;
  };
  return kind === 'Secret' && apiVersion === 'v1' && (field === 'data' || field === 'stringData');
}

function parsePath(path: string): Path {
  const part = /^(?:\.?([\w$-]+)|\[(\d+)\]|\["([^"]+)"\]|\[([\w-]+)=([^\]]+)\])/;
  const parts: PathPart[] = [];
  if (typeof path !== 'string') throw badPath(String(path), String(path));
  let rest = path;
  while (rest !== '') {
    const match = part.exec(rest);
    if (!match) throw badPath(path, rest);
    const [whole, key, index, quoted, mergeKey, mergeValue] = match;
    if (index !== undefined) parts.push(Number(index));
    else if (mergeKey !== undefined) parts.push({ [mergeKey]: mergeValue as string });
    else parts.push((key ?? quoted) as string);
    rest = rest.slice(whole.length);
  }
  if (parts.length === 0) throw badPath(path, path);
  return parts;
}

function badPath(path: string, rest: string): KonfigError {
  return new KonfigError({
    code: 'PROPS_INVALID',
    message: `The path of an output, '${path}', cannot be read from '${rest}' on.`,
    hint: 'Write it like status.loadBalancer.ingress[0].ip, ports[name=http].nodePort or metadata.annotations["a/b"].',
  });
}

function missing(strings: readonly string[], part: number): KonfigError {
  return new KonfigError({
    code: 'PROPS_INVALID',
    message: `The part after '${strings[part]}' of a text has no value.`,
    hint: 'Give it one; without, the text would say undefined.',
  });
}

function misused(how: string): KonfigError {
  return new KonfigError({
    code: 'PROPS_INVALID',
    message: `An Output has no value while the program runs: it is known only after something was applied. ${how}`,
    hint: 'Pass the Output on as it is, or put `text` from @konfig/sdk before the template string that it stands in.',
  });
}
