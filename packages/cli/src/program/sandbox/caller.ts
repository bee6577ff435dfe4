// Who called: read off the stack when something guarded is used.

import { snapshotScript } from './snapshot-script';

/** A place in running code. Line and column from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

// Between the program and what is guarded stand the packages that it calls; beyond this many frames it is somebody's recursion.
const framesRead = 5000;
const own = __dirname;

/** The file of the nearest code that is a file's, or Node's own (`node:…`); undefined where the event loop called. Asks for no lines, which takes V8 long. */
export function directFile(): string | undefined {
  // Built-in functions between, such as those of lists, have no file.
  return sitesOf(12)
    .map(fileOf)
    .find((file) => file !== undefined);
}

/** All places of the stack that are code of files, the nearest first. */
export function callers(): readonly Place[] {
  return placesOf(sitesOf(framesRead)).filter(({ file }) => !file.startsWith('node:'));
}

function sitesOf(depth: number): readonly NodeJS.CallSite[] {
  const { prepareStackTrace, stackTraceLimit } = Error;
  try {
    Error.stackTraceLimit = depth;
    Error.prepareStackTrace = (_, sites) => sites;
    const sites = new Error('caller').stack as unknown;
    return Array.isArray(sites) ? sites : [];
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
    Error.stackTraceLimit = stackTraceLimit;
  }
}

function placesOf(sites: readonly NodeJS.CallSite[]): readonly Place[] {
  return sites.flatMap((site) => {
    const file = fileOf(site);
    return file === undefined ? [] : [{ file, line: site.getLineNumber() ?? 0, column: site.getColumnNumber() ?? 0 }];
  });
}

function fileOf(site: NodeJS.CallSite): string | undefined {
  const file = site.getFileName();
  return file && file !== snapshotScript && !file.startsWith(own) ? file.replace(/^file:\/\//, '') : undefined;
}
