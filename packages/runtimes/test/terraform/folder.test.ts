import processes from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProcessIdentity } from '@konfig/core';
import { closeFolder, findLeftovers, openFolder, openGuardedFolder } from '../../src/terraform/folder';

const dead: ProcessIdentity = { machine: 'here', pid: 1, born: 'long ago' };
const made: string[] = [];
const own = () => findLeftovers(({ born }) => born === dead.born).filter(({ folder }) => made.includes(folder));

afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** What a run that died has left. */
function leave(files: { readonly [name: string]: string }, process = dead): string {
  const folder = mkdtempSync(join(tmpdir(), 'konfig-terraform-'));
  made.push(folder);
  writeFileSync(join(folder, 'konfig.json'), JSON.stringify({ process, root: '/acme', stack: 'shop/dev', id: 'terraform:Terraform/x' }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

test('a state that was left is found, with whose it is', () => {
  const folder = leave({ 'errored.tfstate': '{"serial":1}' });
  expect(own()).toEqual([{ folder, owner: expect.objectContaining({ stack: 'shop/dev' }), state: '{"serial":1}' }]);
});

test('a folder that holds nothing any more is removed, with the plan that lay in it', () => {
  const folder = leave({ tfplan: 'secrets' });
  expect(own()).toEqual([]);
  expect(existsSync(folder)).toBe(false);
});

test('it is removed also where whoever outlived the run puts something in meanwhile', async () => {
  const folder = leave({ tfplan: 'secrets' });
  const writes = `
    const { writeFileSync } = require('node:fs');
    for (const end = Date.now() + 200, at = { i: 0 }; Date.now() < end; ) writeFileSync(process.argv[1] + '/plugin' + at.i++, '');
  `;
  const writer = processes.spawn(process.execPath, ['-e', writes, folder], { stdio: 'ignore' });
  const ended = once(writer, 'exit');
  while (!existsSync(join(folder, 'plugin0'))) await new Promise(setImmediate);
  expect(own()).toEqual([]);
  await ended;
  expect(existsSync(folder)).toBe(false);
});

test('the folder of a run that goes on is left alone', () => {
  const folder = leave({ tfplan: 'secrets' }, { machine: 'here', pid: 2, born: 'now' });
  expect(own()).toEqual([]);
  expect(existsSync(folder)).toBe(true);
});

test('a pid that is used by another process by now is not taken for a Terraform at work', () => {
  leave({ 'konfig.pid': String(process.pid), 'errored.tfstate': '{}' });
  expect(own()).toMatchObject(process.platform === 'linux' ? [{ state: '{}' }] : [{ pid: process.pid }]);
});

test.each([
  ['no process where nothing secret lies', openFolder, 0],
  ['one process where Terraform works', openGuardedFolder, process.platform === 'win32' ? 0 : 1],
] as const)('a folder is guarded by %s', (_, open, started) => {
  const spawn = jest.spyOn(processes, 'spawn');
  const folder = open({ process: { machine: 'here', pid: process.pid }, root: '/acme', stack: '', id: '' });
  expect(spawn).toHaveBeenCalledTimes(started);
  closeFolder(folder);
  spawn.mockRestore();
});

const testAsRoot = process.getuid?.() === 0 ? test : test.skip;
if (testAsRoot === test.skip) console.warn('Not tried: only root can put there what is of another user.');
testAsRoot('what another user has put there is not believed', () => {
  const folder = leave({ 'errored.tfstate': '{"serial":99}' });
  chownSync(folder, 65534, 65534);
  expect(own()).toEqual([]);
  expect(existsSync(folder)).toBe(true);
});
