// Values that are known only after something was applied, and secrets: carried through the program, never read in it.
import { type Json, KonfigError, type Path, type PathPart } from '@konfig/core';
import type { IConstruct } from 'constructs';

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
    throw misused('It was turned into JSON.', 'Write json({ … }) from @konfig/sdk where JSON.stringify({ … }) stands.');
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

function misused(
  how: string,
  hint = 'Pass the Output on as it is, or put `text` from @konfig/sdk before the template string that it stands in.',
): KonfigError {
  return new KonfigError({
    code: 'PROPS_INVALID',
    message: `An Output has no value while the program runs: it is known only after something was applied. ${how}`,
    hint,
  });
}
