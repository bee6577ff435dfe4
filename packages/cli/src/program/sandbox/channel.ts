// The program's process speaks with the command. Keeps the functions that it needs, whatever the program does to them later.
import { readSync, writeSync } from 'node:fs';
import type { Ask, ChildResult, Job } from './message';

const read = readSync;
const write = writeSync;
const { stringify, parse } = JSON;
const toBytes = TextEncoder.prototype.encode.bind(new TextEncoder());
const toText = TextDecoder.prototype.decode.bind(new TextDecoder());
const { fill } = Uint8Array.prototype;
const wipe = (bytes: Uint8Array) => fill.call(bytes, 0);

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

// What holds the nonce lies in memory of its own, and is wiped: Node's buffers share theirs, and a program can look into that.

function writeLine(value: unknown): void {
  const bytes = toBytes(`${stringify(value)}\n`);
  for (let at = 0; at < bytes.length; ) at += write(3, bytes, at);
  wipe(bytes);
}

function lineReader(fd: number): () => string {
  const chunk = new Uint8Array(1 << 16);
  let rest: Uint8Array = new Uint8Array(0);
  return () => {
    const parts: Uint8Array[] = [];
    let part = rest;
    while (!part.includes(10)) {
      parts.push(part);
      const count = read(fd, chunk);
      if (count === 0) throw new Error('the parent process has gone');
      part = chunk.slice(0, count);
      wipe(chunk);
    }
    const end = part.indexOf(10);
    rest = part.slice(end + 1);
    const line = joined([...parts, part.subarray(0, end)]);
    const text = toText(line);
    for (const bytes of [...parts, part, line]) wipe(bytes);
    return text;
  };
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((size, { length }) => size + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
