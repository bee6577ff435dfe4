// A package that means harm: whatever it tries is refused or has no effect, and the guards of JavaScript are not what it comes up against, since it
// reaches for what lies below them.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Monorepo, makeMonorepo, type Ran } from '../../../test/scenarios/monorepo';
import { hasNamespaces, isolated } from '../src/program/sandbox/isolation';

const workspace = `import { kubernetes, workspace } from '@konfig/sdk';
export const here = workspace('here', { kubernetes: kubernetes({ context: 'here' }) });
`;

const program = `import { KubernetesObject, project } from '@konfig/sdk';
import { attack } from 'hostile';
import { here } from '../../workspaces/here';
export default project('shop').stack('dev', here, (stack) => {
  attack(stack);
  new KubernetesObject(stack, 'config', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'config' } });
}, { namespace: 'shop' });
`;

let monorepo: Monorepo;
let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'konfig-home-'));
});
afterEach(() => {
  monorepo.remove();
  rmSync(home, { recursive: true, force: true });
});

/** A program that calls a package which does this: at the call, or while it is loaded. */
function shop(attack: string, whileLoaded = ''): Monorepo {
  monorepo = makeMonorepo({
    'workspaces/here.ts': workspace,
    'projects/shop/konfig.ts': program,
    'node_modules/hostile/package.json': JSON.stringify({ name: 'hostile', version: '1.0.0', main: 'index.js' }),
    'node_modules/hostile/index.js': `${whileLoaded}\nexports.attack = (stack) => {\n${attack}\n};\n`,
  });
  return monorepo;
}

const synth = (made: Monorepo, ...more: readonly string[]) => made.konfig('synth', 'shop/dev', '--no-type-check', ...more);

/** What the package printed of its loot. */
const loot = ({ stderr }: Ran) => [...stderr.matchAll(/^loot (.*)$/gm)].map(([, line]) => line);

/** Tries each, and prints what it got or why not. */
const tries = (...expressions: readonly string[]) =>
  expressions
    .map((one) => `try { console.log('loot', 'got', ${one}); } catch (error) { console.log('loot', error.code ?? error.name); }`)
    .join('\n');

/** What the system, without any guard of JavaScript, lets an expression find. */
function isolatedly(expression: string): string {
  const [command, ...args] = isolated([process.execPath, '-p', expression], { memory: 1024, wasHere: false }) as [string, ...string[]];
  return spawnSync(command, args, { encoding: 'utf8', env: {} }).stdout;
}

describe('files', () => {
  test('of the home folder, such as a kubeconfig, and of the system are not read while a package is loaded, when the guards let it pass', async () => {
    mkdirSync(join(home, '.kube'));
    writeFileSync(join(home, '.kube', 'config'), 'token: precious');
    const read = (path: string) => `require('fs').readFileSync(${JSON.stringify(path)}, 'utf8').length`;
    const made = shop(
      '',
      tries(read(join(home, '.kube', 'config')), read('/etc/passwd'), read('/proc/self/environ'), read('/proc/self/mem')),
    );
    const ran = await synth(made);
    expect(loot(ran)).toEqual(['ERR_ACCESS_DENIED', 'ERR_ACCESS_DENIED', 'ERR_ACCESS_DENIED', 'ERR_ACCESS_DENIED']);
  });

  test('of the monorepo that are no packages, such as .env, a kubeconfig and the sources, are not read', async () => {
    const made = shop('');
    made.write('.env', 'precious');
    made.write('kubeconfig.yaml', 'precious');
    const read = (path: string) => `require('fs').readFileSync(${JSON.stringify(join(made.folder, path))}, 'utf8')`;
    made.write(
      'node_modules/hostile/index.js',
      `${tries(read('.env'), read('kubeconfig.yaml'), read('projects/shop/konfig.ts'))}\nexports.attack = () => {};`,
    );
    expect(loot(await synth(made))).toEqual(['ERR_ACCESS_DENIED', 'ERR_ACCESS_DENIED', 'ERR_ACCESS_DENIED']);
  });

  test('are neither written nor removed, inside of the monorepo or outside', async () => {
    const made = shop('');
    const fs = "require('fs')";
    const inside = JSON.stringify(join(made.folder, 'node_modules/hostile/more.js'));
    const outside = JSON.stringify(join(home, 'left-behind'));
    made.write(
      'node_modules/hostile/index.js',
      `${tries(`${fs}.writeFileSync(${inside}, '')`, `${fs}.writeFileSync(${outside}, '')`, `${fs}.rmSync(__filename)`, `${fs}.symlinkSync('/etc', ${inside})`, `${fs}.mkdtempSync('/tmp/x')`)}\nexports.attack = () => {};`,
    );
    expect(loot(await synth(made))).toEqual(Array(5).fill('ERR_ACCESS_DENIED'));
    expect(existsSync(join(home, 'left-behind'))).toBe(false);
    expect(readFileSync(join(made.folder, 'node_modules/hostile/index.js'), 'utf8')).toContain('loot');
  });

  test('are declared by the package itself only where a program might: not outside, not hidden, no kubeconfig, by no link', async () => {
    writeFileSync(join(home, 'secret.txt'), 'precious');
    const read = (path: string) => `require('@konfig/sdk').input.file(${JSON.stringify(path)})`;
    const made = shop(tries(...['../../.env', join(home, 'secret.txt'), '../../link.txt', '../../config.yaml', '../../tls.key'].map(read)));
    made.write('.env', 'precious');
    made.write('tls.key', 'precious');
    made.write('config.yaml', 'apiVersion: v1\nkind: Config\nclusters: []\ncurrent-context: precious\n');
    symlinkSync(join(home, 'secret.txt'), join(made.folder, 'link.txt'));
    const ran = await synth(made);
    expect(loot(ran)).toEqual(Array(5).fill('got '));
    expect(ran.stderr.match(/INPUT_INVALID {2}The file \S+ may not be read/g)).toHaveLength(5);
    expect(ran.stderr).not.toContain('precious');
    expect(ran.code).toBe(3);
  });
});

describe('the network', () => {
  let server: Server;
  let asked = 0;
  beforeEach(async () => {
    asked = 0;
    server = createServer((_, answer) => {
      asked++;
      answer.end('hello');
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  });
  afterEach(() => new Promise((done) => server.close(done)));

  test('is refused to every call, also while a package is loaded, and also when it catches that', async () => {
    const { port } = server.address() as AddressInfo;
    const ways = [
      `require('net').connect(${port})`,
      `require('http').get('http://127.0.0.1:${port}')`,
      `fetch('http://127.0.0.1:${port}')`,
      "require('dns').lookup('example.com', () => {})",
    ];
    const ran = await synth(shop(tries(...ways), tries(...ways)));
    expect(ran.code).toBe(3);
    expect(loot(ran)).toHaveLength(8);
    expect(loot(ran).some((line) => line?.startsWith('got'))).toBe(false);
    // One place is told once, by whatever ways it leads to net.Socket.
    expect(ran.stderr.match(/PROGRAM_IMPURE {2}The program uses the network/g)).toHaveLength(6);
    expect(asked).toBe(0);
  });

  const where = hasNamespaces() ? test : test.skip;
  if (!hasNamespaces()) process.stderr.write('skipped: this system allows no user namespaces, so only JavaScript guards the network\n');
  where('has no interface that is up, where Linux has namespaces', () => {
    expect(isolatedly('Object.keys(os.networkInterfaces()).length')).toBe('0\n');
  });
});

describe('processes', () => {
  test('are not started by what lies below the guards either', async () => {
    const spawnBelow =
      "(() => { const child = new (require('child_process').ChildProcess)(); return child._handle.spawn({ file: '/bin/true', args: ['true'] }); })()";
    const ran = await synth(
      shop('', tries(spawnBelow, "require('child_process').execSync('id')", "new (require('worker_threads').Worker)('1', { eval: true })")),
    );
    expect(loot(ran).every((line) => !line?.startsWith('got 0'))).toBe(true);
    expect(ran.code).toBe(3);
  });

  const where = hasNamespaces() ? test : test.skip;
  where('are not in sight, where Linux has namespaces', () => {
    expect(isolatedly('process.pid')).toBe('1\n');
  });

  test('the command outlives a package that kills whom it can', async () => {
    const ran = await synth(
      shop("for (const kill of [process.kill, process._kill]) try { kill.call(process, process.ppid, 'SIGKILL'); } catch {}"),
    );
    expect(ran.code).toBe(3);
    expect(ran.stderr).toMatch(/PROGRAM_IMPURE {2}The program ends or signals a process: process\.kill\(\)/);
  });

  test('the inside of Node is refused', async () => {
    const ran = await synth(
      shop(
        tries(
          "process.binding('spawn_sync')",
          "process._linkedBinding('fs')",
          "process.dlopen({}, 'x')",
          "require('vm').runInNewContext('1')",
        ),
      ),
    );
    expect(loot(ran)).toHaveLength(4);
    expect(loot(ran).some((line) => line?.startsWith('got'))).toBe(false);
    expect(ran.code).toBe(3);
  });
});

describe('resources', () => {
  test('memory that grows without end is limited, in the heap and outside of it', async () => {
    const made = shop("const all = []; for (;;) all.push(new Array(1e5).fill('x' + all.length));");
    made.write('package.json', JSON.stringify({ name: 'test', konfig: { projects: ['projects/*'], synthMemory: 128 } }));
    const heap = await synth(made);
    monorepo.remove();
    const buffers = await synth(shop('const all = []; for (;;) all.push(Buffer.alloc(1 << 26, 1));'));
    for (const ran of [heap, buffers]) {
      expect(ran.code).toBe(3);
      expect(ran.stderr).toMatch(/PROGRAM_THREW/);
      expect(ran.stderr).toMatch(/used up its memory of (128|1024) MiB|Array buffer allocation failed|Failed to allocate memory/);
    }
  });

  test('a program that never ends is stopped and named: in a getter, in a regular expression, at the top of a module', async () => {
    const spins = ['({ get x() { for (;;); } }).x;', "/^(a+)+$/.test('a'.repeat(60) + 'b');"];
    for (const spin of spins) {
      const ran = await synth(shop(spin), '--synth-timeout', '1');
      expect(ran.stderr).toMatch(/PROGRAM_TIMEOUT {2}shop\/dev was still running after 1 s\./);
      expect(ran.code).toBe(3);
      monorepo.remove();
    }
    expect((await synth(shop('', 'for (;;);'), '--synth-timeout', '1')).stderr).toMatch(/PROGRAM_TIMEOUT/);
  });

  test('a program that prints too much is stopped', async () => {
    const ran = await synth(shop("for (let i = 0; i < 400; i++) process.stdout.write('x'.repeat(65535) + '\\n');"));
    expect(ran.stderr.slice(-400)).toMatch(/PROGRAM_OUTPUT {2}The program of shop printed more than 16 MiB and was stopped\./);
    expect(ran.code).toBe(3);
  });
});

describe('what everybody works with', () => {
  test('Object.prototype and Array.prototype take nothing new', async () => {
    const ran = await synth(shop("Object.prototype.kind = 'Pod'; Array.prototype.kind = 'Pod';"));
    expect(ran.code).toBe(0);
    expect(ran.stdout).toContain('kind: ConfigMap');
    expect(ran.stdout).not.toContain('Pod');
  });

  test.each(['JSON.stringify', 'Array.prototype.map', 'String.prototype.replace', 'Object.keys'])(
    'a replaced %s fails the synth',
    async (name) => {
      const ran = await synth(shop(`const before = ${name}; ${name} = function (...all) { return before.apply(this, all); };`));
      expect(ran.stderr).toContain(`PROGRAM_IMPURE  The program, or a package that it loads, replaces ${name}, with which`);
      expect(ran.code).toBe(3);
    },
  );

  test.each([
    ['Array.prototype.map', 'Array.prototype.map = () => [];'],
    ['Array.prototype.filter', 'Array.prototype.filter = () => [];'],
    [
      'Array.prototype.flatMap',
      'const { flatMap } = Array.prototype; Array.prototype.flatMap = () => []; queueMicrotask(() => { Array.prototype.flatMap = flatMap; });',
    ],
    ['Array.prototype.Symbol(Symbol.iterator)', 'Array.prototype[Symbol.iterator] = function* () {};'],
    ['Iterator.next', 'Object.getPrototypeOf([][Symbol.iterator]()).next = () => ({ done: true });'],
    ['Object.entries', 'Object.entries = () => [];'],
  ])('a replaced %s that hides all there is fails the synth', async (name, attack) => {
    const ran = await synth(shop(attack));
    expect(ran.stderr).toContain(`PROGRAM_IMPURE  The program, or a package that it loads, replaces ${name}, with which`);
    expect(ran.code).toBe(3);
  });

  test('a use of the clock far below the program still has its line', async () => {
    const ran = await synth(shop('(function deep(n) { return n === 0 ? Date.now() : deep(n - 1); })(300);'));
    expect(ran.stderr).toMatch(/PROGRAM_IMPURE {2}The program reads the clock: Date\.now\(\)\.[\s\S]*at projects\/shop\/konfig\.ts:\d+/);
  });
});

describe('the result', () => {
  const forged = (body: string) => `const body = ${body};
try { require('fs').writeSync(3, JSON.stringify(body) + '\\n'); } catch {}`;

  test('is not forged by who writes to its file descriptor without the nonce', async () => {
    const body = "{ result: { output: { spec: { resources: [] }, sources: {} }, stacks: ['forged'] }, nonce: 'guess' }";
    const ran = await synth(shop('', forged(body)));
    expect(ran.code).toBe(0);
    expect(ran.stdout).toContain('name: config');
  });

  const secondResult = `const body = { result: { output: { spec: { resources: [] }, sources: {} }, stacks: ['forged'] } };
try { new (require('node:net').Socket)({ fd: 3, writable: true, readable: false }).write(JSON.stringify({ nonce, ...body }) + '\\n'); } catch {}`;

  test('the nonce does not stand in the memory that buffers share, also after something was asked and told', async () => {
    const attack = `require('@konfig/sdk').input.env('ANY', { otherwise: '' });
try { process.dlopen({}, 'x'); } catch {}
const memory = ['a', 'b'.repeat(999)].map((text) => Buffer.from(Buffer.from(text).buffer).toString('latin1')).join('');
const [, nonce] = /"nonce":"([0-9a-f]+)"/.exec(memory) ?? [];
console.log('loot', nonce);
${secondResult}`;
    const ran = await synth(shop(attack));
    expect(loot(ran)).toEqual(['undefined']);
    expect(ran.stderr).toContain('PROGRAM_IMPURE  The program reaches around Konfig for the inside of Node: process.dlopen()');
    expect(ran.stderr).not.toContain('PROGRAM_OUTPUT');
    expect(ran.code).toBe(3);
  });

  test('nobody takes over the file descriptor of the result', async () => {
    const ran = await synth(
      shop(
        tries(
          `new (require('node:net').Socket)({ fd: 3 }).fd`,
          `new process.stdout.constructor({ fd: 3 }).fd`,
          `new (require('node:tty').WriteStream)(3).fd`,
          `new (require('node:fs').WriteStream)('', { fd: 3 }).fd`,
          `require('node:fs').createWriteStream('', { fd: 3 }).fd`,
          `require('node:fs').writeSync(3, 'x')`,
        ),
      ),
    );
    expect(loot(ran)).toHaveLength(6);
    expect(loot(ran).filter((line) => line?.startsWith('got'))).toEqual([]);
    expect(ran.code).toBe(3);
  });

  test('the job, which holds the nonce, is not read again', async () => {
    const ran = await synth(shop(tries("require('fs').readFileSync(0, 'utf8')", 'process.stdin.read().length')));
    expect(loot(ran).some((line) => line?.startsWith('got'))).toBe(false);
    expect(ran.code).toBe(3);
  });

  test('names no source line outside of the program: it falls back on konfig.ts', async () => {
    const patch = `const { Project } = require('@konfig/sdk');
const synth = Project.prototype.synth;
Project.prototype.synth = function (...all) {
  const result = synth.apply(this, all);
  for (const source of Object.values(result.output.sources)) source.made = { file: '../../../etc/passwd', line: 1 };
  return result;
};`;
    const made = shop('', patch);
    const { stdout, code } = await synth(made, '--format', 'spec');
    expect(code).toBe(0);
    const { sources } = JSON.parse(stdout) as { readonly sources: { readonly [id: string]: { readonly made: unknown } } };
    expect(new Set(Object.values(sources).map(({ made: line }) => JSON.stringify(line)))).toEqual(
      new Set([JSON.stringify({ file: 'projects/shop/konfig.ts', guess: true, line: 1 })]),
    );
  });

  test.each([
    ['another project', "spec.project = 'payroll'", /PROGRAM_INVALID {2}The project in the folder shop calls itself "payroll"/],
    ['another stack', "spec.stack = 'prod'", /PROGRAM_OUTPUT {2}The stack dev was asked for, but the program gave "prod"/],
    ['no list of resources', 'spec.resources = {}', /PROGRAM_OUTPUT {2}The program gave something that is not a Spec/],
    ['what a terminal obeys', "spec.resources[0].path = 'a\\u001b[2J'", /PROGRAM_OUTPUT[\s\S]*the path of its resource 0/],
    ['a forged prototype', 'spec.resources[0].attributes = JSON.parse(\'{"__proto__": {"kind": "Pod"}}\')', /SPEC_INVALID[\s\S]*__proto__/],
    ['records without a place', "spec.records = { store: 'elsewhere' }", /PROGRAM_OUTPUT[\s\S]*its records/],
  ])('that says %s is refused', async (_, change, said) => {
    const patch = `const { Project } = require('@konfig/sdk');
const synth = Project.prototype.synth;
Project.prototype.synth = function (...all) {
  const result = synth.apply(this, all);
  const spec = JSON.parse(JSON.stringify(result.output.spec));
  ${change};
  return { output: { spec, sources: result.output.sources } };
};`;
    const ran = await synth(shop('', patch));
    expect(ran.stderr).toMatch(said);
    expect(ran.code).toBe(3);
  });
});
