// What a command has loaded is kept beside it for its next run, and is never older than the files it was made of.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const packages = join(__dirname, '..', '..');
const installed = mkdtempSync(join(tmpdir(), 'konfig-kept-modules-'));
const modules = join(installed, 'node_modules');
const cli = join(modules, '@konfig', 'cli');
const cache = join(modules, '.cache', 'konfig');
const kept = () => readdirSync(cache).filter((file) => file.endsWith('.modules'));

// As npm installs it, so that one of its files can be changed.
beforeEach(() => {
  mkdirSync(cli, { recursive: true });
  for (const part of ['bin', 'dist', 'package.json']) cpSync(join(packages, 'cli', part), join(cli, part), { recursive: true });
  for (const name of ['cluster', 'core', 'engine', 'runtimes', 'sdk']) symlinkSync(join(packages, name), join(modules, '@konfig', name));
});

afterEach(() => rmSync(modules, { recursive: true, force: true }));
afterAll(() => rmSync(installed, { recursive: true, force: true }));

test('a command finds its modules by itself once, and then in what it kept', () => {
  const first = konfig('completion', 'bash');
  expect(first.compiled).toContain('scripts.js');
  expect(konfig('completion', 'bash')).toEqual({ printed: first.printed, compiled: [] });
});

test('what another run of the command needs beside that is kept too', () => {
  konfig('completion', '--help');
  expect(konfig('completion', 'bash').compiled).toContain('scripts.js');
  expect(konfig('completion', 'bash').compiled).toEqual([]);
  expect(konfig('completion', '--help').compiled).toEqual([]);
});

test('a module that has been changed since is loaded as it is now', () => {
  konfig('completion', 'bash');
  const scripts = join(cli, 'dist/completion/scripts.js');
  writeFileSync(scripts, readFileSync(scripts, 'utf8').replaceAll('for bash', 'for BASH'));
  expect(konfig('completion', 'bash').printed).toContain('for BASH');
  expect(konfig('completion', 'bash').printed).toContain('for BASH');
});

test('a module that imports one dynamically can do so in each run', () => {
  const scripts = join(cli, 'dist/completion/scripts.js');
  writeFileSync(scripts, `${readFileSync(scripts, 'utf8')}\nimport('node:os').then(({ EOL }) => process.stdout.write('imported' + EOL));`);
  expect(konfig('completion', 'bash').printed).toContain('imported');
  expect(konfig('completion', 'bash').printed).toContain('imported');
});

test('a package that is installed nearer than the one that was meant is taken from there', () => {
  expect(konfig('preview', 'shop/dev').printed).toContain('PROGRAM_NOT_FOUND');
  const nearer = join(cli, 'node_modules/@konfig/core');
  mkdirSync(nearer, { recursive: true });
  writeFileSync(join(nearer, 'index.js'), "throw new Error('the nearer one');");
  expect(konfig('preview', 'shop/dev').printed).toContain('the nearer one');
});

test('what was cut off is made anew', () => {
  konfig('completion', 'bash');
  const [file = ''] = kept();
  truncateSync(join(cache, file), 5000);
  expect(konfig('completion', 'bash').compiled).toContain('scripts.js');
  expect(konfig('completion', 'bash').compiled).not.toContain('scripts.js');
});

test('where nothing can be kept, each run finds its modules by itself', () => {
  writeFileSync(join(modules, '.cache'), 'not a folder');
  const first = konfig('completion', 'bash');
  expect(konfig('completion', 'bash')).toEqual(first);
});

test('nothing is kept for a word that is no command', () => {
  expect(konfig('complation').printed).toContain('completion');
  konfig('--version');
  expect(() => kept()).toThrow(/ENOENT/);
});

/** What a command prints, and which modules it had to have compiled. */
function konfig(...args: string[]): { readonly printed: string; readonly compiled: readonly string[] } {
  const [told, hook] = [join(installed, 'compiled.json'), join(installed, 'hook.js')];
  writeFileSync(
    hook,
    `const vm = require('node:vm');
    const compiled = [];
    vm.Script = class extends vm.Script {
      constructor(text, options) {
        super(text, options);
        if (!options.cachedData || this.cachedDataRejected) compiled.push(require('node:path').basename(options.filename));
      }
    };
    process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(told)}, JSON.stringify(compiled)));`,
  );
  const { stdout, stderr } = spawnSync(process.execPath, ['-r', hook, join(cli, 'bin/konfig.js'), ...args], {
    cwd: installed,
    encoding: 'utf8',
  });
  return { printed: stdout + stderr, compiled: JSON.parse(readFileSync(told, 'utf8')) as string[] };
}
