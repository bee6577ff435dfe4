// What it costs to watch ten thousand Pods: memory when all are known, processor time while nothing happens, and how soon a change is told. The cluster
// only lists and tells of changes, in a process of its own. Prints figures; asserts nothing. `node bench/watch.mjs [--deployments 100] [--replicas 100]`
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const here = fileURLToPath(import.meta.url);
const require = createRequire(here);
const packages = join(dirname(dirname(here)), 'packages');
const { values } = parseArgs({
  options: {
    deployments: { type: 'string', default: '100' },
    replicas: { type: 'string', default: '100' },
    role: { type: 'string', default: 'lead' },
    server: { type: 'string' },
  },
});
const [deployments, replicas] = [Number(values.deployments), Number(values.replicas)];
const namespace = 'many';
const ipc = { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] };

await { lead, cluster, watcher }[values.role]();

async function lead() {
  const cluster = spawn(process.execPath, [here, ...process.argv.slice(2), '--role', 'cluster'], ipc);
  try {
    const [{ server }] = await once(cluster, 'message');
    const node = await measure(
      spawn(process.execPath, ['-e', 'process.send({ memory: process.memoryUsage() }); setInterval(() => {}, 1000)'], ipc),
    );
    const watcher = spawn(process.execPath, [here, '--role', 'watcher', '--server', server, '--deployments', values.deployments], ipc);
    const all = await measure(watcher, async () => {
      await send(server, 'PATCH', `/apis/apps/v1/namespaces/${namespace}/deployments/d0`, {
        metadata: { annotations: { changed: String(Date.now()) } },
      });
    });
    console.log(`\n${deployments} Deployments with ${replicas} Pods each, all ready, watched by one process`);
    console.log(`  all of them known after        ${all.seconds.toFixed(1)} s`);
    console.log(`  memory, resident               ${megabytes(all.memory.rss)} MB; node -e alone: ${megabytes(node.memory.rss)} MB`);
    console.log(`  memory, heap in use            ${megabytes(all.memory.heapUsed)} MB`);
    console.log(`  processor while nothing happens ${(100 * all.idle).toFixed(2)} % of one core, over 10 s`);
    console.log(`  a change is told after         ${all.told} ms`);
  } finally {
    cluster.kill();
  }
}

/** What a process says of itself when it has begun, and then after a change. */
async function measure(child, change) {
  try {
    const [first] = await once(child, 'message');
    if (!change) return first;
    await change();
    const [{ told }] = await once(child, 'message');
    return { ...first, told };
  } finally {
    child.kill();
  }
}

/** As much of an API server as a watch asks for. */
async function cluster() {
  const lists = { deployments: objects('Deployment'), replicasets: objects('ReplicaSet'), pods: objects('Pod'), events: [] };
  const watches = new Set();
  let version = 1000;
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url, 'http://cluster');
    const [, list] = /\/namespaces\/many\/(\w+)/.exec(pathname) ?? [];
    const give = (body, status = 200) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (pathname === '/version') return give({ major: '1', minor: '34', gitVersion: 'v1.34.0' });
    if (pathname === '/api') return give(discovery('', ['Pod', 'Event', 'Namespace']));
    if (pathname === '/apis') return give(discovery('apps', ['Deployment', 'ReplicaSet']));
    if (request.method === 'PATCH') {
      const [first] = lists.deployments;
      first.metadata = { ...first.metadata, resourceVersion: String(++version) };
      for (const one of watches)
        if (one.list === 'deployments') one.response.write(`${JSON.stringify({ type: 'MODIFIED', object: first })}\n`);
      return give(first);
    }
    if (!list) return give({ kind: 'Status', code: 404, metadata: { uid: 'cluster' } }, pathname.endsWith('kube-system') ? 200 : 404);
    if (searchParams.get('watch')) {
      watches.add({ list, response: response.writeHead(200, { 'content-type': 'application/json' }) });
      return response.flushHeaders();
    }
    const from = Number(searchParams.get('continue') ?? 0);
    const to = from + Number(searchParams.get('limit') ?? 500);
    const items = lists[list].slice(from, to);
    return give({ metadata: { resourceVersion: String(version), ...(to < lists[list].length ? { continue: String(to) } : {}) }, items });
  });
  server.listen(0, '127.0.0.1', () => process.send({ server: `http://127.0.0.1:${server.address().port}` }));
}

function discovery(group, kinds) {
  const resources = kinds.map((kind) => ({
    resource: `${kind.toLowerCase()}s`,
    responseKind: { kind },
    scope: 'Namespaced',
    verbs: ['get', 'list', 'watch'],
  }));
  return { kind: 'APIGroupDiscoveryList', items: [{ metadata: { name: group }, versions: [{ version: 'v1', resources }] }] };
}

/** All of a kind, as large as they are in clusters that people have. */
function objects(kind) {
  const perDeployment = kind === 'Pod' ? replicas : 1;
  return Array.from({ length: deployments * perDeployment }, (_, i) => {
    const d = Math.floor(i / perDeployment);
    const name = { Deployment: `d${d}`, ReplicaSet: `d${d}-6c9f8b7d5`, Pod: `d${d}-6c9f8b7d5-${i}` }[kind];
    const owner = { ReplicaSet: ['Deployment', `d${d}`], Pod: ['ReplicaSet', `d${d}-6c9f8b7d5`] }[kind];
    const labels = { app: `d${d}`, team: 'bench', 'app.kubernetes.io/part-of': 'a-shop-with-many-parts', 'pod-template-hash': '6c9f8b7d5' };
    const ownerReferences = owner && [{ apiVersion: 'apps/v1', kind: owner[0], name: owner[1], uid: `${owner[0]}-${d}`, controller: true }];
    const metadata = {
      name,
      namespace,
      uid: kind === 'Pod' ? `Pod-${i}` : `${kind}-${d}`,
      generation: 1,
      resourceVersion: String(i),
      labels,
      ...(owner && { ownerReferences }),
    };
    return {
      metadata: { ...metadata, managedFields: [{ manager: 'kubelet', fieldsV1: { text: 'x'.repeat(2000) } }] },
      spec: specOf(labels),
      status: statusOf(kind, i),
    };
  });
}

function specOf(labels) {
  const env = Array.from({ length: 20 }, (_, j) => ({ name: `VARIABLE_${j}`, value: `a value of some length ${j}` }));
  const containers = [{ name: 'main', image: 'registry.example/a-shop/some-part:1.0.0', env, ports: [{ containerPort: 8080 }] }];
  return {
    replicas,
    selector: { matchLabels: labels },
    containers,
    template: { metadata: { labels }, spec: { containers } },
    nodeName: 'node-1',
  };
}

function statusOf(kind, i) {
  if (kind !== 'Pod')
    return { observedGeneration: 1, replicas, updatedReplicas: replicas, readyReplicas: replicas, availableReplicas: replicas };
  const condition = (type) => ({ type, status: 'True', lastProbeTime: null, lastTransitionTime: '2026-11-22T06:00:00Z' });
  return {
    phase: 'Running',
    conditions: ['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady', 'PodScheduled'].map(condition),
    podIP: `10.0.${i >> 8}.${i & 255}`,
    containerStatuses: [
      {
        name: 'main',
        ready: true,
        restartCount: 0,
        image: 'registry.example/a-shop/some-part:1.0.0',
        imageID: `registry.example/a-shop/some-part@sha256:${'0'.repeat(64)}`,
        containerID: `containerd://${String(i).padStart(64, '0')}`,
        state: { running: { startedAt: '2026-11-22T06:00:00Z' } },
      },
    ],
  };
}

async function watcher() {
  const { kubernetesRuntime } = require(join(packages, 'runtimes/dist/index.js'));
  const { signal } = new AbortController();
  const connection = await kubernetesRuntime().connect('main', { runtime: 'kubernetes', config: { server: values.server } }, signal);
  const watched = Array.from({ length: deployments }, (_, i) => ({
    id: `main:Deployment.apps/${namespace}/d${i}`,
    type: 'apps/v1/Deployment',
  }));
  const begin = performance.now();
  let hear = () => {};
  await connection.watch(watched, () => hear(), signal);
  const seconds = (performance.now() - begin) / 1000;
  await setTimeout(2000);
  const before = process.cpuUsage();
  await setTimeout(10_000);
  const { user, system } = process.cpuUsage(before);
  const heard = new Promise((resolve) => {
    hear = resolve;
  });
  process.send({ seconds, memory: process.memoryUsage(), idle: (user + system) / 10_000_000 });
  const sent = performance.now();
  await heard;
  process.send({ told: Math.round(performance.now() - sent) });
}

async function send(server, method, path, body) {
  const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
  const answer = await fetch(`${server}${path}`, {
    method,
    headers: { 'content-type': type },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

function megabytes(bytes) {
  return Math.round(bytes / 2 ** 20);
}
