// Makes a fresh clone ready: checks Node, installs what the lock file says, builds. Quick when there is nothing to do.
// Plain JavaScript and Node built-ins only, since it runs before anything is installed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(fileURLToPath(import.meta.url));
const oldestNode = [20, 19, 0];

checkNode();
installWhenLockChanged();
forgetWhatHasNoSource();
run('build', process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-b']);
run('build', process.execPath, [join(root, 'packages/cli/bundle-yargs.mjs')]);

function checkNode() {
  const have = process.versions.node.split('.').map(Number);
  const tooOld = have.some((part, i) => part < oldestNode[i] && have.slice(0, i).every((p, j) => p === oldestNode[j]));
  if (tooOld) {
    fail(
      `Node ${process.versions.node} is too old: Konfig needs ${oldestNode.join('.')} or newer. Install it (https://nodejs.org) and run this again.`,
    );
  }
}

function installWhenLockChanged() {
  const stamp = join(root, 'node_modules/.konfig-setup');
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .update(process.versions.modules + process.platform + process.arch)
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  console.error('Installing packages (once, about half a minute) …');
  run('install', process.platform === 'win32' ? 'npm.cmd' : 'npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  writeFileSync(stamp, wanted);
}

/** The compiler leaves behind what it made of a file that is gone: it would be published, and hide an import of it. */
function forgetWhatHasNoSource() {
  for (const room of readdirSync(join(root, 'packages'))) {
    const dist = join(root, 'packages', room, 'dist');
    if (!existsSync(dist)) continue;
    for (const file of readdirSync(dist, { recursive: true })) {
      const made = /^(.*?)(\.d\.ts|\.js)(\.map)?$/.exec(file);
      if (made && !made[1].endsWith('.bundle') && !existsSync(join(root, 'packages', room, 'src', `${made[1]}.ts`)))
        rmSync(join(dist, file));
    }
  }
}

function run(what, command, args) {
  const result = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  if (result.error) fail(`The ${what} did not start: ${result.error.message}`);
  if (result.status !== 0)
    fail(`The ${what} failed (${[command, ...args].join(' ')}, exit code ${result.status}). What went wrong is printed above.`);
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
