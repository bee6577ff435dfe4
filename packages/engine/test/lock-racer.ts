// A process of its own that races for the lock of a stack. It says what happened to it, line by line, and does what it is told:
// `go`: try once; `release`; `save N`; anything else ends it.
import { createInterface } from 'node:readline';
import type { KonfigError, Lock } from '@konfig/core';
import { fileStore } from '../src/stores/files';
import { recordAt, releaseAt, stack } from './records';

const [, , folder = '', who = ''] = process.argv;
const store = fileStore(folder);
let lock: Lock | undefined;

const say = (text: string) => process.stdout.write(`${text}\n`);

async function obey(line: string): Promise<void> {
  try {
    if (line === 'go') {
      lock = await store.lock(stack, { run: who, who, since: '2026-01-01T00:00:00.000Z' });
      say(`got ${lock.fence}`);
    } else if (line === 'release') {
      await lock?.release();
      say('released');
    } else if (line.startsWith('save ')) {
      const number = Number(line.slice('save '.length));
      if (lock) await store.save(lock, recordAt(number), releaseAt(number));
      say('saved');
    } else process.exit(0);
  } catch (error) {
    say((error as KonfigError).problems?.[0]?.code ?? String(error));
  }
}

createInterface({ input: process.stdin }).on('line', (line) => void obey(line));
say('ready');
