// What a program reads from outside is declared, given by the command, and part of the stack's key.
import { type Monorepo, makeMonorepo } from '../../../test/scenarios/monorepo';

const program = `import { input, kubernetes, KubernetesObject, project, workspace } from '@konfig/sdk';
const here = workspace('here', { kubernetes: kubernetes({ context: 'here' }) });
const titleOf = (value: unknown) => (value as { title: string }).title;
export default project('shop').stack('dev', here, (stack) => {
  const data = { commit: input.env('COMMIT', { otherwise: 'none' }), title: input.json('dashboard.json', titleOf), motd: input.file('../../motd.txt') };
  new KubernetesObject(stack, 'config', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'config' }, data });
}, { namespace: 'shop' });
`;

let monorepo: Monorepo;
afterEach(() => monorepo.remove());

function shop(): Monorepo {
  monorepo = makeMonorepo({
    'projects/shop/konfig.ts': program,
    'projects/shop/dashboard.json': '{"title": "Orders"}',
    'motd.txt': 'hello',
  });
  return monorepo;
}

interface Printed {
  readonly key: string;
  readonly inputs: readonly { readonly kind: string; readonly name: string; readonly digest: string }[];
}

async function printed(env: NodeJS.ProcessEnv = {}): Promise<Printed & { readonly text: string }> {
  const { stdout, stderr } = await monorepo.start(['synth', 'shop/dev', '--no-type-check', '--format', 'spec'], env).ended;
  expect(stderr).toBe('');
  return { ...(JSON.parse(stdout) as Printed), text: stdout };
}

test('a Spec is printed with what it depends on: names and digests, never values', async () => {
  shop();
  const { inputs } = await printed({ COMMIT: 'a1b2c3' });
  expect(inputs).toEqual([
    { kind: 'env', name: 'COMMIT', digest: expect.stringMatching(/^[0-9a-f]{64}$/) },
    { kind: 'file', name: 'motd.txt', digest: expect.stringMatching(/^[0-9a-f]{64}$/) },
    { kind: 'file', name: 'projects/shop/dashboard.json', digest: expect.stringMatching(/^[0-9a-f]{64}$/) },
    { kind: 'path', name: 'motd.txt', digest: expect.any(String) },
    { kind: 'path', name: 'projects/shop/dashboard.json', digest: expect.any(String) },
  ]);
  expect(JSON.stringify(inputs)).not.toContain('a1b2c3');
});

test('the key changes with each input and with the program, and with nothing else', async () => {
  const made = shop();
  const keys = [(await printed()).key, (await printed({ COMMIT: 'a' })).key];
  made.write('motd.txt', 'good bye');
  keys.push((await printed()).key);
  made.write('projects/shop/konfig.ts', program.replace("'config',", "'settings',"));
  keys.push((await printed()).key);
  expect(new Set(keys).size).toBe(4);
  expect((await printed({ OTHER: 'value', TZ: 'Asia/Tokyo' })).key).toBe(keys[3]);
});

test('the key changes with the code of packages that no lock file names, of ES modules also behind the first; and with the lock file of whoever', async () => {
  const made = shop();
  const files = {
    'node_modules/plain/package.json': '{"name": "plain", "main": "index.js"}',
    'node_modules/plain/index.js': "require('./more');",
    'node_modules/modern/package.json': '{"name": "modern", "type": "module", "main": "index.js"}',
    'node_modules/modern/index.js': "import './more.js';",
  };
  for (const [file, text] of Object.entries(files)) made.write(file, text);
  made.write('projects/shop/konfig.ts', `import 'plain';\nimport 'modern';\n${program}`);
  const keys: string[] = [];
  const change = async (file: string, text: string) => {
    made.write(file, text);
    keys.push((await printed()).key);
  };
  made.write('node_modules/modern/more.js', '');
  await change('node_modules/plain/more.js', '');
  await change('node_modules/plain/more.js', 'exports.changed = true;');
  await change('node_modules/modern/more.js', 'export const changed = true;');
  await change('yarn.lock', 'plain@1:');
  await change('pnpm-lock.yaml', 'plain: 1');
  expect(new Set(keys).size).toBe(5);
  made.write('node_modules/plain/README.md', 'changed');
  expect((await printed()).key).toBe(keys[4]);
});

test('the values arrive where they are read', async () => {
  shop();
  const { stdout } = await monorepo.start(['synth', 'shop/dev', '--no-type-check'], { COMMIT: 'a1b2c3' }).ended;
  expect(stdout).toMatch(/commit: a1b2c3\n {2}motd: hello\n {2}title: Orders/);
});

test('a file that is not there is told with its line', async () => {
  const made = shop();
  made.write('projects/shop/konfig.ts', program.replace('dashboard.json', 'dashbord.json'));
  const { code, stderr } = await made.konfig('synth', 'shop/dev', '--no-type-check');
  expect(stderr).toMatch(/INPUT_MISSING {2}There is no file dashbord\.json\.[\s\S]*projects\/shop\/konfig\.ts:5/);
  expect(code).toBe(3);
});
