// Whoever only looks at a stack opens it, asks, and closes it again. What goes wrong meanwhile tells no secret either.
import { type GrowingMask, isKonfigError, KonfigError, type Spec } from '@konfig/core';
import { maskError, maskProblems } from './masking';
import { newMask } from './secrets';
import { type Opened, openSession, openStore, type Session } from './session';
import type { World } from './world';

/** With the session of a stack. Its connections mask with this mask, which learns from whoever looks. */
export function withSession<T>(
  spec: Spec,
  world: World,
  signal: AbortSignal,
  look: (session: Session, mask: GrowingMask) => Promise<T>,
): Promise<T> {
  return looking((mask) => openSession(spec, world, signal, mask), look, signal);
}

/** With the store of a stack, without its record. */
export function withStore<T>(spec: Spec, world: World, signal: AbortSignal, look: (opened: Opened) => Promise<T>): Promise<T> {
  return looking((mask) => openStore(spec, world, signal, mask), look, signal);
}

async function looking<O extends Opened, T>(
  open: (mask: GrowingMask) => Promise<O>,
  look: (opened: O, mask: GrowingMask) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  const mask = newMask();
  try {
    const opened = await open(mask);
    try {
      return await look(opened, mask);
    } finally {
      await opened.close();
    }
  } catch (error) {
    if (signal.aborted) throw error;
    throw isKonfigError(error) ? new KonfigError(maskProblems(error.problems, { mask })) : maskError(error, mask);
  }
}
