// What a command tells, for scripts.
import type { Output } from './print';
import type { Shell } from './shell';

/** `json` is indented, `ndjson` one line. */
export function printJson(value: unknown, output: Exclude<Output, 'text'>, shell: Shell): void {
  shell.stdout.write(`${JSON.stringify(value, null, output === 'json' ? 2 : undefined)}\n`);
}
