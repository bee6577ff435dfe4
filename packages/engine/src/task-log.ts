// What a task prints while it runs, line by line, whole also when it ends sooner than its log was read.
import type { Connection, LogLine, Watched } from '@konfig/core';
import type { Clock } from './world';

export interface TaskLog {
  /** Reads what is still to be read, for a moment at most; from then on nothing more is told. */
  end(): Promise<void>;
  /** Nothing more is told. */
  drop(): void;
}

export interface TaskLogWish {
  readonly connection: Connection;
  readonly task: Watched;
  readonly clock: Clock;
  readonly tell: (line: LogLine) => void;
}

/** Milliseconds that the rest of a log may take when its task is over. */
const restTakes = 5000;

/** A log that cannot be read is no reason for anything: the task's health says how it is. */
export function followLog({ connection, task, clock, tell }: TaskLogWish): TaskLog {
  const following = new AbortController();
  const told = new Map<string, number>();
  const count = (line: LogLine) => told.set(line.from, (told.get(line.from) ?? 0) + 1);
  let isOver = false;
  const take = (line: LogLine) => {
    if (isOver) return;
    count(line);
    tell(line);
  };
  const followed = connection.logs({ resources: [task], follow: true }, take, following.signal).catch(() => {});

  async function readRest(): Promise<void> {
    const before = new Map(told);
    const reading = new AbortController();
    const unset = clock.after(restTakes, () => reading.abort());
    const seen = new Map<string, number>();
    const takeNew = (line: LogLine) => {
      const place = (seen.get(line.from) ?? 0) + 1;
      seen.set(line.from, place);
      if (place > (before.get(line.from) ?? 0)) take(line);
    };
    const aborted = new Promise<void>((resolve) => reading.signal.addEventListener('abort', () => resolve(), { once: true }));
    const rest = connection.logs({ resources: [task], follow: false }, takeNew, reading.signal).catch(() => {});
    await Promise.race([rest, aborted]);
    unset();
    reading.abort();
  }

  const drop = () => {
    isOver = true;
    following.abort();
  };
  return {
    async end() {
      following.abort();
      await Promise.race([followed, Promise.resolve()]);
      if (!isOver) await readRest();
      drop();
    },
    drop,
  };
}
