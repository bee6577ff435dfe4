// konfig explain: where a resource and its fields come from.
import { openEmbeddedCluster } from '../../../test/scenarios/embedded-cluster';
import { service } from '../../../test/scenarios/programs';
import { applied, said, sceneOf } from '../../../test/scenarios/scene';

const scene = sceneOf(openEmbeddedCluster);

test('a resource: its construct and line, what it waits for and what needs it, every field that it sets', async () => {
  const monorepo = scene.shop('whole', [service('web')]);
  const { code, stdout } = await monorepo.konfig('explain', 'whole/dev', 'Service/web');
  expect(code).toBe(0);
  expect(stdout).toBe(`Service/web  main:Service/whole/web
  made by     whole/dev/whole/web/Service
  at          projects/whole/app.ts:6
  waits for   Namespace/whole

apiVersion                                       v1
kind                                             Service
metadata.labels["app.kubernetes.io/component"]   web
metadata.labels["app.kubernetes.io/instance"]    whole-dev
metadata.labels["app.kubernetes.io/managed-by"]  konfig
metadata.labels["app.kubernetes.io/name"]        whole
metadata.labels["app.kubernetes.io/part-of"]     whole
metadata.name                                    web
metadata.namespace                               whole   projects/whole/konfig.ts:5
spec.ports[name=http].name                       http   projects/whole/app.ts:6
spec.ports[name=http].port                       8080   projects/whole/app.ts:6
spec.ports[name=http].targetPort                 http   projects/whole/app.ts:6
spec.selector["app.kubernetes.io/component"]     web
spec.selector["app.kubernetes.io/instance"]      whole-dev
spec.selector["app.kubernetes.io/name"]          whole
`);
});

test('a field by its end: value, line; one that refers to another resource or a secret says to which, and no value', async () => {
  const lines = [service('web', { container: "env: { PASSWORD: secret.env('PASSWORD') }" })];
  const monorepo = scene.shop('field', lines, { imports: 'Service, secret' });
  expect((await monorepo.konfig('explain', 'field/dev', 'web', 'image')).stdout).toBe(`Deployment/web  main:Deployment.apps/field/web

spec.template.spec.containers[name=web].image
  value       registry.example/web:1.0.0
  set at      projects/field/app.ts:6
`);
  const env = { PASSWORD: 'c4n4ry-in-the-mine' };
  expect(
    (await monorepo.start(['explain', 'field/dev', 'web-env', 'PASSWORD'], env).ended).stdout,
  ).toBe(`Secret/web-env  main:Secret/field/web-env

data.PASSWORD
  value       (secret: environment variable PASSWORD)
  set at      projects/field/app.ts:6
  secret      the environment variable PASSWORD
`);
});

test('--live says how it is in the cluster, and who set it', async () => {
  const { cluster } = scene;
  const monorepo = scene.shop('live', [service('web')]);
  expect((await monorepo.konfig('explain', 'live/dev', 'web', 'replicas', '--live')).stdout).toMatch(/live +is not there/);
  await applied(monorepo, 'live/dev');
  expect((await monorepo.konfig('explain', 'live/dev', 'web', 'replicas', '--live')).stdout).toMatch(/live +the same/);
  await cluster.patch('/apis/apps/v1/namespaces/live/deployments/web', { spec: { replicas: 5 } }, 'kubectl-edit');
  expect((await monorepo.konfig('explain', 'live/dev', 'web', 'replicas', '--live')).stdout).toMatch(
    /value +1\n[\s\S]*live +5, set by kubectl-edit (just now|\d+s ago)\n/,
  );
  const data = JSON.parse((await monorepo.konfig('explain', 'live/dev', 'web', 'replicas', '--live', '--output', 'json')).stdout);
  expect(data).toMatchObject({
    id: 'main:Deployment.apps/live/web',
    exists: true,
    fields: [{ field: 'spec.replicas', value: 1, live: { value: 5, by: { name: 'kubectl-edit' } }, source: { line: 6 } }],
  });
});

test('a command that has read the secrets masks them wherever else the program has written them out', async () => {
  const env = "env: { DBPW: secret.env('DBPW'), URL: 'postgres://u:plainpw-123@db' }";
  const monorepo = scene.shop('twice', [service('web', { container: env })], { imports: 'Service, secret' });
  const shown = async (...args: string[]) => (await monorepo.start(args, { DBPW: 'plainpw-123' }).ended).stdout;
  for (const text of [await shown('preview', 'twice/dev', '--verbose'), await shown('explain', 'twice/dev', 'Deployment/web', '--live')]) {
    expect(text).toContain('postgres://u:(secret)@db');
    expect(text).not.toContain('plainpw-123');
  }
});

test('what is not there, or not clear, is said with what there is', async () => {
  const monorepo = scene.shop('wrong', [service('web')]);
  expect(said(await monorepo.konfig('explain', 'wrong/dev', 'web'))).toMatch(
    /USAGE {2}"web" is the name of 2 resources of wrong\/dev\.\s+Write which: Deployment\/web, Service\/web\./,
  );
  expect(said(await monorepo.konfig('explain', 'wrong/dev', 'Deployment/web', 'replcias'))).toMatch(
    /USAGE {2}Deployment\/web does not set "replcias"\.\s+Did you mean replicas\?/,
  );
  expect((await monorepo.konfig('explain', 'wrong/dev', 'Deployment/web', 'replcias')).code).toBe(1);
});

test('a field of a manifest has the line that says it', async () => {
  const monorepo = scene.shop('manifest', []);
  monorepo.write(
    'k8s/pod.yaml',
    'apiVersion: v1\nkind: Pod\nmetadata: { name: web }\nspec:\n  containers:\n    - name: web\n      image: web:1\n',
  );
  const { stdout, stderr } = await monorepo.konfig('explain', 'manifest/dev', 'web', 'image', '-f', 'k8s');
  expect(stderr).toBe('');
  expect(stdout).toMatch(/ {2}value +web:1\n {2}set at +k8s\/pod\.yaml:7 {2}a manifest\n$/);
});
