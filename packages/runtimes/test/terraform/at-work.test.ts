// A run that is alive and changes a stack, though its lock is gone: its connection to the store was cut, or somebody has unlocked the stack.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { id, type PlayedStack, playedStack } from './played-stack';

let stack: PlayedStack;
beforeEach(async () => {
  stack = playedStack();
  await stack.open({ stateKey: Buffer.alloc(32, 3).toString('base64') });
});
afterEach(() => stack.close());

test('is told with its name and that of its Terraform, and nothing begins beside it', async () => {
  const before = await stack.plan();
  expect(before.problems).toEqual([]);
  const other = await startOther('shop/dev');
  const message = `Terraform is still at work on Terraform/shop (pid ${other.pid}), for a run on this machine that is alive (pid 4711).`;
  expect((await stack.plan()).problems).toMatchObject([{ code: 'LOCK_HELD', severity: 'warning', message, at: id }]);
  await expect(stack.apply(before)).rejects.toThrow(message);
  await expect(stack.destroy(before)).rejects.toThrow(message);
  await other.end();
  expect((await stack.plan()).problems).toEqual([]);
});

test('of another stack is nothing to this one', async () => {
  const other = await startOther('shop/prod');
  expect((await stack.plan()).problems).toEqual([]);
  await other.end();
});

/** A folder in which a process works, as that of a run's Terraform. */
async function startOther(name: string) {
  const folder = mkdtempSync(join(tmpdir(), 'konfig-terraform-'));
  const work = spawn('cat', [], { cwd: folder, stdio: ['pipe', 'ignore', 'ignore'] });
  await once(work, 'spawn');
  const process = { machine: 'here', pid: 4711 };
  writeFileSync(join(folder, 'konfig.json'), JSON.stringify({ process, root: stack.root, stack: name, id }));
  writeFileSync(join(folder, 'konfig.pid'), String(work.pid));
  const end = async () => {
    work.stdin.end();
    await once(work, 'exit');
    rmSync(folder, { recursive: true });
  };
  return { pid: work.pid, end };
}
