// What the main job costs, as whole processes: the commands take turns, so that a machine that drifts drifts for all of them.
// Prints medians and ratios; asserts nothing. `npm run bench [-- --runs 9]`
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { values } = parseArgs({ options: { runs: { type: 'string', default: '7' } } });
const runs = Number(values.runs);
const command = join(root, 'packages/cli/bin/konfig.js');
// Certificates that a machine adds cost each start of Node some 30 ms, the one that is compared with too: what is common to both would flatter the ratio.
const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;
const stack = 'boutique/demo';
let round = 0;

const monorepo = copyMonorepo();
try {
  startUp();
  synth();
  sandbox();
  await clusterReady();
  preview();
} finally {
  konfig('cluster', 'stop');
  rmSync(monorepo, { recursive: true, force: true });
}

function startUp() {
  compare('Start-up, whole process', [
    ['node -e 0', () => node('-e', '0')],
    ['konfig --version', () => konfig('--version')],
    ['konfig --help', () => konfig('--help')],
    ['konfig apply --help', () => konfig('apply', '--help')],
  ]);
}

function synth() {
  const plain = inOneProcess();
  const saved = (...args) => {
    save();
    return konfig('synth', stack, ...args);
  };
  compare('Synth of one stack of Online Boutique (36 objects), whole process', [
    ['node -e "require(\'cdk8s\')"', () => node('-e', "require('cdk8s')")],
    ['node -e 0', () => node('-e', '0')],
    ['konfig synth --no-type-check', () => konfig('synth', stack, '--no-type-check')],
    ['… after a save, which makes the bundle anew', () => saved('--no-type-check')],
    ['… after a save, without provenance', () => saved('--no-type-check', '--no-provenance')],
    ['the bundle and the SDK in one process: not hermetic', () => timed(process.execPath, [plain], dirname(plain))],
    ['konfig synth, with the type check', () => konfig('synth', stack)],
  ]);
}

/** What a synth would cost without a process of its own, guards, checks and provenance: no command does that. */
function inOneProcess() {
  const { buildSync } = createRequire(join(root, 'packages/cli/'))('esbuild');
  const project = join(monorepo, 'projects/boutique');
  const bundle = join(project, 'bundle.cjs');
  const external = ['@konfig/sdk', 'cdk8s', 'constructs', 'cdk8s-plus-33'];
  buildSync({ entryPoints: [join(project, 'konfig.ts')], bundle: true, platform: 'node', format: 'cjs', outfile: bundle, external });
  const script = join(project, 'synth.cjs');
  writeFileSync(script, `console.log(JSON.stringify(require('./bundle.cjs').default.synth('${stack.split('/')[1]}').output));`);
  return script;
}

/** Changes one value of the project. */
function save() {
  const file = join(monorepo, 'projects/boutique/konfig.ts');
  round++;
  writeFileSync(file, readFileSync(file, 'utf8').replace(/(frontendReplicas: )\d+/, `$1${1 + (round % 3)}`));
}

/** What holds a program costs no more than this: there is no way to run one without. */
function sandbox() {
  const inSandbox = (file) => join(root, 'packages/cli/dist/program/sandbox', file);
  const { isolated } = createRequire(import.meta.url)(inSandbox('isolation.js'));
  const [shell, ...wrapped] = isolated([process.execPath, '-e', '0'], { memory: 1024, wasHere: false });
  const permission = Number(process.versions.node.split('.')[0]) >= 24 ? '--permission' : '--experimental-permission';
  const load = `require('@konfig/sdk')`;
  const guard = `require(${JSON.stringify(inSandbox('guard.js'))}).guard({beginning:{time:0,seed:1},bundleFile:'',locate(){},nameOf(){},note(){}});`;
  const cli = join(root, 'packages/cli');
  compare('What holds a program, as the start of its process', [
    ['node -e 0', () => node('-e', '0')],
    ['… with limits, and namespaces where there are some', () => timed(shell, wrapped, root)],
    ['… under the permission model', () => node(permission, '--allow-fs-read=*', '-e', '0')],
    ['node -e "require(\'@konfig/sdk\')"', () => timed(process.execPath, ['-e', load], cli)],
    ['… guarded', () => timed(process.execPath, ['-e', `${guard}${load}`], cli)],
  ]);
}

/** In one process, after a first start that loads the code. */
async function clusterReady() {
  const { startCluster } = createRequire(join(root, 'packages/cli/'))('@konfig/cluster');
  const times = [];
  for (let i = 0; i <= runs; i++) {
    const begin = performance.now();
    const cluster = await startCluster();
    const answer = await fetch(`${cluster.server}/readyz`);
    await answer.text();
    times.push(performance.now() - begin);
    await cluster.stop();
  }
  print('\nEmbedded cluster, from start to its first answer, in process');
  print(`  first  ${ms(times[0])}   then  ${ms(median(times.slice(1)))}`);
}

function preview() {
  konfig('cluster', 'start', '--background');
  konfig('apply', stack, '--yes');
  compare('From save to preview of one changed stack of Online Boutique on the embedded cluster, whole process', [
    ['node -e 0', () => node('-e', '0')],
    [
      'konfig preview, without type check',
      () => {
        save();
        return konfig('preview', stack, '--no-type-check');
      },
    ],
    [
      'konfig preview',
      () => {
        save();
        return konfig('preview', stack);
      },
    ],
  ]);
}

/** Runs the commands in turn; the first one is the measure of all. */
function compare(title, commands) {
  const times = commands.map(() => []);
  for (let i = 0; i <= runs; i++) {
    commands.forEach(([, run], at) => {
      const took = run();
      // The first round warms up.
      if (i > 0) times[at].push(took);
    });
  }
  const base = median(times[0]);
  const width = Math.max(...commands.map(([name]) => name.length));
  print(`\n${title}, ${runs} runs`);
  commands.forEach(([name], at) => {
    const all = times[at];
    print(
      `  ${name.padEnd(width)}  ${ms(median(all))}  × ${(median(all) / base).toFixed(1).padStart(5)}   (${ms(Math.min(...all))} … ${ms(Math.max(...all))})`,
    );
  });
}

function node(...args) {
  return timed(process.execPath, args, root);
}

function konfig(...args) {
  return timed(process.execPath, [command, ...args], monorepo);
}

function timed(program, args, cwd) {
  const begin = performance.now();
  const result = spawnSync(program, args, { cwd, env, encoding: 'utf8' });
  if (result.status !== 0)
    throw new Error(`${basename(program)} ${args.join(' ')} ended with ${result.status}:\n${result.stdout}${result.stderr}`);
  return performance.now() - begin;
}

function copyMonorepo() {
  mkdirSync(join(root, '.konfig'), { recursive: true });
  const folder = mkdtempSync(join(root, '.konfig', 'bench-'));
  const skip = new Set(['node_modules', '.konfig', 'dist']);
  cpSync(join(root, 'konfig'), folder, { recursive: true, filter: (from) => !skip.has(basename(from)) });
  return folder;
}

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

function ms(milliseconds) {
  return `${Math.round(milliseconds).toString().padStart(5)} ms`;
}

function print(text) {
  console.log(text);
}
