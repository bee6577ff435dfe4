// How a stack changes while it is watched, where there is no terminal: all of it at first, then a line for each change, and one when there was none for a while.
import type { Observation, ResourceId } from '@konfig/core';
import type { TerminalClock } from './painter';
import { resourceNames } from './resource-name';
import { countText, observedLines, releaseLine, type StackStatus, statusText } from './status-text';
import { type Line, paintLine, type Style, toned } from './style';

export interface StatusLogOptions extends Style {
  readonly width: number;
  readonly clock: TerminalClock;
}

/** A stack's status as a log. */
export interface StatusLog {
  show(status: StackStatus): void;
  close(): void;
}

/** Milliseconds of silence after which it says that it still looks. */
const beat = 30_000;

/** Hands what is new to `write`. */
export function openStatusLog(write: (text: string) => void, { clock, ...options }: StatusLogOptions): StatusLog {
  const told = new Map<ResourceId, string>();
  let release: string | undefined;
  let cancelBeat = () => {};
  const writeLines = (lines: readonly Line[], now: number) => {
    const time = new Date(now).toTimeString().slice(0, 8);
    for (const line of lines) write(`${paintLine([toned('faint', time), ' ', ...line], options, options.width)}\n`);
  };
  const beatAfter = (status: StackStatus) => {
    cancelBeat();
    cancelBeat = clock.after(beat, () => {
      writeLines([[` no change: ${countText(status.observations)}`]], clock.now());
      beatAfter(status);
    });
  };
  const tell = (status: StackStatus, now: number): boolean => {
    const page = { ...options, now };
    const isFirst = release === undefined;
    const changed = status.observations.filter((one) => told.get(one.id) !== saying(one));
    for (const one of changed) told.set(one.id, saying(one));
    const named = JSON.stringify(status.lastRelease ?? null);
    const isReleased = named !== release;
    release = named;
    if (isFirst) write(statusText(status, page));
    const nameOf = resourceNames(status.observations.map(({ id }) => id));
    const lines: readonly Line[] = [
      ...(isReleased ? [releaseLine(status, page)] : []),
      ...changed.flatMap((one) => observedLines(one, nameOf, page)),
    ];
    if (!isFirst) writeLines(lines, now);
    return isFirst || lines.length > 0;
  };
  return {
    show: (status) => {
      if (tell(status, clock.now())) beatAfter(status);
    },
    close: () => cancelBeat(),
  };
}

/** Dates of Events and such may go by without any news. */
function saying({ exists, health, message, findings, related, serving }: Observation): string {
  return JSON.stringify([exists, health, message, findings, related, serving]);
}
