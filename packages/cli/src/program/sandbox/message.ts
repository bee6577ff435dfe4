// What the command and the program's process say to each other: lines of JSON. Down on stdin, up on file descriptor 3.
import type { Problem } from '@konfig/core';
import type { Instrumented } from '../instrument';
import type { LineTable } from '../line-table';

/** Known when the process starts, before there is a job: `process.argv`. */
export interface Start {
  /** The project's folder. */
  readonly project: string;
  /** What the fixed clock and the fixed chance begin with. */
  readonly time: number;
  readonly seed: number;
  /** Which machine it finds. */
  readonly machine: number;
  /** The package cache to load from: see package-cache.ts. */
  readonly packages?: string;
  /** There is no program: the package cache is to be made, of the SDK and of these beside it. */
  readonly makes?: readonly string[];
}

/** The first line down. */
export interface Job {
  /** In every line up: what the program itself writes there does not count. */
  readonly nonce: string;
  readonly code: string;
  readonly lines: LineTable;
  /** Where the fields of its objects were written; undefined where the code is not instrumented. */
  readonly notes?: Pick<Instrumented, 'sites' | 'shifts'>;
  /** Folders of Konfig libraries, as the table of lines names them. */
  readonly libraries: readonly string[];
  readonly root: string;
  /** The project's folder. */
  readonly project: string;
  readonly stack: string;
}

/** A line up. An ask is answered by one line down, and the program does not go on before. */
export type Message =
  | { readonly nonce: string; readonly ask: Ask }
  | { readonly nonce: string; readonly problem: Problem }
  | { readonly nonce: string; readonly result: ChildResult };

/** What a program declares to read: an environment value, a file, what is in a folder, or what there is at a path. */
export interface Ask {
  readonly kind: 'env' | 'file' | 'folder' | 'path';
  /** A name; of the others, a path from the monorepo's root. */
  readonly name: string;
}

/** The last line up. */
export type ChildResult = (
  | { readonly output: unknown; readonly settings?: unknown; readonly warnings?: readonly Problem[] }
  | { readonly problems: readonly Problem[]; readonly draft?: unknown; readonly settings?: unknown }
) & {
  readonly stacks: readonly string[];
  /** The files that were loaded beside the bundle, and those of them that are ES modules. */
  readonly loaded?: readonly string[];
  readonly esModules?: readonly string[];
};
