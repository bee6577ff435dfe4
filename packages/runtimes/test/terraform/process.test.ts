import { getEventListeners } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
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

test.each<[string, string, boolean]>([
  ['its providers listen in the folder of the run', '', true],
  ['where the path of that is too long for a socket they listen elsewhere', 'x'.repeat(80), false],
])('%s', async (_, name, isThere) => {
  const root = mkdtempSync(join(tmpdir(), 'konfig-test-'));
  const folder = join(root, name);
  mkdirSync(folder, { recursive: true });
  const { stdout } = await runReading({ path: '/usr/bin/env', args: [], folder, env: {}, stop: new AbortController().signal });
  rmSync(root, { recursive: true });
  expect(stdout).toBe(isThere ? `PLUGIN_UNIX_SOCKET_DIR=${folder}\n` : '');
});
