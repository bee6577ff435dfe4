// One timer for many moments: it rings at the earliest of them, or earlier; whoever wakes looks what is due.
import type { Clock } from './world';

export interface Alarm {
  /** Rings no later than this, in milliseconds since the epoch. */
  set(at: number): void;
  cancel(): void;
}

export function alarmOf(clock: Clock, ring: () => void): Alarm {
  let next = Infinity;
  let stop = () => {};

  function set(at: number): void {
    if (at >= next) return;
    stop();
    next = at;
    stop = clock.after(Math.max(0, at - clock.now()), () => {
      next = Infinity;
      ring();
    });
  }

  function cancel(): void {
    stop();
    next = -Infinity;
  }

  return { set, cancel };
}
