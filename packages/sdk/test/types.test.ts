// What must not compile. The functions never run: the test is the compiler, over this folder (`tsc -p packages/sdk/test`).
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import {
  AppConfig,
  CronJob,
  embeddedCluster,
  Job,
  KubernetesObject,
  kubernetes,
  Manifest,
  type Output,
  project,
  type Resources,
  Service,
  ServiceResource,
  type ServiceResourceProps,
  type Stack,
  secret,
  secretValue,
  setting,
  team,
  terraform,
  terraformValue,
  text,
  type Value,
  workspace,
} from '@konfig/sdk';

test('Every wrong line of this file is a compile error, and every other line compiles', () => {
  const compiler = join(__dirname, '../../../node_modules/typescript/bin/tsc');
  const { stdout } = spawnSync(process.execPath, [compiler, '-p', __dirname, '--pretty', 'false'], { encoding: 'utf8' });
  expect(stdout).toBe('');
});

export function ports(stack: Stack) {
  const web = new Service(stack, 'web', {
    containers: {
      web: { image: 'web:1', ports: { http: 8080, metrics: { port: 9090, protocol: 'TCP' } }, readiness: { http: '/', port: 'http' } },
      admin: { image: 'web:1', ports: { admin: 8081 }, liveness: { tcp: 'admin' } },
    },
    service: { ports: { public: { port: 80, to: 'http' } } },
  });
  web.port('http');
  web.port('admin');
  web.port('public');
  web.expose('external', { ports: { any: { port: 80, to: 'admin' } } });
  // @ts-expect-error no container has such a port
  web.port('htpp');
  // @ts-expect-error leads to a port that is none
  web.expose('external', { ports: { any: { port: 80, to: 'htpp' } } });
  // @ts-expect-error a port is a number
  new Service(stack, 'a', { containers: { web: { image: 'web:1', ports: { http: '8080' } } } });
  // @ts-expect-error the probe asks a port that is none
  new Service(stack, 'a', { containers: { web: { image: 'web:1', ports: { http: 1 }, readiness: { http: '/', port: 'htpp' } } } });
  // @ts-expect-error and so does this one
  new Service(stack, 'a', { containers: { web: { image: 'web:1', ports: { http: 1 }, liveness: { tcp: 'htpp' } } } });
  // @ts-expect-error and so does this one
  new Service(stack, 'a', { containers: { web: { image: 'web:1', ports: { http: 1 }, startup: { grpc: 'htpp' } } } });
  const one = { web: { image: 'web:1', ports: { http: 1 } } };
  // @ts-expect-error the Service leads to a port that is none
  new Service(stack, 'a', { containers: one, service: { ports: { x: { port: 1, to: 'htpp' } } } });
  // @ts-expect-error it has no ports at all
  new Service(stack, 'a', { containers: { web: { image: 'web:1' } } }).port('http');
  // @ts-expect-error Kubernetes knows no such protocol
  new Service(stack, 'a', { containers: { web: { image: 'web:1', ports: { http: { port: 1, protocol: 'HTTP' } } } } });
}

export function valuesOfTerraform(stack: Stack) {
  const web = new KubernetesObject(stack, 'web', { apiVersion: 'v1', kind: 'Service' });
  const name: Output<string> = web.output('metadata.name');
  const label: string = terraformValue.text(stack, name);
  const size: number = terraformValue.number(stack, web.output<number>('spec.ports[0].port'));
  const hosts: string[] = terraformValue.list(stack, web.output<string[]>('spec.externalIPs'));
  // @ts-expect-error a text is no number
  terraformValue.number(stack, name);
  // @ts-expect-error and no list
  terraformValue.list(stack, name);
  // @ts-expect-error a number is no text
  terraformValue.text(stack, web.output<number>('spec.ports[0].port'));
  const kept: Output<number> = secretValue(size);
  // @ts-expect-error a key of states is a secret, no text
  terraform({ stateKey: label });
  workspace('here', { kubernetes: kubernetes(), targets: { terraform: terraform({ binary: 'tofu', env: { A: label } }) } });
  return { hosts, kept };
}

interface RecordConfig {
  readonly zone: string;
  readonly ttl?: number;
  readonly targets?: readonly string[];
  readonly tags?: { readonly [name: string]: string };
  readonly rules?: readonly { readonly ports: readonly number[] }[];
}
interface RecordOutputs {
  readonly hosts: readonly string[];
  readonly tags: { readonly [name: string]: string };
  readonly ports: readonly number[];
}
class DnsRecord extends ServiceResource<RecordConfig, RecordOutputs> {
  constructor(stack: Stack, id: string, props: ServiceResourceProps<RecordConfig>) {
    super(stack, id, { service: 'dns', type: 'Record' }, props);
  }
}

export function lists(stack: Stack, fromTerraform: { readonly hosts: string[]; readonly port: number }) {
  const first = new DnsRecord(stack, 'first', { config: { zone: 'a', targets: fromTerraform.hosts, ttl: fromTerraform.port } });
  const hosts: string[] = terraformValue.list(stack, first.output('hosts'));
  const known: string[] = terraformValue.list(stack, ['a'] as const);
  new DnsRecord(stack, 'second', { config: { zone: 'a', targets: first.output('hosts'), tags: first.output('tags') } });
  new DnsRecord(stack, 'third', {
    config: { zone: 'a', targets: ['a', text`b.${hosts[0] ?? ''}`], rules: [{ ports: first.output('ports') }] },
  });
  const later: Value<readonly string[]> = first.output('hosts');
  new DnsRecord(stack, 'fourth', { config: { zone: 'a', targets: later } });
  // @ts-expect-error a list of numbers is no list of texts
  new DnsRecord(stack, 'a', { config: { zone: 'a', targets: first.output('ports') } });
  // @ts-expect-error a list is no text
  new DnsRecord(stack, 'a', { config: { zone: first.output('hosts') } });
  // @ts-expect-error there is no such field
  new DnsRecord(stack, 'a', { config: { zone: 'a', target: 'b' } });
  // @ts-expect-error a list of numbers is no list of texts
  terraformValue.list(stack, first.output('ports'));
  return known;
}

export function probes(stack: Stack) {
  // @ts-expect-error a path begins with /
  new Service(stack, 'a', { containers: { web: { image: 'web:1', ports: { http: 1 }, readiness: { http: 'healthz' } } } });
  // @ts-expect-error one way to ask, not two
  new Service(stack, 'a', { containers: { web: { image: 'web:1', ports: { http: 1 }, readiness: { http: '/', tcp: 'http' } } } });
  // @ts-expect-error a duration has a unit
  new Service(stack, 'a', { containers: { web: { image: 'web:1', ports: { http: 1 }, readiness: { http: '/', period: 5 } } } });
  // @ts-expect-error milliseconds are no unit here
  new Service(stack, 'a', { containers: { web: { image: 'web:1', ports: { http: 1 }, readiness: { http: '/', period: '500ms' } } } });
  // @ts-expect-error a command has at least its name
  new Service(stack, 'a', { containers: { web: { image: 'web:1', liveness: { exec: [] } } } });
  // @ts-expect-error an init container has no readiness
  new Service(stack, 'a', { containers: {}, initContainers: { init: { image: 'a:1', readiness: { exec: ['x'] } } } });
}

export function quantities(): readonly Resources[] {
  return [
    { cpu: 0.5, memory: '256Mi' },
    { cpu: '250m-500m', memory: '256Mi-1Gi', ephemeralStorage: '1Gi', others: { 'nvidia.com/gpu': 1 } },
    // @ts-expect-error CPU is in cores or thousandths of one
    { cpu: '250Mi' },
    // @ts-expect-error memory has a unit
    { memory: 256 },
    // @ts-expect-error m are thousandths of a byte
    { memory: '256m' },
    // @ts-expect-error Kubernetes says Mi or M
    { memory: '256MB' },
    // @ts-expect-error the limit needs its unit, too
    { memory: '256Mi-512' },
    // @ts-expect-error no such resource
    { disk: '1Gi' },
  ];
}

export function missingAndMisspelt(stack: Stack) {
  // @ts-expect-error a container has an image
  new Service(stack, 'a', { containers: { web: { ports: { http: 8080 } } } });
  // @ts-expect-error a Service has containers
  new Service(stack, 'a', { replicas: 2 });
  // @ts-expect-error replica is no field
  new Service(stack, 'a', { containers: { web: { image: 'web:1' } }, replica: 2 });
  // @ts-expect-error replicas are counted
  new Service(stack, 'a', { containers: { web: { image: 'web:1' } }, replicas: '2' });
  // @ts-expect-error no such default
  new Service(stack, 'a', { containers: { web: { image: 'web:1' } }, defaults: { probes: false } });
  // @ts-expect-error no such field in a pod
  new Service(stack, 'a', { containers: {}, override: { deployment: { spec: { template: { spec: { hostNetworking: true } } } } } });
  // @ts-expect-error a file has an absolute path
  new Service(stack, 'a', { containers: { web: { image: 'web:1', files: { 'etc/app.yaml': '' } } } });
  // @ts-expect-error no such type of Service
  new Service(stack, 'a', { containers: { web: { image: 'web:1' } }, service: { type: 'Loadbalancer' } });
  // @ts-expect-error an AppConfig stands in a stack
  new AppConfig(new AppConfig(stack, 'a'), 'b');
}

export function jobs(stack: Stack) {
  new CronJob(stack, 'a', { schedule: '@daily', containers: { main: { image: 'a:1' } } });
  // @ts-expect-error a CronJob has a schedule
  new CronJob(stack, 'a', { containers: { main: { image: 'a:1' } } });
  // @ts-expect-error five fields
  new CronJob(stack, 'a', { schedule: '0 3 * *', containers: { main: { image: 'a:1' } } });
  // @ts-expect-error a Job does not restart always
  new Job(stack, 'a', { restartPolicy: 'Always', containers: { main: { image: 'a:1' } } });
  // @ts-expect-error a Job has no replicas
  new Job(stack, 'a', { replicas: 1, containers: { main: { image: 'a:1' } } });
}

export function outputs(stack: Stack) {
  const web = new Service(stack, 'web', { containers: { web: { image: 'web:1', ports: { http: 80 } } } });
  const ready: Output<number> = web.deployment.output<number>('status.readyReplicas');
  const env = { READY: ready, URL: text`http://${web.output('spec.clusterIP')}/`, PW: secret.env('PW') };
  new Service(stack, 'a', { containers: { web: { image: text`shop:${ready}`, env } } });
  // @ts-expect-error an Output is no string yet
  const address: string = web.output('spec.clusterIP');
  // @ts-expect-error an Output<number> is no Output<string>
  const wrong: Output<string> = ready;
  // @ts-expect-error a secret is no name of an object
  new Service(stack, 'a', { name: secret.env('NAME'), containers: {} });
  return { address, wrong };
}

export function manifests(stack: Stack) {
  const web = new Service(stack, 'web', { containers: { web: { image: 'web:1', ports: { http: 80 } } } });
  const legacy = new Manifest(stack, 'legacy', {
    folder: 'k8s',
    override: { 'ConfigMap/web': { data: { ip: web.service.output('spec.clusterIP') } } },
    transform: (object) =>
      object.kind === 'Secret' ? undefined : { ...object, metadata: { ...object.metadata, labels: { team: 'shop' } } },
    namespace: 'shop',
    onRemoval: 'retain',
  });
  legacy.object('Deployment', 'web', { namespace: 'shop' }).output('metadata.uid');
  new Manifest(stack, 'objects', {
    objects: [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'web' }, data: { ip: legacy.objects[0] } }],
  });
  // @ts-expect-error from nowhere
  new Manifest(stack, 'none', {});
  // @ts-expect-error from two places at once
  new Manifest(stack, 'both', { file: 'web.yaml', folder: 'k8s' });
  // @ts-expect-error a task has no such time to run
  new Job(stack, 'job', { containers: { main: { image: 'a:1' } }, runWhen: 'never' });
}

export function workspaces(stack: (stack: Stack) => void) {
  const dev = workspace('dev', {
    kubernetes: kubernetes({ context: 'dev' }),
    operations: { totalTimeout: '30m', graces: { ImagePullBackOff: '60s' } },
  });
  project('shop', { owner: 'team' }).stack('dev', dev, stack, { namespace: 'shop', defaults: 'none' });
  workspace('demo', { kubernetes: embeddedCluster(), records: { store: 'files' }, defaults: { replicas: 2 } });
  // @ts-expect-error a workspace has a cluster
  workspace('dev', {});
  // @ts-expect-error a cluster is made by kubernetes() or embeddedCluster()
  workspace('dev', { kubernetes: { context: 'dev' } });
  // @ts-expect-error days are no unit
  workspace('dev', { kubernetes: kubernetes(), operations: { totalTimeout: '1d' } });
  // @ts-expect-error operations have no such field
  workspace('dev', { kubernetes: kubernetes(), operations: { timeout: '30m' } });
  // @ts-expect-error a stack goes to a workspace
  project('shop').stack('dev', 'dev', stack);
  // @ts-expect-error defaults are switched off by 'none'
  project('shop').stack('dev', dev, stack, { defaults: 'off' });
}

export function settings(stack: Stack) {
  const postgres = setting('postgres', { size: 'small' as 'small' | 'large', storage: { gib: 10 }, zone: undefined as string | undefined });
  const risky = setting('risky', { on: false }, { reasonRequired: true });
  const gib: number = postgres.of(stack).storage.gib;
  const given = [postgres({ size: 'large', storage: { gib }, zone: 'a' }, 'customers are here'), risky({ on: true }, 'for the launch')];
  team('payments', { settings: given });
  workspace('dev', { kubernetes: kubernetes(), settings: given });
  // @ts-expect-error no such field
  postgres({ sise: 'large' });
  // @ts-expect-error no such field inside
  postgres({ storage: { gb: 20 } });
  // @ts-expect-error a size that there is not
  postgres({ size: 'huge' });
  // @ts-expect-error a reason must be given
  risky({ on: true });
  // @ts-expect-error settings are made by calling one
  project('shop', { settings: [{ postgres: { size: 'large' } }] });
  // @ts-expect-error what was read cannot be called what it is not
  const name: string = postgres.of(stack).storage.gib;
  return name;
}
