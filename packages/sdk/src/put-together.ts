// Values that are put together of others, some of which may be known only later.
import { asLater, canonical, digest, type Json } from '@konfig/core';

/** A `$concat` of parts, or the plain string when nothing is left to be known. */
export function concat(parts: readonly Json[]): Json {
  const joined: Json[] = [];
  for (const part of parts.flatMap(partsOf)) {
    const last = joined[joined.length - 1];
    if (typeof part === 'string' && typeof last === 'string') joined[joined.length - 1] = last + part;
    else if (part !== '') joined.push(part);
  }
  if (joined.every((part) => typeof part === 'string')) return joined.join('');
  const [only] = joined;
  return joined.length === 1 && isMadeText(only) ? only : { $concat: joined };
}

/** It is a text whatever it is made of. */
function isMadeText(part: Json | undefined): part is Json {
  const later = asLater(part);
  return later !== undefined && ('$base64' in later || '$json' in later);
}

/** A single value that is to be a text is one in a longer text anyway. */
function partsOf(part: Json): readonly Json[] {
  const later = asLater(part);
  return later && '$concat' in later && later.$concat.length === 1 ? later.$concat : [part];
}

/** A short text that changes when the value does: of what is known a digest, of what is not a hash that the engine makes. */
export function fingerprint(value: Json): Json {
  return isKnownNow(value) ? digest(value).slice(0, 16) : { $hash: value };
}

/** Is all of it known while the program runs? */
export function isKnownNow(value: Json): boolean {
  return !/"\$(ref|secret|concat|base64|json|exposed)":/.test(canonical(value));
}
