// How a stack changes while it is watched, where there is no terminal: all of it at first, then a line for each change.
import type { Observation, ResourceId } from '@konfig/core';
import { resourceNames } from './resource-name';
import { observedLines, releaseLine, type StackStatus, statusText } from './status-text';
import { type Line, paintLine, type Style, toned } from './style';

export interface StatusLogOptions extends Style {
  readonly width: number;
}

/** A printer of a stack's status, again and again: hands what is new to `write`. `now` is in milliseconds since the epoch. */
export function statusLog(write: (text: string) => void, options: StatusLogOptions): (status: StackStatus, now: number) => void {
  const told = new Map<ResourceId, string>();
  let release: string | undefined;
  return (status, now) => {
    const page = { ...options, now };
    const isFirst = release === undefined;
    const changed = status.observations.filter((one) => told.get(one.id) !== saying(one));
    for (const one of changed) told.set(one.id, saying(one));
    const named = JSON.stringify(status.lastRelease ?? null);
    const isReleased = named !== release;
    release = named;
    if (isFirst) return write(statusText(status, page));
    const nameOf = resourceNames(status.observations.map(({ id }) => id));
    const lines: readonly Line[] = [
      ...(isReleased ? [releaseLine(status, page)] : []),
      ...changed.flatMap((one) => observedLines(one, nameOf, page)),
    ];
    const time = new Date(now).toTimeString().slice(0, 8);
    for (const line of lines) write(`${paintLine([toned('faint', time), ' ', ...line], options, options.width)}\n`);
  };
}

/** Dates of Events and such may go by without any news. */
function saying({ exists, health, message, findings, related, serving }: Observation): string {
  return JSON.stringify([exists, health, message, findings, related, serving]);
}
