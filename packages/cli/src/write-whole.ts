// Files that others may read at any moment: they see the old one or the new one, never a part.
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Writes a file and the folders above it. @param mode its permissions; default: what the system gives. */
export function writeWhole(file: string, content: Buffer | string, mode?: number): void {
  mkdirSync(dirname(file), { recursive: true });
  const part = `${file}.${process.pid}`;
  writeFileSync(part, content, mode === undefined ? {} : { mode });
  renameSync(part, file);
}
