// konfig state: what is refused before anything is opened.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type StateArguments, state } from '../src/commands/state';
import type { Shell } from '../src/shell';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'konfig-test-'));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

function run(more: Partial<StateArguments>, isTTY = false): Promise<number> {
  const args = {
    action: 'pull',
    stack: 'shop/prod',
    resource: 'Terraform/database',
    output: 'text',
    embedded: false,
    force: false,
  } as const;
  const shell = { cwd, env: {}, stdout: { isTTY }, stderr: {}, onInterrupt: () => () => {} } as unknown as Shell;
  return state({ ...args, yes: false, lockWait: 0, synthTimeout: 60, ...more }, shell);
}

test('a state is not written to a terminal', async () => {
  await expect(run({}, true)).rejects.toThrow('A state holds secrets in clear, and is not written to a terminal.');
});

test('a file behind a pull is no place to write to by itself', async () => {
  await expect(run({ from: 'my.tfstate' })).rejects.toThrow('my.tfstate is one word too many for a pull.');
});

test.each<[string, Partial<StateArguments>, string]>([
  ['names a file', {}, 'The file with the state is missing.'],
  ['names one that is there', { from: 'none.tfstate' }, 'none.tfstate cannot be read: ENOENT'],
  ['writes none', { from: 'my.tfstate', out: 'other' }, 'A push writes no file'],
])('a push %s', async (_, more, message) => {
  writeFileSync(join(cwd, 'my.tfstate'), '{}');
  await expect(run({ action: 'push', ...more })).rejects.toThrow(message);
});
