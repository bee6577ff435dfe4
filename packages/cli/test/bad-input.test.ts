// Whatever a user gets wrong ends in a message that says what, where and what to do; never in a stack trace of ours.
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { type Monorepo, makeMonorepo, type Ran } from '../../../test/scenarios/monorepo';

const workspace = `import { kubernetes, workspace } from '@konfig/sdk';
export const here = workspace('here', { kubernetes: kubernetes({ kubeconfig: 'kubeconfig.yaml', context: 'here' }) });
`;

const kubeconfig = (server: string) => `apiVersion: v1
kind: Config
clusters: [{ name: here, cluster: { server: '${server}' } }]
users: [{ name: me, user: { token: abc } }]
contexts: [{ name: here, context: { cluster: here, user: me } }]
current-context: here
`;

/** A project `shop` whose stack \`dev\` runs these lines, from line 7 on. */
const konfigFile = (...lines: string[]) => `import { AppConfig, input, project, Service, type Stack } from '@konfig/sdk';
import { here } from '../../workspaces/here';

class App extends AppConfig {
  constructor(stack: Stack) {
    super(stack, 'shop');
${lines.map((line) => `    ${line}`).join('\n')}
  }
}

export default project('shop', { owner: 'team-shop' }).stack('dev', here, (stack) => new App(stack), { namespace: 'shop' });
`;

const web = "new Service(this, 'web', { containers: { web: { image: 'web:1', ports: { http: 8080 } } } });";

let monorepo: Monorepo;
afterEach(() => monorepo.remove());

function shop(...lines: string[]): Monorepo {
  monorepo = makeMonorepo({
    'tsconfig.json': JSON.stringify({
      compilerOptions: { strict: true, target: 'es2023', module: 'node20', moduleResolution: 'node16', skipLibCheck: true, types: [] },
      include: ['projects', 'workspaces'],
    }),
    'workspaces/here.ts': workspace,
    'projects/shop/konfig.ts': konfigFile(...lines),
    // Port 9 is «discard»: nothing listens there.
    'kubeconfig.yaml': kubeconfig('https://127.0.0.1:9'),
  });
  return monorepo;
}

const said = ({ stdout, stderr }: Ran) => `${stdout}${stderr}`;

/** No line that names a file of ours, and no «at function (file:line)». */
function expectNoStackTrace(ran: Ran): void {
  expect(said(ran)).not.toMatch(/^\s+at .*[(/].*:\d+:\d+\)?$/m);
  expect(said(ran)).not.toMatch(/packages\/(cli|sdk|core|engine|runtimes)\/(src|dist)/);
}

test('a type error is told with its line, and stops before the world is asked', async () => {
  const ran = await shop("new Service(this, 'web', { containers: { web: { image: 42, ports: { http: 8080 } } } });").konfig(
    'synth',
    'shop/dev',
  );
  expect(ran.code).toBe(3);
  expect(said(ran)).toMatch(/PROGRAM_INVALID[\s\S]*'number' is not assignable to type[\s\S]*projects\/shop\/konfig\.ts:7/);
  expectNoStackTrace(ran);
});

test('a tsconfig.json that cannot be read is told, not passed over', async () => {
  const made = shop(web);
  made.write('tsconfig.json', JSON.stringify({ extends: './nowhere.json' }));
  const ran = await made.konfig('synth', 'shop/dev');
  expect(ran.code).toBe(3);
  expect(said(ran)).toMatch(/PROGRAM_INVALID[\s\S]*TS\d+[\s\S]*nowhere\.json[\s\S]*--no-type-check/);
});

test('a syntax error is told with its line', async () => {
  const ran = await shop('const x = ;').konfig('synth', 'shop/dev');
  expect(ran.code).toBe(3);
  expect(said(ran)).toMatch(/PROGRAM_INVALID[\s\S]*Unexpected ";"[\s\S]*projects\/shop\/konfig\.ts:7/);
  expectNoStackTrace(ran);
});

test('an import that leads nowhere is told with its line', async () => {
  const made = shop(web);
  made.write('projects/shop/konfig.ts', `import { nothing } from './nothing';\n${made.read('projects/shop/konfig.ts')}\nnothing();\n`);
  const ran = await made.konfig('synth', 'shop/dev');
  expect(ran.code).toBe(3);
  expect(said(ran)).toMatch(/PROGRAM_INVALID[\s\S]*\.\/nothing[\s\S]*projects\/shop\/konfig\.ts:1/);
  expectNoStackTrace(ran);
});

test('an exception in user code is told with its message and the line that threw', async () => {
  const ran = await shop("if (stack) throw new TypeError('no region for ' + 'dev');").konfig('synth', 'shop/dev');
  expect(ran.code).toBe(3);
  expect(said(ran)).toMatch(/PROGRAM_THREW[\s\S]*no region for dev[\s\S]*projects\/shop\/konfig\.ts:7/);
  expectNoStackTrace(ran);
});

test('an exception at the top of a module is told with its line', async () => {
  const made = shop(web);
  made.write('projects/shop/konfig.ts', `${made.read('projects/shop/konfig.ts')}\nthrow new Error('too early');\n`);
  const ran = await made.konfig('synth', 'shop/dev', '--no-type-check');
  expect(ran.code).toBe(3);
  expect(said(ran)).toMatch(/PROGRAM_THREW[\s\S]*too early[\s\S]*projects\/shop\/konfig\.ts:13/);
  expectNoStackTrace(ran);
});

test('a program that never ends is stopped, and named', async () => {
  const ran = await shop('while (stack) {}').konfig('synth', 'shop/dev', '--no-type-check', '--synth-timeout', '1');
  expect(ran.code).toBe(3);
  expect(said(ran)).toMatch(/PROGRAM_TIMEOUT[\s\S]*shop\/dev was still running after 1 s/);
  expectNoStackTrace(ran);
});

test('a program that ends its process is named', async () => {
  const ran = await shop('(globalThis as unknown as { process: { exit(code: number): void } }).process.exit(7);').konfig(
    'synth',
    'shop/dev',
    '--no-type-check',
  );
  expect(ran.code).toBe(3);
  expect(said(ran)).toMatch(
    /PROGRAM_IMPURE {2}The program ends or signals a process: process\.exit\(\)\.[\s\S]*projects\/shop\/konfig\.ts:7/,
  );
  expectNoStackTrace(ran);
});

test('a program reads no file outside the monorepo', async () => {
  const made = shop("require('node:fs').readFileSync('/etc/hostname');");
  const ran = await made.konfig('synth', 'shop/dev', '--no-type-check');
  expect(ran.code).toBe(3);
  expect(said(ran)).toMatch(
    /PROGRAM_IMPURE {2}The program uses the file system: fs\.readFileSync\(\)\.[\s\S]*input\.file[\s\S]*projects\/shop\/konfig\.ts:7/,
  );
});

test('what a program prints is printed, all of it, beside the manifests and not in them', async () => {
  const ran = await shop(web, "for (let i = 0; i < 20000; i++) console.log('line', i);").konfig('synth', 'shop/dev', '--no-type-check');
  expect(ran.code).toBe(0);
  expect(ran.stderr.split('\n').filter((line) => line.startsWith('line '))).toHaveLength(20_000);
  expect(ran.stdout).toMatch(/^---\napiVersion/);
});

test('a project that is not called as its folder is refused: two could share one name, and one inventory', async () => {
  const made = shop(web);
  made.write('projects/other/konfig.ts', made.read('projects/shop/konfig.ts'));
  const ran = await made.konfig('synth', 'other/dev');
  expect(ran.code).toBe(3);
  expect(said(ran)).toMatch(/PROGRAM_INVALID {2}The project in the folder other calls itself "shop"\.[\s\S]*projects\/other\/konfig\.ts/);
});

test('an unknown stack names those that there are', async () => {
  const ran = await shop(web).konfig('preview', 'shop/prod');
  expect(said(ran)).toMatch(/STACK_UNKNOWN[\s\S]*prod[\s\S]*dev/);
  expect(ran.code).not.toBe(0);
  expectNoStackTrace(ran);
});

test('an unknown project suggests the one that was meant', async () => {
  const ran = await shop(web).konfig('preview', 'shpo/dev');
  expect(said(ran)).toMatch(/STACK_UNKNOWN[\s\S]*"shpo"[\s\S]*Did you mean shop\?/);
  expectNoStackTrace(ran);
});

test('two objects with one id are told with both lines', async () => {
  const ran = await shop(
    web,
    "new Service(this, 'other', { name: 'web', containers: { web: { image: 'web:2', ports: { http: 8080 } } } });",
  ).konfig('synth', 'shop/dev', '--no-type-check');
  expect(ran.code).toBe(3);
  expect(said(ran)).toMatch(/SPEC_DUPLICATE[\s\S]*main:Deployment\.apps\/shop\/web is made twice/);
  expect(said(ran)).toMatch(/konfig\.ts:7/);
  expect(said(ran)).toMatch(/konfig\.ts:8/);
  expectNoStackTrace(ran);
});

test('a cycle of dependencies is told as a loop with its lines', async () => {
  const service = (name: string) =>
    `const ${name} = new Service(this, '${name}', { containers: { web: { image: 'web:1', ports: { http: 8080 } } } });`;
  const ran = await shop(service('a'), service('b'), 'a.dependsOn(b);', 'b.dependsOn(a);').konfig('preview', 'shop/dev');
  expect(ran.code).toBe(3);
  expect(said(ran)).toMatch(/SPEC_CYCLE[\s\S]*waits for itself[\s\S]*konfig\.ts:[78][\s\S]*konfig\.ts:[78]/);
  expectNoStackTrace(ran);
});

test('a missing environment value is told with its name and line, and read when it is there', async () => {
  const made = shop("new Service(this, 'web', { containers: { web: { image: 'web:' + input.env('SHOP_TAG'), ports: { http: 8080 } } } });");
  const ran = await made.konfig('synth', 'shop/dev');
  expect(ran.code).toBe(3);
  expect(said(ran)).toMatch(/INPUT_MISSING[\s\S]*SHOP_TAG[\s\S]*projects\/shop\/konfig\.ts:7/);
  expectNoStackTrace(ran);
  expect((await made.start(['synth', 'shop/dev'], { SHOP_TAG: '1.2.3' }).ended).stdout).toContain('image: web:1.2.3');
});

/** A ConfigMap whose data is this expression. */
const configMap = (data: string) =>
  `(this as any).made = new (require('cdk8s').ApiObject)(this, 'c', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' }, data: ${data} });`;

test.each([
  ['NaN', '{ a: Number.NaN }', /SPEC_INVALID[\s\S]*data\.a is NaN, which no manifest can say/],
  ['undefined in a list', '{ a: [undefined] }', /SPEC_INVALID[\s\S]*data\.a\[0\] is undefined/],
  ['a BigInt', '{ a: 10n }', /SPEC_INVALID[\s\S]*data\.a is a bigint/],
  ['a function', '{ a: () => 1 }', /SPEC_INVALID[\s\S]*data\.a is a function/],
  ['a symbol', "{ a: Symbol('x') }", /SPEC_INVALID[\s\S]*data\.a is a symbol/],
  ['a cycle', '(() => { const a: any = {}; a.a = a; return a; })()', /SPEC_INVALID[\s\S]*a cycle/],
  ['a getter that throws', "{ get a() { throw new Error('no region'); } }", /no region[\s\S]*konfig\.ts:7/],
  ['a text of 50 MB', "{ a: 'x'.repeat(50_000_000) }", /SPEC_INVALID[\s\S]*text of 50000000 characters[\s\S]*konfig\.ts:7/],
  ['a lone surrogate', "{ a: 'a\\ud800' }", /SPEC_INVALID[\s\S]*half of a character, \\ud800 without its other half[\s\S]*konfig\.ts:7/],
  ['a lone surrogate in a key', "{ 'a\\udc00': '1' }", /SPEC_INVALID[\s\S]*half of a character, \\udc00[\s\S]*konfig\.ts:7/],
])('%s in a manifest is told with its line', async (_, data, message) => {
  const ran = await shop(configMap(data)).konfig('synth', 'shop/dev', '--no-type-check');
  expect(ran.code).toBe(3);
  expect(said(ran)).toMatch(message);
  expectNoStackTrace(ran);
});

test('installed packages that are not the locked ones are named with both versions', async () => {
  const made = shop(web);
  const lock = (packages: object) => JSON.stringify({ lockfileVersion: 3, packages });
  const locked = {
    'node_modules/a': { version: '1.2.0' },
    'node_modules/b': { version: '2.0.0' },
    'node_modules/c': { version: '3.0.0', optional: true },
  };
  made.write('package-lock.json', lock({ '': {}, ...locked }));
  made.write('node_modules/.package-lock.json', lock({ 'node_modules/a': { version: '1.1.0' } }));
  const ran = await made.konfig('synth', 'shop/dev', '--no-type-check');
  expect(ran.code).toBe(3);
  expect(said(ran)).toMatch(
    /PROGRAM_PACKAGES {2}a is installed as 1\.1\.0, but package-lock\.json has 1\.2\.0\.\s+Install what is locked: npm ci\./,
  );
  expect(said(ran)).toMatch(/PROGRAM_PACKAGES {2}b 2\.0\.0 is in package-lock\.json, but not installed\./);
  expect(said(ran).match(/PROGRAM_PACKAGES/g)).toHaveLength(2);
});

test('a package that somebody has put in the place of the locked one is named when it is loaded', async () => {
  const made = shop(web);
  const lock = JSON.stringify({
    lockfileVersion: 3,
    packages: { 'node_modules/a': { version: '1.2.0' }, 'node_modules/b': { version: '1.0.0' } },
  });
  made.write('package-lock.json', lock);
  made.write('node_modules/.package-lock.json', lock);
  for (const name of ['a', 'b']) {
    made.write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' }));
    made.write(`node_modules/${name}/index.js`, 'exports.one = 1;');
  }
  expect(await made.konfig('synth', 'shop/dev', '--no-type-check')).toMatchObject({ code: 0 });
  made.write('projects/shop/konfig.ts', `import 'a';\nimport 'b';\n${made.read('projects/shop/konfig.ts')}`);
  const ran = await made.konfig('synth', 'shop/dev', '--no-type-check');
  expect(ran.code).toBe(3);
  expect(said(ran)).toMatch(/PROGRAM_PACKAGES {2}a is installed as 1\.0\.0, but package-lock\.json has 1\.2\.0\./);
  expect(said(ran).match(/PROGRAM_PACKAGES/g)).toHaveLength(1);
});

test('packages that npm links out of a store are where they belong', async () => {
  const made = shop(web);
  const lock = (packages: object) => JSON.stringify({ lockfileVersion: 3, packages });
  made.write('package-lock.json', lock({ 'node_modules/a': { version: '1.2.0' } }));
  made.write('node_modules/.package-lock.json', lock({ 'node_modules/.store/a@1.2.0-x/node_modules/a': { version: '1.2.0' } }));
  expect(await made.konfig('synth', 'shop/dev', '--no-type-check')).toMatchObject({ code: 0 });
});

test('a bad label is told at its own line, not at that of a function which makes the object', async () => {
  const made = shop(
    "const make = (metadata: object) => new KubernetesObject(this, 'c', { apiVersion: 'v1', kind: 'ConfigMap', metadata });",
    'make({ labels: {',
    "  team: 'the shop',",
    '} });',
  );
  made.write('projects/shop/konfig.ts', `${made.read('projects/shop/konfig.ts')}import { KubernetesObject } from '@konfig/sdk';\n`);
  const ran = await made.konfig('synth', 'shop/dev', '--no-type-check');
  expect(said(ran).replace(/\s+/g, ' ')).toMatch(
    /PROPS_INVALID The label team is 'the shop', [\s\S]*metadata\.labels \(projects\/shop\/konfig\.ts:9\)/,
  );
});

test('what a package throws is told with the field that read it, or the line of the program that called, however deep below', async () => {
  const library =
    "exports.getter = { get boom() { throw new Error('no region'); } };\nexports.deep = function deep(n) { return n === 0 ? null.x : deep(n - 1); };\n";
  const withLibrary = (line: string) => {
    const made = shop(line);
    made.write('node_modules/lib/package.json', JSON.stringify({ name: 'lib', version: '1.0.0', main: 'index.js' }));
    made.write('node_modules/lib/index.js', library);
    made.write(
      'projects/shop/konfig.ts',
      `${made.read('projects/shop/konfig.ts')}import { KubernetesObject } from '@konfig/sdk';\nimport * as lib from 'lib';\n`,
    );
    return made.konfig('synth', 'shop/dev', '--no-type-check');
  };
  const object = "apiVersion: 'v1', kind: 'ConfigMap', data: { all: lib.getter as never }";
  const read = await withLibrary(`new KubernetesObject(this, 'config', { ${object} });`);
  expect(said(read).replace(/\s+/g, ' ')).toMatch(
    /SPEC_INVALID data\.all\.boom is a getter that throws: Error: no region\. [\s\S]*konfig\.ts:7\)/,
  );
  const called = await withLibrary('lib.deep(60);');
  expect(said(called).replace(/\s+/g, ' ')).toMatch(
    /PROGRAM_THREW TypeError: Cannot read properties of null [\s\S]*at projects\/shop\/konfig\.ts:7/,
  );
});

test('two copies of constructs in one program are one clear error with both folders', async () => {
  const made = shop(web);
  made.write('node_modules/old/package.json', JSON.stringify({ name: 'old', version: '1.0.0', main: 'index.js' }));
  made.write('node_modules/old/index.js', "exports.Construct = require('constructs').Construct;");
  cpSync(join(__dirname, '../../../node_modules/constructs'), join(made.folder, 'node_modules/old/node_modules/constructs'), {
    recursive: true,
  });
  made.write('projects/shop/konfig.ts', `import 'old';\n${made.read('projects/shop/konfig.ts')}`);
  const ran = await made.konfig('synth', 'shop/dev', '--no-type-check');
  expect(ran.code).toBe(3);
  expect(said(ran).replace(/\s+/g, ' ')).toMatch(
    /PROGRAM_PACKAGES The program loads 2 copies of constructs: \S*node_modules\/constructs and \S*node_modules\/old\/node_modules\/constructs\./,
  );
  expect(said(ran)).toContain('npm dedupe');
});

test('a copy of the SDK that a package brings is told too, however often the program has run', async () => {
  const made = shop(web);
  expect(await made.konfig('synth', 'shop/dev', '--no-type-check')).toMatchObject({ code: 0 });
  made.write('node_modules/old/package.json', JSON.stringify({ name: 'old', version: '1.0.0', main: 'index.js' }));
  made.write('node_modules/old/index.js', "exports.Service = require('@konfig/sdk').Service;");
  cpSync(join(__dirname, '../../sdk'), join(made.folder, 'node_modules/old/node_modules/@konfig/sdk'), {
    recursive: true,
    filter: (from) => !/[\\/](node_modules|test|src)$/.test(from),
  });
  made.write('projects/shop/konfig.ts', `import 'old';\n${made.read('projects/shop/konfig.ts')}`);
  const ran = await made.konfig('synth', 'shop/dev', '--no-type-check');
  expect(said(ran).replace(/\s+/g, ' ')).toMatch(
    /PROGRAM_PACKAGES The program loads 2 copies of @konfig\/sdk: \S*\/packages\/sdk and node_modules\/old\/node_modules\/@konfig\/sdk\./,
  );
  expect(ran.code).toBe(3);
});

test('an unreachable cluster is told with its address', async () => {
  const ran = await shop(web).konfig('preview', 'shop/dev');
  expect(ran.code).toBe(1);
  expect(said(ran)).toMatch(/TARGET_UNREACHABLE[\s\S]*127\.0\.0\.1:9/);
  expectNoStackTrace(ran);
});

test('a context that the kubeconfig does not have is told with those that it has', async () => {
  const made = shop(web);
  made.write('workspaces/here.ts', workspace.replace("context: 'here'", "context: 'there'"));
  const ran = await made.konfig('preview', 'shop/dev');
  expect(ran.code).toBe(1);
  expect(said(ran)).toMatch(/TARGET_CONFIG[\s\S]*there[\s\S]*here/);
  expectNoStackTrace(ran);
});

test('several mistakes are told at once', async () => {
  const ran = await shop(
    "new Service(this, 'a', { containers: { web: { image: 'web:1', ports: { http: 99999 } } } });",
    "new Service(this, 'b', { containers: { web: { image: 'web:1', ports: { http: 8080 } } }, replicas: -1 });",
  ).konfig('synth', 'shop/dev', '--no-type-check');
  expect(ran.code).toBe(3);
  expect(said(ran)).toMatch(/99999[\s\S]*konfig\.ts:7/);
  expect(said(ran)).toMatch(/-1[\s\S]*konfig\.ts:8/);
  expectNoStackTrace(ran);
});

test.each(['5 apples', '-5', 'soon'])('a duration that is none is refused: --lock-wait %s', async (wait) => {
  const ran = await shop(web).konfig('apply', 'shop/dev', `--lock-wait=${wait}`);
  expect(ran.code).toBe(1);
  expect(said(ran)).toMatch(/USAGE {2}--lock-wait is ".*", which is no duration\.[\s\S]*90s, 5m or 2h/);
  expectNoStackTrace(ran);
});

test('what the compiler and the sdk find is told together', async () => {
  const ran = await shop(
    "new Service(this, 'a', { containers: { web: { image: 'web:1', ports: { http: 8080 } } }, replicas: -1, repliccas: 2 });",
  ).konfig('synth', 'shop/dev');
  expect(ran.code).toBe(3);
  expect(said(ran)).toMatch(/PROPS_INVALID[\s\S]*-1/);
  expect(said(ran)).toMatch(/PROGRAM_INVALID[\s\S]*repliccas[\s\S]*konfig\.ts:7/);
});

test('a reader that goes away ends nothing with a stack trace', async () => {
  const running = shop(web, "for (let i = 0; i < 2000; i++) console.log('line', i);").start(['synth', 'shop/dev', '--no-type-check']);
  running.child.stdout?.destroy();
  running.child.stderr?.destroy();
  expect(await running.ended).toMatchObject({ code: 0 });
});

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s while the program is read ends with 130', async (signal) => {
  const running = shop("console.log('begun');", 'while (stack) {}').start(['synth', 'shop/dev', '--no-type-check']);
  await running.says(/begun/);
  running.child.kill(signal);
  expect(await running.ended).toMatchObject({ code: 130 });
});

test('a command without its stack asks for one', async () => {
  const ran = await shop(web).konfig('preview');
  expect(ran.code).toBe(1);
  expect(said(ran)).toMatch(/USAGE {2}The name of a stack is missing: PROJECT\/STACK/);
});

test('what stands behind -- is not dropped without a word', async () => {
  const ran = await shop(web).konfig('preview', 'shop/dev', '--', '--exit-code');
  expect(ran.code).toBe(1);
  expect(said(ran)).toMatch(/USAGE {2}Nothing may stand behind --, but there is: --exit-code/);
});

test('a command that is not there suggests the one that was meant', async () => {
  const ran = await shop(web).konfig('aply', 'shop/dev');
  expect(ran.code).toBe(1);
  expect(said(ran)).toMatch(/Did you mean apply\?/);
  expectNoStackTrace(ran);
});

test('without a terminal an apply asks for --yes and changes nothing', async () => {
  const ran = await shop(web).konfig('init', '.');
  expect(ran.code).toBe(1);
  expect(said(ran)).toMatch(/USAGE[\s\S]*is not empty/);
});
