// What others have said, as it may be told on: masked while it is whole, and cut only then. Of a secret that is cut before, a part would be left.
import { type Encodings, type GrowingMask, maskOf } from '@konfig/core';
import { clean } from './clean';

/** A text from outside on one line, without secrets, and at most so long. */
export type Quote = (text: string, limit?: number) => string;

/** `mask` is asked at each text: it may be handed over, and learn, while the one who quotes is at work. */
export function quoteBy(mask: () => GrowingMask): Quote {
  return (text, limit) => {
    const { text: hide } = mask();
    // Once more where escape sequences stood within a secret.
    return clean(hide(clean(hide(text), Number.POSITIVE_INFINITY)), limit);
  };
}

const encodings: Encodings = {
  base64: (text) => Buffer.from(text, 'utf8').toString('base64'),
  hex: (text) => Buffer.from(text, 'utf8').toString('hex'),
};

/** A mask of what is known before an operation has handed over its own. */
export function firstMask(secrets: readonly (string | undefined)[]): GrowingMask {
  return maskOf(
    secrets.filter((secret) => secret !== undefined),
    encodings,
  );
}
