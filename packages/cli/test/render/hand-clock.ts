// A clock that a test turns by hand, from a time of its choice.
import type { TerminalClock } from '../../src/render/painter';

export interface HandClock extends TerminalClock {
  /** Goes to this time, and runs on the way what is due by then. */
  turnTo(time: number): void;
}

export function handClock(start: number): HandClock {
  let time = start;
  let timers: { at: number; run: () => void }[] = [];
  return {
    now: () => time,
    after(milliseconds: number, run: () => void) {
      const timer = { at: time + milliseconds, run };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    turnTo(until: number) {
      for (;;) {
        const next = timers.filter((timer) => timer.at <= until).sort((a, b) => a.at - b.at)[0];
        if (!next) break;
        timers = timers.filter((other) => other !== next);
        time = Math.max(time, next.at);
        next.run();
      }
      time = until;
    },
  };
}
