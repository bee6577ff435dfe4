// Options that several commands on a stack share.
import { KonfigError } from '@konfig/core';
import type { Argv } from 'yargs';

export interface ProgramArguments {
  readonly stack: string;
  /** Seconds. */
  readonly synthTimeout: number;
}

/** Of every command that reads a stack's program. */
export function programOptions<T>(args: Argv<T>): Argv<T & ProgramArguments> {
  return args
    .positional('stack', { type: 'string', demandOption: true, describe: 'PROJECT/STACK, e.g. shop/dev' })
    .option('synth-timeout', {
      type: 'string',
      default: '60s',
      describe: 'How long the program may run',
    }) as unknown as Argv<T & ProgramArguments>;
}

export interface OutputArguments {
  readonly output: 'text' | 'json' | 'ndjson';
}

/** Of every command that tells something. */
export function outputOption<T>(args: Argv<T>): Argv<T & OutputArguments> {
  return args.option('output', {
    choices: ['text', 'json', 'ndjson'] as const,
    default: 'text' as const,
    describe: 'For people, or for scripts',
  }) as unknown as Argv<T & OutputArguments>;
}

export interface TypeCheckArguments {
  readonly typeCheck: boolean;
}

/** Of every command for which a type error is a reason to stop. */
export function typeCheckOption<T>(args: Argv<T>): Argv<T & TypeCheckArguments> {
  return args.option('type-check', { type: 'boolean', default: true, describe: 'Also ask the TypeScript compiler' }) as unknown as Argv<
    T & TypeCheckArguments
  >;
}

const durations = { synthTimeout: '--synth-timeout', lockWait: '--lock-wait', podStart: '--pod-start' } as const;

/** The arguments with their durations as seconds. yargs would wrap what a coerce throws, and lose it. */
export function withSeconds<T extends object>(args: T): T & { readonly [name in keyof typeof durations & keyof T]: number } {
  const read = Object.entries(durations).flatMap(([name, option]) =>
    name in args ? [[name, secondsOf(option, String(args[name as keyof T]))]] : [],
  );
  return { ...args, ...Object.fromEntries(read) };
}

/** Reads `90`, `90s`, `5m` or `2h` as seconds; anything else is a USAGE problem that names the option. */
function secondsOf(option: string, value: string): number {
  const found = /^(\d+(?:\.\d+)?)(s|m|h)?$/.exec(value.trim());
  if (!found) {
    throw new KonfigError({
      code: 'USAGE',
      message: `${option} is ${JSON.stringify(value)}, which is no duration.`,
      hint: 'Write it like 90s, 5m or 2h.',
    });
  }
  return Number(found[1]) * { s: 1, m: 60, h: 3600 }[(found[2] ?? 's') as 's' | 'm' | 'h'];
}
