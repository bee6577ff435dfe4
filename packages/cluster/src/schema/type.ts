/**
 * What the server knows about a piece of JSON: which fields it may have, what it means to write it twice, and what the
 * server writes itself. One description serves strict decoding, defaults, server-side apply and strategic merge.
 *
 * A type can be a scalar, a list or a map, or (in schemas that are not typed) any of the three; the value decides.
 */
export interface Type {
  /** The name clients see in messages, as in `Go struct field DeploymentSpec.replicas`. */
  readonly name: string;
  /** The package of a struct, as OpenAPI names it: `io.k8s.api.apps.v1`. */
  readonly home?: string;
  readonly scalar?: Scalar;
  readonly list?: ListType;
  readonly map?: MapType;
  /** Defaults that depend on other fields, run on a decoded value of this type. */
  readonly complete?: (value: JsonObject) => void;
  /** Of several forms, the one by which this value is read. */
  readonly choose?: (value: unknown) => Type;
}

/** What ownership needs to know of a scalar. */
export type ScalarKind = 'string' | 'numeric' | 'boolean' | 'untyped';

export interface Scalar {
  readonly kind: ScalarKind;
  /** How the value is read from JSON and normalised; without it, it is taken as it is. */
  readonly wire?: Wire;
}

export type Wire = 'string' | 'int' | 'long' | 'float' | 'bool' | 'intOrString' | 'quantity' | 'time' | 'microTime' | 'duration' | 'bytes';

export interface ListType {
  readonly element: Type;
  /** atomic: one owner for the whole list. set: each value has its owner. keyed: each item is known by its keys. */
  readonly relationship: 'atomic' | 'set' | 'keyed';
  readonly keys: readonly string[];
  /** The key by which a strategic merge patch joins items. */
  readonly mergeKey?: string;
}

export interface MapType {
  readonly fields: ReadonlyMap<string, Field>;
  /** The type of values under keys that are no declared field. */
  readonly element?: Type;
  readonly atomic: boolean;
}

export interface Field {
  readonly name: string;
  readonly type: Type;
  /** A zero value (0, false, "", {}) is something else than no value, and is kept. */
  readonly pointer: boolean;
  /** Written even when it holds no value. */
  readonly always: boolean;
  readonly default?: unknown;
  /** What stands for an absent value when the field is a key of a list. */
  readonly keyDefault?: unknown;
}

export type JsonObject = { [key: string]: unknown };

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
