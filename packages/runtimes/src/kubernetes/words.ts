// What a cluster says in words may tell a secret: it is masked as it comes in, while it is whole. All else is data, and stays as it is.
import { isObject, type Json, type JsonObject, type Mask } from '@konfig/core';
import { hideIn } from '../quote';
import type { KubeEvent, KubeObject } from './objects';

type Hiding = Pick<Mask, 'text'>;

/** Why a server refused, as it may be told on. */
export function refusalWithoutSecrets(refusal: JsonObject, mask: Hiding): JsonObject {
  return withoutSecrets(refusal, mask) as JsonObject;
}

/** An object as rules read it: what its status says of itself. */
export function objectWithoutSecrets<O extends KubeObject>(object: O, mask: Hiding): O {
  return object.status === undefined ? object : { ...object, status: withoutSecrets(object.status as Json, mask) };
}

export function eventWithoutSecrets(event: KubeEvent, mask: Hiding): KubeEvent {
  return event.message === undefined ? event : { ...event, message: hideIn(event.message, mask) };
}

/** All of Kubernetes, and custom resources too, have their words in fields of this name. */
const wordsIn = 'message';

function withoutSecrets(value: Json, mask: Hiding): Json {
  if (Array.isArray(value)) return value.map((item: Json) => withoutSecrets(item, mask));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => [
      key,
      key === wordsIn && typeof child === 'string' ? hideIn(child, mask) : withoutSecrets(child, mask),
    ]),
  );
}
