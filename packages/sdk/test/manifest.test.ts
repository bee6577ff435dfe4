import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { sourceOf } from '@konfig/core';
import { AppConfig, Manifest, project, Service, type Stack } from '@konfig/sdk';
import { at, dev, manifestsOf, place, problemsIn, problemsOf, specOf } from './synth';

const here = (text: string) => place(__filename, text);

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A new folder with these files, its path as a program beside this test would write it. */
function folderWith(files: { readonly [name: string]: string }): string {
  const folder = mkdtempSync(join(tmpdir(), 'konfig-manifest-'));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return relative(__dirname, folder);
}

function synth(fill: (stack: Stack) => unknown) {
  const result = project('shop').stack('dev', dev, fill, { namespace: 'shop' }).synth('dev');
  if (result.problems) throw new Error(JSON.stringify(result.problems, null, 2));
  return result;
}

const web = `apiVersion: v1
kind: Service
metadata: { name: web }
spec:
  ports: [{ port: 80 }]
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 1
  template:
    spec:
      containers:
        - name: web
          image: web:1
          emptyDir: {}
        - name: log
          image: log:1
`;

test('A file becomes objects, as it stands there and with nothing added but the namespace of the stack', () => {
  const folder = folderWith({ 'web.yaml': web });
  const made = manifestsOf((stack) => new Manifest(stack, 'legacy', { file: join(folder, 'web.yaml') }), { namespace: 'shop' });
  expect(Object.keys(made)).toEqual(['Deployment/web', 'Namespace/shop', 'Service/web']);
  expect(made['Deployment/web']).toEqual({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'shop' },
    spec: {
      replicas: 1,
      template: {
        spec: {
          containers: [
            { name: 'web', image: 'web:1', emptyDir: {} },
            { name: 'log', image: 'log:1' },
          ],
        },
      },
    },
  });
});

test('The lines of a file are the lines of its objects and fields; what the program changes has the line of the call', () => {
  const folder = folderWith({ 'web.yaml': web });
  const { output } = synth((stack) => {
    new Manifest(stack, 'patched', {
      file: join(folder, 'web.yaml'),
      override: { 'Deployment/web': { spec: { template: { spec: { containers: [{ name: 'log', image: 'log:2' }] } } } } },
    });
  });
  const id = 'main:Deployment.apps/shop/web';
  const file = relative(process.cwd(), join(__dirname, folder, 'web.yaml'));
  const lineOf = (path: string) => sourceOf(output.sources, id, path);
  const name = (line: number) => ({ file: file.startsWith('..') ? join(__dirname, folder, 'web.yaml') : file, line });
  expect(output.sources[id]?.made).toEqual(name(7));
  expect(lineOf('spec.replicas')).toEqual(name(12));
  expect(lineOf('spec.template.spec.containers[name=web].image')).toEqual(name(17));
  expect(lineOf('spec.template.spec.containers[name=log].name')).toEqual(name(19));
  expect(lineOf('spec.template.spec.containers[name=log].image')).toEqual(here("new Manifest(stack, 'patched', {"));
  expect(lineOf('spec.template.spec.containers[1].image')).toEqual(here("new Manifest(stack, 'patched', {"));
});

test('Its objects can be waited for, referred to and patched', () => {
  const spec = specOf((stack) => {
    const legacy = new Manifest(stack, 'legacy', { yaml: web });
    const app = new Service(stack, 'app', {
      containers: { app: { image: 'app:1', env: { WEB: legacy.object('Service', 'web').output('spec.clusterIP') } } },
      defaults: 'none',
    });
    app.dependsOn(legacy.object('Deployment', 'web'));
  });
  const app = spec.resources.find(({ id }) => id === 'main:Deployment.apps/app');
  expect(app?.dependsOn).toEqual([{ on: 'main:Deployment.apps/web', until: 'ready' }]);
  expect(at(app?.attributes, 'spec.template.spec.containers.0.env')).toEqual([
    { name: 'WEB', value: { $concat: [{ $ref: { resource: 'main:Service/web', path: ['spec', 'clusterIP'] } }] } },
  ]);
});

test('What is laid over it may be known only later', () => {
  const made = manifestsOf((stack) => {
    const legacy = new Manifest(stack, 'legacy', { yaml: web });
    new Manifest(stack, 'config', {
      yaml: 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: web }\ndata: { a: b }\n',
      override: { 'ConfigMap/web': { data: { ip: legacy.object('Service', 'web').output('spec.clusterIP') } } },
    });
  });
  expect(made['ConfigMap/web']?.data).toEqual({ a: 'b', ip: { $ref: { resource: 'main:Service/web', path: ['spec', 'clusterIP'] } } });
});

test('transform changes objects and leaves some out', () => {
  const made = manifestsOf((stack) => {
    new Manifest(stack, 'legacy', {
      yaml: web,
      transform: (object) =>
        object.kind === 'Service' ? undefined : { ...object, metadata: { ...object.metadata, labels: { team: 'shop' } } },
    });
  });
  expect(Object.keys(made)).toEqual(['Deployment/web']);
  expect(at(made['Deployment/web'], 'metadata.labels')).toEqual({ team: 'shop' });
});

test('A folder is read with all that is below it, in the order of names; other files are passed over', () => {
  const folder = folderWith({
    'b.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: b }\n',
    'a/one.yml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: one }\n',
    'a/two.json': '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"two"}}',
    'a/README.md': '# no manifest',
    '.git/x.yaml': 'no: manifest',
    'node_modules/x/x.yaml': 'no: manifest',
  });
  const legacy: Manifest[] = [];
  manifestsOf((stack) => legacy.push(new Manifest(stack, 'legacy', { folder })));
  expect(legacy[0]?.objects.map(({ name }) => name)).toEqual(['one', 'two', 'b']);
});

test('Folders for kustomize and Helm are told, with the command that goes first; a hidden file is a warning', () => {
  const problems = problemsIn((stack) => {
    new Manifest(stack, 'legacy', {
      folder: folderWith({ 'web.yaml': web, 'prod/kustomization.yaml': 'resources: []', 'prod/patch.yaml': 'x' }),
    });
    new Manifest(stack, 'chart', { folder: folderWith({ 'Chart.yaml': 'name: web', 'templates/web.yaml': '{{ x }}' }) });
    new Manifest(stack, 'hidden', { folder: folderWith({ 'web.yaml': web.replaceAll('name: web', 'name: other'), '.old.yaml': web }) });
  });
  expect(problems.map(({ message, severity = 'error' }) => `${severity}: ${message}`)).toEqual([
    'error: The folder prod is for kustomize; its files are no manifests by themselves.',
    'error: This folder is a Helm chart; its files are no manifests by themselves.',
    'warning: .old.yaml is hidden and was not read.',
  ]);
  expect(problems[0]?.hint).toContain('kustomize build prod |');
  expect(problems[1]?.hint).toContain('helm template NAME FOLDER |');
});

test('What is wrong in all files of a program is told at once, each with its line in the file', () => {
  const folder = folderWith({
    'a.yaml': 'apiVersion: v1\nkind: ConfigMap\n---\nkind: [\n',
    'b.yaml': '\nreplicas: 3\n',
    'bad.json': '\xff',
  });
  const problems = problemsIn((stack) => {
    new Manifest(stack, 'a', { folder });
    new Manifest(stack, 'b', { file: 'none.yaml' });
    new Manifest(stack, 'c', { yaml: 'apiVersion: v1\nkind: 3\nmetadata: { name: a }' });
    new Manifest(stack, 'd', {} as never);
    new Manifest(stack, 'e', { file: 3 as never });
    new Manifest(stack, 'f', { objects: [{ kind: 'Pod' }] });
  });
  expect(problems.map(({ source, at: path, message }) => `${source?.file.split('/').at(-1)}:${source?.line} ${path}: ${message}`)).toEqual([
    'a.yaml:5 shop/dev/a: This is no YAML: Flow sequence in block collection must be sufficiently indented and end with a ], at column 1.',
    'a.yaml:1 shop/dev/a: ConfigMap has no metadata.name.',
    'b.yaml:2 shop/dev/a: An object has no apiVersion.',
    'b.yaml:2 shop/dev/a: An object has no kind.',
    'b.yaml:2 shop/dev/a: An object has no metadata.name.',
    'bad.json:1 shop/dev/a: The text "ÿ" stands where a Kubernetes object is expected.',
    'none.yaml:1 shop/dev/b: There is no packages/sdk/test/none.yaml.',
    `manifest.test.ts:${here("'c', { yaml").line} shop/dev/c: In line 1 of its yaml: An object a has no kind.`,
    `manifest.test.ts:${here("'d', {}").line} shop/dev/d: It is told no source.`,
    `manifest.test.ts:${here("'e', { file").line} shop/dev/e.file: file is 3.`,
    `manifest.test.ts:${here("'e', { file").line} shop/dev/e: It is told no source.`,
    `manifest.test.ts:${here("'f', { objects").line} shop/dev/f.objects[0]: objects[0] is {"kind":"Pod"}.`,
  ]);
});

test('Two objects of one id are told with both lines, in one file and across files', () => {
  const one = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n';
  const folder = folderWith({ 'a.yaml': `${one}---\n${one}`, 'b.yaml': one });
  const problems = problemsIn((stack) => new Manifest(stack, 'legacy', { folder }));
  expect(problems.map(({ code, source, message }) => `${code} ${source?.line} ${/at \S*\/(\w+\.yaml:\d+)/.exec(message)?.[1]}`)).toEqual([
    'SPEC_DUPLICATE 5 a.yaml:1',
    'SPEC_DUPLICATE 1 a.yaml:1',
  ]);
});

test('A wrong label or name is told at its line in the file', () => {
  const folder = folderWith({
    'a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: A_b\n  labels:\n    app: 1\n  annotations:\n    note: yes\n',
  });
  expect(
    problemsIn((stack) => new Manifest(stack, 'legacy', { folder })).map(({ source, at: field }) => `${source?.line} ${field}`),
  ).toEqual([
    '4 shop/dev/legacy/ConfigMap-A_b.metadata.name',
    '5 shop/dev/legacy/ConfigMap-A_b.metadata.labels',
    '7 shop/dev/legacy/ConfigMap-A_b.metadata.annotations',
  ]);
});

test('What a cluster wrote into an object is left out, and told; what tools write without meaning it is left out silently', () => {
  const printed = `apiVersion: v1
kind: Service
metadata:
  name: web
  uid: 1-2
  resourceVersion: "12"
  creationTimestamp: "2026-01-01T00:00:00Z"
  annotations: { kubectl.kubernetes.io/last-applied-configuration: "{}", a: b }
status: { loadBalancer: {} }
`;
  const generated = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a, creationTimestamp: null }\nstatus: {}\n';
  const { output, warnings } = synth((stack) => new Manifest(stack, 'legacy', { yaml: `${printed}---\n${generated}` }));
  const service = output.spec.resources.find(({ type }) => type === 'v1/Service');
  expect(service?.attributes).toEqual({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'shop', annotations: { a: 'b' } },
  });
  expect(warnings?.map(({ message }) => message)).toEqual([
    'Service/web was printed by a cluster: uid, resourceVersion, creationTimestamp, kubectl.kubernetes.io/last-applied-configuration, status are left out.',
  ]);
});

test('A namespace of its own goes to namespaced objects; the scope of custom resources is found in definitions of the stack', () => {
  const yaml = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: sites.example.com }
spec: { group: example.com, scope: Cluster, names: { kind: Site, plural: sites } }
---
apiVersion: example.com/v1
kind: Site
metadata: { name: everywhere }
---
apiVersion: example.com/v1
kind: Page
metadata: { name: home }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: a, namespace: own }
`;
  const { resources } = specOf((stack) => new Manifest(stack, 'legacy', { yaml, namespace: 'pages' }), { namespace: 'shop' });
  expect(resources.map(({ id }) => id)).toEqual([
    'main:ConfigMap/own/a',
    'main:CustomResourceDefinition.apiextensions.k8s.io/sites.example.com',
    'main:Namespace/shop',
    'main:Page.example.com/pages/home',
    'main:Site.example.com/everywhere',
  ]);
});

test('An object that it does not have is told at the call, with the nearest name', () => {
  const lines = problemsOf((stack) => {
    const legacy = new Manifest(stack, 'legacy', { yaml: web, override: { 'Deployment/wep': { spec: {} } } });
    legacy.object('Deployment', 'webb').output('status.replicas');
  });
  expect(lines).toEqual([
    'PROPS_INVALID shop/dev/legacy.override: override changes Deployment/wep, which it does not have.',
    'PROPS_INVALID shop/dev/legacy: It has no Deployment/webb.',
  ]);
  const [first] = problemsIn((stack) => new Manifest(stack, 'legacy', { yaml: web }).object('Deployment', 'webb'));
  expect(first).toMatchObject({
    hint: 'Did you mean Deployment/web? It has Service/web, Deployment/web.',
    source: here("object('Deployment', 'webb'));"),
  });
});

test('A path counts from the file that calls, also within an app', () => {
  class Legacy extends AppConfig {
    constructor(stack: Stack, folder: string) {
      super(stack, 'app');
      new Manifest(this, 'legacy', { folder });
    }
  }
  const folder = folderWith({ 'web.yaml': web });
  expect(Object.keys(manifestsOf((stack) => new Legacy(stack, folder)))).toEqual(['Deployment/web', 'Service/web']);
});
