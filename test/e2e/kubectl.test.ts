// The embedded cluster, as the real kubectl of the test bed sees it.
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Cluster, startCluster } from '@konfig/cluster';

let cluster: Cluster;
let folder: string;
let program: string;

beforeAll(async () => {
  const build = execFileSync('bash', [join(__dirname, '..', 'testbed', 'build.sh')], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .at(-1) as string;
  program = join(build, 'bin', 'kubectl');
  cluster = await startCluster({ podStartMillis: 20 });
  folder = mkdtempSync(join(tmpdir(), 'konfig-kubectl-'));
  writeFileSync(join(folder, 'kubeconfig'), cluster.kubeconfig());
}, 1_200_000);

afterAll(async () => {
  await cluster?.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Ran {
  readonly code: number;
  readonly text: string;
}

function kubectl(...args: string[]): Promise<Ran> {
  return new Promise((resolve) => {
    const options = { env: { PATH: process.env.PATH, HOME: folder, KUBECONFIG: join(folder, 'kubeconfig') } };
    execFile(program, args, options, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? 1 : 0, text: `${stdout}${stderr}` }),
    );
  });
}

const manifest = (image = 'registry.example/web:1.0.0') => `apiVersion: v1
kind: Namespace
metadata: { name: shop }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: app, image: '${image}', ports: [{ containerPort: 8080 }] }] }
---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec: { selector: { app: web }, ports: [{ port: 80, targetPort: 8080 }] }
`;

test('it knows its server, and what the server serves', async () => {
  expect((await kubectl('version')).text).toMatch(/Server Version: v1\.36\.\d/);
  expect((await kubectl('api-resources', '-o', 'name')).text).toMatch(/deployments\.apps\n/);
});

test('it applies, waits, describes, scales, sees a broken image, undoes it and deletes', async () => {
  const file = join(folder, 'shop.yaml');
  writeFileSync(file, manifest());
  expect(await kubectl('apply', '--server-side', '-f', file)).toMatchObject({ code: 0 });
  expect(await kubectl('rollout', 'status', '-n', 'shop', 'deployment/web', '--timeout=20s')).toMatchObject({
    code: 0,
    text: expect.stringContaining('successfully rolled out'),
  });
  expect((await kubectl('get', 'deployments', '-n', 'shop')).text).toMatch(/NAME +READY +UP-TO-DATE +AVAILABLE[\s\S]*web +2\/2 +2 +2/);
  expect((await kubectl('get', 'pods', '-n', 'shop', '-l', 'app=web', '-o', 'jsonpath={.items[*].status.phase}')).text).toBe(
    'Running Running',
  );
  expect((await kubectl('describe', 'deployment', '-n', 'shop', 'web')).text).toMatch(
    /Replicas: +2 desired \| 2 updated \| 2 total \| 2 available/,
  );
  expect((await kubectl('apply', '--server-side', '-f', file)).text).toContain('deployment.apps/web serverside-applied');
  expect(await kubectl('scale', '-n', 'shop', 'deployment/web', '--replicas=3')).toMatchObject({ code: 0 });
  expect(await kubectl('wait', '-n', 'shop', 'deployment/web', '--for=jsonpath={.status.readyReplicas}=3', '--timeout=20s')).toMatchObject({
    code: 0,
  });
  expect(await kubectl('set', 'image', '-n', 'shop', 'deployment/web', 'app=registry.example/web:does-not-exist')).toMatchObject({
    code: 0,
  });
  expect(await kubectl('rollout', 'status', '-n', 'shop', 'deployment/web', '--timeout=1s')).toMatchObject({ code: 1 });
  expect((await kubectl('get', 'pods', '-n', 'shop')).text).toMatch(/ErrImagePull|ImagePullBackOff/);
  expect(await kubectl('rollout', 'undo', '-n', 'shop', 'deployment/web')).toMatchObject({ code: 0 });
  expect(await kubectl('rollout', 'status', '-n', 'shop', 'deployment/web', '--timeout=20s')).toMatchObject({ code: 0 });
  expect((await kubectl('get', 'events', '-n', 'shop')).text).toMatch(/Failed to pull image/);
  expect(await kubectl('delete', 'namespace', 'shop', '--timeout=20s')).toMatchObject({ code: 0 });
  expect((await kubectl('get', 'namespace', 'shop')).text).toMatch(/NotFound/);
});

test('it is refused in the words of the real server', async () => {
  const file = join(folder, 'bad.yaml');
  writeFileSync(file, manifest().replace('replicas: 2', 'replicas: -2'));
  const ran = await kubectl('apply', '--server-side', '-f', file);
  expect(ran.code).toBe(1);
  expect(ran.text).toMatch(/The Deployment "web" is invalid: spec\.replicas: Invalid value: -2: must be greater than or equal to 0/);
});
