// Work that ^C ends: its signal aborts, and what it fails with then is CANCELLED.
import { KonfigError } from '@konfig/core';
import type { Shell } from './shell';

/** Does the work; at ^C its signal aborts. Fails with CANCELLED when the work fails after that. */
export async function untilInterrupted<T>(shell: Shell, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController();
  const unhear = shell.onInterrupt(() => stop.abort());
  try {
    return await work(stop.signal);
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    throw new KonfigError({ code: 'CANCELLED', message: 'Cancelled; nothing was changed.' }, { cause: error });
  } finally {
    unhear();
  }
}
