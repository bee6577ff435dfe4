// Where a program's files are read: on the disk, or, under the command, by whoever started the program's process.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** An entry of a folder. A link to a file is a file; one to a folder is `other`, since it may lead in circles. */
export interface FolderEntry {
  readonly name: string;
  readonly is: 'file' | 'folder' | 'other';
}

/** Reads files. What cannot be read throws an error with a code, as those of Node do: ENOENT, EACCES, ERR_ACCESS_DENIED for what lies outside. */
export interface InputFiles {
  /** What there is at a path; undefined for nothing. */
  kindOf(path: string): 'file' | 'folder' | undefined;
  read(path: string): Uint8Array;
  list(folder: string): readonly FolderEntry[];
}

/** The disk of this machine. */
export const disk: InputFiles = {
  kindOf(path) {
    const found = statSync(path, { throwIfNoEntry: false });
    return found && (found.isDirectory() ? 'folder' : 'file');
  },
  read: (path) => readFileSync(path),
  list: (folder) =>
    readdirSync(folder, { withFileTypes: true }).map((entry) => {
      const isLink = entry.isSymbolicLink() && statSync(join(folder, entry.name), { throwIfNoEntry: false })?.isFile();
      return { name: entry.name, is: entry.isDirectory() ? 'folder' : entry.isFile() || isLink ? 'file' : 'other' };
    }),
};
