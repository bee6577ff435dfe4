// Speaks with the program's process until it has given its result, or has ended, or its time is over.
import type { ChildProcess } from 'node:child_process';
import { basename } from 'node:path';
import { isObject, type Json, KonfigError, type Problem } from '@konfig/core';
import type { Early } from './early';
import type { Ask, ChildResult, Job, Message } from './message';
import type { Sandbox } from './sandbox';

export interface ConverseOptions {
  /** What it has said before. */
  readonly early?: Early | undefined;
  /** The one that it was given. */
  readonly job: Job;
  readonly project: string;
  /** Seconds. */
  readonly timeout: number;
  readonly answer: (ask: Ask) => Json;
}

export interface Said {
  readonly result: ChildResult;
  /** What was told before the result, unread. */
  readonly problems: readonly unknown[];
}

/** Bytes of all that the process may say. */
const mostSaid = 256 * 2 ** 20;

/** Hears what comes of a job. Fails, with `problems` of whatever was told until then as the cause, when there will be no result. */
export function converse({ child, ended }: Sandbox, { job, project, timeout, answer, early }: ConverseOptions): Promise<Said> {
  const stdin = child.stdin as NonNullable<ChildProcess['stdin']>;
  const problems: unknown[] = [];
  const name = `${basename(project)}/${job.stack}`;
  return new Promise((resolve, reject) => {
    const fail = (problem: Problem) => {
      clearTimeout(timer);
      child.kill('SIGKILL');
      reject(new KonfigError(problem, { cause: { told: problems } satisfies ToldBefore }));
    };
    const timer = setTimeout(() => fail(tooSlow(name, timeout)), timeout * 1000);
    const hear = (line: string) => {
      const message = parseMessage(line, job.nonce);
      if (!message) return;
      if ('ask' in message) stdin.write(`${JSON.stringify(answer(message.ask))}\n`);
      else if ('problem' in message) problems.push(message.problem);
      else {
        clearTimeout(timer);
        resolve({ result: message.result, problems });
      }
    };
    const take = chunkReader(hear, () => fail(tooMuch(name)));
    for (const chunk of early?.stop() ?? []) take(chunk);
    child.stdio[3]?.on('data', take);
    void ended.then(fail);
  });
}

/** What a process told that then gave no result. */
export interface ToldBefore {
  readonly told: readonly unknown[];
}

function chunkReader(hear: (line: string) => void, tooMany: () => void): (chunk: Buffer) => void {
  let parts: Buffer[] = [];
  let bytes = 0;
  return (chunk) => {
    bytes += chunk.length;
    if (bytes > mostSaid) return tooMany();
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      const line = Buffer.concat([...parts, chunk.subarray(from, end)]).toString('utf8');
      parts = [];
      from = end + 1;
      hear(line);
    }
    if (from < chunk.length) parts.push(chunk.subarray(from));
  };
}

/** Undefined for what does not bear the nonce: the program wrote it, not the script that runs it. */
function parseMessage(line: string, nonce: string): Message | undefined {
  try {
    const value = JSON.parse(line) as unknown;
    if (!isObject(value) || value.nonce !== nonce) return undefined;
    const isOne = isObject(value.ask) || isObject(value.problem) || isObject(value.result);
    return isOne ? (value as unknown as Message) : undefined;
  } catch {
    return undefined;
  }
}

function tooSlow(name: string, seconds: number): Problem {
  return {
    code: 'PROGRAM_TIMEOUT',
    message: `${name} was still running after ${seconds} s.`,
    hint: 'Look for a loop that never ends, or allow more time with --synth-timeout.',
  };
}

function tooMuch(name: string): Problem {
  const message = `The program of ${name} gave more than ${mostSaid / 2 ** 20} MiB.`;
  return { code: 'PROGRAM_OUTPUT', message, hint: 'Part the stack, or put large data into a volume or an image.' };
}
