import { getEventListeners } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runChanging, runReading } from '../../src/terraform/process';

test('a dozen runs at once hear of one signal without a warning, and leave nothing behind on it', async () => {
  const warnings: Error[] = [];
  const warn = (warning: Error) => warnings.push(warning);
  process.on('warning', warn);
  const [stop, givenUp] = [new AbortController(), new AbortController()];
  const folders = Array.from({ length: 12 }, () => mkdtempSync(join(tmpdir(), 'konfig-test-')));
  const invocation = (folder: string) => ({ path: '/bin/echo', args: ['{}'], folder, env: {}, stop: stop.signal });
  try {
    await Promise.all(folders.map((folder) => runReading(invocation(folder))));
    await Promise.all(folders.map((folder) => runChanging(invocation(folder), () => {}, givenUp.signal)));
    // Warnings are told a turn later.
    await new Promise(setImmediate);
    expect(warnings).toEqual([]);
    expect([stop, givenUp].map(({ signal }) => getEventListeners(signal, 'abort').length)).toEqual([0, 0]);
  } finally {
    process.off('warning', warn);
    for (const folder of folders) rmSync(folder, { recursive: true });
  }
});
