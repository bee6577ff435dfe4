// Shows that the test bed does what its README says, with nothing but itself:
//   node -r esbuild-register test/testbed/check.ts

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startTestbed, type Testbed } from './testbed';

const shop = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 3
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: registry.example/web:1 }] }
---
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { selector: { app: web }, ports: [{ port: 80 }] }
---
apiVersion: batch/v1
kind: Job
metadata: { name: migrate }
spec:
  template:
    spec: { restartPolicy: Never, containers: [{ name: migrate, image: registry.example/migrate:1 }] }
---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db }
spec:
  serviceName: db
  selector: { matchLabels: { app: db } }
  template:
    metadata: { labels: { app: db } }
    spec: { containers: [{ name: db, image: registry.example/db:1 }] }
  volumeClaimTemplates:
    - metadata: { name: disk }
      spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: mistyped }
spec:
  selector: { matchLabels: { app: mistyped } }
  template:
    metadata: { labels: { app: mistyped } }
    spec: { containers: [{ name: web, image: 'registry.example/web:does-not-exist' }] }
---
apiVersion: v1
kind: Pod
metadata: { name: unreachable }
spec:
  initContainers: [{ name: prepare, image: 'registry.invalid:5000/prepare' }]
  containers: [{ name: web, image: registry.example/web:1 }]
---
apiVersion: v1
kind: Pod
metadata: { name: crashing, annotations: { simulate.konfig.dev/crash: '3' } }
spec: { containers: [{ name: web, image: registry.example/web:1 }] }
---
apiVersion: v1
kind: Pod
metadata: { name: killed, annotations: { simulate.konfig.dev/crash: '137' } }
spec: { restartPolicy: Never, containers: [{ name: web, image: registry.example/web:1 }] }
---
apiVersion: v1
kind: Pod
metadata: { name: sulking, annotations: { simulate.konfig.dev/unready: 'true' } }
spec: { containers: [{ name: web, image: registry.example/web:1 }] }
---
apiVersion: batch/v1
kind: Job
metadata: { name: failing }
spec:
  backoffLimit: 0
  template:
    metadata: { annotations: { simulate.konfig.dev/crash: '2' } }
    spec: { restartPolicy: Never, containers: [{ name: migrate, image: registry.example/migrate:1 }] }
`;

async function main(): Promise<void> {
  const parent = mkdtempSync(join(tmpdir(), 'konfig-testbed-check-'));
  const folder = join(parent, 'bed');
  const bed = await timed('start', () => startTestbed({ folder }));
  try {
    assert.match(await ask(bed, 'version'), /Client Version: v1\.36\.3\n(.*\n)?Server Version: v1\.36\.3/);
    await timed('apply', () => ask(bed, 'apply', '-f', '-'));
    await timed('what is sound gets there', () => whatIsSound(bed));
    await timed('what is broken says so', () => whatIsBroken(bed));
    await timed('what is mended recovers', () => whatIsMended(bed));
    await timed('strangers are refused', () => strangers(bed));
    await timed('restart of the API server', () => bed.restartApiServer());
    assert.match(await ask(bed, 'get', 'deployment', 'web'), /3\/3/);
    await timed('all is deleted', () => ask(bed, 'delete', 'all', '--all', '--timeout=30s'));
  } finally {
    await timed('stop', () => bed.stop());
  }
  assert(existsSync(join(folder, 'etcd.log')), 'a folder of the caller is kept');
  rmSync(parent, { recursive: true });
  assert(!execFileSync('ps', ['-A', '-o', 'args'], { encoding: 'utf8' }).includes(folder), 'no process is left');
  await timed('a bed ends with its parent', endsWithParent);
}

async function whatIsSound(bed: Testbed): Promise<void> {
  await ask(bed, 'wait', 'deployment/web', '--for=condition=Available', '--timeout=20s');
  await ask(bed, 'wait', 'job/migrate', '--for=condition=Complete', '--timeout=20s');
  await ask(bed, 'rollout', 'status', 'statefulset/db', '--timeout=20s');
  assert.equal(
    await field(bed, 'endpointslice -l kubernetes.io/service-name=web', '{.items[0].endpoints[*].conditions.ready}'),
    'true true true',
  );
  assert.match(await ask(bed, 'logs', 'deployment/web'), /No container runs/);
}

async function whatIsBroken(bed: Testbed): Promise<void> {
  const waiting = '{.items[0].status.containerStatuses[0].state.waiting.reason}';
  await becomes(() => field(bed, 'pod -l app=mistyped', waiting), 'ImagePullBackOff');
  assert.match(
    await ask(bed, 'events', '--for=pod/unreachable'),
    /Warning +Failed .*Failed to pull image "registry.invalid:5000\/prepare"/,
  );
  await becomes(() => field(bed, 'pod unreachable', '{.status.initContainerStatuses[0].state.waiting.reason}'), 'ImagePullBackOff');
  const crashed = '{.restartCount} {.state.waiting.reason} {.lastState.terminated.exitCode}';
  await becomes(() => field(bed, 'pod crashing', `{range .status.containerStatuses[0]}${crashed}{end}`), '3 CrashLoopBackOff 3');
  await becomes(
    () => field(bed, 'pod killed', '{.status.phase} {.status.containerStatuses[0].state.terminated.reason}'),
    'Failed OOMKilled',
  );
  await becomes(() => field(bed, 'job failing', '{.status.conditions[?(@.type=="Failed")].reason}'), 'BackoffLimitExceeded');
  await becomes(() => field(bed, 'pod sulking', '{.status.phase} {.status.containerStatuses[0].ready}'), 'Running false');
}

async function whatIsMended(bed: Testbed): Promise<void> {
  await ask(bed, 'set', 'image', 'deployment/mistyped', 'web=registry.example/web:1');
  await ask(bed, 'set', 'image', 'pod/unreachable', 'prepare=registry.example/prepare:1');
  await ask(bed, 'annotate', 'pod/sulking', 'simulate.konfig.dev/unready-');
  await ask(bed, 'annotate', 'pod/crashing', 'simulate.konfig.dev/crash-');
  await ask(bed, 'rollout', 'status', 'deployment/mistyped', '--timeout=20s');
  await ask(bed, 'wait', 'pod/unreachable', 'pod/sulking', 'pod/crashing', '--for=condition=Ready', '--timeout=20s');
}

async function strangers(bed: Testbed): Promise<void> {
  const jane = await bed.kubectl(['get', 'pods', '--kubeconfig', await bed.kubeconfigFor('jane')]);
  assert.match(jane.stderr, /Forbidden.*User "jane" cannot list/);
  const liar = await bed.kubectl(['get', 'pods', '--kubeconfig', await bed.tokenKubeconfig('not-a-token')]);
  assert.match(liar.stderr, /Unauthorized/);
  const token = (await ask(bed, 'create', 'token', 'default')).trim();
  assert.match(await ask(bed, 'auth', 'whoami', '--kubeconfig', await bed.tokenKubeconfig(token)), /system:serviceaccount:default:default/);
}

async function endsWithParent(): Promise<void> {
  const program = `require('./testbed').startTestbed().then((bed) => { console.log(bed.folder); process.kill(process.pid, 'SIGKILL'); })`;
  let folder = '';
  try {
    execFileSync(process.execPath, ['-r', 'esbuild-register', '-e', program], { cwd: __dirname, stdio: ['ignore', 'pipe', 'ignore'] });
  } catch (error) {
    folder = String((error as { stdout: Buffer }).stdout).trim();
  }
  assert.notEqual(folder, '');
  await becomes(async () => String(execFileSync('ps', ['-A', '-o', 'args'], { encoding: 'utf8' }).includes(folder)), 'false');
  await becomes(async () => String(existsSync(folder)), 'false');
}

async function ask(bed: Testbed, ...args: string[]): Promise<string> {
  const { stdout, stderr, code } = await bed.kubectl(args, shop);
  assert.equal(code, 0, `kubectl ${args.join(' ')}: ${stderr}`);
  return stdout;
}

function field(bed: Testbed, of: string, jsonpath: string): Promise<string> {
  return ask(bed, 'get', ...of.split(' '), '-o', `jsonpath=${jsonpath}`);
}

async function becomes(read: () => Promise<string>, wanted: string): Promise<void> {
  let seen = '';
  for (const deadline = Date.now() + 20_000; Date.now() < deadline; await sleep(200)) {
    seen = await read();
    if (seen === wanted) return;
  }
  assert.equal(seen, wanted);
}

async function timed<T>(what: string, act: () => Promise<T>): Promise<T> {
  const before = performance.now();
  const result = await act();
  console.log(`${what}: ${((performance.now() - before) / 1000).toFixed(1)} s`);
  return result;
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
