// A command is up to three hundred files, which Node takes 80 ms to find, to read and to compile. What a run has loaded it keeps as one file, with V8's
// code, for the next run of the same command; they are the same modules under the same names, and only the way to them is shorter.
import { readFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { stampsOfModules } from './program/module-stamps';
import { loader, requestOf, run, wrapped } from './program/node-loader';
import { modulesAbove } from './program/sandbox/readable';
import { areAsStamped, changedSince, type Stamps, shortName, stampOf } from './program/stamp';
import { writeWhole } from './write-whole';

/** What stands before the texts and their code. */
interface Head {
  readonly stamps: Stamps;
  /** The file that a folder's code means by a name: by `<folder>\n<name>`. */
  readonly resolved: { readonly [request: string]: string };
  /** How many bytes a file's text and its code take, in the order in which they lie. */
  readonly files: readonly (readonly [file: string, text: number, code: number])[];
}

interface Kept {
  readonly text: Buffer;
  readonly code: Buffer;
}

/** From here on, a command's modules come from what its last run kept, and what was not in there is kept for the next. Nothing for what is no command. */
export function keepModules(command: string): void {
  const place = stampOf(join(__dirname, 'arguments', `${command}.js`)) === 'none' ? undefined : placeFor(command);
  if (!place) return;
  const { files, resolved } = read(place);
  const compiled = new Map<string, { readonly text: string; readonly script: Script }>();
  const isOurs = (file: string | undefined): file is string => file !== undefined && (files.has(file) || compiled.has(file));

  const { _resolveFilename: resolve } = loader;
  loader._resolveFilename = (name, parent, isMain, options) => {
    const by = parent?.filename;
    if (options !== undefined || !isOurs(by)) return resolve.call(Module, name, parent, isMain, options);
    const request = requestOf(by, name);
    const known = resolved.get(request);
    if (known !== undefined) return known;
    const file = resolve.call(Module, name, parent, isMain);
    if (file.startsWith('/')) resolved.set(request, file);
    return file;
  };

  // Each gets Node's own require: what packages ask for is passed over in warnings of Node only where they themselves, and not we, ask for it.
  const load = loader._extensions['.js'];
  loader._extensions['.js'] = (module, file) => {
    const kept = files.get(file);
    if (kept) {
      const script = new Script(kept.text.toString(), { filename: file, cachedData: kept.code });
      return run(script, module, file, createRequire(file));
    }
    const { _compile: compile } = module as Compiling;
    // Only Node knows whether it is an ES module; and code that was kept cannot import one (Node 20: no callback for it was specified).
    (module as Compiling)._compile = (content, name, format) => {
      (module as Compiling)._compile = compile;
      const script = format === 'module' || /\bimport\(/.test(content) ? undefined : compiledIfScript(wrapped(content), name);
      if (!script) return compile.call(module, content, name, format);
      compiled.set(name, { text: wrapped(content), script });
      run(script, module, name, createRequire(name));
    };
    load(module, file);
  };

  process.once('exit', () => {
    if (compiled.size === 0) return;
    const fresh = [...compiled].map(
      ([file, { text, script }]) => [file, { text: Buffer.from(text), code: script.createCachedData() }] as const,
    );
    write(place, new Map([...files, ...fresh]), resolved);
  });
}

interface Compiling extends NodeJS.Module {
  _compile: (content: string, file: string, format?: string) => void;
}

function compiledIfScript(text: string, file: string): Script | undefined {
  try {
    return new Script(text, { filename: file });
  } catch {
    // Node says better what is wrong with it, or takes it for an ES module.
    return undefined;
  }
}

/** V8 takes code only from its own version, under the same options. */
function placeFor(command: string): string | undefined {
  const modules = modulesAbove(__dirname).find((folder) => stampOf(join(folder, '@konfig', 'cli')) !== 'none');
  if (!modules || process.platform === 'win32') return undefined;
  const what = [process.version, process.arch, __dirname, process.env.NODE_OPTIONS, ...process.execArgv, command];
  return join(modules, '.cache', 'konfig', `${shortName(what.join('\n'))}.modules`);
}

function read(place: string): { readonly files: ReadonlyMap<string, Kept>; readonly resolved: Map<string, string> } {
  const files = new Map<string, Kept>();
  try {
    const all = readFileSync(place);
    let at = all.indexOf('\n') + 1;
    const head = JSON.parse(all.toString('utf8', 0, at)) as Head;
    const size = head.files.reduce((sum, [, text, code]) => sum + text + code, at);
    if (size !== all.length || !areAsStamped(head.stamps)) return { files, resolved: new Map() };
    for (const [file, text, code] of head.files) {
      files.set(file, { text: all.subarray(at, at + text), code: all.subarray(at + text, at + text + code) });
      at += text + code;
    }
    return { files, resolved: new Map(Object.entries(head.resolved)) };
  } catch {
    // The first time, or cut off.
    return { files, resolved: new Map() };
  }
}

function write(place: string, files: ReadonlyMap<string, Kept>, resolved: ReadonlyMap<string, string>): void {
  try {
    const names = Object.fromEntries(resolved);
    const stamps = stampsOfModules([process.execPath, ...files.keys()], names);
    if (changedSince(stamps, performance.timeOrigin)) return;
    const head: Head = { stamps, resolved: names, files: [...files].map(([file, { text, code }]) => [file, text.length, code.length]) };
    writeWhole(
      place,
      Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), ...[...files.values()].flatMap(({ text, code }) => [text, code])]),
    );
  } catch {
    // A folder that may not be written to: each run finds its modules by itself.
  }
}
