// What runtimes keep in the store of releases: readable at any time, writable while this operation holds the stack's lock.
import { type Keeper, type Lock, lockLost, type ReleaseStore } from '@konfig/core';

/** The keeper of one stack. */
export interface StackKeeper extends Keeper {
  /** From now on it may be written, until it is called with nothing. */
  hold(lock: Lock | undefined): void;
}

export function keeperOf(store: ReleaseStore, stack: string): StackKeeper {
  let lock: Lock | undefined;
  const held = () => {
    if (!lock) throw lockLost(stack);
    return lock;
  };
  return {
    read: (id) => store.readKept(stack, id),
    write: async (id, bytes, before) => store.writeKept(held(), stack, { name: id, bytes, before }),
    async remove(id, before) {
      await store.writeKept(held(), stack, { name: id, bytes: undefined, before });
    },
    get writer() {
      return lock?.holder.who;
    },
    hold(next) {
      lock = next;
    },
  };
}
