// Options that every command on a stack has.
import type { Argv } from 'yargs';

export interface StackArguments {
  readonly stack: string;
  readonly output: 'text' | 'json' | 'ndjson';
  readonly typeCheck: boolean;
  readonly synthTimeout: number;
}

export function stackOptions<T>(args: Argv<T>): Argv<T & StackArguments> {
  return args
    .positional('stack', { type: 'string', demandOption: true, describe: 'PROJECT/STACK, e.g. shop/dev' })
    .option('output', { choices: ['text', 'json', 'ndjson'] as const, default: 'text' as const, describe: 'For people, or for scripts' })
    .option('type-check', { type: 'boolean', default: true, describe: 'Also ask the TypeScript compiler' })
    .option('synth-timeout', { type: 'number', default: 60, describe: 'Seconds that the program may run' }) as unknown as Argv<
    T & StackArguments
  >;
}
