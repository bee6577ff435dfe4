// Secrets that a command prints.
import type { ExecSource } from '@konfig/core';
import { runCommand } from './command';
import { type OpenSource, textOf, unread } from './source';

export const exec: OpenSource<ExecSource> =
  ({ root, env, commands }) =>
  async ({ command, args = [] }, signal) => {
    if (commands && !commands.includes(command)) {
      const hint = `If it is to be run, allow it in the package.json of the monorepo: "konfig": {"secretCommands": [${JSON.stringify(command)}]}.`;
      return unread('may not be run', hint);
    }
    const ended = await runCommand(command, args, { cwd: root, env }, signal);
    switch (ended.how) {
      case 'printed':
        return textOf(withoutLastBreak(ended.bytes));
      case 'not found':
        return unread('cannot be started: there is no such command', hintFor(command));
      case 'failed':
        return unread(ended.why, 'Try it by hand, in the root of the monorepo.', [ended.printed]);
    }
  };

function hintFor(command: string): string {
  if (/\s/.test(command)) return 'Name the command alone, and what follows it as args: there is no shell.';
  return command.includes('/') ? 'Paths count from the root of the monorepo.' : `Install ${command}, or put it on the PATH.`;
}

/** As `$(…)` does, but only one: what is printed ends with a line break, what is meant does not. */
function withoutLastBreak(bytes: Buffer): Buffer {
  if (bytes.at(-1) !== 0x0a) return bytes;
  return bytes.subarray(0, bytes.at(-2) === 0x0d ? -2 : -1);
}
