// What is written down while a stack is changed: before it is begun, with each state that Terraform hands over, and in the end.
import { KonfigError } from '@konfig/core';
import type { ServedState } from './backend';
import { learnState, type Marks } from './held-secrets';
import { type KeptStack, withState } from './kept';
import { type Mark, withMade } from './mark';
import type { Saved } from './rescue';
import type { Seen } from './seen';
import type { TerraformWorld } from './world';

/** What is kept of a stack while it is changed. */
export interface Ledger {
  /** Writes down what is about to be done, and takes up what was rescued. */
  begin(mark: Mark | undefined): Promise<void>;
  /** Terraform has said so: the states that it hands over from now on have it. */
  made(address: string): void;
  /** What Terraform hands over goes to the store, or, where that fails, beside it. */
  readonly served: ServedState;
  /** `open`: what may have been made and is not in the state. */
  end(open?: Mark): Promise<void>;
  kept(): KeptStack;
  rescued(): (Saved & { readonly why: string }) | undefined;
}

interface Beginning {
  /** As it was, without what is to be forgotten. */
  readonly first: KeptStack;
  /** Of the plan that is carried out. */
  readonly marks: Marks;
}

export function openLedger(world: TerraformWorld, { home, rescued: found }: Seen, { first, marks }: Beginning): Ledger {
  let kept = first;
  let rescued: ReturnType<Ledger['rescued']>;
  const { id } = home;
  const made = new Set<string>();
  const write = async (next: KeptStack) => {
    kept = next;
    try {
      await home.write(kept);
    } catch (error) {
      const why =
        error instanceof KonfigError ? (error.problems[0]?.message ?? '') : error instanceof Error ? error.message : String(error);
      // What was made must be known to somebody: that counts more than where.
      rescued = { ...world.rescue.save(world.stack, id, kept), why };
      return;
    }
    for (const one of [found, rescued]) if (one) world.rescue.drop(one);
    rescued = undefined;
  };
  return {
    async begin(mark) {
      if (!mark && !found) return;
      kept = { ...first, ...(mark ? { mark } : {}) };
      // Nothing was changed yet: what fails here ends it.
      await home.write(kept);
      if (found) world.rescue.drop(found);
    },
    made: (address) => made.add(address),
    served: {
      read: async () => kept.text,
      async write(text) {
        const next = { ...kept, ...withState(text), ...(kept.mark ? { mark: withMade(kept.mark, made) } : {}) };
        learnState(world, next, marks);
        await write(next);
      },
    },
    async end(open) {
      const { mark: _, ...rest } = kept;
      await write({ ...rest, ...(open ? { mark: open } : {}) });
    },
    kept: () => kept,
    rescued: () => rescued,
  };
}
