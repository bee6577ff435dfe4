// What runs where Node cannot hold it must see nothing but what it needs.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { boxed } from '../src/program/sandbox/box';
import { hasNamespaces } from '../src/program/sandbox/isolation';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'konfig-box-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a process in a box reads what it was given, writes into one folder, and reaches nothing else', () => {
  if (!hasNamespaces()) return console.log('Skipped: this machine has no namespaces.');
  const [packages, out] = [join(folder, 'packages'), join(folder, 'out')];
  for (const made of [packages, out, join(folder, 'home')]) mkdirSync(made);
  writeFileSync(join(packages, 'a'), 'given');
  writeFileSync(join(folder, 'home', 'kubeconfig'), 'secret');
  const tries = {
    given: `read('${packages}/a')`,
    secret: `read('${folder}/home/kubeconfig')`,
    'the old root': `require('fs').readdirSync('/old').join()`,
    'another process': `read('/proc/${process.pid}/environ')`,
    'a write beside': `require('fs').writeFileSync('${packages}/b', '')`,
    'a write at the root': `require('fs').writeFileSync('${folder}/home/kubeconfig', '')`,
    network: `require('child_process').execFileSync('/bin/sh', ['-c', 'cat < /dev/tcp/127.0.0.1/22'])`,
  };
  const code = `const read = (file) => require('fs').readFileSync(file, 'utf8');
    const told = {};
    for (const [name, run] of Object.entries(${JSON.stringify(tries)})) try { told[name] = String(eval(run)); } catch (error) { told[name] = error.code ?? 'failed'; }
    require('fs').writeFileSync('/out/told', JSON.stringify(told));`;
  const [command, ...args] = boxed([process.execPath, '-e', code], { readable: [packages], out });
  expect(spawnSync(command as string, args, { env: { PATH: process.env.PATH }, encoding: 'utf8' })).toMatchObject({ status: 0 });
  expect(JSON.parse(readFileSync(join(out, 'told'), 'utf8'))).toEqual({
    given: 'given',
    secret: 'ENOENT',
    'the old root': '',
    'another process': 'ENOENT',
    'a write beside': 'EROFS',
    'a write at the root': 'ENOENT',
    network: expect.not.stringMatching(/^$/),
  });
});
