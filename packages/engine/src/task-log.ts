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
  const reading = new AbortController();
  const told = new Map<string, Mark>();
  const take = (line: LogLine) => {
    told.set(line.from, markAt(line, told.get(line.from)));
    tell(line);
  };
  const takeHeard = (line: LogLine) => {
    if (!following.signal.aborted) take(line);
  };
  connection.logs({ resources: [task], follow: true }, takeHeard, following.signal).catch(() => {});

  async function readRest(): Promise<void> {
    const isNew = linesAfter(new Map(told));
    const takeNew = (line: LogLine) => {
      if (!reading.signal.aborted && isNew(line)) take(line);
    };
    // Its container may have begun anew since it was heard last.
    for (const previous of [true, false])
      await connection.logs({ resources: [task], follow: false, previous }, takeNew, reading.signal).catch(() => {});
  }

  const drop = () => {
    following.abort();
    reading.abort();
  };
  return {
    async end() {
      if (reading.signal.aborted) return;
      following.abort();
      const unset = clock.after(restTakes, () => reading.abort());
      await Promise.race([readRest(), abortOf(reading.signal)]);
      unset();
      drop();
    },
    drop,
  };
}

/** The last line that one container was heard to say: when, and how many it said in that moment. */
interface Mark {
  readonly time: string;
  readonly lines: number;
}

function markAt({ time = '' }: LogLine, before: Mark | undefined): Mark {
  return before && time <= before.time ? { time: before.time, lines: before.lines + (time === before.time ? 1 : 0) } : { time, lines: 1 };
}

/** Tells of each line of logs that are read from their beginning whether it comes after these marks. By time: what a container said before it began anew is not read again. */
function linesAfter(marks: ReadonlyMap<string, Mark>): (line: LogLine) => boolean {
  const passed = new Map<string, number>();
  return ({ from, time = '' }) => {
    const mark = marks.get(from);
    if (!mark || time !== mark.time) return mark === undefined || time > mark.time;
    const lines = (passed.get(from) ?? 0) + 1;
    passed.set(from, lines);
    return lines > mark.lines;
  };
}

function abortOf(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
