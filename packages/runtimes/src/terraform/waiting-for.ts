// What a Terraform that was given up was waiting for, as far as it has said.
import { isKonfigError, KonfigError, namesText } from '@konfig/core';
import type { Message } from './messages';

/** Why it was given up, with the resources that it had begun to ask for and had no answer of. A cancel stays as it is. */
export function whileWaiting(reason: unknown, messages: readonly Message[]): unknown {
  const open = unanswered(messages);
  if (!isKonfigError(reason) || open.length === 0) return reason;
  return new KonfigError(
    reason.problems.map((problem) => ({ ...problem, message: `${problem.message} It was waiting for ${namesText(open)}.` })),
  );
}

const begins: ReadonlySet<string> = new Set(['refresh_start', 'apply_start']);
const ends: ReadonlySet<string> = new Set(['refresh_complete', 'apply_complete', 'apply_errored']);

function unanswered(messages: readonly Message[]): readonly string[] {
  const open = new Set<string>();
  for (const { type, hook } of messages) {
    if (hook && begins.has(type)) open.add(hook.address);
    if (hook && ends.has(type)) open.delete(hook.address);
  }
  return [...open];
}
