// Our packages as strangers get them: packed, installed by npm into an empty folder outside of the repository, imported and type-checked there.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, posix } from 'node:path';
import { type Manifest, type Ran, type Registry, removeInstalled, startRegistry } from './registry';

const root = join(__dirname, '..');
const rooms = readdirSync(join(root, 'packages'));
const names = rooms.map((room) => `@konfig/${room}`);
const license = readFileSync(join(root, 'LICENSE'), 'utf8');

let registry: Registry;
beforeAll(async () => {
  registry = await startRegistry();
}, 120_000);
afterAll(() => registry.stop());

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) removeInstalled(folder);
});

test('all packages have one version, and ask for each other at exactly that version', () => {
  const manifests = rooms.map(manifestOf);
  const [version] = manifests.map((manifest) => manifest.version);
  expect(manifests.filter((manifest) => manifest.version !== version)).toEqual([]);
  const asked = [...rooms.map((room) => `packages/${room}`), 'konfig', 'konfig/platform', 'examples'].flatMap((folder) => {
    const { dependencies = {}, peerDependencies = {}, devDependencies = {} } = readManifest(join(root, folder));
    return Object.entries({ ...devDependencies, ...peerDependencies, ...dependencies }).filter(([name]) => names.includes(name));
  });
  expect(asked.length).toBeGreaterThan(rooms.length);
  expect(asked.filter(([, range]) => range !== version)).toEqual([]);
});

test('the next version is one for all packages, even when only one has changed', () => {
  const files = [...rooms.map((room) => `packages/${room}`), 'konfig', 'konfig/platform', 'examples', '.'].map(
    (place) => `${place}/package.json`,
  );
  const folder = outside(
    Object.fromEntries([...files, '.changeset/config.json'].map((file) => [file, readFileSync(join(root, file), 'utf8')])),
  );
  write(folder, { '.changeset/one.md': "---\n'@konfig/runtimes': minor\n---\n\nReads faster.\n" });
  const env = { PATH: process.env.PATH, HOME: folder };
  execFileSync('git', ['init', '-q'], { cwd: folder, env });
  const [major, minor] = manifestOf('core').version.split('.').map(Number);
  const next = `${major}.${(minor as number) + 1}.0`;
  execFileSync(process.execPath, [join(root, 'node_modules/@changesets/cli/bin.js'), 'version'], { cwd: folder, env, stdio: 'pipe' });
  const after = rooms.map((room) => readManifest(join(folder, 'packages', room)));
  expect(after.map(({ version }) => version)).toEqual(rooms.map(() => next));
  expect(readManifest(join(folder, 'packages/cli')).dependencies).toMatchObject({ '@konfig/core': next, '@konfig/runtimes': next });
  expect(readManifest(join(folder, 'konfig')).dependencies).toMatchObject({ '@konfig/cli': next });
  expect(readFileSync(join(folder, 'packages/runtimes/CHANGELOG.md'), 'utf8')).toContain('Reads faster.');
});

test.each(rooms)('the package.json of %s says what a registry and npm want to know', (room) => {
  expect(manifestOf(room)).toMatchObject({
    description: expect.stringMatching(/\w/),
    keywords: expect.arrayContaining(['kubernetes']),
    license: 'Apache-2.0',
    engines: { node: readManifest(root).engines?.node },
    publishConfig: { access: 'public' },
    exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' }, './package.json': './package.json' },
  });
  expect(manifestOf(room).private).toBeUndefined();
});

test.each(rooms)('the tarball of %s holds what it needs, and neither tests nor what the compiler notes for itself', (room) => {
  const tarball = tarballOf(room);
  expect(tarball.files).toEqual(
    expect.arrayContaining(['package.json', 'README.md', 'LICENSE', 'dist/index.js', 'dist/index.d.ts', 'src/index.ts']),
  );
  expect(tarball.files.filter((file) => /(^|\/)test\/|tsbuildinfo|node_modules/.test(file) && !file.startsWith('template/'))).toEqual([]);
  expect(tarball.read('LICENSE')).toBe(license);
});

// What lies in dist and has no source any more is removed by `npm run setup`.
test.each(rooms)('every source map of %s leads to a source that is in the tarball', (room) => {
  const { files, read } = tarballOf(room);
  const known = new Set(files);
  const maps = files.filter((file) => file.startsWith('dist/') && file.endsWith('.map'));
  expect(maps.length).toBeGreaterThan(0);
  const lost = maps.flatMap((map) => {
    const { sources, sourceRoot = '' } = JSON.parse(read(map)) as { readonly sources: readonly string[]; readonly sourceRoot?: string };
    return sources.map((source) => posix.join(dirname(map), sourceRoot, source)).filter((source) => !known.has(source));
  });
  expect(lost).toEqual([]);
  const mapped = files.filter((file) => /^dist\/.*\.(js|d\.ts)$/.test(file) && /\/\/# sourceMappingURL=(?!data:)/.test(read(file)));
  expect(mapped.filter((file) => !known.has(`${file}.map`))).toEqual([]);
});

test('each package can be imported and required where npm gives it only what its package.json names', async () => {
  const folder = outside({ 'package.json': '{ "private": true }' });
  // The linked strategy: a package sees its own dependencies and no others.
  await npm(folder, 'install', '--install-strategy=linked', ...names);
  for (const name of names) {
    const required = await node(folder, '-p', `Object.keys(require('${name}')).join(' ')`);
    const imported = await node(folder, '--input-type=module', '-e', `console.log(Object.keys(await import('${name}')).join(' '))`);
    expect([name, required.stderr, imported.stderr]).toEqual([name, '', '']);
    const exported = required.stdout.trim().split(' ');
    expect(exported).toContainEqual(expect.stringMatching(/\w/));
    expect(imported.stdout.trim().split(' ')).toEqual(expect.arrayContaining(exported));
  }
  expect((await node(folder, '-e', "require('undici')")).stderr).toMatch("Cannot find module 'undici'");
}, 120_000);

test.each(rooms)('nothing but its index can be imported from %s', async (room) => {
  const folder = outside({ 'package.json': '{ "private": true }' });
  const installed = join(folder, 'node_modules', '@konfig', room);
  mkdirSync(installed, { recursive: true });
  execFileSync('tar', ['-xzf', registry.tarballs.get(`@konfig/${room}`) as string, '-C', installed, '--strip-components=1']);
  expect((await node(folder, '-p', `require.resolve('@konfig/${room}/package.json')`)).code).toBe(0);
  const deep = await node(folder, '-p', `require.resolve('@konfig/${room}/dist/index.js')`);
  expect(deep.stderr).toContain('ERR_PACKAGE_PATH_NOT_EXPORTED');
});

// The oldest compiler that users may have, and the one that we use.
const compilers = [manifestIn('test/typescript-5.9/node_modules/typescript'), manifestIn('node_modules/typescript')];

describe.each(compilers)('with TypeScript $version as the user has it', ({ version }) => {
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'konfig-types-'));
    write(folder, { 'package.json': '{ "private": true, "konfig": { "projects": ["projects/*"] } }' });
    await npm(folder, 'install', '--install-strategy=linked', `typescript@${version}`, ...names);
  }, 120_000);
  afterAll(() => removeInstalled(folder));

  const user = `
import { main, processShell, type Shell } from '@konfig/cli';
import { type Cluster, type ClusterOptions, startCluster } from '@konfig/cluster';
import { KonfigError, makePlan, type Plan, type Problem, type Spec } from '@konfig/core';
import { apply, preview, type World } from '@konfig/engine';
import * as platform from '@konfig/platform';
import { kubernetesRuntime } from '@konfig/runtimes';
import { AppConfig, embeddedCluster, project, Service, type Stack, workspace } from '@konfig/sdk';

class Shop extends AppConfig {
  constructor(stack: Stack, props: { readonly replicas: number }) {
    super(stack, 'shop');
    const web = new Service(this, 'web', { containers: { web: { image: 'shop:1', ports: { http: 8080 } } }, replicas: props.replicas });
    const { address }: { readonly address: string } = web.port('http');
    // @ts-expect-error there is no such port
    web.port('grpc');
    // @ts-expect-error replicas are a number
    new Service(this, address, { containers: { web: { image: 'shop:1' } }, replicas: '2' });
  }
}
export const shop = project('shop').stack('dev', workspace('dev', { kubernetes: embeddedCluster() }), (stack) => new Shop(stack, { replicas: 2 }));
export const code: Promise<number> = main(['--version'], processShell());
export const problems = (error: unknown): readonly Problem[] => (error instanceof KonfigError ? error.problems : []);
export async function start(options: ClusterOptions): Promise<Cluster> {
  return startCluster(options);
}
export const parts = [makePlan, apply, preview, platform, kubernetesRuntime];
export type Nouns = [Plan, Spec, World, Shell];
// @ts-expect-error not an any
export const wrong: number = makePlan;
`;
  const settings = [
    { name: 'node16', module: 'node16', files: ['user.cts', 'user.mts'] },
    { name: 'nodenext', module: 'nodenext', files: ['user.cts', 'user.mts'] },
    { name: 'bundler', module: 'esnext', moduleResolution: 'bundler', files: ['user.ts'] },
  ];

  test.each(settings)(
    'the public types hold under strict with $name, in CommonJS and in ES modules',
    async ({ name, files, ...options }) => {
      // Without types of the user's own, and looking into every declaration file.
      const compilerOptions = { strict: true, skipLibCheck: false, target: 'es2022', lib: ['es2023'], types: [], noEmit: true, ...options };
      const config = JSON.stringify({ compilerOptions, files });
      write(folder, { ...Object.fromEntries(files.map((file) => [file, user])), [`${name}.json`]: config });
      // undici asks for the types of Node without a dependency on them: only errors of the user's and of ours count.
      const { stdout } = await tsc(folder, '-p', `${name}.json`);
      expect(stdout.split('\n').filter((line) => !/^node_modules\/(?!.*@konfig\/)/.test(line))).toEqual(['']);
    },
  );

  test('konfig asks that compiler, and tells its errors with their lines', async () => {
    write(folder, {
      'tsconfig.json': JSON.stringify({
        compilerOptions: { strict: true, module: 'node20', noEmit: true, types: [] },
        include: ['projects'],
      }),
      'projects/shop/konfig.ts': `import { embeddedCluster, project, Service, workspace } from '@konfig/sdk';
export default project('shop').stack('dev', workspace('dev', { kubernetes: embeddedCluster() }), (stack) => {
  const replicas: number = 'two'.length > 2 ? 2 : '3';
  new Service(stack, 'web', { containers: { web: { image: 'shop:1' } }, replicas: Number(replicas) });
});
`,
    });
    const refused = await registry.run(folder, 'npx', 'konfig', 'synth', 'shop/dev');
    expect(refused.stderr).toMatch(
      /PROGRAM_INVALID.*'string \| number' is not assignable to type 'number'.*\(TS2322\)[\s\S]*projects\/shop\/konfig\.ts:3/,
    );
    expect(refused.code).toBe(3);
    const file = join(folder, 'projects/shop/konfig.ts');
    writeFileSync(file, readFileSync(file, 'utf8').replace("'3'", '3'));
    expect(await registry.run(folder, 'npx', 'konfig', 'synth', 'shop/dev')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('replicas: 2'),
    });
    // A command that is installed elsewhere brings its own packages, which the program's process must be able to read.
    const elsewhere = await node(folder, join(root, 'packages/cli/bin/konfig.js'), 'synth', 'shop/dev');
    expect([elsewhere.code, elsewhere.stderr]).toEqual([0, '']);
  });
});

/** A folder outside of the repository. */
function outside(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'konfig-outside-'));
  folders.push(folder);
  write(folder, files);
  return folder;
}

function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
}

function node(folder: string, ...args: string[]): Promise<Ran> {
  return registry.run(folder, process.execPath, ...args);
}

async function npm(folder: string, ...args: string[]): Promise<void> {
  const { code, stdout, stderr } = await registry.run(folder, 'npm', ...args);
  if (code !== 0) throw new Error(`npm ${args.join(' ')} ended with ${code}:\n${stdout}\n${stderr}`);
}

function tsc(folder: string, ...args: string[]): Promise<Ran> {
  return node(folder, 'node_modules/typescript/bin/tsc', ...args);
}

function tarballOf(room: string): { readonly files: readonly string[]; read(file: string): string } {
  const tarball = registry.tarballs.get(`@konfig/${room}`) as string;
  const listed = execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8' });
  return {
    files: listed.split('\n').flatMap((line) => (line && !line.endsWith('/') ? [line.replace(/^package\//, '')] : [])),
    read: (file) => readFileSync(join(unpacked(tarball), 'package', file), 'utf8'),
  };
}

const unpackedFolders = new Map<string, string>();
afterAll(() => {
  for (const folder of unpackedFolders.values()) removeInstalled(folder);
});

function unpacked(tarball: string): string {
  const known = unpackedFolders.get(tarball);
  if (known) return known;
  const folder = mkdtempSync(join(tmpdir(), 'konfig-unpacked-'));
  execFileSync('tar', ['-xzf', tarball, '-C', folder]);
  unpackedFolders.set(tarball, folder);
  return folder;
}

type WithDependencies = Manifest & {
  readonly private?: boolean;
  readonly engines?: { readonly node: string };
} & { readonly [kind in 'dependencies' | 'devDependencies' | 'peerDependencies']?: Readonly<Record<string, string>> };

function manifestOf(room: string): WithDependencies {
  return readManifest(join(root, 'packages', room));
}

function manifestIn(folder: string): Manifest {
  return readManifest(join(root, folder));
}

function readManifest(folder: string): WithDependencies {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}
