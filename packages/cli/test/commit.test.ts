// A release names the commit that it was made from.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openWorld } from '../src/world';

const root = mkdtempSync(join(tmpdir(), 'konfig-commit-'));
const git = (...args: string[]) =>
  execFileSync('git', ['-C', root, '-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], { encoding: 'utf8' }).trim();
const commit = () => openWorld(root, process.env).commit?.();

afterAll(() => rmSync(root, { recursive: true, force: true }));

test('there is none outside a repository, nor before the first one in it', async () => {
  expect(await commit()).toBeUndefined();
  git('init', '--quiet');
  expect(await commit()).toBeUndefined();
});

test('it is told in twelve digits, with a plus where files differ from it', async () => {
  writeFileSync(join(root, 'a'), 'a');
  git('add', 'a');
  git('commit', '--quiet', '--message', 'a');
  const head = git('rev-parse', 'HEAD').slice(0, 12);
  expect(await commit()).toBe(head);
  writeFileSync(join(root, 'b'), 'b');
  expect(await commit()).toBe(`${head}+`);
});
