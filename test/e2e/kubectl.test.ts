// The embedded cluster, as the real kubectl of the test bed sees it: a test for each verb, each in a namespace of its own.
import { execFile, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
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
  cluster = await startCluster({ podStartMillis: 20, podRunMillis: 1000 });
  folder = mkdtempSync(join(tmpdir(), 'konfig-kubectl-'));
  writeFileSync(join(folder, 'kubeconfig'), cluster.kubeconfig());
}, 1_200_000);

afterAll(async () => {
  await cluster?.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Ran {
  readonly code: number;
  /** What it said, on both streams. */
  readonly text: string;
}

const environment = (): NodeJS.ProcessEnv => ({ PATH: process.env.PATH, HOME: folder, KUBECONFIG: join(folder, 'kubeconfig') });

function kubectl(...args: string[]): Promise<Ran> {
  return run(args, environment());
}

function run(args: readonly string[], env: NodeJS.ProcessEnv): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(program, args, { env }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? 1 : 0, text: `${stdout}${stderr}` }),
    );
  });
}

/** What kubectl says when it does not fail. */
async function say(...args: string[]): Promise<string> {
  const ran = await kubectl(...args);
  if (ran.code !== 0) throw new Error(`kubectl ${args.join(' ')}: ${ran.text}`);
  return ran.text;
}

function write(name: string, manifest: string): string {
  const file = join(folder, name);
  writeFileSync(file, manifest);
  return file;
}

let namespaces = 0;
/** A namespace, and kubectl in it. */
async function room(): Promise<{ readonly namespace: string; readonly ask: typeof kubectl; readonly tell: typeof say }> {
  const namespace = `room-${++namespaces}`;
  await say('create', 'namespace', namespace);
  return { namespace, ask: (...args) => kubectl(...args, '-n', namespace), tell: (...args) => say(...args, '-n', namespace) };
}

const web = (image = 'web:1', annotations = '') => `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web }${annotations && `, annotations: { ${annotations} }`} }
    spec: { containers: [{ name: app, image: '${image}', ports: [{ containerPort: 8080 }] }] }
---
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { selector: { app: web }, ports: [{ port: 80, targetPort: 8080 }] }
`;

const agent = `apiVersion: apps/v1
kind: DaemonSet
metadata: { name: agent }
spec:
  selector: { matchLabels: { app: agent } }
  template: { metadata: { labels: { app: agent } }, spec: { containers: [{ name: app, image: 'agent:1' }] } }
`;

const database = `apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db }
spec:
  serviceName: db
  selector: { matchLabels: { app: db } }
  template: { metadata: { labels: { app: db } }, spec: { containers: [{ name: app, image: 'db:1' }] } }
  volumeClaimTemplates: [{ metadata: { name: data }, spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } } }]
`;

const tick = `apiVersion: batch/v1
kind: CronJob
metadata: { name: tick }
spec:
  schedule: "0 0 1 1 *"
  jobTemplate:
    spec:
      template:
        metadata: { annotations: { simulate.konfig.dev/log: "one\\ntwo\\nthree" } }
        spec: { restartPolicy: Never, containers: [{ name: app, image: 'tick:1' }] }
`;

const lampDefinition = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: lamps.home.example }
spec:
  group: home.example
  scope: Namespaced
  names: { kind: Lamp, plural: lamps, shortNames: [lp] }
  versions:
    - name: v1
      served: true
      storage: true
      subresources: { status: {}, scale: { specReplicasPath: .spec.bulbs, statusReplicasPath: .status.bulbs } }
      additionalPrinterColumns: [{ name: Watts, type: integer, jsonPath: .spec.watts }]
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec:
              type: object
              properties: { watts: { type: integer, description: "How bright it is." }, bulbs: { type: integer } }
    - { name: v1beta1, served: true, storage: false, deprecated: true, schema: { openAPIV3Schema: { type: object } } }
`;
const lamp = (spec: string) => `{ apiVersion: home.example/v1, kind: Lamp, metadata: { name: one }, spec: { ${spec} } }\n`;

/** Defines lamps; several tests may. */
async function defineLamps(): Promise<void> {
  await say('apply', '-f', write('definition.yaml', lampDefinition));
  await say('wait', '--for=condition=established', 'crd/lamps.home.example', '--timeout=20s');
}

describe('kubectl knows', () => {
  test('its server, and what the server serves', async () => {
    expect(await say('version')).toMatch(/Server Version: v1\.36\.\d/);
    expect(await say('api-versions')).toMatch(/apps\/v1\nautoscaling\/v1\nautoscaling\/v2\n/);
    await defineLamps();
    const resources = await say('api-resources', '--no-headers');
    expect(resources).toMatch(/deployments +deploy +apps\/v1 +true +Deployment\n/);
    expect(resources).toMatch(/lamps +lp +home\.example\/v1 +true +Lamp\n/);
  });

  test('who asks, and that he may do everything', async () => {
    expect(await say('auth', 'whoami')).toMatch(/Username +kubernetes-admin/);
    expect(await say('auth', 'can-i', 'create', 'pods')).toBe('yes\n');
    expect(await say('auth', 'can-i', '--list')).toMatch(/\*\.\* +\[\] +\[\] +\[\*\]/);
  });

  test('explain: the fields of built-in and of custom kinds', async () => {
    await defineLamps();
    expect(await say('explain', 'deployment.spec.replicas')).toMatch(
      /GROUP: +apps\nKIND: +Deployment\nVERSION: +v1\n\nFIELD: replicas <integer>/,
    );
    expect(await say('explain', 'pod.spec.containers', '--recursive')).toMatch(/env\t<\[\]EnvVar>\n +name\t<string> -required-/);
    expect(await say('explain', 'lamp.spec.watts')).toMatch(/FIELD: watts <integer>\n[\s\S]*How bright it is\./);
    expect((await kubectl('explain', 'lamp.spec.volts')).text).toContain('field "volts" does not exist');
  });

  test('top: that there are no metrics', async () => {
    expect(await kubectl('top', 'pods')).toEqual({ code: 1, text: 'error: Metrics API not available\n' });
  });
});

describe('kubectl apply', () => {
  test('on the client: creates, configures, leaves alone, and takes away what left the file', async () => {
    const { tell } = await room();
    expect(await tell('apply', '-f', write('web.yaml', web()))).toBe('deployment.apps/web created\nservice/web created\n');
    expect(await tell('apply', '-f', write('web.yaml', web()))).toBe('deployment.apps/web unchanged\nservice/web unchanged\n');
    await tell('set', 'env', 'deployment/web', 'OTHER=1');
    const withEnv = (...names: string[]): string =>
      web('web:2').replace("image: 'web:2'", `image: 'web:2', env: [${names.map((name) => `{ name: ${name} }`).join(', ')}]`);
    const applied = await tell('apply', '-f', write('web.yaml', withEnv('MINE', 'ALSO')));
    expect(applied).toBe('deployment.apps/web configured\nservice/web unchanged\n');
    const names = ['get', 'deployment', 'web', '-o', 'jsonpath={.spec.template.spec.containers[0].env[*].name}'];
    expect((await tell(...names)).split(' ').sort()).toEqual(['ALSO', 'MINE', 'OTHER']);
    await tell('apply', '-f', write('web.yaml', withEnv('MINE')));
    expect((await tell(...names)).split(' ').sort()).toEqual(['MINE', 'OTHER']);
  });

  test('on the server: applies, and tells of conflicts until it is forced', async () => {
    const { ask, tell } = await room();
    const file = write('web.yaml', web());
    expect(await tell('apply', '--server-side', '-f', file)).toBe(
      'deployment.apps/web serverside-applied\nservice/web serverside-applied\n',
    );
    await tell('scale', 'deployment/web', '--replicas=3');
    const refused = await ask('apply', '--server-side', '-f', file);
    expect([refused.code, refused.text]).toEqual([
      1,
      expect.stringContaining('conflict with "kubectl" with subresource "scale" using apps/v1: .spec.replicas'),
    ]);
    await tell('apply', '--server-side', '--force-conflicts', '-f', file);
    expect(await tell('get', 'deployment', 'web', '-o', 'jsonpath={.spec.replicas}')).toBe('2');
  });

  test('is refused in the words of the real server, also for fields that nobody knows', async () => {
    const { ask } = await room();
    const negative = await ask('apply', '-f', write('bad.yaml', web().replace('replicas: 2', 'replicas: -2')));
    expect(negative.text).toMatch(/The Deployment "web" is invalid: spec\.replicas: Invalid value: -2: must be greater than or equal to 0/);
    const unknown = await ask('apply', '-f', write('bad.yaml', web().replace('replicas: 2', 'replica: 2')));
    expect([unknown.code, unknown.text]).toEqual([1, expect.stringContaining('strict decoding error: unknown field "spec.replica"')]);
    const warned = await ask('apply', '--validate=warn', '-f', write('bad.yaml', web().replace('replicas: 2', 'replica: 2')));
    expect([warned.code, warned.text]).toEqual([0, expect.stringContaining('Warning: unknown field "spec.replica"')]);
  });

  test('of custom resources prunes, validates and warns of old versions', async () => {
    const { ask, tell } = await room();
    await defineLamps();
    expect(await tell('apply', '-f', write('lamp.yaml', lamp('watts: 5')))).toBe('lamp.home.example/one created\n');
    expect(await tell('apply', '-f', write('lamp.yaml', lamp('watts: 6')))).toBe('lamp.home.example/one configured\n');
    expect((await ask('apply', '-f', write('lamp.yaml', lamp('watts: many')))).text).toBe(
      'The Lamp "one" is invalid: spec.watts: Invalid value: "string": spec.watts in body must be of type integer: "string"\n',
    );
    expect((await ask('apply', '-f', write('lamp.yaml', lamp('wats: 6')))).text).toContain(
      'strict decoding error: unknown field "spec.wats"',
    );
    expect(await tell('get', 'lp')).toMatch(/NAME +WATTS\none +6\n/);
    expect(await tell('get', 'lamps.v1beta1.home.example')).toContain(
      'Warning: home.example/v1beta1 Lamp is deprecated; use home.example/v1 Lamp',
    );
  });

  test('--prune deletes what left the folder', async () => {
    const { tell } = await room();
    await tell('apply', '-f', write('web.yaml', web()));
    const labelled = (name: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name}, labels: { set: mine } }\n---\n`;
    const prune = ['--prune', '-l', 'set=mine', '--prune-allowlist=core/v1/ConfigMap'];
    await tell('apply', ...prune, '-f', write('maps.yaml', labelled('a') + labelled('b')));
    expect(await tell('apply', ...prune, '-f', write('maps.yaml', labelled('b')))).toContain('configmap/a pruned');
  });
});

test('kubectl diff shows what an apply would change, on either side, and nothing when that is nothing', async () => {
  const { ask, tell } = await room();
  await tell('apply', '-f', write('web.yaml', web()));
  expect(await ask('diff', '-f', write('web.yaml', web()))).toEqual({ code: 0, text: '' });
  const differs = await ask('diff', '-f', write('web.yaml', web('web:2')));
  expect([differs.code, differs.text]).toEqual([1, expect.stringMatching(/-\s+- image: web:1\n\+\s+- image: web:2/)]);
  const onServer = await ask('diff', '--server-side', '--force-conflicts', '-f', write('web.yaml', web('web:2')));
  expect([onServer.code, onServer.text]).toEqual([1, expect.stringMatching(/\+\s+- image: web:2/)]);
});

describe('kubectl get', () => {
  test('prints tables, names, paths, columns and whole objects', async () => {
    const { namespace, tell } = await room();
    await tell('apply', '-f', write('web.yaml', web()));
    await tell('rollout', 'status', 'deployment/web', '--timeout=20s');
    expect(await tell('get', 'deployments')).toMatch(/NAME +READY +UP-TO-DATE +AVAILABLE +AGE\nweb +2\/2 +2 +2 +\d+s\n/);
    expect(await tell('get', 'deploy', '-o', 'wide')).toMatch(/CONTAINERS +IMAGES +SELECTOR\nweb .* app +web:1 +app=web\n/);
    expect(await tell('get', 'service', '-o', 'name')).toBe('service/web\n');
    expect(await tell('get', 'pods', '-l', 'app=web', '-o', 'jsonpath={.items[*].status.phase}')).toBe('Running Running');
    expect(await tell('get', 'deploy', '-o', 'custom-columns=NAME:.metadata.name,WISHED:.spec.replicas')).toBe('NAME   WISHED\nweb    2\n');
    expect(await tell('get', 'deploy', 'web', '-o', 'yaml')).toContain(`\n  namespace: ${namespace}\n`);
    expect(JSON.parse(await tell('get', 'deploy', 'web', '-o', 'json')).spec.replicas).toBe(2);
    expect(await tell('get', 'pods', '--field-selector', 'status.phase=Failed')).toBe(`No resources found in ${namespace} namespace.\n`);
    expect(await tell('get', 'all')).toMatch(/pod\/web-[\s\S]*service\/web[\s\S]*deployment\.apps\/web[\s\S]*replicaset\.apps\/web-/);
  });

  test('--watch tells of changes as they come', async () => {
    const { namespace, tell } = await room();
    await tell('create', 'configmap', 'one', '--from-literal=a=1');
    const args = ['get', 'configmap', 'one', '--watch', '-o', 'jsonpath={.data.a}', '-n', namespace];
    const watching = spawn(program, args, { env: environment() });
    try {
      const seen = new Promise<string>((resolve) => {
        let said = '';
        watching.stdout.on('data', (chunk: Buffer) => {
          said += chunk;
          if (said === '1') void tell('patch', 'configmap', 'one', '-p', '{"data":{"a":"2"}}');
          if (said.endsWith('2')) resolve(said);
        });
      });
      expect(await seen).toBe('12');
    } finally {
      watching.kill();
    }
  });
});

test('kubectl describe tells of every kind', async () => {
  const { tell } = await room();
  await defineLamps();
  await tell('apply', '-f', write('web.yaml', web()), '-f', write('agent.yaml', agent), '-f', write('db.yaml', database));
  await tell('apply', '-f', write('tick.yaml', tick), '-f', write('lamp.yaml', lamp('watts: 5')));
  await tell('create', 'ingress', 'web', '--rule=shop.example/*=web:80');
  await tell('create', 'secret', 'generic', 'keys', '--from-literal=a=b');
  await tell('create', 'role', 'reader', '--verb=get', '--resource=pods');
  await tell('create', 'rolebinding', 'reader', '--role=reader', '--user=me');
  await tell('create', 'poddisruptionbudget', 'web', '--selector=app=web', '--min-available=1');
  await tell('create', 'quota', 'all', '--hard=pods=10');
  await tell('autoscale', 'deployment', 'web', '--max=3', '--cpu=80%');
  await tell('rollout', 'status', 'deployment/web', '--timeout=20s');
  await tell('rollout', 'status', 'statefulset/db', '--timeout=20s');
  expect(await tell('describe', 'deployment', 'web')).toMatch(/Replicas: +2 desired \| 2 updated \| 2 total \| 2 available/);
  expect(await tell('describe', 'pod', '-l', 'app=web')).toMatch(/Status: +Running[\s\S]*Image: +web:1[\s\S]*Scheduled[\s\S]*Started/);
  expect(await tell('describe', 'replicaset', '-l', 'app=web')).toMatch(/Controlled By: +Deployment\/web/);
  expect(await tell('describe', 'service', 'web')).toMatch(/Endpoints: +10\.244\.\d+\.\d+:8080/);
  expect(await tell('describe', 'daemonset', 'agent')).toMatch(/Desired Number of Nodes Scheduled: 2/);
  expect(await tell('describe', 'statefulset', 'db')).toMatch(/Volume Claims:\n +Name: +data/);
  expect(await tell('describe', 'cronjob', 'tick')).toMatch(/Schedule: +0 0 1 1 \*/);
  expect(await tell('describe', 'ingress', 'web')).toMatch(/shop\.example/);
  expect(await tell('describe', 'hpa', 'web')).toMatch(/resource cpu on pods .*<unknown> \/ 80%[\s\S]*FailedGetResourceMetric/);
  expect(await tell('describe', 'pvc')).toMatch(/Status: +Bound/);
  expect(await tell('describe', 'lamp', 'one')).toMatch(/Spec:\n +Watts: +5/);
  const others = ['secret/keys', 'role/reader', 'rolebinding/reader', 'pdb/web', 'quota/all', 'serviceaccount/default', 'endpointslices'];
  for (const kind of [...others, 'configmaps', 'events']) expect(await tell('describe', kind)).toMatch(/Name: +\S/);
  for (const kind of ['nodes', 'storageclasses', 'pv', 'crd', 'namespaces']) expect(await say('describe', kind)).toMatch(/Name: +\S/);
});

describe('kubectl rollout', () => {
  test('of a Deployment: status, history, pause, resume, restart, undo', async () => {
    const { ask, tell } = await room();
    await tell('apply', '-f', write('web.yaml', web()));
    expect(await tell('rollout', 'status', 'deployment/web', '--timeout=20s')).toContain('successfully rolled out');
    await tell('rollout', 'pause', 'deployment/web');
    await tell('set', 'image', 'deployment/web', 'app=web:does-not-exist');
    expect(await tell('get', 'rs', '-o', 'jsonpath={.items[*].spec.replicas}')).toBe('2');
    await tell('rollout', 'resume', 'deployment/web');
    expect(await ask('rollout', 'status', 'deployment/web', '--timeout=1s')).toMatchObject({ code: 1 });
    expect(await tell('get', 'pods')).toMatch(/ErrImagePull|ImagePullBackOff/);
    expect(await tell('rollout', 'history', 'deployment/web')).toMatch(/REVISION +CHANGE-CAUSE\n1 .*\n2 /);
    await tell('rollout', 'undo', 'deployment/web');
    await tell('rollout', 'restart', 'deployment/web');
    expect(await tell('rollout', 'status', 'deployment/web', '--timeout=20s')).toContain('successfully rolled out');
    expect(await tell('rollout', 'history', 'deployment/web', '--revision=3')).toContain('Image:	web:1');
  });

  test.each([
    ['DaemonSet', 'daemonset/agent', agent],
    ['StatefulSet', 'statefulset/db', database],
  ])('of a %s: status, history, restart, undo', async (_, name, manifest) => {
    const { tell } = await room();
    const image = ['get', name, '-o', 'jsonpath={.spec.template.spec.containers[0].image}'];
    await tell('apply', '-f', write('set.yaml', manifest));
    await tell('rollout', 'status', name, '--timeout=20s');
    const before = await tell(...image);
    await tell('set', 'image', name, 'app=other:2');
    await tell('rollout', 'status', name, '--timeout=20s');
    expect(await tell('rollout', 'history', name)).toMatch(/REVISION +CHANGE-CAUSE\n1 .*\n2 /);
    await tell('rollout', 'undo', name);
    await tell('rollout', 'restart', name);
    await tell('rollout', 'status', name, '--timeout=20s');
    expect(await tell(...image)).toBe(before);
  });
});

test('kubectl wait waits for a condition, for a value, and for the end', async () => {
  const { ask, tell } = await room();
  await tell('run', 'one', '--image=web:1');
  expect(await tell('wait', '--for=condition=Ready', 'pod/one', '--timeout=20s')).toBe('pod/one condition met\n');
  expect(await tell('wait', '--for=jsonpath={.status.phase}=Running', 'pod/one', '--timeout=20s')).toBe('pod/one condition met\n');
  expect(await ask('wait', '--for=condition=Failed', 'pod/one', '--timeout=1s')).toMatchObject({ code: 1 });
  const gone = tell('wait', '--for=delete', 'pod/one', '--timeout=20s');
  await tell('delete', 'pod', 'one', '--wait=false');
  expect(await gone).toContain('pod/one');
});

describe('kubectl delete', () => {
  test('takes what hangs from an object along, before it or after it', async () => {
    const { tell } = await room();
    for (const cascade of ['foreground', 'background']) {
      await tell('apply', '-f', write('web.yaml', web()));
      await tell('delete', 'deployment', 'web', `--cascade=${cascade}`, '--timeout=20s');
      await tell('wait', '--for=delete', 'pod', '-l', 'app=web', '--timeout=20s').catch(() => '');
      expect(await tell('get', 'replicasets,pods', '-l', 'app=web', '-o', 'name')).toBe('');
    }
  });

  test('leaves what hangs from an object when told to', async () => {
    const { tell } = await room();
    await tell('apply', '-f', write('web.yaml', web()));
    await tell('rollout', 'status', 'deployment/web', '--timeout=20s');
    await tell('delete', 'deployment', 'web', '--cascade=orphan');
    expect(await tell('get', 'pods', '-l', 'app=web', '--no-headers')).toMatch(/Running[\s\S]*Running/);
  });

  test('of a namespace takes all that is in it', async () => {
    const { namespace, tell } = await room();
    await tell('apply', '-f', write('web.yaml', web()));
    expect(await say('delete', 'namespace', namespace, '--timeout=20s')).toContain(`namespace "${namespace}" deleted`);
    expect((await kubectl('get', 'namespace', namespace)).text).toMatch(/NotFound/);
  });

  test('of a definition takes all objects of its kind', async () => {
    const { ask, tell } = await room();
    await defineLamps();
    await tell('apply', '-f', write('lamp.yaml', lamp('watts: 5')));
    await say('delete', 'crd', 'lamps.home.example', '--timeout=20s');
    expect((await ask('get', 'lamps')).text).toMatch(/the server (could not find|doesn't have)/);
  });
});

describe('kubectl logs', () => {
  test('-f tells line by line until the end', async () => {
    const { namespace, tell } = await room();
    await tell('apply', '-f', write('tick.yaml', tick));
    await tell('create', 'job', 'now', '--from=cronjob/tick');
    // It has begun; on a slow machine it may be over by now.
    await tell('wait', '--for=jsonpath={.status.containerStatuses[0].containerID}', 'pod', '-l', 'job-name=now', '--timeout=20s');
    const following = spawn(program, ['logs', '-f', 'job/now', '-n', namespace], { env: environment() });
    expect(await text(following.stdout)).toBe('one\ntwo\nthree\n');
    await tell('wait', '--for=condition=complete', 'job/now', '--timeout=20s');
    expect(await tell('logs', 'job/now', '--tail=1')).toBe('three\n');
  });

  test('--previous is of the run before, -l of several pods', async () => {
    const { tell } = await room();
    await tell('apply', '-f', write('web.yaml', web('web:1', 'simulate.konfig.dev/log: "listening"')));
    await tell('rollout', 'status', 'deployment/web', '--timeout=20s');
    expect(await tell('logs', '-l', 'app=web')).toBe('listening\nlistening\n');
    const crash = 'simulate.konfig.dev/log=panic: no database,simulate.konfig.dev/crash=3';
    await tell('run', 'broken', '--image=web:1', `--annotations=${crash.split(',')[0]}`, `--annotations=${crash.split(',')[1]}`);
    await tell('wait', '--for=jsonpath={.status.containerStatuses[0].lastState.terminated.exitCode}=3', 'pod/broken', '--timeout=20s');
    expect(await tell('logs', 'broken', '--previous')).toBe('panic: no database\n');
  });
});

test('kubectl scale scales built-in and custom kinds, under a condition too', async () => {
  const { ask, tell } = await room();
  await defineLamps();
  await tell('apply', '-f', write('web.yaml', web()), '-f', write('lamp.yaml', lamp('bulbs: 1')));
  await tell('scale', 'deployment/web', '--replicas=3', '--timeout=20s');
  expect(await tell('wait', 'deployment/web', '--for=jsonpath={.status.readyReplicas}=3', '--timeout=20s')).toContain('condition met');
  expect((await ask('scale', 'deployment/web', '--current-replicas=7', '--replicas=1')).text).toContain('Expected replicas to be 7, was 3');
  await tell('scale', 'lamp/one', '--replicas=4');
  expect(await tell('get', 'lamp', 'one', '-o', 'jsonpath={.spec.bulbs}')).toBe('4');
});

test('kubectl autoscale makes an autoscaler that keeps its bounds', async () => {
  const { tell } = await room();
  await tell('apply', '-f', write('web.yaml', web()));
  await tell('autoscale', 'deployment', 'web', '--min=3', '--max=5', '--cpu=80%');
  await tell('wait', 'deployment/web', '--for=jsonpath={.status.readyReplicas}=3', '--timeout=20s');
  await tell('annotate', 'hpa', 'web', 'simulate.konfig.dev/load=cpu=320');
  await tell('wait', 'deployment/web', '--for=jsonpath={.status.readyReplicas}=4', '--timeout=20s');
  await tell('wait', 'hpa/web', '--for=jsonpath={.status.currentReplicas}=4', '--timeout=20s');
  expect(await tell('get', 'hpa')).toMatch(/web +Deployment\/web +cpu: 80%\/80% +3 +5 +4 /);
});

test('kubectl create job runs a Job, of its own or from a CronJob', async () => {
  const { tell } = await room();
  await tell('apply', '-f', write('tick.yaml', tick));
  await tell('create', 'job', 'now', '--from=cronjob/tick');
  await tell('create', 'job', 'alone', '--image=task:1');
  await tell('wait', '--for=condition=complete', 'job/now', 'job/alone', '--timeout=20s');
  expect(await tell('get', 'job', 'now', '-o', 'jsonpath={.metadata.ownerReferences[0].kind}')).toBe('CronJob');
});

test('kubectl label and annotate set, change and take away', async () => {
  const { ask, tell } = await room();
  await tell('create', 'configmap', 'one');
  await tell('label', 'configmap', 'one', 'team=a');
  expect(await ask('label', 'configmap', 'one', 'team=b')).toMatchObject({ code: 1 });
  await tell('label', 'configmap', 'one', 'team=b', '--overwrite');
  await tell('annotate', 'configmap', 'one', 'note=x');
  expect(await tell('get', 'configmap', '-l', 'team=b', '-o', 'jsonpath={.items[*].metadata.annotations.note}')).toBe('x');
  await tell('label', 'configmap', 'one', 'team-');
  expect(await tell('get', 'configmap', '-l', 'team', '-o', 'name')).toBe('');
});

test('kubectl patch patches in three ways', async () => {
  const { tell } = await room();
  await tell('apply', '-f', write('web.yaml', web()));
  const env = '{"spec":{"template":{"spec":{"containers":[{"name":"app","env":[{"name":"A","value":"1"}]}]}}}}';
  await tell('patch', 'deployment', 'web', '-p', env);
  await tell('patch', 'deployment', 'web', '--type=merge', '-p', '{"spec":{"replicas":3}}');
  await tell(
    'patch',
    'deployment',
    'web',
    '--type=json',
    '-p',
    '[{"op":"add","path":"/spec/template/spec/containers/0/env/-","value":{"name":"B"}}]',
  );
  await tell('patch', 'deployment', 'web', '--subresource=scale', '--type=merge', '-p', '{"spec":{"replicas":1}}');
  const path = '{.spec.replicas} {.spec.template.spec.containers[0].image} {.spec.template.spec.containers[0].env[*].name}';
  expect(await tell('get', 'deployment', 'web', '-o', `jsonpath=${path}`)).toBe('1 web:1 A B');
});

test('kubectl edit writes what the editor leaves', async () => {
  const { namespace, tell } = await room();
  await tell('create', 'configmap', 'one', '--from-literal=a=before');
  const editor = write('editor.sh', '#!/bin/sh\nsed -i.old s/before/after/ "$1"\n');
  execFileSync('chmod', ['+x', editor]);
  const edited = await run(['edit', 'configmap', 'one', '-n', namespace], { ...environment(), KUBE_EDITOR: editor });
  expect(edited).toEqual({ code: 0, text: 'configmap/one edited\n' });
  expect(await tell('get', 'configmap', 'one', '-o', 'jsonpath={.data.a}')).toBe('after');
});

test('kubectl replace replaces the whole, and --force makes it anew', async () => {
  const { tell } = await room();
  await tell('create', 'configmap', 'one', '--from-literal=a=1');
  const file = write('map.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: one }\ndata: { b: "2" }\n');
  expect(await tell('replace', '-f', file)).toBe('configmap/one replaced\n');
  expect(await tell('get', 'configmap', 'one', '-o', 'jsonpath={.data}')).toBe('{"b":"2"}');
  const before = await tell('get', 'configmap', 'one', '-o', 'jsonpath={.metadata.uid}');
  await tell('replace', '--force', '-f', file);
  expect(await tell('get', 'configmap', 'one', '-o', 'jsonpath={.metadata.uid}')).not.toBe(before);
});

test('kubectl expose, set, run and create token do what they say', async () => {
  const { tell } = await room();
  await tell('run', 'one', '--image=web:1', '--port=8080');
  expect(await tell('expose', 'pod', 'one', '--port=80', '--target-port=8080')).toBe('service/one exposed\n');
  await tell('set', 'selector', 'service', 'one', 'app=other');
  expect(await tell('get', 'service', 'one', '-o', 'jsonpath={.spec.selector}')).toBe('{"app":"other"}');
  expect(await tell('create', 'token', 'default')).toMatch(/^simulated\./);
});

test('kubectl drain empties a node, as far as budgets let it', async () => {
  const { ask, tell } = await room();
  await tell('apply', '-f', write('web.yaml', web()), '-f', write('agent.yaml', agent));
  await tell('create', 'poddisruptionbudget', 'web', '--selector=app=web', '--min-available=2');
  await tell('rollout', 'status', 'deployment/web', '--timeout=20s');
  await tell('wait', 'pdb/web', '--for=jsonpath={.status.currentHealthy}=2', '--timeout=20s');
  const drain = ['drain', 'node-1', '--ignore-daemonsets', '--force', '--delete-emptydir-data', '--pod-selector=app=web'];
  try {
    const held = await ask(...drain, '--timeout=1s');
    expect(held.text).toContain("Cannot evict pod as it would violate the pod's disruption budget");
    await tell('patch', 'pdb', 'web', '-p', '{"spec":{"minAvailable":1}}');
    await tell('wait', 'pdb/web', '--for=jsonpath={.status.disruptionsAllowed}=1', '--timeout=20s');
    expect(await tell(...drain, '--timeout=20s')).toContain('node/node-1 drained');
    await tell('rollout', 'status', 'deployment/web', '--timeout=20s');
    expect(await tell('get', 'pods', '-l', 'app=web', '-o', 'jsonpath={.items[*].spec.nodeName}')).not.toContain('node-1');
  } finally {
    await say('uncordon', 'node-1');
  }
});
