// What must not be shown of what was sent and got: the token, what a service keeps secret, and what it is given to be kept so.
import { type GrowingMask, isObject, type Json, masked } from '@konfig/core';
import { firstMask } from '../../quote';

/** Hides what it has heard of. */
export interface Unseen {
  readonly mask: GrowingMask;
  /** An answer as it may be shown; what stands in its `secrets` is hidden wherever it comes again. */
  shown(text: string): string;
}

export function unseen(known: readonly string[]): Unseen {
  const mask = firstMask(known);
  return {
    mask,
    shown(text) {
      const body = parsed(text);
      if (body === undefined) return mask.text(text);
      const heard: string[] = [];
      const open = withoutSecrets(body, heard);
      mask.add(heard);
      return mask.text(heard.length === 0 ? text : JSON.stringify(open));
    },
  };
}

/** With all that stands in any `secrets` noted, and hidden also where it is too short to be looked for. */
function withoutSecrets(value: Json, heard: string[]): Json {
  if (Array.isArray(value)) return value.map((item: Json) => withoutSecrets(item, heard));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => [key, key === 'secrets' ? hidden(child, heard) : withoutSecrets(child, heard)]),
  );
}

function hidden(value: Json, heard: string[]): Json {
  if (Array.isArray(value)) return value.map((item: Json) => hidden(item, heard));
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, hidden(child, heard)]));
  if (value === null) return value;
  heard.push(String(value));
  return masked;
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
