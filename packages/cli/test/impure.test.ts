// A program that depends on more than its inputs is told each place where it does, with the line and what to write instead; also when it catches
// the exception. On whatever Node this runs.
import { builtinModules } from 'node:module';
import { type Monorepo, makeMonorepo } from '../../../test/scenarios/monorepo';
import { isKnownModule } from '../src/program/sandbox/builtins';

const workspace = `import { kubernetes, workspace } from '@konfig/sdk';
export const here = workspace('here', { kubernetes: kubernetes({ context: 'here' }) });
`;

/** A project `shop` whose stack \`dev\` runs these lines, from line 7 on. */
const konfigFile = (lines: readonly string[], imports = '') => `import { KubernetesObject, project } from '@konfig/sdk';
import { here } from '../../workspaces/here';
${imports}

declare const require: (name: string) => any;
export default project('shop').stack('dev', here, (stack) => {
${lines.join('\n')}
  new KubernetesObject(stack, 'config', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'config' } });
}, { namespace: 'shop' });
`;

let monorepo: Monorepo;
afterEach(() => monorepo.remove());

function shop(lines: readonly string[], files: { readonly [file: string]: string } = {}, imports = ''): Monorepo {
  monorepo = makeMonorepo({ 'workspaces/here.ts': workspace, 'projects/shop/konfig.ts': konfigFile(lines, imports), ...files });
  return monorepo;
}

interface Told {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly source?: { readonly file: string; readonly line: number };
}

async function problemsOf(made: Monorepo): Promise<readonly Told[]> {
  const { stdout } = await made.konfig('validate', 'shop/dev', '--no-type-check', '--output', 'json');
  const { stacks } = JSON.parse(stdout) as { readonly stacks: readonly { readonly problems: readonly Told[] }[] };
  return stacks.flatMap(({ problems }) => problems);
}

/** `7 reads the clock: Date.now()` for each thing that counted. */
async function whatCounts(...lines: readonly string[]): Promise<readonly string[]> {
  const problems = await problemsOf(shop(lines));
  return problems.map(({ code, message, source }) => `${source?.line} ${code} ${message.replace(/^The program /, '')}`);
}

/** Runs on, whatever happens in the line. */
const caught = (line: string) => `try { ${line} } catch {}`;

test('the clock, under each of its names', async () => {
  expect(
    await whatCounts(
      'Date.now();',
      'new Date();',
      'String(Date());',
      'performance.now();',
      caught('process.hrtime();'),
      caught('process.hrtime.bigint();'),
      caught('process.uptime();'),
      'Reflect.construct(Date, []);',
      'new (new Date(0).constructor as any)();',
      "new Intl.DateTimeFormat('en-CA').format();",
      "new Intl.DateTimeFormat('en-CA').formatToParts();",
      "new File([], 'x').lastModified;",
      "new PerformanceMark('x').startTime;",
      'performance.nodeTiming.bootstrapComplete;',
    ),
  ).toEqual([
    '7 PROGRAM_IMPURE reads the clock: Date.now().',
    '8 PROGRAM_IMPURE reads the clock: new Date().',
    '9 PROGRAM_IMPURE reads the clock: Date().',
    '10 PROGRAM_IMPURE reads the clock: performance.now().',
    '11 PROGRAM_IMPURE reads the clock: process.hrtime().',
    '12 PROGRAM_IMPURE reads the clock: process.hrtime.bigint().',
    '13 PROGRAM_IMPURE reads the clock: process.uptime().',
    '14 PROGRAM_IMPURE reads the clock: new Date().',
    '15 PROGRAM_IMPURE reads the clock: new Date().',
    '16 PROGRAM_IMPURE reads the clock: Intl.DateTimeFormat.format().',
    '17 PROGRAM_IMPURE reads the clock: Intl.DateTimeFormat.formatToParts().',
    '18 PROGRAM_IMPURE reads the clock: new File().',
    '19 PROGRAM_IMPURE reads the clock: PerformanceEntry.startTime.',
    '20 PROGRAM_IMPURE reads the clock: performance.nodeTiming.',
  ]);
});

test('chance', async () => {
  expect(
    await whatCounts(
      'Math.random();',
      "require('node:crypto').randomBytes(4);",
      "require('crypto').randomInt(9);",
      'crypto.randomUUID();',
      'crypto.getRandomValues(new Uint8Array(4));',
      "require('crypto').rng(4);",
      caught("require('crypto').getDiffieHellman('modp5').generateKeys();"),
      caught("new (require('crypto').ECDH)('secp256k1').generateKeys();"),
      caught("require('crypto').generateKeyPairSync('ed25519');"),
    ),
  ).toEqual([
    '7 PROGRAM_IMPURE asks for a random value: Math.random().',
    '8 PROGRAM_IMPURE asks for a random value: crypto.randomBytes().',
    '9 PROGRAM_IMPURE asks for a random value: crypto.randomInt().',
    '10 PROGRAM_IMPURE asks for a random value: crypto.randomUUID().',
    '11 PROGRAM_IMPURE asks for a random value: crypto.getRandomValues().',
    '12 PROGRAM_IMPURE asks for a random value: crypto.rng().',
    '13 PROGRAM_IMPURE asks for a random value: crypto.DiffieHellmanGroup.generateKeys().',
    '14 PROGRAM_IMPURE asks for a random value: crypto.ECDH.generateKeys().',
    '15 PROGRAM_IMPURE asks for a random value: crypto.generateKeyPairSync().',
  ]);
});

test('the locale of the machine, where none is named', async () => {
  expect(
    await whatCounts(
      "'a'.localeCompare('b');",
      '(1234.5).toLocaleString();',
      "new Date(0).toLocaleDateString(undefined, { timeZone: 'UTC' });",
      'new Intl.NumberFormat();',
      "'I'.toLocaleLowerCase();",
      "[...'ba'].sort((x, y) => x.localeCompare(y, undefined, { numeric: true }));",
    ),
  ).toEqual([
    '7 PROGRAM_IMPURE depends on the locale of the machine: String.localeCompare().',
    '8 PROGRAM_IMPURE depends on the locale of the machine: Number.toLocaleString().',
    '9 PROGRAM_IMPURE depends on the locale of the machine: Date.toLocaleDateString().',
    '10 PROGRAM_IMPURE depends on the locale of the machine: new Intl.NumberFormat().',
    '11 PROGRAM_IMPURE depends on the locale of the machine: String.toLocaleLowerCase().',
    '12 PROGRAM_IMPURE depends on the locale of the machine: String.localeCompare().',
  ]);
});

test('the environment and the machine', async () => {
  expect(
    await whatCounts(
      'process.env.HOME;',
      '({ ...process.env });',
      "'CI' in process.env;",
      'process.platform;',
      'process.cwd();',
      'process.argv;',
      'process.pid;',
      "require('os').hostname();",
      'process.memoryUsage();',
      "require('node:v8').getHeapStatistics();",
    ),
  ).toEqual([
    '7 PROGRAM_IMPURE reads the environment: process.env.HOME.',
    '8 PROGRAM_IMPURE reads the environment: process.env.',
    '9 PROGRAM_IMPURE reads the environment: process.env.CI.',
    '10 PROGRAM_IMPURE asks about the machine that it runs on: process.platform.',
    '11 PROGRAM_IMPURE asks about the machine that it runs on: process.cwd().',
    '12 PROGRAM_IMPURE asks about the machine that it runs on: process.argv.',
    '13 PROGRAM_IMPURE asks about the machine that it runs on: process.pid.',
    '14 PROGRAM_IMPURE asks about the machine that it runs on: os.hostname().',
    '15 PROGRAM_IMPURE asks about the machine that it runs on: process.memoryUsage().',
    '16 PROGRAM_IMPURE asks about the machine that it runs on: v8.getHeapStatistics().',
  ]);
});

test('files, by whatever way they are reached', async () => {
  expect(
    await whatCounts(
      caught("require('fs').readFileSync('package.json');"),
      caught("require('node:fs').existsSync('package.json');"),
      caught("require('fs/promises').readFile('package.json');"),
      caught("require('node:module').createRequire(__filename)('fs').writeFileSync('x', '');"),
      caught("require('fs').realpathSync.native('.');"),
      caught("process.stdin.on('data', () => {});"),
    ),
  ).toEqual([
    '7 PROGRAM_IMPURE uses the file system: fs.readFileSync().',
    '8 PROGRAM_IMPURE uses the file system: fs.existsSync().',
    '9 PROGRAM_IMPURE uses the file system: fs.promises.readFile().',
    '10 PROGRAM_IMPURE uses the file system: fs.writeFileSync().',
    '11 PROGRAM_IMPURE uses the file system: fs.realpathSync.native().',
    '12 PROGRAM_IMPURE uses the file system: process.stdin.',
  ]);
});

test('processes and threads', async () => {
  expect(
    await whatCounts(
      caught("require('child_process').execSync('id');"),
      caught("require('node:child_process').spawn('id');"),
      caught("new (require('worker_threads').Worker)('1', { eval: true });"),
      caught("require('cluster').fork();"),
      caught('process.exit();'),
      caught('process.kill(process.ppid);'),
      caught('process.abort();'),
    ),
  ).toEqual([
    '7 PROGRAM_IMPURE reaches for a process: child_process.execSync().',
    '8 PROGRAM_IMPURE reaches for a process: child_process.spawn().',
    '9 PROGRAM_IMPURE reaches for a process: new worker_threads.Worker().',
    expect.stringMatching(/^10 PROGRAM_IMPURE reaches for a process: child_process\.fork\(\)\./),
    '11 PROGRAM_IMPURE ends or signals a process: process.exit().',
    '12 PROGRAM_IMPURE asks about the machine that it runs on: process.ppid.',
    '12 PROGRAM_IMPURE ends or signals a process: process.kill().',
    '13 PROGRAM_IMPURE ends or signals a process: process.abort().',
  ]);
});

test('the network', async () => {
  expect(
    await whatCounts(
      caught("fetch('http://127.0.0.1:9');"),
      caught("require('https').get('https://127.0.0.1:9');"),
      caught("require('net').connect(9);"),
      caught("require('http').createServer().listen(0);"),
      caught("require('dns').promises.lookup('example.com');"),
      caught("require('dgram').createSocket('udp4').send('x', 9);"),
      caught("require('tls').connect(9);"),
      caught("require('http2').connect('http://127.0.0.1:9');"),
    ),
  ).toEqual([
    '7 PROGRAM_IMPURE uses the network: fetch().',
    '8 PROGRAM_IMPURE uses the network: net.Socket.connect().',
    '9 PROGRAM_IMPURE uses the network: net.Socket.connect().',
    '10 PROGRAM_IMPURE uses the network: net.Server.listen().',
    '11 PROGRAM_IMPURE uses the network: dns.promises.lookup().',
    '12 PROGRAM_IMPURE uses the network: dgram.Socket.send().',
    '13 PROGRAM_IMPURE uses the network: net.Socket.connect().',
    '14 PROGRAM_IMPURE uses the network: net.Socket.connect().',
  ]);
});

test('the inside of Node', async () => {
  expect(
    await whatCounts(
      caught("(process as any).binding('fs');"),
      caught("(process as any).dlopen({}, 'x.node');"),
      caught("require('vm').runInNewContext('Date.now()');"),
      caught("new (require('inspector').Session)();"),
      caught("require('v8').setFlagsFromString('--allow-natives-syntax');"),
      caught("new (require('wasi').WASI)({ version: 'preview1' });"),
    ),
  ).toEqual([
    '7 PROGRAM_IMPURE reaches around Konfig for the inside of Node: process.binding().',
    '8 PROGRAM_IMPURE reaches around Konfig for the inside of Node: process.dlopen().',
    '9 PROGRAM_IMPURE reaches around Konfig for the inside of Node: vm.runInNewContext().',
    '10 PROGRAM_IMPURE reaches around Konfig for the inside of Node: new inspector.Session().',
    '11 PROGRAM_IMPURE reaches around Konfig for the inside of Node: v8.setFlagsFromString().',
    '12 PROGRAM_IMPURE reaches around Konfig for the inside of Node: new wasi.WASI().',
  ]);
});

test('waiting, and the garbage collector', async () => {
  expect(
    await whatCounts(
      'setTimeout(() => {}, 1);',
      'setImmediate(() => {});',
      "require('timers').setInterval(() => {}, 1);",
      'new WeakRef({});',
    ),
  ).toEqual([
    '7 PROGRAM_IMPURE waits for something: setTimeout().',
    '8 PROGRAM_IMPURE waits for something: setImmediate().',
    '9 PROGRAM_IMPURE waits for something: timers.setInterval().',
    '10 PROGRAM_IMPURE watches what the garbage collector does: new WeakRef().',
  ]);
});

test("what a promise does behind the end of the stack's function is told, not lost", async () => {
  const made = "new KubernetesObject(stack, 'late', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'late' } })";
  const problems = await problemsOf(shop([`Promise.resolve().then(() => ${made});`]));
  expect(problems).toMatchObject([
    { code: 'PROGRAM_THREW', message: expect.stringMatching(/^After the program had ended: /), source: { line: 7 } },
  ]);
});

test('what is the same everywhere may be asked: a time with a value, a named locale, hashes, microtasks', async () => {
  expect(
    await whatCounts(
      "new Date('2026-01-01T00:00:00Z').toISOString();",
      "'a'.localeCompare('b', 'en');",
      "(1234.5).toLocaleString('en-GB');",
      "new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Tokyo' }).format(0);",
      "require('crypto').createHash('sha256').update('x').digest('hex');",
      "require('path').join('a', 'b');",
      'queueMicrotask(() => {});',
      "console.log('said', new Date(0), 1.5);",
      "new Intl.DateTimeFormat('en-CA').format(0);",
      "new File([], 'x', { lastModified: 1 }).lastModified;",
      "require('util').parseArgs({ strict: false, allowPositionals: true }).positionals;",
    ),
  ).toEqual([]);
});

test('each is told with what to write instead', async () => {
  const problems = await problemsOf(shop(["process.env['HOME'];", "try { require('fs').readFileSync('dashboard.json'); } catch {}"]));
  expect(problems.map(({ hint }) => hint)).toEqual([
    expect.stringContaining("input.env('NAME')"),
    expect.stringContaining("input.file('dashboard.json')"),
  ]);
});

test('at the top of a module it counts too', async () => {
  const problems = await problemsOf(shop([], {}, 'export const begun = Date.now();'));
  expect(problems).toMatchObject([{ code: 'PROGRAM_IMPURE', message: 'The program reads the clock: Date.now().', source: { line: 3 } }]);
});

/** A package in the monorepo's node_modules. */
const packageFiles = (name: string, code: string, konfig?: object) => ({
  [`node_modules/${name}/package.json`]: JSON.stringify({ name, version: '1.0.0', main: 'index.js', ...(konfig && { konfig }) }),
  [`node_modules/${name}/index.js`]: code,
});

test('a package that is called while the program runs counts, with the line that called it', async () => {
  const files = packageFiles('ids', 'exports.newId = () => Math.random().toString(36);');
  expect(await problemsOf(shop(['newId();'], files, "import { newId } from 'ids';"))).toMatchObject([
    {
      message: 'The program asks for a random value: Math.random(). The call stands in node_modules/ids/index.js.',
      source: { file: 'projects/shop/konfig.ts', line: 7 },
    },
  ]);
});

test("a Konfig library counts as the program, with the app's line", async () => {
  const files = packageFiles('platform', 'exports.home = () => process.env.HOME;', { library: true });
  expect(await problemsOf(shop(['home();'], files, "import { home } from 'platform';"))).toMatchObject([
    {
      message: 'The program reads the environment: process.env.HOME. The call stands in node_modules/platform/index.js:1.',
      source: { file: 'projects/shop/konfig.ts', line: 7 },
    },
  ]);
});

test('a package may look around while it is loaded, and finds the same clock, chance, machine and empty environment in every run', async () => {
  const code = `const [crypto, fs, os, path] = ['crypto', 'fs', 'os', 'path'].map((name) => require(name));
fs.readFileSync(path.join(__dirname, 'package.json'));
exports.seen = {
  clock: [Date.now(), performance.now(), process.hrtime(), String(process.hrtime.bigint()), process.uptime(), new Intl.DateTimeFormat('en-CA').format()],
  chance: [Math.random(), crypto.randomUUID(), Buffer.allocUnsafe(2).toString('hex')],
  environment: [process.env.HOME, process.platform === 'none', process.argv, require('util').parseArgs({ strict: false, allowPositionals: true }).positionals],
  machine: [os.hostname(), os.cpus().length, os.userInfo().username, os.freemem(), process.pid, process.memoryUsage().rss, require('dns').getServers()],
  files: [fs.statSync(__filename).mtimeMs, fs.statSync(__filename).mtime, fs.readdirSync(path.dirname(__dirname))],
  main: typeof require.main,
};`;
  const made = shop(["console.log('seen', JSON.stringify(seen));"], packageFiles('curious', code), "import { seen } from 'curious';");
  const runs = [await made.konfig('synth', 'shop/dev', '--no-type-check'), await made.konfig('synth', 'shop/dev', '--no-type-check')];
  const [first, second] = runs.map(({ stderr }) => /^seen (.*)$/m.exec(stderr)?.[1] ?? '');
  expect(runs.map(({ code: exit }) => exit)).toEqual([0, 0]);
  const begun = expect.closeTo(Date.UTC(2000, 0, 1), -3);
  expect(JSON.parse(first as string)).toEqual({
    clock: [begun, expect.any(Number), [0, expect.any(Number)], expect.stringMatching(/^\d+000000$/), expect.any(Number), '2000-01-01'],
    chance: [expect.any(Number), expect.stringMatching(/^[0-9a-f-]{36}$/), '0000'],
    environment: [null, false, ['node', 'konfig'], []],
    machine: ['host-1', 2, 'user-1', 2 ** 30, 1, 2 ** 29, []],
    files: [Date.UTC(2000, 0, 1), '2000-01-01T00:00:00.000Z', ['curious']],
    main: 'undefined',
  });
  expect(second).toBe(first);
});

test('a package that tries the inside of Node out while it is loaded is refused it, and may go on without', async () => {
  const code = "let inside; try { inside = process.binding('util'); } catch {}\nexports.inside = () => inside ?? process.binding('util');";
  const files = packageFiles('deep', code);
  expect(await problemsOf(shop([], files, "import 'deep';"))).toEqual([]);
  monorepo.remove();
  expect(await problemsOf(shop(['inside();'], files, "import { inside } from 'deep';"))).toMatchObject([
    { code: 'PROGRAM_IMPURE', message: expect.stringContaining('process.binding()'), source: { line: 7 } },
  ]);
});

test('an ES module finds the same as any other, also of the modules of Node that are guarded late', async () => {
  const files = {
    'node_modules/modern/package.json': JSON.stringify({ name: 'modern', version: '1.0.0', type: 'module', main: 'index.js' }),
    'node_modules/modern/index.js':
      "import process from 'node:process';\nimport { hostname } from 'node:os';\nimport { getHeapStatistics } from 'node:v8';\nexport const seen = [hostname(), getHeapStatistics().total_heap_size, process.argv.length];",
  };
  const { code, stderr } = await shop(["console.log('seen', seen.join(' '));"], files, "import { seen } from 'modern';").konfig(
    'synth',
    'shop/dev',
    '--no-type-check',
  );
  expect(stderr).toMatch(/^seen host-1 268435456 2$/m);
  expect(code).toBe(0);
});

test('a package that brings down the environment of its own kind may: it is empty for it', async () => {
  const code = "exports.mode = () => [process.env.NODE_ENV === 'production', process.versions.node !== undefined];";
  expect(await problemsOf(shop(['mode();'], packageFiles('modes', code), "import { mode } from 'modes';"))).toEqual([]);
});

test('of every module of Node it is known what a program may have of it, whichever Node this is', () => {
  expect(builtinModules.map((name) => name.replace(/^node:/, '')).filter((name) => !isKnownModule(name))).toEqual([]);
});
