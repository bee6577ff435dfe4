// The parser of command lines, as quick as it can be had.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Argv } from 'yargs';

type Yargs = (argv: readonly string[]) => Argv;

/** yargs is forty small files, half of which measure emoji; the build makes one of them (bundle-yargs.mjs), in a fifth of the time to load. */
export async function loadYargs(): Promise<Yargs> {
  if (existsSync(join(__dirname, 'yargs.bundle.js'))) return require('./yargs.bundle.js').default;
  return (await import('yargs')).default;
}
