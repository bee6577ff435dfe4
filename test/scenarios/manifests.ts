// A folder of YAML as a stack: no program, no monorepo.
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kubeconfigOf } from './cluster';
import { startCommand } from './monorepo';
import { type Scene, said, words } from './scene';

const web = `apiVersion: v1
kind: List
items:
  - apiVersion: v1
    kind: Namespace
    metadata: { name: yaml }
  - apiVersion: apps/v1
    kind: Deployment
    metadata: { name: web }
    spec:
      replicas: 1
      selector: { matchLabels: { app: web } }
      template:
        metadata: { labels: { app: web } }
        spec: { containers: [{ name: app, image: 'registry.example/web:1.0.0' }] }
`;

const widgets = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: widgets.yaml.example
  annotations: { konfig.dev/on-removal: delete }
spec:
  group: yaml.example
  scope: Namespaced
  names: { plural: widgets, singular: widget, kind: Widget }
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec: { type: object, properties: { size: { type: integer, maximum: 9 } } }
---
apiVersion: yaml.example/v1
kind: Widget
metadata: { name: small }
spec: { size: 1 }
`;

export function manifests(scene: Scene): void {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'konfig-yaml-'));
    mkdirSync(join(folder, 'k8s'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const write = (file: string, text: string) => writeFileSync(join(folder, file), text);
  const konfig = (...args: string[]) => {
    return startCommand(folder, [...args, '--kubeconfig', kubeconfigOf(scene.cluster)], {}).ended;
  };

  test('a folder of YAML is previewed, applied, changed, shown and destroyed like any stack', async () => {
    const { cluster } = scene;
    write('k8s/web.yaml', web);
    write('k8s/widgets.yaml', widgets);
    const stack = ['-f', 'k8s', '--stack', 'yaml/main', '--namespace', 'yaml'];
    const first = await konfig('preview', ...stack);
    expect(first.stdout).toMatch(/\+ Deployment\/web +k8s\/web\.yaml:7\n/);
    expect(first.stdout).toMatch(/\+ Widget\/small +.*k8s\/widgets\.yaml:20\n/);
    expect(await konfig('apply', ...stack, '--yes')).toMatchObject({ code: 0 });
    expect(await cluster.get('/apis/yaml.example/v1/namespaces/yaml/widgets/small')).toMatchObject({ spec: { size: 1 } });
    expect(await konfig('preview', ...stack, '--exit-code')).toMatchObject({ code: 0 });
    write('k8s/web.yaml', web.replace('replicas: 1', 'replicas: 2'));
    expect((await konfig('preview', ...stack)).stdout).toMatch(/spec\.replicas +1 → 2 +k8s\/web\.yaml:11\n/);
    expect(await konfig('apply', ...stack, '--yes')).toMatchObject({ code: 0 });
    expect((await konfig('status', 'yaml/main')).stdout).toMatch(/yaml\/main {2}release 2 {2}✔ succeeded[\s\S]*Widget\/small/);
    expect(await konfig('destroy', 'yaml/main', '--yes')).toMatchObject({ code: 0 });
    expect(await cluster.get('/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.yaml.example')).toBeUndefined();
    expect(await cluster.get('/api/v1/namespaces/yaml')).toBeUndefined();
  });

  test('a plan is not kept where it would hold a secret', async () => {
    write(
      'k8s/secret.yaml',
      'apiVersion: v1\nkind: Secret\nmetadata: { name: db, namespace: default }\nstringData: { password: correct horse }\n',
    );
    const refused = await konfig('preview', '-f', 'k8s', '--stack', 'yaml/secret', '-o', 'plan.json');
    expect(refused.code).toBe(3);
    expect(words(refused)).toMatch(/SPEC_SECRET_EXPOSED +Secret\/db has its values written out.*k8s\/secret\.yaml:1\b/);
    expect(said(refused)).not.toContain('correct horse');
    expect(existsSync(join(folder, 'plan.json'))).toBe(false);
  });

  test('all that is wrong in all files is told at once, with its lines; so is what is missing from the command', async () => {
    write('k8s/a.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {}\n---\nkind: ConfigMap\nmetadata: { name: two }\n');
    write('k8s/b.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: three\n');
    const refused = await konfig('apply', '-f', 'k8s', '--stack', 'yaml/bad', '--yes');
    expect(refused.code).toBe(3);
    expect(words(refused)).toMatch(/MANIFEST_INVALID.*k8s\/a\.yaml:1\b/);
    expect(words(refused)).toMatch(/MANIFEST_INVALID.*k8s\/a\.yaml:5\b/);
    expect(words(refused)).toMatch(/MANIFEST_INVALID.*k8s\/b\.yaml:[34]\b/);
    const nameless = await konfig('preview', '-f', 'k8s');
    expect(nameless.code).toBe(1);
    expect(words(nameless)).toMatch(/USAGE +The name of a stack is missing/);
  });
}
