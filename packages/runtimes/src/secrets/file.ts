// Secrets in files of the machine that applies.
import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { FileSource } from '@konfig/core';
import { mostBytes, type OpenSource, textOf, unread } from './source';

export const file: OpenSource<FileSource> =
  ({ root }) =>
  async ({ path }) => {
    try {
      return textOf(await firstBytes(resolve(root, path)));
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT') return unread('is not there', 'Make that file, or name another one.');
      return unread(`cannot be read: ${message}`, 'Name a file that you may read.');
    }
  };

/** All of a file, or as much of it as shows that it is too large: `/dev/zero` has no end. */
async function firstBytes(path: string): Promise<Uint8Array> {
  const handle = await open(path);
  try {
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of handle.createReadStream({ autoClose: false })) {
      chunks.push(chunk as Buffer);
      length += (chunk as Buffer).length;
      if (length > mostBytes) break;
    }
    return Buffer.concat(chunks);
  } finally {
    await handle.close();
  }
}
