// konfig init: a monorepo that works at once, with one project and a cluster to try it on. It is the folder template/, under another name.
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { KonfigError } from '@konfig/core';
import { exitCodes } from '../exit-code';
import type { Shell } from '../shell';
import { ownVersion } from '../version';

export interface InitArguments {
  readonly folder: string;
}

const template = join(__dirname, '..', '..', 'template');

/** What may be there: git's folder, npm's settings, and what `npm install @konfig/cli` makes in an empty folder. */
const mayStand = ['.git', '.npmrc', 'node_modules', 'package-lock.json', 'package.json'];

export async function init(args: InitArguments, shell: Shell): Promise<number> {
  const folder = resolve(shell.cwd, args.folder);
  failWhereSomethingStands(folder);
  const files = templateFiles(packageName(folder));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const into = folder === resolve(shell.cwd) ? '' : `  cd ${args.folder}\n`;
  const list = Object.keys(files).map((name) => `  ${name}\n`);
  shell.stdout.write(
    `Made a Konfig monorepo in ${folder}:\n${list.join('')}\nNext:\n${into}  npm install\n  npm test\n  npx konfig cluster start --background\n  npx konfig apply hello/dev\n`,
  );
  return exitCodes.done;
}

/** Nothing is ever overwritten, but for a package.json that npm has just made, which says nothing of its own. */
function failWhereSomethingStands(folder: string): void {
  const isFile = existsSync(folder) && !statSync(folder).isDirectory();
  if (isFile) throw new KonfigError({ code: 'USAGE', message: `${folder} is a file.`, hint: 'Name an empty or a new folder.' });
  const standing = existsSync(folder) ? readdirSync(folder) : [];
  const manifest = join(folder, 'package.json');
  const mine = standing.filter((name) => !mayStand.includes(name) || (name === 'package.json' && !isOfNpmInstall(manifest)));
  if (mine.length === 0) return;
  const more = mine.length > 5 ? `, and ${mine.length - 5} more` : '';
  throw new KonfigError({
    code: 'USAGE',
    message: `${folder} is not empty: ${mine.slice(0, 5).join(', ')}${more}.`,
    hint: 'Nothing was written. Name an empty or a new folder: konfig init my-konfig. In a repository that is there already, konfig/ is found from everywhere: konfig init konfig.',
  });
}

/** Does it say only that our packages are installed? */
function isOfNpmInstall(file: string): boolean {
  try {
    const manifest = JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, Readonly<Record<string, string>>>>;
    const names = Object.values(manifest).flatMap((ranges) => Object.keys(ranges));
    const kinds = Object.keys(manifest);
    return kinds.every((kind) => ['dependencies', 'devDependencies'].includes(kind)) && names.every((name) => name.startsWith('@konfig/'));
  } catch {
    return false;
  }
}

/** A name that npm takes: https://docs.npmjs.com/cli/configuring-npm/package-json#name */
function packageName(folder: string): string {
  const name = basename(folder)
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[._-]+|-+$/g, '');
  return name || 'konfig';
}

/** The files of the template by their paths, for a monorepo of this name. */
function templateFiles(company: string): Readonly<Record<string, string>> {
  const paths = readdirSync(template, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(template.length + 1)
        .replaceAll('\\', '/'),
    )
    .sort();
  const version = ownVersion();
  return Object.fromEntries(
    paths.map((path) => {
      const text = readFileSync(join(template, path), 'utf8').replace(/\bcompany\b/g, company);
      // npm leaves a .gitignore out of packages, so that it goes under another name.
      if (path === 'gitignore') return ['.gitignore', text];
      return [path, path === 'package.json' ? text.replace(/("@konfig\/[a-z]+": )"[^"]*"/g, `$1"${version}"`) : text];
    }),
  );
}
