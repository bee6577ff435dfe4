// The compiler's opinion on the files of one program, asked beside synth so that it costs no time of its own.
import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative, resolve } from 'node:path';
import type { Problem } from '@konfig/core';
import { sourcePath } from './bundle';
import { type CheckOf, keepTypes, keptTypes } from './kept-types';
import type { Monorepo } from './monorepo';

/** All type errors of the monorepo, by its tsconfig.json and its own TypeScript; none where it has no such thing. */
export async function typeErrors(monorepo: Monorepo): Promise<readonly Problem[]> {
  const config = join(monorepo.root, 'tsconfig.json');
  const compiler = findCompiler(monorepo.root);
  if (!existsSync(config) || compiler === undefined) return [];
  const folder = cacheFolder(monorepo.root);
  const check = folder === undefined ? undefined : { root: monorepo.root, compiler, config, buildInfo: join(folder, 'types.tsbuildinfo') };
  const text = (check && keptTypes(check)) ?? (await compile(monorepo.root, { compiler, config, check }));
  return text.split('\n').reduce<Problem[]>((problems, line) => addLine(problems, line, monorepo.root), []);
}

/** Of these, the ones in files that the program is made of: another project's error must not stop this one. */
export function errorsIn(problems: readonly Problem[], files: ReadonlySet<string>): readonly Problem[] {
  return problems.filter((problem) => !problem.source || files.has(problem.source.file));
}

/** The sources of a bundle, relative to the monorepo's root. */
export function filesOf(sources: readonly string[], root: string): ReadonlySet<string> {
  return new Set(sources.filter((source) => source !== '').map((source) => sourcePath(root, resolve(root, source))));
}

interface Compile {
  readonly compiler: string;
  readonly config: string;
  /** Where what was checked is remembered; undefined where nothing may be written: then each check is a whole one. */
  readonly check: CheckOf | undefined;
}

/** What the compiler prints. */
async function compile(root: string, { compiler, config, check }: Compile): Promise<string> {
  const remembering = check ? ['--incremental', '--tsBuildInfoFile', check.buildInfo] : [];
  const args = [compiler, '-p', config, '--noEmit', '--pretty', 'false', ...remembering];
  // To less than a millisecond: the folder for what is kept may have been made in this very one.
  const began = performance.timeOrigin + performance.now();
  return new Promise<string>((done) => {
    execFile(process.execPath, args, { cwd: root, maxBuffer: 1 << 26 }, (error, text) => {
      // A compiler that was ended has nothing against the rest.
      const isItsWord = !error || /error TS\d+: /.test(text);
      if (check && isItsWord && !error?.killed && !error?.signal) keepTypes(check, text, began);
      done(text);
    });
  });
}

function cacheFolder(root: string): string | undefined {
  const folder = join(root, '.konfig', 'cache');
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
    return folder;
  } catch {
    return undefined;
  }
}

function findCompiler(root: string): string | undefined {
  try {
    const manifest = createRequire(join(root, 'package.json')).resolve('typescript/package.json');
    return join(manifest, '..', 'bin', 'tsc');
  } catch {
    return undefined;
  }
}

/** `projects/shop/app.ts(12,5): error TS2322: …`, continued by indented lines; `error TS5083: …` where the configuration itself is wrong. */
function addLine(problems: Problem[], line: string, root: string): Problem[] {
  const found = /^(.+?)\((\d+),\d+\): error (TS\d+): (.*)$/.exec(line);
  if (found) {
    const file = relative(root, resolve(root, found[1] as string)).replaceAll('\\', '/');
    problems.push({ code: 'PROGRAM_INVALID', message: `${found[4]} (${found[3]})`, source: { file, line: Number(found[2]) } });
  } else if (/^error TS5033: .*\.tsbuildinfo/.test(line)) {
    // What was checked cannot be remembered: the next check is a whole one.
  } else if (/^error TS\d+: /.test(line)) {
    problems.push({ code: 'PROGRAM_INVALID', message: line, hint: 'Mend tsconfig.json, or go without the compiler: --no-type-check.' });
  } else if (/^\s+\S/.test(line) && problems.length > 0) {
    const last = problems.pop() as Problem;
    problems.push({ ...last, message: `${last.message}\n${line}` });
  }
  return problems;
}
