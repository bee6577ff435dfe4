// The program's process speaks with the command. Keeps the functions that it needs, whatever the program does to them later.
import { readSync, writeSync } from 'node:fs';
import type { Ask, ChildResult, Job } from './message';

const read = readSync;
const write = writeSync;
const { stringify, parse } = JSON;
const toBytes = Buffer.from.bind(Buffer);

export interface Channel {
  /** Waits for the job. */
  job(): Job;
  /** Waits for the answer: user code must not go on meanwhile. */
  ask(ask: Ask): unknown;
  /** Tells a problem at once, or with the job where that is not there yet. */
  tellProblem(problem: unknown): void;
  tellResult(result: ChildResult): void;
}

export function openChannel(): Channel {
  const lines = lineReader(0);
  let nonce: string | undefined;
  const early: unknown[] = [];
  const send = (body: object) => writeLine({ nonce, ...body });
  const tellProblem = (problem: unknown) => {
    if (nonce === undefined) early.push(problem);
    else send({ problem });
  };
  return {
    job() {
      const job = parse(lines()) as Job;
      nonce = job.nonce;
      for (const problem of early) tellProblem(problem);
      return job;
    },
    ask(ask) {
      send({ ask });
      return parse(lines());
    },
    tellProblem,
    tellResult: (result) => send({ result }),
  };
}

function writeLine(value: unknown): void {
  const bytes = toBytes(`${stringify(value)}\n`);
  for (let at = 0; at < bytes.length; ) at += write(3, bytes, at);
}

function lineReader(fd: number): () => string {
  let rest = Buffer.alloc(0);
  const chunk = Buffer.alloc(1 << 16);
  return () => {
    for (;;) {
      const end = rest.indexOf(10);
      if (end >= 0) {
        const line = rest.subarray(0, end).toString('utf8');
        const after = rest.subarray(end + 1);
        rest = Buffer.from(after);
        return line;
      }
      const count = read(fd, chunk);
      if (count === 0) throw new Error('the parent process has gone');
      rest = Buffer.concat([rest, chunk.subarray(0, count)]);
      // The next to get this memory must find nothing in it.
      chunk.fill(0);
    }
  };
}
