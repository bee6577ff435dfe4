// What others have said, as it may be told on: masked while it is whole, and cut only then. Of a secret that is cut before, a part would be left.
import { type Encodings, type GrowingMask, type Mask, maskOf } from '@konfig/core';
import { clean, withoutControls } from './clean';

/** A text from outside on one line, without secrets, and at most so long. */
export type Quote = (text: string, limit?: number) => string;

// What is hidden is hidden once more where escape sequences stood within a secret.

export function quoteBy(mask: Pick<Mask, 'text'>): Quote {
  return (text, limit) => clean(mask.text(clean(mask.text(text), Number.POSITIVE_INFINITY)), limit);
}

/** A text from outside with all its lines, without secrets. */
export function hideIn(text: string, mask: Pick<Mask, 'text'>): string {
  return mask.text(withoutControls(mask.text(text)));
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

/** The mask of a connection: of what it is opened with, until it is handed that of an operation. */
export interface ConnectionMask extends Pick<Mask, 'text'> {
  /** What the connection shows to be let in. */
  learn(secrets: readonly string[]): void;
  /** From now on this one says what is secret. */
  give(mask: GrowingMask): void;
}

export function connectionMask(secrets: readonly (string | undefined)[]): ConnectionMask {
  const own = new Set(secrets.filter((secret) => secret !== undefined));
  let mask = firstMask([...own]);
  return {
    text: (text) => mask.text(text),
    learn(more) {
      for (const secret of more) own.add(secret);
      mask.add(more);
    },
    give(given) {
      given.add([...own]);
      mask = given;
    },
  };
}
