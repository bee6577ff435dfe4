// Environment variables of containers: plain values stand in the manifest, secrets go to a Secret.
import { equalJson, isObject, type Json, type JsonObject } from '@konfig/core';
import { isOutput, type Output } from '../output';
import { below, shown } from '../shape';
import { asOutput } from '../values';
import { isEnvValue } from './shape';

/** The value of an environment variable. Numbers and booleans are written as their text. */
export type EnvValue =
  | string
  | number
  | boolean
  | Output<string>
  | Output<number>
  | Output<boolean>
  /** A field of the pod itself: `{ field: 'status.podIP' }`. */
  | { readonly field: PodField }
  /** A key of a ConfigMap that is there already. */
  | { readonly configMap: string; readonly key: string; readonly optional?: boolean }
  /** A key of a Secret that is there already. For a value that Konfig should put there, use `secret.env('NAME')`. */
  | { readonly secret: string; readonly key: string; readonly optional?: boolean }
  /** A request or limit of a container: `{ resource: 'limits.memory' }`. */
  | { readonly resource: `${'requests' | 'limits'}.${string}`; readonly container?: string };

/** The fields that Kubernetes gives to a container. */
export type PodField =
  | 'metadata.name'
  | 'metadata.namespace'
  | 'metadata.uid'
  | `metadata.labels['${string}']`
  | `metadata.annotations['${string}']`
  | 'spec.nodeName'
  | 'spec.serviceAccountName'
  | 'status.hostIP'
  | 'status.hostIPs'
  | 'status.podIP'
  | 'status.podIPs';

/** Tells a name that is none, and a value that is none: they would stand as `undefined`, `NaN` or `[object Promise]` in the pod. */
export function checkEnv(name: string, value: EnvValue, bad: (field: string, message: string, hint: string) => void): void {
  if (!/^[-._a-zA-Z][-._a-zA-Z0-9]*$/.test(name))
    bad(below('env', name), 'is no name of a variable.', 'Use letters, digits, - . and _, not beginning with a digit.');
  if (value === undefined || value === null) bad(below('env', name), 'has no value.', 'Give it one, or leave the variable out.');
  else if (typeof value === 'number' && !Number.isFinite(value))
    bad(below('env', name), `is ${value}.`, 'Check the calculation that it came out of.');
  else if (!isEnvValue(value))
    bad(
      below('env', name),
      `is ${shown(value)}.`,
      "Write text, a number, true or false, an Output, { field: 'status.podIP' }, or the key of a ConfigMap or Secret: { secret: 'db', key: 'url' }.",
    );
}

// A variable is text, and an Output may turn out to be a number.
function textOf(value: Json): Json {
  return isObject(value) && '$ref' in value ? { $concat: [value] } : value;
}

/** The secrets of one pod's environment, gathered over its containers into one Secret. */
export class SecretEnv {
  readonly #data = new Map<string, Json>();

  constructor(readonly name: string) {}

  /** The keys and their values; undefined when no container has a secret. */
  get data(): { readonly [key: string]: Json } | undefined {
    return this.#data.size > 0 ? Object.fromEntries(this.#data) : undefined;
  }

  /** One entry of a container's `env`. */
  lower(container: string, name: string, value: EnvValue): JsonObject {
    const output = asOutput<unknown>(value);
    if (output) {
      return output.secret
        ? { name, valueFrom: { secretKeyRef: { name: this.name, key: this.#keep(container, name, output.resolve()) } } }
        : { name, value: textOf(output.resolve()) };
    }
    if (typeof value !== 'object' || value === null || isOutput(value)) return { name, value: String(value) };
    if ('field' in value) return { name, valueFrom: { fieldRef: { fieldPath: value.field } } };
    if ('resource' in value) {
      return {
        name,
        valueFrom: { resourceFieldRef: { resource: value.resource, ...(value.container && { containerName: value.container }) } },
      };
    }
    const optional = value.optional === undefined ? {} : { optional: value.optional };
    return 'configMap' in value
      ? { name, valueFrom: { configMapKeyRef: { name: value.configMap, key: value.key, ...optional } } }
      : { name, valueFrom: { secretKeyRef: { name: value.secret, key: value.key, ...optional } } };
  }

  // Two containers may give one variable different secrets; then the second is kept under the container's name too.
  #keep(container: string, name: string, value: Json): string {
    const taken = this.#data.get(name);
    const key = taken === undefined || equalJson(taken, value) ? name : `${container}.${name}`;
    this.#data.set(key, value);
    return key;
  }
}
