// konfig status --watch: how a stack is, until ^C.
import { KonfigError } from '@konfig/core';
import { type Status, systemClock, watchStatus } from '@konfig/engine';
import type { PlaceArguments } from '../arguments/place-options';
import type { OutputArguments, ProgramArguments } from '../arguments/stack-options';
import { exitCodes } from '../exit-code';
import { isLive, styleOf, widthOf } from '../print';
import { printJson } from '../print-json';
import { openStatusLog } from '../render/status-log';
import { openWatchScreen } from '../render/watch-screen';
import type { Shell } from '../shell';
import { openRecorded } from './open-stack';

export interface StatusArguments extends ProgramArguments, OutputArguments, PlaceArguments {
  readonly watch: boolean;
}

export async function watch(args: StatusArguments, shell: Shell): Promise<number> {
  if (args.output === 'json')
    throw new KonfigError({
      code: 'USAGE',
      message: '--watch never ends, so it cannot be one JSON document.',
      hint: 'Use --output ndjson.',
    });
  const { spec, world } = await openRecorded(args.stack, shell, args);
  const stop = new AbortController();
  const unhear = shell.onInterrupt(() => stop.abort());
  // Whoever read it has gone: `konfig status --watch | head`.
  let isUnread = false;
  shell.stdout.on('error', () => {
    isUnread = true;
    stop.abort();
  });
  const shown = shower(args, shell);
  try {
    await watchStatus(spec, { world, onStatus: shown.show }, stop.signal);
  } finally {
    unhear();
    shown.close();
  }
  return isUnread ? exitCodes.done : exitCodes.cancelled;
}

interface Shower {
  show(status: Status): void;
  close(): void;
}

function shower({ output }: StatusArguments, shell: Shell): Shower {
  if (output === 'ndjson') return { show: changesPrinter(shell), close: () => {} };
  if (isLive(shell)) return openWatchScreen(shell.stdout, { ...styleOf(shell), clock: systemClock });
  return openStatusLog((text) => shell.stdout.write(text), { ...styleOf(shell), width: widthOf(shell), clock: systemClock });
}

/** First the release, then each resource, and whichever of them changes from then on. */
function changesPrinter(shell: Shell): (status: Status) => void {
  const told = new Map<string, string>();
  const tell = (key: string, value: object) => {
    const text = JSON.stringify(value);
    if (told.get(key) === text) return;
    told.set(key, text);
    printJson({ time: Date.now(), ...value }, 'ndjson', shell);
  };
  return ({ stack, lastRelease, observations }) => {
    tell('', { stack, ...(lastRelease ? { lastRelease } : {}) });
    for (const one of observations) tell(one.id, one);
  };
}
