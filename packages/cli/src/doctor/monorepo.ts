// What this monorepo has: its packages and their versions, the compiler, projects that can be read.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { sourceText } from '@konfig/core';
import { findCluster } from '../embedded-cluster';
import { inParallel, processesAtOnce } from '../in-parallel';
import type { Monorepo } from '../program/monorepo';
import { stacksOfProject } from '../program/stack-names';
import type { Shell } from '../shell';
import { ownVersion } from '../version';
import { type DoctorFinding, findingsIn, problemsOf } from './finding';

const { well, warning, broken, absent } = findingsIn('this monorepo');

export interface MonorepoReport {
  readonly findings: readonly DoctorFinding[];
  /** Of the projects that can be read: `shop/dev`. */
  readonly stacks: readonly string[];
}

export async function checkMonorepo(monorepo: Monorepo, shell: Shell): Promise<MonorepoReport> {
  const { root } = monorepo;
  const projects = await checkProjects(monorepo, shell);
  const findings = [
    well('root', root),
    ...checkInstall(root),
    checkVersions(root),
    ...['constructs', 'cdk8s'].flatMap((name) => checkDuplicates(name, monorepo)),
    checkCompiler(root),
    ...checkGit(root, shell.env),
    ...projects.findings,
    checkEmbedded(root),
  ];
  return { findings, stacks: projects.stacks };
}

/** npm notes what it installed: a newer lock file was not installed. */
function checkInstall(root: string): readonly DoctorFinding[] {
  const at = above(root).find((folder) => existsSync(join(folder, 'node_modules')));
  if (at === undefined) return [broken('npm install', `there is no node_modules in ${root} or above.`, `Run npm install in ${root}.`)];
  const lock = join(at, 'package-lock.json');
  const installed = join(at, 'node_modules', '.package-lock.json');
  if (!existsSync(lock))
    return [warning('npm install', `${at} has no package-lock.json.`, 'Commit one, so that everybody gets the same versions.')];
  if (existsSync(installed) && statSync(lock).mtimeMs > statSync(installed).mtimeMs + 1000)
    return [warning('npm install', 'package-lock.json is newer than what is installed.', `Run npm install in ${at}.`)];
  return [well('npm install', `in ${at}`)];
}

function above(folder: string): readonly string[] {
  return dirname(folder) === folder ? [folder] : [folder, ...above(dirname(folder))];
}

/** The sdk makes what the command reads: they go together. */
function checkVersions(root: string): DoctorFinding {
  const own = ownVersion();
  const found = ['@konfig/sdk', '@konfig/core', '@konfig/platform'].flatMap((name) => {
    const version = packageAt(name, root)?.version;
    return version === undefined ? [] : [{ name, version }];
  });
  if (!found.some(({ name }) => name === '@konfig/sdk'))
    return broken('@konfig', '@konfig/sdk is not installed here.', `Run npm install @konfig/sdk@${own} in ${root}.`);
  const others = found.filter(({ version }) => version !== own);
  if (others.length === 0) return well('@konfig', `${own}, all alike`);
  const names = others.map(({ name, version }) => `${name} is ${version}`).join(', ');
  return broken('@konfig', `this command is ${own}, but ${names}.`, `npm install ${others.map(({ name }) => `${name}@${own}`).join(' ')}`);
}

/** Two copies of a package with classes are two worlds: what one makes the other does not know. */
function checkDuplicates(name: string, { root, projects }: Monorepo): readonly DoctorFinding[] {
  const sdk = packageAt('@konfig/sdk', root)?.folder;
  const copies = new Map<string, string>();
  for (const from of [root, ...projects, ...(sdk === undefined ? [] : [sdk])]) {
    const found = packageAt(name, from);
    if (found) copies.set(found.folder, found.version);
  }
  const list = [...copies].map(([folder, version]) => `${version} in ${relative(root, folder) || folder}`);
  if (list.length === 0) return [broken(name, `${name} is not installed here.`, `Run npm install ${name} in ${root}.`)];
  if (list.length === 1) return [well(name, [...copies.values()][0] as string)];
  return [
    broken(
      name,
      `is there ${list.length} times: ${list.join(', ')}.`,
      `Ask for one version of it everywhere, then npm dedupe; npm ls ${name} shows who asks.`,
    ),
  ];
}

function packageAt(name: string, from: string): { readonly folder: string; readonly version: string } | undefined {
  try {
    const file = realpathSync(createRequire(join(from, 'package.json')).resolve(`${name}/package.json`));
    return { folder: dirname(file), version: (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version };
  } catch {
    // Not there, as seen from this folder.
    return undefined;
  }
}

function checkCompiler(root: string): DoctorFinding {
  const compiler = packageAt('typescript', root);
  if (!compiler)
    return warning(
      'TypeScript',
      'is not installed: types are not checked before a preview.',
      `Run npm install --save-dev typescript in ${root}.`,
    );
  if (!existsSync(join(root, 'tsconfig.json')))
    return warning(
      'TypeScript',
      `${compiler.version}, but there is no tsconfig.json: types are not checked.`,
      'konfig init in an empty folder shows one.',
    );
  return well('TypeScript', compiler.version);
}

function checkGit(root: string, env: NodeJS.ProcessEnv): readonly DoctorFinding[] {
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', root, ...args], { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    git('rev-parse', '--is-inside-work-tree');
  } catch {
    return [warning('git', 'this is no repository: releases will not say which commit they were made from.', 'git init')];
  }
  try {
    git('check-ignore', '-q', join(root, '.konfig', 'cluster'));
    return [well('git', '.konfig/ is ignored')];
  } catch {
    return [
      warning('git', '.konfig/ is not ignored: it holds caches, and a kubeconfig of the embedded cluster.', 'Add .konfig/ to .gitignore.'),
    ];
  }
}

async function checkProjects(monorepo: Monorepo, shell: Shell): Promise<MonorepoReport> {
  const { projects } = monorepo;
  if (projects.length === 0)
    return { findings: [broken('projects', 'there are none.', 'Make one: konfig init project NAME.')], stacks: [] };
  const names = projects.map((folder) => basename(folder));
  const twice = names.filter((name, i) => names.indexOf(name) !== i);
  const once = [...new Set(names)].filter((name) => !twice.includes(name));
  const read = await inParallel(once, processesAtOnce(), async (name) => ({ name, ...(await readStacks(monorepo, name, shell)) }));
  const stacks = read.flatMap((one) => one.stacks);
  const readable = read.filter(({ problem }) => problem === undefined).length;
  return {
    findings: [
      ...twice.map((name) => broken(`project ${name}`, `several folders are called so.`, 'A project is named as its folder: rename one.')),
      ...read.flatMap(({ name, problem }) =>
        problem === undefined ? [] : [broken(`project ${name}`, problem, `konfig validate ${name}`)],
      ),
      ...(readable > 0 ? [well('projects', `${readable} with ${stacks.length} ${stacks.length === 1 ? 'stack' : 'stacks'}`)] : []),
    ],
    stacks,
  };
}

async function readStacks(
  monorepo: Monorepo,
  name: string,
  shell: Shell,
): Promise<{ readonly stacks: readonly string[]; readonly problem?: string }> {
  try {
    return { stacks: await stacksOfProject(monorepo, name, { env: shell.env, print: () => {} }) };
  } catch (error) {
    const [first] = problemsOf(error);
    return { stacks: [], problem: `${first?.message ?? error}${first?.source ? ` (${sourceText(first.source)})` : ''}` };
  }
}

function checkEmbedded(root: string): DoctorFinding {
  const running = findCluster(root);
  if (running) return well('embedded cluster', `runs at ${running.server} (pid ${running.process.pid})`);
  return absent('embedded cluster', 'does not run. konfig cluster start --background starts it.');
}
