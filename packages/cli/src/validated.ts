// What konfig validate found of one stack.
import type { Problem } from '@konfig/core';

/** What was found of one stack, or of a project whose stacks could not be told. */
export interface Validated {
  readonly stack: string;
  /** Undefined where the program gave no Spec. */
  readonly resources?: number;
  readonly problems: readonly Problem[];
}
