// A wished Terraform stack, as its resource has it.
import { asLater, digest, isObject, type Json, type JsonObject, latersIn, pathText, type Resource, type ResourceId } from '@konfig/core';

/** What is wished of one stack. */
export interface StackWish {
  readonly id: ResourceId;
  /** Terraform JSON. */
  readonly configuration: JsonObject;
  /** Values of its variables. */
  readonly inputs: JsonObject;
  readonly outputs: Outputs;
  /** Addresses that must not be deleted, and addresses that stay in the world when they go from the program. */
  readonly protected: readonly string[];
  readonly retained: readonly string[];
}

/** Its outputs by name. */
export interface Outputs {
  readonly [name: string]: { readonly secret: boolean };
}

export function wishOf({ id, attributes }: Pick<Resource, 'id' | 'attributes'>): StackWish {
  const outputs = Object.entries(objectOf(attributes.outputs)).map(([name, value]) => [
    name,
    { secret: isObject(value) && value.secret === true },
  ]);
  return {
    id,
    configuration: objectOf(attributes.configuration),
    inputs: objectOf(attributes.inputs),
    outputs: Object.fromEntries(outputs),
    protected: textsOf(attributes.protected),
    retained: textsOf(attributes.retained),
  };
}

/** Equal for wishes that Terraform would be told alike. */
export function wishDigest({ configuration, inputs }: StackWish): string {
  return digest({ configuration, inputs });
}

/** Equal for configurations that mean the same from now on: what is moved or imported is so once. */
export function configurationDigest({ configuration }: Pick<StackWish, 'configuration'>): string {
  const { '//': _, import: __, moved: ___, ...lasting } = configuration;
  return digest(lasting);
}

/** What stands in the way of planning it, in words: `Service/shop/web status.loadBalancer.ingress[0].ip`. Undefined: nothing. */
export function waitsFor({ inputs }: StackWish): string | undefined {
  for (const { later } of latersIn(inputs)) {
    if (!('$unknown' in later)) continue;
    const { resource, path } = later.$unknown;
    return `${resource.slice(resource.indexOf(':') + 1)} ${pathText(path)}`;
  }
  return undefined;
}

/** The state's home is the backend that the user wrote, not Konfig's. */
export function hasOwnBackend({ configuration }: Pick<StackWish, 'configuration'>): boolean {
  return blocksOf(configuration.terraform).some((block) => block.backend !== undefined || block.cloud !== undefined);
}

/** A block of Terraform JSON, which may be written once or as a list. */
export function blocksOf(value: Json | undefined): readonly JsonObject[] {
  return (Array.isArray(value) ? value : [value]).filter(isObject);
}

function objectOf(value: Json | undefined): JsonObject {
  return isObject(value) && !asLater(value) ? value : {};
}

function textsOf(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((one: Json) => typeof one === 'string') : [];
}
