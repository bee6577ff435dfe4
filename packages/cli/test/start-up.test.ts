// --help and --version answer at once because they load next to nothing: every room that they pulled in would be felt at each command.
import { execFileSync } from 'node:child_process';
import { join, relative } from 'node:path';

const cli = join(__dirname, '..');

test('--version loads what runs it, and no more', () => {
  expect(loadedBy('--version')).toEqual(['bin/konfig.js', 'dist/exit-code.js', 'dist/main.js', 'dist/shell.js', 'dist/version.js']);
});

const parsing = [
  'bin/konfig.js',
  'dist/exit-code.js',
  'dist/main.js',
  'dist/shell.js',
  'dist/version.js',
  'dist/yargs.bundle.js',
  'dist/yargs.js',
];
const keeping = [
  'dist/kept-modules.js',
  'dist/program/node-loader.js',
  'dist/program/module-stamps.js',
  'dist/program/sandbox/readable.js',
  'dist/program/stamp.js',
  'dist/write-whole.js',
];

test('--help loads the parser and the table of commands, and nothing that runs one', () => {
  expect(withoutTable(loadedBy('--help'))).toEqual(parsing);
});

test('the help of a command loads beside that what keeps its modules', () => {
  expect(withoutTable(loadedBy('apply', '--help'))).toEqual([...parsing, ...keeping].sort());
});

test('what opens the world loads no client for HTTP, nothing that programs are written with, and of a runtime only its face', () => {
  const listing = "require('./dist/world.js').openWorld('/', {}); console.log(JSON.stringify(Object.keys(require.cache)))";
  const loaded = JSON.parse(execFileSync(process.execPath, ['-e', listing], { cwd: cli, encoding: 'utf8' })) as string[];
  expect(loaded.filter((file) => /node_modules\/(undici|cdk8s|cdktf|constructs|@kubernetes)\//.test(file))).toEqual([]);
  expect(
    loaded.filter((file) =>
      /runtimes\/dist\/(kubernetes\/(connection|health\/)|service\/connect|terraform\/connect|secrets\/vault)/.test(file),
    ),
  ).toEqual([]);
});

function withoutTable(loaded: readonly string[]): readonly string[] {
  return loaded.filter((file) => !/^dist\/arguments\//.test(file));
}

/** The files that one command line loads, relative to the cli's folder; Node's own are not counted. */
function loadedBy(...args: string[]): readonly string[] {
  const listing = `
    process.argv = [process.argv[0], 'konfig', ...${JSON.stringify(args)}];
    const print = process.stdout.write.bind(process.stdout);
    process.stdout.write = () => true;
    process.on('exit', () => print(JSON.stringify(Object.keys(require.cache))));
    require('./bin/konfig.js');`;
  const listed = execFileSync(process.execPath, ['-e', listing], { cwd: cli, encoding: 'utf8' });
  return (JSON.parse(listed) as string[]).map((file) => relative(cli, file)).sort();
}
