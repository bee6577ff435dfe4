// A machine to read secrets on: a folder, an environment, and no targets.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Connection, Runtime, SecretAnswer, SecretSource } from '@konfig/core';
import { secretReader } from '../../src/secrets';

export interface Machine {
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
  write(file: string, content: string | Uint8Array): void;
  /** A command on the PATH of this machine, as the lines of a shell script. */
  command(name: string, ...lines: string[]): void;
  /** A cluster, by what it answers when an object is read. */
  target(name: string, read: Connection['read']): void;
  read(...sources: SecretSource[]): Promise<readonly SecretAnswer[]>;
  readUntil(signal: AbortSignal, ...sources: SecretSource[]): Promise<readonly SecretAnswer[]>;
}

const folders: string[] = [];

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** `patience`: seconds that a source may take. */
export function machine(env: NodeJS.ProcessEnv = {}, patience?: number): Machine {
  const root = mkdtempSync(join(tmpdir(), 'konfig-secrets-'));
  folders.push(root);
  const targets: { [name: string]: Connection['read'] } = {};
  const here = { HOME: root, ...env, PATH: [root, env.PATH ?? process.env.PATH].join(delimiter) };
  const connect = async (name: string) => ({ read: targets[name], close: async () => {} }) as unknown as Connection;
  const runtimes = { kubernetes: { connect } as unknown as Runtime };
  const reader = secretReader({ root, env: here, runtimes, ...(patience === undefined ? {} : { patience }) });
  const readUntil = (signal: AbortSignal, ...sources: SecretSource[]) => {
    const known = Object.keys(targets).map((name) => [name, { runtime: 'kubernetes', config: {} }]);
    return reader(sources, { targets: Object.fromEntries(known), signal });
  };
  return {
    root,
    env: here,
    write: (file, content) => writeFileSync(join(root, file), content),
    command(name, ...lines) {
      writeFileSync(join(root, name), ['#!/bin/sh', ...lines, ''].join('\n'));
      chmodSync(join(root, name), 0o755);
    },
    target(name, read) {
      targets[name] = read;
    },
    read: (...sources) => readUntil(new AbortController().signal, ...sources),
    readUntil,
  };
}
