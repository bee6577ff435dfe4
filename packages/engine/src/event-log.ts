// The events of one operation: kept, so that a reader can join late; work never waits for a reader.
import type { Event, EventBody } from '@konfig/core';
import type { Clock } from './world';

export interface EventLog {
  emit(body: EventBody): void;
  /** All events from the first one on, until the log is closed. */
  read(): AsyncIterable<Event>;
  close(): void;
}

/** Seconds of silence after which a heartbeat is emitted. */
const heartbeatSeconds = 30;

export function eventLog(operation: string, clock: Clock): EventLog {
  const events: Event[] = [];
  let closed = false;
  let wake: (() => void)[] = [];
  let cancelHeartbeat = () => {};

  function emit(body: EventBody): void {
    if (closed) return;
    events.push({ ...body, operation, sequence: events.length + 1, time: clock.now() });
    wakeReaders();
    cancelHeartbeat();
    cancelHeartbeat = clock.after(heartbeatSeconds * 1000, () => emit({ type: 'heartbeat' }));
  }

  function wakeReaders(): void {
    const readers = wake;
    wake = [];
    for (const reader of readers) reader();
  }

  async function* read(): AsyncIterable<Event> {
    for (let next = 0; ; next++) {
      while (next >= events.length) {
        if (closed) return;
        await new Promise<void>((resolve) => wake.push(resolve));
      }
      yield events[next] as Event;
    }
  }

  function close(): void {
    closed = true;
    cancelHeartbeat();
    wakeReaders();
  }

  return { emit, read, close };
}
