// Options that are spans of time: `90`, `90s`, `5m` or `2h` on the command line, seconds for whoever reads them.
import type { KonfigError } from '@konfig/core';

const durations = { synthTimeout: '--synth-timeout', lockWait: '--lock-wait', podStart: '--pod-start', since: '--since' } as const;

/** The arguments, with seconds where a duration was said. */
export type InSeconds<Args> = { readonly [name in keyof Args]: name extends keyof typeof durations ? Seconds<Args[name]> : Args[name] };

type Seconds<Said> = Said extends undefined ? undefined : number;

/** Reads the durations among the arguments. yargs would wrap what a coerce throws, and lose it. */
export function inSeconds<Args extends object>(args: Args): InSeconds<Args> {
  const read = Object.entries(durations).flatMap(([name, option]) => {
    const said = args[name as keyof Args];
    return said === undefined ? [] : [[name, secondsOf(option, String(said))]];
  });
  return { ...args, ...Object.fromEntries(read) };
}

/** Anything else is a USAGE problem that names the option. */
function secondsOf(option: string, value: string): number {
  const found = /^(\d+(?:\.\d+)?)(s|m|h)?$/.exec(value.trim());
  if (!found) throw noDuration(option, value);
  return Number(found[1]) * { s: 1, m: 60, h: 3600 }[(found[2] ?? 's') as 's' | 'm' | 'h'];
}

function noDuration(option: string, value: string): KonfigError {
  // The front door stays light: core takes as long to load as all the rest of it.
  const { KonfigError } = require('@konfig/core') as typeof import('@konfig/core');
  return new KonfigError({
    code: 'USAGE',
    message: `${option} is ${JSON.stringify(value)}, which is no duration.`,
    hint: 'Write it like 90s, 5m or 2h.',
  });
}
