// konfig verify --determinism: a program that depends on nothing but its inputs gives the same under all conditions; one that does is told by what,
// and where.
import { existsSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { copyMonorepo, type Monorepo, makeMonorepo } from '../../../test/scenarios/monorepo';

const workspace = `import { kubernetes, workspace } from '@konfig/sdk';
export const here = workspace('here', { kubernetes: kubernetes({ context: 'here' }) });
`;

let monorepo: Monorepo;
afterEach(() => monorepo.remove());

/** A stack \`shop/dev\` with a ConfigMap of one value, in line 6, written as this expression. */
function shop(value: string, files: { readonly [file: string]: string } = {}, imports = ''): Monorepo {
  monorepo = makeMonorepo({
    'workspaces/here.ts': workspace,
    'projects/shop/konfig.ts': `import { input, KubernetesObject, Manifest, project } from '@konfig/sdk';
import { here } from '../../workspaces/here';
${imports}
declare const __dirname: string;
export default project('shop').stack('dev', here, (stack) => {
  new KubernetesObject(stack, 'config', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'config' }, data: { value: \`\${${value}}\` } });
  new Manifest(stack, 'more', { folder: 'k8s' });
}, { namespace: 'shop' });
`,
    'projects/shop/k8s/b.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: b }\n',
    'projects/shop/k8s/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n',
    ...files,
  });
  return monorepo;
}

const packageFiles = (name: string, code: string) => ({
  [`node_modules/${name}/package.json`]: JSON.stringify({ name, version: '1.0.0', main: 'index.js' }),
  [`node_modules/${name}/index.js`]: code,
});

test("the company's monorepo gives the same under all conditions, and the copy of it is gone afterwards", async () => {
  monorepo = copyMonorepo();
  const copies = () => readdirSync(tmpdir()).filter((name) => name.startsWith('konfig-verify-')).length;
  const before = copies();
  const { code, stdout } = await monorepo.konfig('verify', '--determinism', '--all', '--output', 'json');
  const { stacks } = JSON.parse(stdout) as { readonly stacks: readonly { readonly stack: string; readonly isSame: boolean }[] };
  expect(stacks.filter(({ isSame }) => !isSame)).toEqual([]);
  expect(stacks.map(({ stack }) => stack)).toContain('boutique/prod');
  expect(code).toBe(0);
  expect(copies()).toBeLessThanOrEqual(before);
});

test('manifests in a folder and declared inputs differ under no condition', async () => {
  const running = shop("input.env('RELEASE')").start(['verify', '--determinism', 'shop/dev'], { RELEASE: 'v1' });
  expect(await running.ended).toMatchObject({ code: 0, stdout: expect.stringMatching(/shop\/dev +the same under all conditions/) });
});

test.each([
  ['the folder', '__dirname', {}, '', 'in another folder'],
  ['the time zone', 'new Date(0).getHours()', {}, '', 'under another time zone'],
  [
    'the locale, by a package',
    'thousand()',
    packageFiles('numbers', 'exports.thousand = () => (1234.5).toLocaleString();'),
    "import { thousand } from 'numbers';",
    'under another locale',
  ],
  [
    'what a package found in the clock while it was loaded',
    'year',
    packageFiles('year', 'exports.year = new Date().getFullYear();'),
    "import { year } from 'year';",
    'at another time, with other random values',
  ],
  [
    'the machine that a package found while it was loaded',
    'workers',
    packageFiles('workers', "exports.workers = require('os').cpus().length;"),
    "import { workers } from 'workers';",
    'on another machine',
  ],
  [
    'when a file of a package was written',
    'written',
    packageFiles('written', "exports.written = require('fs').statSync(__filename).mtimeMs;"),
    "import { written } from 'written';",
    'at another time, with other random values',
  ],
])('%s that gets into the Spec is told with the field and its line; exit code 3', async (_, value, files, imports, how) => {
  const { code, stdout, stderr } = await shop(value, files, imports).konfig('verify', '--determinism', 'shop/dev');
  expect(stdout).toMatch(/shop\/dev +differs/);
  expect(stderr).toContain('PROGRAM_VARIES');
  expect(stderr.replace(/\s+/g, ' ')).toContain(how);
  expect(stderr.replace(/\s+/g, ' ')).toMatch(/data\.value is .*, but .*projects\/shop\/konfig\.ts:6/);
  expect(code).toBe(3);
});

test('a program that fails elsewhere is told with what went wrong there', async () => {
  const { code, stderr } = await shop("__dirname.includes('elsewhere') ? (undefined as any).x : 1").konfig(
    'verify',
    '--determinism',
    'shop/dev',
  );
  expect(stderr.replace(/\s+/g, ' ')).toMatch(/PROGRAM_VARIES shop\/dev gives no Spec in another folder\..*PROGRAM_THREW TypeError/);
  expect(code).toBe(3);
});

test('an impure program is told as one', async () => {
  const { code, stdout, stderr } = await shop('Date.now()').konfig('verify', '--determinism', 'shop/dev');
  expect(stdout).toMatch(/shop\/dev +gives no Spec/);
  expect(stderr).toMatch(/PROGRAM_IMPURE[\s\S]*konfig\.ts:6/);
  expect(code).toBe(3);
});

test.each([
  [['verify', 'shop/dev'], /USAGE {2}It is not said what to verify\.[\s\S]*--determinism/],
  [['verify', '--determinism'], /USAGE {2}No stack is named\./],
])('konfig %s is asked for what is missing', async (args, said) => {
  expect(await shop('1').konfig(...args)).toMatchObject({ code: 1, stderr: expect.stringMatching(said) });
  expect(existsSync(monorepo.folder)).toBe(true);
});
