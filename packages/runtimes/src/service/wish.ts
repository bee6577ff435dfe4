// A wished resource as the service is told it: what is not known yet leaves a gap.
import { asLater, isObject, type Json, type JsonObject, type Resource, type ResourceId, setOwn } from '@konfig/core';
import { below, isWithin, type Place, placeOf } from './address';
import type { FieldFault } from './protocol';

export interface ServiceWish extends Place {
  readonly id: ResourceId;
  readonly config: JsonObject;
  /** JSON pointers to the values that are known only later; null holds their place. */
  readonly unknown: readonly string[];
}

/** With null in place of every value that is known only later. */
export function wishOf({ id, attributes }: Pick<Resource, 'id' | 'attributes'>): ServiceWish {
  const unknown: string[] = [];
  const fill = (value: Json, pointer: string): Json => {
    if (asLater(value)) {
      unknown.push(pointer);
      return null;
    }
    if (Array.isArray(value)) return value.map((item, i) => fill(item, below(pointer, i)));
    if (!isObject(value)) return value;
    const copy: Record<string, Json> = {};
    for (const [key, child] of Object.entries(value)) setOwn(copy, key, fill(child, below(pointer, key)));
    return copy;
  };
  const config = fill(attributes.config ?? {}, '');
  return { id, ...placeOf(id), config: isObject(config) ? config : {}, unknown };
}

/** Those that are not about what is known only later. */
export function aboutKnown<F extends FieldFault>(faults: readonly F[], { unknown }: Pick<ServiceWish, 'unknown'>): readonly F[] {
  return faults.filter(({ field }) => !unknown.some((one) => isWithin(field, one) || isWithin(one, field)));
}
