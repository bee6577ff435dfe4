// A stack, or one release of it, as people type them: `shop/prod`, `shop/prod@41`.
import { KonfigError } from '@konfig/core';

export interface ReleaseName {
  /** `shop/prod` */
  readonly stack: string;
  /** Undefined: none was named. */
  readonly release?: number;
}

/** Fails with USAGE where what stands behind the @ is no number of a release. */
export function parseReleaseName(text: string): ReleaseName {
  const [stack = '', release, ...more] = text.split('@');
  if (release === undefined) return { stack };
  if (/^[1-9]\d*$/.test(release) && more.length === 0) return { stack, release: Number(release) };
  throw new KonfigError({
    code: 'USAGE',
    message: `${JSON.stringify(text)} is not the name of a release.`,
    hint: `Write PROJECT/STACK@NUMBER, e.g. ${stack || 'shop/prod'}@12; konfig history ${stack || 'shop/prod'} lists them.`,
  });
}
