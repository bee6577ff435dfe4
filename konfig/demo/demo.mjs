// The main job in under a minute: Online Boutique on the embedded cluster, from TypeScript to ready pods and back.
// Runs the real konfig command on a copy of this monorepo, so that the edits it makes leave your files alone.
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const monorepo = dirname(dirname(fileURLToPath(import.meta.url)));
const root = dirname(monorepo);
const copy = join(root, '.konfig', 'demo');
const command = join(root, 'packages', 'cli', 'bin', 'konfig.js');
const stack = 'boutique/demo';
const isTerminal = process.stdout.isTTY === true;

let interrupted = false;
process.on('SIGINT', () => {
  interrupted = true;
});
// Whoever read this has gone (`| head`): the cluster goes too.
process.stdout.on('error', () => {
  interrupted = true;
});

const startedAt = Date.now();
try {
  makeCopy();
  await konfig('cluster', 'start', '--background', '--pod-start', '1.5');
  await tell('Twelve services, written as TypeScript classes. What would an apply do?');
  await konfig('preview', stack);
  await tell('Apply it, and watch it come up.');
  await konfig('apply', stack, '--yes');
  await tell('Change one value.');
  edit('projects/boutique/konfig.ts', /frontendReplicas: 2\b/, 'frontendReplicas: 3');
  await konfig('preview', stack);
  await konfig('apply', stack, '--yes');
  await tell('Break one image, as a typing error would. The demo workspace is impatient: see graces in workspaces/demo.ts.');
  const broken = edit('projects/boutique/konfig.ts', /releases: \{\}.*/, "releases: { adservice: 'does-not-exist' },");
  await konfigFails('apply', stack, '--yes');
  await tell('Roll forward: mend it, apply again.');
  broken.undo();
  await konfig('apply', stack, '--yes');
  await tell('What happened?');
  await konfig('history', stack);
  await tell('Take it all down.');
  await konfig('destroy', stack, '--yes');
  print(
    `\nThat was the whole way in ${Math.round((Date.now() - startedAt) / 1000)} s. Go on with README.md, or open konfig/projects/boutique/app.ts.\n`,
  );
} catch (error) {
  print(`\n${error.message}\n`);
  process.exitCode = interrupted ? 130 : 1;
} finally {
  spawnSync(process.execPath, [command, 'cluster', 'stop'], { cwd: copy, stdio: 'ignore' });
}

function makeCopy() {
  if (existsSync(copy)) {
    spawnSync(process.execPath, [command, 'cluster', 'stop'], { cwd: copy, stdio: 'ignore' });
    rmSync(copy, { recursive: true });
  }
  mkdirSync(copy, { recursive: true });
  const skip = new Set(['node_modules', '.konfig', 'dist']);
  cpSync(monorepo, copy, { recursive: true, filter: (from) => !skip.has(basename(from)) });
}

/** Konfig must do it. */
async function konfig(...args) {
  const code = await run(args);
  if (code !== 0) throw new Error(`The demo stops here: konfig ${args.join(' ')} ended with ${code}.`);
}

/** Konfig must see that it goes wrong. */
async function konfigFails(...args) {
  const code = await run(args);
  if (code !== 1) throw new Error(`The demo stops here: konfig ${args.join(' ')} ended with ${code}, but a broken image must end with 1.`);
}

function run(args) {
  if (interrupted) throw new Error('Stopped.');
  print(`\n${strong(`$ konfig ${args.join(' ')}`)}\n`);
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [command, ...args], { cwd: copy, stdio: ['ignore', 'inherit', 'inherit'] });
    child.on('close', (code) => resolve(code ?? 1));
  });
}

/** Edits one line of the program, and shows it as a diff would. */
function edit(file, pattern, replacement) {
  const path = join(copy, file);
  const before = readFileSync(path, 'utf8');
  const after = before.replace(pattern, replacement);
  if (after === before) throw new Error(`The demo wanted to edit ${file}, but found no ${pattern} in it.`);
  writeFileSync(path, after);
  const lines = [before.split('\n'), after.split('\n')];
  const at = lines[0].findIndex((line, i) => line !== lines[1][i]);
  print(`\n${file}:${at + 1}\n- ${lines[0][at].trim()}\n+ ${lines[1][at].trim()}\n`);
  return { undo: () => writeFileSync(path, before) };
}

async function tell(text) {
  print(`\n${strong(`# ${text}`)}\n`);
  // A person needs a moment to read; a log does not.
  if (isTerminal) await new Promise((resolve) => setTimeout(resolve, 1200));
}

function strong(text) {
  return isTerminal && !process.env.NO_COLOR ? `\u001b[1m${text}\u001b[0m` : text;
}

function print(text) {
  process.stdout.write(text);
}
