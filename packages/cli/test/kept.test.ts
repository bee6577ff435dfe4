// What is kept from one command to the next must never be seen in what they say.
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type Monorepo, makeMonorepo } from '../../../test/scenarios/monorepo';
import { shortName, stampOf } from '../src/program/stamp';

const konfigFile = `import { embeddedCluster, KubernetesObject, project, workspace } from '@konfig/sdk';
import { text } from './text';

export default project('shop').stack('dev', workspace('dev', { kubernetes: embeddedCluster() }), (stack) => {
  new KubernetesObject(stack, 'config', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'config' }, data: { text } });
});
`;

const noSnapshot = 'Skipped: no snapshot can be made here, for want of namespaces, or by a Node whose modules cannot be in one.';

let monorepo: Monorepo;
beforeEach(() => {
  monorepo = makeMonorepo({ 'projects/shop/konfig.ts': konfigFile, 'projects/shop/text/index.ts': "export const text = 'first';\n" });
});
afterEach(() => monorepo.remove());

async function textOfConfig(...more: string[]): Promise<string | undefined> {
  const { stdout } = await monorepo.konfig('synth', 'shop/dev', '--no-type-check', ...more);
  return /^ {2}text: (.*)$/m.exec(stdout)?.[1];
}

test('a bundle is kept, and made anew when a file of it has changed', async () => {
  expect(await textOfConfig()).toBe('first');
  expect(readdirSync(join(monorepo.folder, '.konfig/cache')).filter((file) => file.startsWith('bundle-'))).toHaveLength(1);
  expect(await textOfConfig()).toBe('first');
  monorepo.write('projects/shop/text/index.ts', "export const text = 'other';\n");
  expect(await textOfConfig()).toBe('other');
});

test('a bundle, which holds the text of the program, is for the eyes of its user alone', async () => {
  expect(await textOfConfig()).toBe('first');
  const cache = join(monorepo.folder, '.konfig/cache');
  const modes = readdirSync(cache).flatMap((file) => (file.startsWith('bundle-') ? [statSync(join(cache, file)).mode & 0o777] : []));
  expect(modes).toEqual([0o600]);
});

test('a file that comes in the place of another is seen', async () => {
  expect(await textOfConfig()).toBe('first');
  monorepo.write('projects/shop/text.ts', "export const text = 'nearer';\n");
  expect(await textOfConfig()).toBe('nearer');
});

test('a tsconfig.json that changes what a name means is seen', async () => {
  monorepo.write('projects/shop/konfig.ts', konfigFile.replace("'./text'", "'words'"));
  const paths = (folder: string) => JSON.stringify({ compilerOptions: { paths: { words: [folder] } } });
  monorepo.write('projects/shop/second/index.ts', "export const text = 'second';\n");
  monorepo.write('tsconfig.json', paths('./projects/shop/text'));
  expect(await textOfConfig()).toBe('first');
  monorepo.write('tsconfig.json', paths('./projects/shop/second'));
  expect(await textOfConfig()).toBe('second');
});

test('a file of equal size and time is another file', async () => {
  const file = join(monorepo.folder, 'projects/shop/text/index.ts');
  expect(await textOfConfig()).toBe('first');
  const { atime, mtime } = statSync(file);
  monorepo.write('projects/shop/text/index.ts', "export const text = 'other';\n");
  utimesSync(file, atime, mtime);
  expect(await textOfConfig()).toBe('other');
});

test('a tsconfig.json that another one extends is seen', async () => {
  monorepo.write('projects/shop/konfig.ts', konfigFile.replace("'./text'", "'words'"));
  const paths = (folder: string) => JSON.stringify({ compilerOptions: { paths: { words: [folder] } } });
  monorepo.write('projects/shop/second/index.ts', "export const text = 'second';\n");
  monorepo.write('tsconfig.json', JSON.stringify({ extends: './tsconfig.base.json' }));
  monorepo.write('tsconfig.base.json', paths('./projects/shop/text'));
  expect(await textOfConfig()).toBe('first');
  monorepo.write('tsconfig.base.json', paths('./projects/shop/second'));
  expect(await textOfConfig()).toBe('second');
});

test('a library that a link now leads to, and one that now comes before, are seen', async () => {
  const library = (folder: string, text: string) => {
    monorepo.write(`${folder}/package.json`, JSON.stringify({ name: '@acme/words', main: 'index.ts', konfig: { library: true } }));
    monorepo.write(`${folder}/index.ts`, `export const text = '${text}';\n`);
  };
  monorepo.write('projects/shop/konfig.ts', konfigFile.replace("'./text'", "'@acme/words'"));
  library('libraries/a', 'a');
  library('libraries/b', 'b');
  const link = join(monorepo.folder, 'node_modules/@acme/words');
  mkdirSync(join(link, '..'), { recursive: true });
  symlinkSync('../../libraries/a', link);
  expect(await textOfConfig()).toBe('a');
  rmSync(link);
  symlinkSync('../../libraries/b', link);
  expect(await textOfConfig()).toBe('b');
  library('projects/node_modules/@acme/words', 'nearer');
  expect(await textOfConfig()).toBe('nearer');
});

test('a bundle that is cut off is made anew', async () => {
  expect(await textOfConfig()).toBe('first');
  const [file] = readdirSync(join(monorepo.folder, '.konfig/cache')).filter((name) => name.startsWith('bundle-'));
  const whole = JSON.parse(monorepo.read(`.konfig/cache/${file}`));
  for (const text of ['{"version": "', JSON.stringify({ ...whole, bundle: {} }), 'null']) {
    monorepo.write(`.konfig/cache/${file}`, text);
    expect(await textOfConfig()).toBe('first');
  }
});

describe('what the compiler said', () => {
  const wrong = "export const text: number = 'first';\n";
  const synth = () => monorepo.konfig('synth', 'shop/dev');
  const told = async () => /\(TS\d+\)/.exec((await synth()).stderr)?.[0];
  const tsconfig = (strict: boolean) =>
    JSON.stringify({ compilerOptions: { strict, module: 'nodenext', noEmit: true }, include: ['projects'] });

  beforeEach(() => monorepo.write('tsconfig.json', tsconfig(true)));

  test('is kept while nothing has changed that it read, errors too', async () => {
    monorepo.write('projects/shop/text/index.ts', wrong);
    expect(await told()).toBe('(TS2322)');
    // Whoever asks it once more gets another answer than this.
    const kept = JSON.parse(monorepo.read('.konfig/cache/types.json')) as { readonly text: string };
    monorepo.write('.konfig/cache/types.json', JSON.stringify({ ...kept, text: kept.text.replace('TS2322', 'TS9999') }));
    expect(await told()).toBe('(TS9999)');
    monorepo.write('projects/shop/text/index.ts', `${wrong}// changed\n`);
    expect(await told()).toBe('(TS2322)');
  });

  test('is asked for again when another file comes that is checked too, a package, or other settings', async () => {
    monorepo.write('projects/shop/text/index.ts', "import type { Two } from '../two';\nexport const text: Two = 'two';\n");
    expect(await told()).toBe('(TS2307)');
    monorepo.write('projects/shop/two.ts', 'export type Two = string;\n');
    expect(await told()).toBeUndefined();
    monorepo.write(
      'projects/shop/text/index.ts',
      "export function same(one) {\n  return one;\n}\nexport const text: string = same('one');\n",
    );
    expect(await told()).toBe('(TS7006)');
    monorepo.write('tsconfig.json', tsconfig(false));
    expect(await told()).toBeUndefined();
    monorepo.write('projects/shop/text/index.ts', "import type { Word } from 'words';\nexport const text: Word = 'first';\n");
    expect(await told()).toBe('(TS2307)');
    monorepo.write(
      'node_modules/words/package.json',
      JSON.stringify({ name: 'words', version: '1.0.0', main: 'index.js', types: 'index.d.ts' }),
    );
    monorepo.write('node_modules/words/index.d.ts', 'export type Word = number;\n');
    expect(await told()).toBe('(TS2322)');
  });

  test('is not believed when it is cut off', async () => {
    expect(await told()).toBeUndefined();
    for (const text of ['{"version": "', '{}', 'null']) {
      monorepo.write('projects/shop/text/index.ts', wrong);
      monorepo.write('.konfig/cache/types.json', text);
      expect(await told()).toBe('(TS2322)');
    }
  });
});

test('packages from the cache are the same as from their files', async () => {
  const cache = join(__dirname, '../../../node_modules/.cache/konfig');
  const kept = () => (existsSync(cache) ? readdirSync(cache).filter((file) => file.endsWith('.bin')) : []);
  for (const file of kept()) rmSync(join(cache, file), { force: true });
  const without = await monorepo.konfig('synth', 'shop/dev', '--no-type-check', '--format', 'spec');
  const { code } = await monorepo.konfig('__packages', join(monorepo.folder, 'projects/shop'), '1024');
  expect(code).toBe(0);
  expect(kept()).not.toEqual([]);
  for (const file of kept()) truncateSync(join(cache, file), 100_000);
  expect(await monorepo.konfig('synth', 'shop/dev', '--no-type-check', '--format', 'spec')).toEqual(without);
  expect((await monorepo.konfig('__packages', join(monorepo.folder, 'projects/shop'), '1024')).code).toBe(0);
  expect(await monorepo.konfig('synth', 'shop/dev', '--no-type-check', '--format', 'spec')).toEqual(without);
});

test('a process that starts from a snapshot does what one without it does', async () => {
  const cache = join(__dirname, '../../../node_modules/.cache/konfig');
  const snapshots = () => (existsSync(cache) ? readdirSync(cache).filter((file) => file.endsWith('.snapshot')) : []);
  const synth = () => monorepo.konfig('synth', 'shop/dev', '--no-type-check', '--format', 'spec');
  const thrown = async () => {
    monorepo.write(
      'projects/shop/text/index.ts',
      "export const text = 'first';\nDate.now();\ntry { require.resolve('/etc/hostname'); } catch {}\nthrow new Error('too early');\n",
    );
    return monorepo.konfig('synth', 'shop/dev', '--no-type-check');
  };
  // How deep its stack is, down to what called it.
  const depth = "Error.stackTraceLimit = 1000;\nexport const text = String(new Error('here').stack?.split('\\n').length);\n";
  monorepo.write('projects/shop/text/index.ts', depth);
  for (const file of existsSync(cache) ? readdirSync(cache) : []) if (!file.includes('-')) rmSync(join(cache, file), { force: true });
  const [without, thrownWithout] = [await synth(), await thrown()];
  expect(thrownWithout.stderr).toMatch(/too early[\s\S]*projects\/shop\/text\/index\.ts:4/);
  expect((await monorepo.konfig('__packages', join(monorepo.folder, 'projects/shop'), '1024')).code).toBe(0);
  if (snapshots().length === 0) return console.log(noSnapshot);
  monorepo.write('projects/shop/text/index.ts', depth);
  expect([await synth(), await thrown()]).toEqual([without, thrownWithout]);
});

const terraformFile = `import { embeddedCluster, project, terraform, workspace } from '@konfig/sdk';
import { TerraformResource, TerraformStack } from 'cdktf';

const dev = workspace('dev', { kubernetes: embeddedCluster(), targets: { terraform: terraform() } });
export default project('shop').stack('dev', dev, (stack) => {
  const cloud = new TerraformStack(stack, 'cloud');
  new TerraformResource(cloud, 'data', { terraformResourceType: 'terraform_data' });
});
`;

test('cdktf is in the snapshot for programs that require it, and in that of no other', async () => {
  monorepo.write('projects/shop/konfig.ts', terraformFile);
  const project = join(monorepo.folder, 'projects/shop');
  const synth = () => monorepo.konfig('synth', 'shop/dev', '--no-type-check', '--format', 'spec');
  const snapshotOf = () => (JSON.parse(readFileSync(startOf(project), 'utf8')) as { snapshot?: string }).snapshot;
  const make = async (...companions: string[]) =>
    expect((await monorepo.konfig('__packages', project, '1024', ...companions)).code).toBe(0);
  const without = await synth();
  expect(without.stdout).toContain('terraform_data');
  await make();
  await make('cdktf');
  // The first command that finds them says that they are there.
  expect([await synth(), await synth()]).toEqual([without, without]);
  const snapshot = snapshotOf();
  monorepo.write('projects/shop/konfig.ts', konfigFile);
  expect([await textOfConfig(), await textOfConfig()]).toEqual(['first', 'first']);
  if (snapshot === undefined) return console.log(noSnapshot);
  const holdsCdktf = (file = '') => readFileSync(file.replace(/snapshot$/, 'json'), 'utf8').includes('node_modules/cdktf/lib/index.js');
  expect([holdsCdktf(snapshot), holdsCdktf(snapshotOf())]).toEqual([true, false]);
});

/** Where it is kept how the process of a project was started the last time. */
function startOf(project: string): string {
  const cache = join(__dirname, '../../../node_modules/.cache/konfig');
  return join(cache, readdirSync(cache).find((file) => file.endsWith(`-start-${shortName(project)}.json`)) as string);
}

test('a start that is no longer right is not gone on with, and a better one is kept', async () => {
  expect(await textOfConfig()).toBe('first');
  const kept = startOf(join(monorepo.folder, 'projects/shop'));
  const right = readFileSync(kept, 'utf8');
  monorepo.write('projects/shop/text/index.ts', "export const text = String(require('node:fs').readFileSync('/etc/hostname'));\n");
  const { stderr } = await monorepo.konfig('synth', 'shop/dev', '--no-type-check');
  expect(stderr).toContain('readFileSync');
  for (const wrong of ['', 'null', JSON.stringify({ readable: ['/'] }), JSON.stringify({ ...JSON.parse(right), readable: ['/etc'] })]) {
    writeFileSync(kept, wrong);
    expect(await monorepo.konfig('synth', 'shop/dev', '--no-type-check')).toMatchObject({ code: 3, stdout: '', stderr });
    expect(readFileSync(kept, 'utf8')).toBe(right);
  }
});

test('a snapshot that is not one is done without', async () => {
  const cache = join(__dirname, '../../../node_modules/.cache/konfig');
  const make = () => monorepo.konfig('__packages', join(monorepo.folder, 'projects/shop'), '1024');
  expect((await make()).code).toBe(0);
  const places = readdirSync(cache).filter((file) => /^[^-]+\.json$/.test(file));
  const [place = ''] = places.map((file) => join(cache, file)).sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  const kept = JSON.parse(readFileSync(place, 'utf8')) as { name: string; hasSnapshot: boolean; stamps: { [file: string]: string } };
  if (!kept.hasSnapshot) return console.log(noSnapshot);
  const file = join(cache, `${kept.name}.snapshot`);
  for (const content of ['', 'no snapshot', undefined]) {
    if (content === undefined) rmSync(file);
    else writeFileSync(file, content);
    writeFileSync(place, JSON.stringify({ ...kept, stamps: { ...kept.stamps, [file]: stampOf(file) } }));
    expect(await monorepo.konfig('synth', 'shop/dev', '--no-type-check')).toMatchObject({ code: 0, stderr: '' });
  }
  expect((await make()).code).toBe(0);
});

test('a program that speaks as the system does, of namespaces that it does not give, is run once more and gives the same', async () => {
  expect((await monorepo.konfig('__packages', join(monorepo.folder, 'projects/shop'), '1024')).code).toBe(0);
  monorepo.write('projects/shop/text/index.ts', "console.error('unshare: not permitted');\nexport const text = 'first';\n");
  const { stdout, stderr } = await monorepo.konfig('synth', 'shop/dev', '--no-type-check');
  expect(stdout).toContain('text: first');
  expect(stderr).toBe('unshare: not permitted\n');
});
