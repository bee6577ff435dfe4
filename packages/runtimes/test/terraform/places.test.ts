import { writeFileSync } from 'node:fs';
import os, { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isKonfigError, type Problem } from '@konfig/core';
import { toldOfPlace } from '../../src/terraform/places';
import { type PlayedStack, playedStack } from './played-stack';

let stack: PlayedStack;
beforeEach(() => {
  stack = playedStack();
});
afterEach(async () => {
  jest.restoreAllMocks();
  await stack.close();
});

const problemsOf = (error: unknown): readonly Problem[] => {
  if (isKonfigError(error)) return error.problems;
  throw error;
};

describe('a folder for temporary files that is not there', () => {
  const told = [
    {
      code: 'TARGET_CONFIG',
      message: expect.stringMatching(/^Target terraform: the folder .*\/gone for temporary files cannot be used: ENOENT/),
      hint: expect.stringContaining('TMPDIR='),
    },
  ];

  test('is named when the target is opened', async () => {
    jest.spyOn(os, 'tmpdir').mockReturnValue(join(stack.root, 'gone'));
    expect(problemsOf(await stack.open().catch((error) => error))).toMatchObject(told);
  });

  test('is named when a stack is planned', async () => {
    await stack.open({ stateKey: Buffer.alloc(32, 7).toString('base64') });
    jest.spyOn(os, 'tmpdir').mockReturnValue(join(stack.root, 'gone'));
    const problems = await stack.plan().then((row) => row.problems, problemsOf);
    expect(problems).toMatchObject(told);
  });
});

test('a cache that is no folder is named, with its variable', async () => {
  writeFileSync(join(stack.root, 'konfig'), '');
  await stack.open({ mirror: join(stack.root, 'empty') });
  const problems = await stack.plan().then((row) => row.problems, problemsOf);
  expect(problems).toMatchObject([
    {
      code: 'TARGET_CONFIG',
      message: expect.stringContaining('for providers that were fetched'),
      hint: expect.stringContaining('XDG_CACHE_HOME='),
    },
  ]);
});

test('a disk that is full is told as the folder of a run, other errors stay as they are', () => {
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  expect(problemsOf(toldOfPlace(full, 'terraform', {}))).toMatchObject([
    { message: expect.stringContaining(`${tmpdir()} for temporary files`) },
  ]);
  const other = Object.assign(new Error('ENOENT: no such file'), { code: 'ENOENT', path: '/somewhere/else' });
  expect(toldOfPlace(other, 'terraform', {})).toBe(other);
});
