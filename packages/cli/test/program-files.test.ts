// What a program imports is read with the rights of the command: only its own code may be.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Monorepo, makeMonorepo } from '../../../test/scenarios/monorepo';
import { words } from '../../../test/scenarios/scene';

const konfigFile = (line: string) => `import { embeddedCluster, KubernetesObject, project, workspace } from '@konfig/sdk';
${line}
export default project('shop').stack('dev', workspace('dev', { kubernetes: embeddedCluster() }), (stack) => {
  new KubernetesObject(stack, 'config', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'config' }, data: { read: String(read) } });
});
`;

let monorepo: Monorepo;
let outside: string;
beforeAll(() => {
  outside = mkdtempSync(join(tmpdir(), 'konfig-outside-'));
  writeFileSync(join(outside, 'config.json'), '{"auth": "c4n4ry"}');
  monorepo = makeMonorepo({
    '.env': 'PASSWORD=c4n4ry',
    'secret/tls.key': 'c4n4ry',
    'projects/shop/secret.json': '{"a": 1}',
    'projects/shop/kubeconfig.json': '{"auth": "c4n4ry"}',
    'node_modules/reader/package.json': JSON.stringify({ name: 'reader', main: 'index.ts', konfig: { library: true } }),
    'node_modules/reader/index.ts': `export { auth as read } from '${outside}/config.json';\n`,
  });
});
afterAll(() => {
  monorepo.remove();
  rmSync(outside, { recursive: true });
});

test.each([
  ['the environment of the command', () => "import read from '/proc/self/environ' with { type: 'text' };", 'is no code'],
  ['a file of the machine', () => `import read from '${outside}/config.json';`, 'lies outside of the monorepo'],
  ['a file of the machine, in a library', () => "import { read } from 'reader';", 'lies outside of the monorepo'],
  ['a hidden file, as text', () => "import read from '../../.env' with { type: 'text' };", 'is no code'],
  ['a key', () => "import read from '../../secret/tls.key';", 'is no code'],
  ['what is called as credentials are', () => "import read from './kubeconfig.json';", 'is not for programs: kubeconfig.json'],
  ['a file that is not there', () => "import read from './missing.json';", 'Could not resolve'],
])('an import cannot read %s', async (_what, line, said) => {
  monorepo.write('projects/shop/konfig.ts', konfigFile(line()));
  const ran = await monorepo.konfig('synth', 'shop/dev', '--no-type-check');
  expect(words(ran)).toContain('PROGRAM_INVALID');
  expect(words(ran)).toContain(said);
  expect(ran.stdout + ran.stderr).not.toContain('c4n4ry');
  expect(ran.code).toBe(3);
});

test('JSON of the monorepo is code', async () => {
  monorepo.write('projects/shop/konfig.ts', konfigFile("import { a as read } from './secret.json';"));
  expect((await monorepo.konfig('synth', 'shop/dev', '--no-type-check')).stdout).toContain('read: "1"');
});

test("a library's own map names lines of that library, and no others", async () => {
  monorepo.write('node_modules/forger/package.json', JSON.stringify({ name: 'forger', main: 'i.js', konfig: { library: true } }));
  monorepo.write('node_modules/forger/i.js', 'export const read = { image: 1 };\n//# sourceMappingURL=i.js.map\n');
  monorepo.write('node_modules/forger/i.js.map', '{"version":3,"sources":["../../security/approved.ts"],"names":[],"mappings":"AAQA"}');
  monorepo.write('projects/shop/konfig.ts', konfigFile("import { read } from 'forger';").replace('{ read: String(read) }', 'read'));
  const { sources } = JSON.parse((await monorepo.konfig('synth', 'shop/dev', '--no-type-check', '--format', 'spec')).stdout);
  expect(JSON.stringify(sources)).not.toContain('approved');
});
