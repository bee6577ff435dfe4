import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { isKonfigError, type Problem } from '@konfig/core';
import { type ManifestStackRequest, readManifestStack } from '../src/program/read-manifests';

let cwd: string;

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'konfig-read-'));
});

afterEach(() => {
  rmSync(cwd, { recursive: true, force: true });
});

function write(files: { readonly [name: string]: string | Uint8Array }): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(cwd, name)), { recursive: true });
    writeFileSync(join(cwd, name), text);
  }
}

const configMap = (name: string, rest = '') => `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name} }\n${rest}`;

function read(files: readonly string[], more: Partial<ManifestStackRequest> = {}) {
  return readManifestStack({
    project: 'shop',
    stack: 'main',
    files,
    targets: { main: { runtime: 'kubernetes', config: { context: 'dev' } } },
    records: { store: 'kubernetes', target: 'main', namespace: 'konfig' },
    shell: { cwd },
    ...more,
  });
}

/** What is wrong, as `file:line message`. */
async function problemsOf(files: readonly string[], more: Partial<ManifestStackRequest> = {}): Promise<readonly string[]> {
  const text = ({ source, message }: Problem) => `${source ? `${source.file}:${source.line} ` : ''}${message}`;
  try {
    return ['read', ...(await read(files, more)).warnings.map(text)];
  } catch (error) {
    if (!isKonfigError(error)) throw error;
    return error.problems.map(text);
  }
}

test('A folder of manifests is a stack: its objects, its lines, and nothing else', async () => {
  write({
    'k8s/crd.yaml':
      'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: { name: sites.example.com }\nspec: { group: example.com, scope: Cluster, names: { kind: Site } }\n',
    'k8s/site.yaml': 'apiVersion: example.com/v1\nkind: Site\nmetadata: { name: here }\n',
    'k8s/app/web.yml': `# web\n${configMap('web', 'data:\n  LEVEL: info\n')}`,
    'k8s/app/other.json': '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"other","namespace":"elsewhere"}}',
  });
  const { spec, sources, warnings } = await read(['k8s'], { namespace: 'shop' });
  expect(warnings).toEqual([]);
  expect(spec).toMatchObject({
    project: 'shop',
    stack: 'main',
    workspace: 'none',
    targets: { main: { runtime: 'kubernetes', config: { context: 'dev', namespace: 'shop' } } },
    records: { store: 'kubernetes', target: 'main', namespace: 'konfig' },
    settings: { totalTimeout: 1800 },
  });
  expect(spec.resources.map(({ id, path }) => `${id} ${path}`)).toEqual([
    'main:ConfigMap/elsewhere/other shop/main/k8s--app--other.json/ConfigMap-other',
    'main:ConfigMap/shop/web shop/main/k8s--app--web.yml/ConfigMap-web',
    'main:CustomResourceDefinition.apiextensions.k8s.io/sites.example.com shop/main/k8s--crd.yaml/CustomResourceDefinition-sites.example.com',
    'main:Site.example.com/here shop/main/k8s--site.yaml/Site-here',
  ]);
  expect(spec.resources[1]?.attributes).toEqual({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'web', namespace: 'shop' },
    data: { LEVEL: 'info' },
  });
  expect(sources['main:ConfigMap/shop/web']).toMatchObject({
    made: { file: 'k8s/app/web.yml', line: 2 },
    fields: { 'data.LEVEL': { file: 'k8s/app/web.yml', line: 6 } },
  });
});

test('The namespace of custom resources that nobody here defines is left to the cluster, which knows whether they have one', async () => {
  const custom = (kind: string, namespace = '') => `apiVersion: example.com/v1\nkind: ${kind}\nmetadata: { name: a${namespace} }\n`;
  const defined = (kind: string, scope: string) =>
    `apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: { name: ${kind.toLowerCase()}s.example.com }\nspec: { group: example.com, scope: ${scope}, names: { kind: ${kind} } }\n`;
  write({
    'a.yaml': [
      ...['Issuer', 'Page', 'Site', 'Other'].map((kind) => custom(kind, kind === 'Other' ? ', namespace: own' : '')),
      'apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: { name: a }\n',
      defined('Page', 'Namespaced'),
      defined('Site', 'Cluster'),
    ].join('---\n'),
  });
  const { spec } = await read(['a.yaml'], { namespace: 'shop' });
  expect(spec.resources.map(({ id }) => id).filter((id) => !id.includes('CustomResourceDefinition'))).toEqual([
    'main:Ingress.networking.k8s.io/shop/a',
    'main:Issuer.example.com/a',
    'main:Other.example.com/own/a',
    'main:Page.example.com/shop/a',
    'main:Site.example.com/a',
  ]);
  expect(spec.targets.main?.config).toEqual({ context: 'dev', namespace: 'shop' });
});

test('Files, folders and standard input go together; what is named twice is read once', async () => {
  write({ 'a.txt': configMap('a'), 'k8s/b.yaml': configMap('b') });
  symlinkSync(join(cwd, 'a.txt'), join(cwd, 'k8s/linked.yaml'));
  symlinkSync(cwd, join(cwd, 'k8s/circle'));
  async function* stdin() {
    yield Buffer.from(configMap('c'));
  }
  const { spec, sources } = await read(['k8s', './k8s/b.yaml', '-'], { stdin: stdin() });
  expect(spec.resources.map(({ id }) => id)).toEqual(['main:ConfigMap/a', 'main:ConfigMap/b', 'main:ConfigMap/c']);
  expect(sources['main:ConfigMap/c']?.made).toEqual({ file: 'standard input', line: 1 });
  const single = await read(['a.txt']);
  expect(single.spec.resources.map(({ id }) => id)).toEqual(['main:ConfigMap/a']);
});

test('All that is wrong in all files comes out at once', async () => {
  write({
    'k8s/a.yaml': `${configMap('a')}---\nkind: x\n`,
    'k8s/b.yaml': configMap('a'),
    'k8s/c.yaml': 'a: [',
    'k8s/d.json': new Uint8Array([0x7b, 0xff]),
    'overlay/kustomization.yaml': 'resources: []',
  });
  expect(await problemsOf(['k8s', 'none', 'overlay', 'https://example.com/x.yaml'])).toEqual([
    'k8s/d.json:1 k8s/d.json is no UTF-8 text.',
    'none:1 There is no none.',
    'overlay:1 This folder is for kustomize; its files are no manifests by themselves.',
    'https://example.com/x.yaml is no file.',
    'k8s/a.yaml:5 x has no apiVersion.',
    'k8s/a.yaml:5 x has no metadata.name.',
    'k8s/c.yaml:1 This is no YAML: Flow sequence in block collection must be sufficiently indented and end with a ], at column 5.',
    'k8s/b.yaml:1 main:ConfigMap/a is made twice: here, and by shop/main/k8s--a.yaml/ConfigMap-a at k8s/a.yaml:1.',
  ]);
});

test('A folder without manifests, and files without objects, are no empty stack: an apply would delete all that it owns', async () => {
  write({ 'empty/README.md': '', 'void/a.yaml': '# nothing\n---\n' });
  expect(await problemsOf(['empty'])).toEqual(['empty:1 There are no manifests in empty.']);
  expect(await problemsOf(['void'])).toEqual(['void/a.yaml:1 There is no object in void/a.yaml.']);
});

test('Warnings stop nothing', async () => {
  write({ 'k8s/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { generateName: a- }\n', 'k8s/.b.yaml': configMap('b') });
  expect(await problemsOf(['k8s'])).toEqual([
    'read',
    'k8s/.b.yaml:1 .b.yaml is hidden and was not read.',
    expect.stringMatching(/^k8s\/a.yaml:1 ConfigMap has generateName: a-; here it is called a-[0-9a-f]{8}/),
  ]);
});
