// What konfig init writes, and what it leaves alone. That it works for a stranger is shown by test/getting-started.test.ts.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { type Monorepo, makeMonorepo } from './scenarios/monorepo';
import { words } from './scenarios/scene';

let outer: Monorepo;
afterEach(() => outer.remove());

const root = join(__dirname, '..');

describe('konfig init', () => {
  test('makes a monorepo of the name of its folder, and says what comes next', async () => {
    outer = makeMonorepo({});
    const made = await outer.konfig('init', 'My Shop');
    expect(made).toMatchObject({ code: 0, stdout: expect.stringMatching(/Next:\n {2}cd My Shop\n {2}npm install\n {2}npm test\n/) });
    expect(JSON.parse(outer.read('My Shop/package.json'))).toMatchObject({ name: 'my-shop', workspaces: ['platform'] });
    expect(JSON.parse(outer.read('My Shop/platform/package.json'))).toMatchObject({ name: '@my-shop/platform' });
    expect(outer.read('My Shop/projects/hello/app.ts')).toContain("from '@my-shop/platform'");
    expect(outer.read('My Shop/.gitignore')).toContain('.konfig/');
    expect(readdirSync(join(outer.folder, 'My Shop', '.github', 'workflows'))).toEqual(['konfig.yml']);
  });

  test('asks for this Konfig, and for the versions that its own tests run with', async () => {
    outer = makeMonorepo({});
    await outer.konfig('init', 'shop');
    const asked = JSON.parse(outer.read('shop/package.json'));
    const ours = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const sdk = JSON.parse(readFileSync(join(root, 'packages', 'sdk', 'package.json'), 'utf8'));
    const known = { ...ours.devDependencies, ...sdk.devDependencies, '@konfig/cli': sdk.version, '@konfig/sdk': sdk.version };
    const wanted: Record<string, string> = { ...asked.dependencies, ...asked.devDependencies };
    expect(wanted).toEqual(Object.fromEntries(Object.keys(wanted).map((name) => [name, known[name]])));
  });

  test('brings a workflow that checks, previews, and applies that plan once somebody has approved it', async () => {
    outer = makeMonorepo({});
    await outer.konfig('init', 'shop');
    const { jobs } = parse(outer.read('shop/.github/workflows/konfig.yml'));
    const stepsOf = (job: string) => jobs[job].steps.map(({ run, uses }: { run?: string; uses?: string }) => run ?? uses);
    expect(stepsOf('check')).toEqual(expect.arrayContaining(['npm ci', 'sh ci/konfig.sh check']));
    expect(stepsOf('preview')).toEqual(expect.arrayContaining(['sh ci/konfig.sh preview "$STACK"', 'actions/upload-artifact@v4']));
    expect(stepsOf('apply')).toEqual(expect.arrayContaining(['actions/download-artifact@v4', 'sh ci/konfig.sh apply']));
    expect(jobs).toMatchObject({ preview: { needs: 'check' }, apply: { needs: 'preview', environment: 'production' } });
  });

  test('fills a folder in which npm has just installed Konfig', async () => {
    outer = makeMonorepo({
      'shop/package.json': '{ "dependencies": { "@konfig/cli": "^0.1.0" } }',
      'shop/package-lock.json': '{}',
      'shop/node_modules/.package-lock.json': '{}',
      'shop/.npmrc': 'save-exact=true\n',
    });
    expect(await outer.start(['init'], {}, 'shop').ended).toMatchObject({ code: 0 });
    expect(JSON.parse(outer.read('shop/package.json'))).toMatchObject({ name: 'shop', konfig: { projects: ['projects/*'] } });
    expect(outer.read('shop/.npmrc')).toBe('save-exact=true\n');
  });

  test.each([
    ['notes.txt', 'mine'],
    ['README.md', 'mine'],
    ['package.json', '{ "name": "shop", "dependencies": { "@konfig/cli": "^0.1.0" } }'],
    ['package.json', '{ "dependencies": { "@konfig/cli": "^0.1.0", "express": "^5.0.0" } }'],
    ['package.json', 'no JSON'],
  ])('leaves a folder alone in which there is %s: %s', async (file, text) => {
    outer = makeMonorepo({ [`shop/${file}`]: text });
    const ran = await outer.konfig('init', 'shop');
    expect(ran.code).toBe(1);
    expect(words(ran)).toContain(`/shop is not empty: ${file}.`);
    expect(ran.stderr).toMatch(/^USAGE[\s\S]*Nothing was written\./m);
    expect(readdirSync(join(outer.folder, 'shop'))).toEqual([file]);
    expect(outer.read(`shop/${file}`)).toBe(text);
  });

  test('tells a file from a folder, and two names from one', async () => {
    outer = makeMonorepo({ shop: 'mine' });
    const one = await outer.konfig('init', 'shop');
    expect(one.code).toBe(1);
    expect(words(one)).toContain('/shop is a file.');
    const two = await outer.konfig('init', 'my', 'shop');
    expect(two).toMatchObject({ code: 1, stderr: expect.stringContaining('konfig init takes one folder, and got my and shop.') });
    expect(existsSync(join(outer.folder, 'my'))).toBe(false);
  });
});

describe('konfig init project', () => {
  const workspaces = `import { embeddedCluster, workspace } from '@konfig/sdk';
export const dev = workspace('dev', { kubernetes: embeddedCluster() });
export const prodEu = workspace('prod-eu', { kubernetes: embeddedCluster() });
`;

  test('makes a project with a stack for each workspace, which synthesises as it stands', async () => {
    outer = makeMonorepo({ 'workspaces/index.ts': workspaces });
    const made = await outer.konfig('init', 'project', 'web-shop');
    expect(made).toMatchObject({ code: 0, stdout: expect.stringContaining('npx konfig preview web-shop/dev') });
    expect(readdirSync(join(outer.folder, 'projects', 'web-shop')).sort()).toEqual(['app.ts', 'konfig.ts', 'web-shop.test.ts']);
    for (const stack of ['web-shop/dev', 'web-shop/prod-eu']) {
      expect(await outer.konfig('synth', stack)).toMatchObject({ code: 0, stdout: expect.stringContaining('kind: Deployment') });
    }
  });

  test.each([
    ['service', 'class ServiceApp'],
    ['3d', 'class App3d'],
    ['shop-api', 'class ShopApi'],
  ])('calls the app of %s by a name that TypeScript takes', async (name, text) => {
    outer = makeMonorepo({ 'workspaces/index.ts': workspaces });
    await outer.konfig('init', 'project', name);
    expect(outer.read(`projects/${name}/app.ts`)).toContain(text);
    expect(await outer.konfig('synth', `${name}/dev`)).toMatchObject({ code: 0 });
  });

  test.each(['Shop', 'a/b', '../shop', 'shop-', 'x'.repeat(64)])('refuses the name %s', async (name) => {
    outer = makeMonorepo({ 'workspaces/index.ts': workspaces });
    const ran = await outer.konfig('init', 'project', name);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toMatch(/^USAGE {2}A project cannot be called/m);
    expect(existsSync(join(outer.folder, 'projects'))).toBe(false);
  });

  test('says that the name is missing', async () => {
    outer = makeMonorepo({ 'workspaces/index.ts': workspaces });
    expect(await outer.konfig('init', 'project')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('The name of the project is missing.'),
    });
  });

  test('leaves what is there alone', async () => {
    outer = makeMonorepo({ 'workspaces/index.ts': workspaces, 'projects/shop/notes.txt': 'mine' });
    const ran = await outer.konfig('init', 'project', 'shop');
    expect(ran.code).toBe(1);
    expect(words(ran)).toMatch(/projects\/shop is there already\..*Nothing was written\./);
    expect(readdirSync(join(outer.folder, 'projects', 'shop'))).toEqual(['notes.txt']);
  });

  test('says what is missing around it', async () => {
    outer = makeMonorepo({});
    expect(words(await outer.konfig('synth', 'shop/dev'))).toContain('It has none. Make one: konfig init project NAME.');
    expect(words(await outer.konfig('init', 'project', 'shop'))).toMatch(/workspaces\/index\.ts is not there\./);
    outer.write('workspaces/index.ts', 'const dev = 1;\n');
    expect(words(await outer.konfig('init', 'project', 'shop'))).toMatch(/workspaces\/index\.ts exports none\./);
    outer.write('package.json', '{ "konfig": { "projects": ["teams/*/projects/*"] } }');
    expect(words(await outer.konfig('init', 'project', 'shop'))).toContain('says where a new project belongs: teams/*/projects/*.');
  });
});
