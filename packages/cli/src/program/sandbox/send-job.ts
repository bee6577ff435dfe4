// Gives the program's process its job.
import { closeSync, openSync, readSync } from 'node:fs';
import type { Bundle } from '../bundle';
import type { Job } from './message';
import type { Sandbox } from './sandbox';

/** Which stack of which program is to be synthesised. */
export interface JobWish {
  readonly bundle: Bundle;
  readonly root: string;
  readonly project: string;
  /** Its name in the project. */
  readonly stack: string;
}

/** The process may get it before anybody listens to what it says. */
export function sendJob({ child }: Sandbox, { bundle: { code, lines, libraries, notes }, root, project, stack }: JobWish): Job {
  const job: Job = { nonce: newNonce(), code, lines, libraries, ...(notes && { notes }), root, project, stack };
  child.stdin?.write(`${JSON.stringify(job)}\n`);
  return job;
}

/** 16 bytes in hex. Straight from the system where it has them as a file: Node's crypto takes ten milliseconds to load. */
function newNonce(): string {
  const bytes = Buffer.alloc(16);
  let file: number;
  try {
    file = openSync('/dev/urandom', 'r');
  } catch {
    return (require('node:crypto') as typeof import('node:crypto')).randomBytes(16).toString('hex');
  }
  try {
    for (let at = 0; at < bytes.length; ) at += readSync(file, bytes, at, bytes.length - at, null);
  } finally {
    closeSync(file);
  }
  return bytes.toString('hex');
}
