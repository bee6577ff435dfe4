// Who called: read off the stack when something guarded is used.

/** A place in running code. Line and column from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

// Between the program and what is guarded stand the packages that it calls; beyond this many frames it is somebody's recursion.
const framesRead = 200;
const own = __dirname;

/** The nearest place that is code of a file, or of Node itself (`node:…`); undefined where the event loop called. */
export function directCaller(): Place | undefined {
  // Built-in functions between, such as those of lists, have no file.
  return placesOf(sitesOf(12))[0];
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
    const file = site.getFileName();
    if (!file || file.startsWith(own)) return [];
    return [{ file: file.replace(/^file:\/\//, ''), line: site.getLineNumber() ?? 0, column: site.getColumnNumber() ?? 0 }];
  });
}
