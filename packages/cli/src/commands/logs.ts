// konfig logs: what the containers of a stack say.
import { KonfigError, type LogLine } from '@konfig/core';
import { logs as readLogs } from '@konfig/engine';
import type { PlaceArguments } from '../arguments/place-options';
import type { OutputArguments, ProgramArguments } from '../arguments/stack-options';
import { exitCodes } from '../exit-code';
import { findResources } from '../find-resource';
import { styleOf } from '../print';
import { printJson } from '../print-json';
import { linePrinter } from '../render/container-log';
import type { Shell } from '../shell';
import { openRecorded } from './open-stack';

export interface LogsArguments extends ProgramArguments, OutputArguments, PlaceArguments {
  readonly resource?: string | undefined;
  readonly follow: boolean;
  readonly tail?: number | undefined;
  /** Seconds. */
  readonly since?: number | undefined;
  readonly previous: boolean;
  readonly container?: string | undefined;
}

export async function logs(args: LogsArguments, shell: Shell): Promise<number> {
  checkTogether(args);
  const { spec, world } = await openRecorded(args.stack, shell, args);
  const stop = new AbortController();
  const unhear = shell.onInterrupt(() => stop.abort());
  // Whoever read it has gone: `konfig logs -f | head`.
  let isUnread = false;
  shell.stdout.on('error', () => {
    isUnread = true;
    stop.abort();
  });
  const all: LogLine[] = [];
  const print = args.output === 'text' ? linePrinter((text) => shell.stdout.write(text), styleOf(shell)) : undefined;
  const onLine = (line: LogLine) => {
    if (args.output === 'json') all.push(line);
    else if (print) print(line);
    else printJson(line, 'ndjson', shell);
  };
  const { follow, tail, since, previous, container, resource } = args;
  const wish = {
    follow,
    previous,
    ...(tail === undefined ? {} : { tail }),
    ...(since === undefined ? {} : { since }),
    ...(container === undefined ? {} : { container }),
    pick: (ids: readonly string[]) => (resource === undefined ? ids : findResources(resource, ids, args.stack)),
  };
  try {
    await readLogs(spec, wish, { world, onLine, signal: stop.signal });
  } catch (error) {
    if (!stop.signal.aborted) throw error;
  } finally {
    unhear();
  }
  if (isUnread) return exitCodes.done;
  if (stop.signal.aborted) return exitCodes.cancelled;
  if (args.output === 'json') printJson(all, 'json', shell);
  return exitCodes.done;
}

function checkTogether({ follow, previous, output, tail }: LogsArguments): void {
  const usage = (message: string, hint: string) => new KonfigError({ code: 'USAGE', message, hint });
  if (follow && previous)
    throw usage('--follow and --previous do not go together: a container that has ended says nothing more.', 'Leave one out.');
  if (follow && output === 'json') throw usage('--follow never ends, so it cannot be one JSON document.', 'Use --output ndjson.');
  if (tail !== undefined && !(Number.isInteger(tail) && tail >= 0))
    throw usage(`--tail is ${tail}, which is no number of lines.`, 'Write it like --tail 20.');
}
