// What a command tells, for scripts.
import type { Shell } from './shell';

/** How a command tells what it found. */
export type Output = 'text' | 'json' | 'ndjson';

/** `json` is indented, `ndjson` one line. */
export function printJson(value: unknown, output: Exclude<Output, 'text'>, shell: Shell): void {
  shell.stdout.write(`${JSON.stringify(value, null, output === 'json' ? 2 : undefined)}\n`);
}
