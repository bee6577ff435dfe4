// What the process was started with, which stands in its command line: taken out of there, before anything of others can look.
import type { Start } from './message';

/** It is the last argument: before it stands a script, or none where the process begins as a snapshot. */
export function takeStart(): Start {
  const start = JSON.parse(process.argv.at(-1) as string) as Start;
  process.argv.length = 0;
  process.argv.push('node', 'konfig');
  process.execArgv.length = 0;
  // Nobody's main module is a file of Konfig; where a package is started by Node's own loader it finds none either.
  (process as { mainModule?: unknown }).mainModule = undefined;
  return start;
}
