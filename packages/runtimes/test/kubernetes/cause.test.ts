// What a finding says of its cause: which variable, which key, which volume; and what else of the program has to do with it.
import type { Finding, JsonObject, Watched } from '@konfig/core';
import { type Beside, traced } from '../../src/kubernetes/cause';

const main = 'spec.template.spec.containers[name=main]';
const env = [
  { name: 'LOG_LEVEL', value: 'info' },
  { name: 'DB_HOST', value: 'db.internal' },
  { name: 'CACHE_URL', value: 'redis://user:word@cache.internal:6379/0' },
  { name: 'QUEUE', valueFrom: { configMapKeyRef: { name: 'settings', key: 'queue' } } },
  { name: 'BUCKET', value: { $concat: ['s3://', { $ref: { resource: 'cloud:stack/storage', path: ['outputs', 'bucket'] } }] } },
  { name: 'TOKEN', valueFrom: { secretKeyRef: { name: 'web', key: 'token' } } },
];
const settings: JsonObject = {
  kind: 'ConfigMap',
  data: { queue: 'queue.internal:5672', 'a.b': { $ref: { resource: 'own:Host/a', path: ['name'] } } },
};

test.each([
  ['names a variable', 'panic: DB_HOST does not answer', 'DB_HOST', [], 'env DB_HOST is "db.internal"'],
  ['has the value of a variable', 'dial tcp: lookup db.internal: no such host', 'DB_HOST', [], 'env DB_HOST is "db.internal"'],
  [
    'has the host of a URL',
    'connect ECONNREFUSED cache.internal:6379',
    'CACHE_URL',
    [],
    'env CACHE_URL is "redis://user:word@cache.internal:6379/0"',
  ],
  [
    'has what a ConfigMap of the program says',
    'cannot reach queue.internal:5672',
    'QUEUE',
    [{ id: 'main:ConfigMap/shop/settings', field: 'data.queue' }],
    'env QUEUE is "queue.internal:5672"',
  ],
  ['names one that another system tells', 'BUCKET is not there', 'BUCKET', [{ id: 'cloud:stack/storage', field: 'outputs.bucket' }]],
  ['names one that a Secret of the program holds', 'bad TOKEN', 'TOKEN', [{ id: 'main:Secret/shop/web', field: 'stringData.token' }]],
])('a crash whose last words %s', (_, words, name, leads, ...said) => {
  const crash = finding('CrashLoopBackOff', 'main: CrashLoopBackOff, exit 1', { details: ['log  starting', `log  ${words}`, 'log  bye'] });
  expect(ofDeployment(crash)).toEqual({
    ...crash,
    field: `${main}.env[name=${name}]`,
    leads,
    details: ['log  starting', `log  ${words}`, 'log  bye', ...said],
  });
});

test.each(['level=info starting', 'XDB_HOST and db.internally', ''])(
  'a crash whose last words are %j says nothing of any variable',
  (words) => {
    const crash = finding('CrashLoopBackOff', 'main: CrashLoopBackOff, exit 1', { details: [`log  ${words}`] });
    expect(ofDeployment(crash)).toEqual(crash);
  },
);

test('a key that is missing: the variable that asks for it, and what keys there are', () => {
  const missing = { env: [{ name: 'PORT', valueFrom: { configMapKeyRef: { name: 'settings', key: 'port' } } }] };
  const finds = finding('CreateContainerConfigError', "main: couldn't find key port in ConfigMap shop/settings", { field: `${main}.env` });
  expect(ofDeployment(finds, missing)).toMatchObject({
    field: `${main}.env[name=PORT]`,
    leads: [{ id: 'main:ConfigMap/shop/settings', field: 'data' }],
    details: ['ConfigMap/settings has the keys queue, a.b'],
  });
});

test.each([
  ['of one variable', { env: [{ name: 'KEY', valueFrom: { secretKeyRef: { name: 'gone', key: 'k' } } }] }, 'env[name=KEY]'],
  ['of them all', { envFrom: [{ configMapRef: { name: 'other' } }, { secretRef: { name: 'gone' } }] }, 'envFrom[1]'],
])('a Secret that is not there, %s', (_, container, field) => {
  const finds = finding('CreateContainerConfigError', 'main: secret "gone" not found', { field: `${main}.env` });
  expect(ofDeployment(finds, container)).toEqual({ ...finds, field: `${main}.${field}` });
});

test.each([
  'MountVolume.SetUp failed for volume "certs" : secret "certs" not found',
  'Unable to attach or mount volumes: unmounted volumes=[certs], unattached volumes=[data certs]: timed out',
])('a volume that cannot be mounted: %s', (message) => {
  const finds = finding('FailedMount', message, { field: 'spec.template.spec.volumes' });
  expect(ofDeployment(finds)).toEqual({ ...finds, field: 'spec.template.spec.volumes[name=certs]' });
});

test.each([
  [
    'a request that no node has room for',
    '0/2 nodes are available: 2 Insufficient nvidia.com/gpu.',
    `${main}.resources.requests["nvidia.com/gpu"]`,
    undefined,
  ],
  ['that could be of either container', '0/2 nodes are available: 2 Insufficient cpu.', 'spec.template.spec.containers', undefined],
  [
    'a claim that is not bound',
    'pod has unbound immediate PersistentVolumeClaims',
    'spec.template.spec.volumes[name=data].persistentVolumeClaim.claimName',
    [{ id: 'main:PersistentVolumeClaim/shop/data', field: 'spec' }],
  ],
])('no node fits: %s', (_, message, field, leads) => {
  const finds = finding('Unschedulable', message, { field: 'spec.template.spec.containers' });
  expect(ofDeployment(finds)).toEqual({ ...finds, field, ...(leads ? { leads } : {}) });
});

test('a quota of the program that is used up', () => {
  const finds = finding(
    'FailedCreate',
    'pods "web-1" is forbidden: exceeded quota: team, requested: pods=1, used: pods=4, limited: pods=4',
    {
      field: 'spec.template.spec.containers',
    },
  );
  const leads = [{ id: 'main:ResourceQuota/shop/team', field: 'spec.hard' }];
  expect(ofDeployment(finds)).toEqual({ ...finds, leads });
  expect(ofDeployment({ ...finds, on: 'ReplicaSet/web-1' })).toMatchObject({ field: 'spec.replicas', leads });
  expect(ofDeployment({ ...finds, on: 'Job/web' })).toMatchObject({ field: 'spec.parallelism', leads });
});

test.each([
  [
    'exceeded quota: night, requested: nvidia.com/gpu=8, used: nvidia.com/gpu=0, limited: nvidia.com/gpu=4',
    'resources.requests["nvidia.com/gpu"]',
  ],
  ['exceeded quota: night, requested: requests.cpu=65, used: requests.cpu=0, limited: requests.cpu=4', undefined],
  ['failed quota: night: must specify limits.cpu for: main,side; limits.memory for: side', 'resources'],
  ['maximum cpu usage per Container is 1, but limit is 4', 'resources.limits.cpu'],
  [
    '[maximum cpu usage per Container is 1500m, but request is 64, maximum cpu usage per Pod is 2, but limit is 4.]',
    'resources.requests.cpu',
  ],
  ['minimum memory usage per Container is 1.5Gi.  No request is specified', undefined],
  ['maximum cpu usage per Container is 1, but limit is 4k', 'resources.limits.cpu'],
  ['maximum cpu usage per Container is 1, but request is 64k', undefined],
  ['minimum memory usage per Container is 1.5Gi.  No limit is specified', undefined],
  [
    'violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false (container "main" must set securityContext.allowPrivilegeEscalation=false)',
    'securityContext',
  ],
  ['admission webhook "policy.example.com" denied the request: no', undefined],
])('Pods are refused: %s', (words, field) => {
  const finds = finding('FailedCreate', `pods "web-1" is forbidden: ${words}`, { on: 'ReplicaSet/web-1', field: 'spec.template' });
  const container = { resources: { limits: { cpu: '4' }, requests: { cpu: '64', 'nvidia.com/gpu': 8 } } };
  expect(ofDeployment(finds, container).field).toBe(field ? `${main}.${field}` : 'spec.template');
});

test('the one container without a limit that each has to have', () => {
  const finds = finding('FailedCreate', 'pods "web-1" is forbidden: maximum cpu usage per Container is 1.  No limit is specified', {});
  const field = 'spec.template.spec.containers[name=side].resources.limits.cpu';
  expect(ofDeployment(finds, { resources: { limits: { cpu: '1' } } })).toMatchObject({ field });
});

test('a Pod of which several containers are unsafe, or the whole', () => {
  const refusal = (words: string) => finding('FailedCreate', `violates PodSecurity "baseline:v1.30": ${words}`, { field: 'spec.template' });
  expect(ofDeployment(refusal('privileged (containers "main", "side" must not set securityContext.privileged=true)')).field).toBe(
    `${main}.securityContext`,
  );
  expect(ofDeployment(refusal('host namespaces (hostNetwork=true)')).field).toBe('spec.template.spec.securityContext');
});

test('what has no Pods, or is not told with what was wished, stays as it is', () => {
  const finds = finding('FailedMount', 'for volume "certs"', { field: 'spec.volumes' });
  expect(traced(finds, { id: 'main:Service/shop/web', type: 'v1/Service', attributes: { kind: 'Service' } }, beside)).toBe(finds);
  expect(traced(finds, { id: 'main:Deployment.apps/shop/web', type: 'apps/v1/Deployment' }, beside)).toBe(finds);
});

function ofDeployment(finds: Finding, container: JsonObject = { env }): Finding {
  const claim = { persistentVolumeClaim: { claimName: 'data' } };
  const spec = {
    containers: [
      { name: 'main', resources: { requests: { cpu: '64', 'nvidia.com/gpu': 8 } }, ...container },
      { name: 'side', resources: { requests: { cpu: '1' } } },
    ],
    volumes: [
      { name: 'certs', secret: { secretName: 'certs' } },
      { name: 'data', ...claim },
    ],
  };
  const attributes = { apiVersion: 'apps/v1', kind: 'Deployment', spec: { template: { spec } } };
  return traced(finds, { id: 'main:Deployment.apps/shop/web', type: 'apps/v1/Deployment', attributes }, beside);
}

function finding(code: string, message: string, more: Partial<Finding>): Finding {
  return { code, class: 'likely', message, on: 'Pod/web-1', field: main, ...more };
}

const others: readonly Watched[] = [
  { id: 'main:ConfigMap/shop/settings', type: 'v1/ConfigMap', attributes: settings },
  { id: 'main:Secret/shop/web', type: 'v1/Secret', attributes: { kind: 'Secret', stringData: { token: 'a-word' } } },
  { id: 'main:PersistentVolumeClaim/shop/data', type: 'v1/PersistentVolumeClaim' },
  { id: 'main:ResourceQuota/shop/team', type: 'v1/ResourceQuota' },
];

function beside(...[kind, name]: Parameters<Beside>): Watched | undefined {
  return others.find(({ id }) => id === `main:${kind}/shop/${name}`);
}
