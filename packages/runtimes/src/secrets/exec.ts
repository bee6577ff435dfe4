// Secrets that a command prints.
import type { ExecSource } from '@konfig/core';
import { runCommand } from './command';
import { type OpenSource, textOf, unread } from './source';

export const exec: OpenSource<ExecSource> =
  ({ root, env }) =>
  async ({ command, args = [] }, signal) => {
    const ended = await runCommand(command, args, { cwd: root, env }, signal);
    switch (ended.how) {
      case 'printed':
        return textOf(withoutLastBreak(ended.bytes));
      case 'not found':
        return unread('cannot be started: there is no such command', `Install ${command}, or put it on the PATH.`);
      case 'failed':
        return unread(ended.why, 'Try it by hand, in the root of the monorepo.', [ended.printed]);
    }
  };

/** As `$(…)` does, but only one: what is printed ends with a line break, what is meant does not. */
function withoutLastBreak(bytes: Buffer): Buffer {
  if (bytes.at(-1) !== 0x0a) return bytes;
  return bytes.subarray(0, bytes.at(-2) === 0x0d ? -2 : -1);
}
