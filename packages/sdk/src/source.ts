// Which line of the user's program made a construct: one stack capture per construct, read once, kept as file and line.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import type { SourceLine } from '@konfig/core';
import { type IConstruct, Node } from 'constructs';

/**
 * Maps a position in the running program to a line of the user's code; undefined for positions which are not user code
 * (libraries, the SDK). Lines from 1, columns from 1, as in a stack trace.
 */
export type Locate = (file: string, line: number, column: number) => SourceLine | undefined;

interface Frame {
  /** The class whose constructor it is of. */
  readonly makes: string | undefined;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

// Platform libraries put several calls between the user's line and ours; beyond this many it is somebody's recursion.
const framesKept = 200;
const framesTried = 12;

const noClasses: ReadonlySet<string> = new Set();

/** Reads the user's lines off stacks, for the length of one synth. */
export class SourceReader {
  readonly #locate: Locate;
  readonly #structured: boolean;
  readonly #code: string | undefined;
  readonly #known = new Map<string, Map<number, SourceLine | undefined>>();

  /** @param code The one file that lines of the program are in; undefined where they may be in any. */
  constructor(locate: Locate | undefined, code?: string) {
    this.#locate = locate ?? locateOnDisk;
    this.#code = code;
    // Without a bundle the text is read, since source map support (jest's, Node's own) works on the text only.
    this.#structured = locate !== undefined;
  }

  /** The nearest line of user code that led to this call, outside of the constructors of these classes. */
  here(made: ReadonlySet<string> = noClasses): SourceLine | undefined {
    if (!this.#structured) return this.inText(stackText(), made);
    // Most often the user's line is near; only where it is not, the dear deep stack is taken.
    return this.#inSites(framesTried, made) ?? this.#inSites(framesKept, made);
  }

  /** The nearest line of user code in a stack's text: of an error, or of a call that was noted earlier. */
  inText(stack: string | undefined, made: ReadonlySet<string> = noClasses): SourceLine | undefined {
    for (const { file, line, column, makes } of framesOf(stack ?? '')) {
      if (makes !== undefined && made.has(makes)) continue;
      const found = this.#lineAt(file, line, column);
      if (found) return found;
    }
    return undefined;
  }

  /** Reads the frames one by one until one is user code, while V8 hands them over. */
  #inSites(depth: number, made: ReadonlySet<string>): SourceLine | undefined {
    const prepare = Error.prepareStackTrace;
    return withDepth(depth, () => {
      try {
        Error.prepareStackTrace = (_, sites) => {
          for (const site of sites) {
            if (made.size > 0 && site.isConstructor() && made.has(className(site.getFunctionName()))) continue;
            const file = site.getFileName();
            // To ask for the line makes V8 read the function's text once more.
            if (this.#code !== undefined && file !== this.#code) continue;
            const line = file ? this.#lineAt(file, site.getLineNumber() ?? 0, site.getColumnNumber() ?? 0) : undefined;
            if (line) return line;
          }
          return undefined;
        };
        return new Error('here').stack as unknown as SourceLine | undefined;
      } finally {
        Error.prepareStackTrace = prepare;
      }
    });
  }

  #lineAt(file: string, line: number, column: number): SourceLine | undefined {
    const known = this.#known.get(file) ?? new Map<number, SourceLine | undefined>();
    this.#known.set(file, known);
    const position = line * 2 ** 24 + column;
    if (!known.has(position)) known.set(position, this.#locate(file, line, column));
    return known.get(position);
  }
}

/** The stack of this moment as text, to be read later by a SourceReader. */
export function stackText(): string {
  return withDepth(framesKept, () => new Error('here').stack ?? '');
}

/** Runs with stacks deep enough that an error thrown by a library still reaches the user's code. */
export function withDeepStacks<T>(run: () => T): T {
  return withDepth(framesKept, run);
}

function withDepth<T>(depth: number, run: () => T): T {
  const before = Error.stackTraceLimit;
  Error.stackTraceLimit = depth;
  try {
    return run();
  } finally {
    Error.stackTraceLimit = before;
  }
}

/**
 * Calls `onAdd` for every construct that is added to any tree while `run` runs, ours or raw, before it is there.
 * The one place every construct passes is `Node.addChild`; there is no hook in the constructs library, so it is wrapped and put back.
 */
export function watchConstructs<T>(onAdd: (child: IConstruct, parent: Node, id: string) => void, run: () => T): T {
  const prototype = Node.prototype as unknown as { addChild(this: Node, child: IConstruct, id: string): void };
  const original = prototype.addChild;
  prototype.addChild = function (child, id) {
    onAdd(child, this, id);
    original.call(this, child, id);
  };
  try {
    return run();
  } finally {
    prototype.addChild = original;
  }
}

/** `    at new Shop (/repo/shop/app.ts:12:5)` or `    at /repo/shop/konfig.ts:3:1` */
function framesOf(stack: string): readonly Frame[] {
  return [...stack.matchAll(/^\s+at (?:new (\S+) \()?(?:.*?\()?((?:file:\/\/)?[^()\n]*?):(\d+):(\d+)\)?$/gm)].map((match) => ({
    makes: match[1] && className(match[1]),
    file: (match[2] as string).replace(/^file:\/\//, ''),
    line: Number(match[3]),
    column: Number(match[4]),
  }));
}

/** A bundler that has to name a class anew puts a line before its name. */
export function className(name: string | null): string {
  return (name ?? '').replace(/^_+/, '');
}

const sdkFolder = __dirname;
const libraryFolders = new Map<string, boolean>();

/** Where the program runs as it is, in a test: the frame's own file, relative to the working directory. */
function locateOnDisk(file: string, line: number): SourceLine | undefined {
  const isProgram = file.includes(sep) && !file.startsWith('node:') && !file.includes(`${sep}node_modules${sep}`);
  if (!isProgram || file.startsWith(sdkFolder + sep) || isInLibrary(dirname(file))) return undefined;
  return { file: relative(process.cwd(), file).split(sep).join('/'), line };
}

/** Does the nearest package say that it is a library for Konfig programs (`"konfig": {"library": true}`)? */
function isInLibrary(folder: string): boolean {
  const known = libraryFolders.get(folder);
  if (known !== undefined) return known;
  const manifest = join(folder, 'package.json');
  const found = existsSync(manifest) ? saysLibrary(manifest) : dirname(folder) !== folder && isInLibrary(dirname(folder));
  libraryFolders.set(folder, found);
  return found;
}

function saysLibrary(manifest: string): boolean {
  const { konfig } = JSON.parse(readFileSync(manifest, 'utf8')) as { konfig?: { library?: boolean } };
  return konfig?.library === true;
}
