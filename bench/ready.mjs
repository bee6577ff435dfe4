// How soon Konfig says what has become of a hundred Deployments at once, on the real control plane of test/testbed: from the moment that the API server
// tells that one is available until the line that says so, beside `kubectl wait` and `kubectl rollout status` of the same Deployments at the same time;
// and from a Pod's third crash until its Deployment is said to have failed. Prints figures; asserts nothing. `node bench/ready.mjs [--deployments 100]`
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);
require('esbuild-register/dist/node').register();
const { startTestbed } = require(join(root, 'test/testbed/testbed.ts'));
const { values } = parseArgs({ options: { deployments: { type: 'string', default: '100' } } });
const count = Number(values.deployments);
const names = Array.from({ length: count }, (_, i) => `d${i}`);

mkdirSync(join(root, '.konfig'), { recursive: true });
const folder = mkdtempSync(join(root, '.konfig', 'bench-'));
const bed = await startTestbed();
const api = clientOf(JSON.parse(readFileSync(bed.kubeconfig, 'utf8')));
try {
  await becomeReady('log');
  await becomeReady('ndjson');
  await fail();
} finally {
  await bed.stop();
  rmSync(folder, { recursive: true, force: true });
}

/** All wait for a probe that fails, and then all probes succeed at once. */
async function becomeReady(output) {
  const namespace = `ready-${output}`;
  const byKonfig = apply(
    namespace,
    output,
    { 'simulate.konfig.dev/unready': 'true' },
    {
      log: /✔ Deployment\/(d\d+) ready/,
      ndjson: /"type":"step-done","step":"[^"]*Deployment[^"]*\/(d\d+)"/,
    },
  );
  const pods = await watch(`/api/v1/namespaces/${namespace}/pods`, isRunning);
  await pods.all;
  const available = await watch(`/apis/apps/v1/namespaces/${namespace}/deployments`, isAvailable);
  const kubectl = (...args) => [
    join(bed.bin, 'kubectl'),
    [...args, ...names.map((name) => `deployment/${name}`), '-n', namespace, '--timeout=120s', '-v=6'],
  ];
  const byWait = times(...kubectl('wait', '--for=condition=Available'), /^deployment.apps\/(\S+) condition met/);
  const byStatus = times(...kubectl('rollout', 'status'), /^deployment "(\S+)" successfully rolled out/);
  await Promise.all([byKonfig.begun, byWait.begun, byStatus.begun]);
  const mended = performance.now();
  const annotations = { 'simulate.konfig.dev/unready': null };
  await Promise.all(
    [...pods.objects].map((pod) => api('PATCH', `/api/v1/namespaces/${namespace}/pods/${pod}`, { metadata: { annotations } })),
  );
  const at = await available.all;
  console.log(
    `\n${count} Deployments, the last available ${Math.round(Math.max(...at.values()) - mended)} ms after all were mended at once: said after`,
  );
  print(`konfig apply, ${output}`, at, await byKonfig.all);
  print('kubectl wait', at, await byWait.all);
  print('kubectl rollout status', at, await byStatus.all);
}

/** All crash, again and again. */
async function fail() {
  const byKonfig = apply(
    'crash',
    'ndjson',
    { 'simulate.konfig.dev/crash': '3' },
    { ndjson: /"type":"step-failed","step":"[^"]*\/(d\d+)"/ },
  );
  const pods = await watch('/api/v1/namespaces/crash/pods', hasCrashed);
  const at = await pods.all;
  console.log(`\n${count} Deployments, each Pod of which has crashed for the third time: said after`);
  print('konfig apply, ndjson', at, await byKonfig.all);
}

function isRunning({ status }) {
  return status.phase === 'Running';
}

function isAvailable({ status, metadata, spec }) {
  return status.observedGeneration === metadata.generation && status.availableReplicas === spec.replicas;
}

function hasCrashed({ status }) {
  return status.containerStatuses?.some((one) => one.restartCount >= 3 && one.state.waiting?.reason === 'CrashLoopBackOff');
}

/** A konfig that applies so many Deployments to a namespace, and when it said a line of this form of each. */
function apply(namespace, output, podAnnotations, said) {
  const project = join(folder, 'projects', namespace);
  mkdirSync(project, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'bench', private: true, konfig: { projects: ['projects/*'] } }));
  writeFileSync(
    join(project, 'konfig.ts'),
    `import { AppConfig, kubernetes, project, Service, type Stack, workspace } from '@konfig/sdk';

const here = workspace('here', { kubernetes: kubernetes({ kubeconfig: ${JSON.stringify(bed.kubeconfig)} }) });
const podAnnotations = ${JSON.stringify(podAnnotations)};

class App extends AppConfig {
  constructor(stack: Stack) {
    super(stack, 'bench');
    for (const name of ${JSON.stringify(names)}) new Service(this, name, { containers: { main: { image: 'registry.example/web:1.0.0' } }, podAnnotations });
  }
}
export default project('${namespace}').stack('dev', here, (stack) => new App(stack), { namespace: '${namespace}' });
`,
  );
  const command = [join(root, 'packages/cli/bin/konfig.js'), 'apply', `${namespace}/dev`, '--yes', '--no-type-check'];
  return times(process.execPath, [...command, '--output', output === 'log' ? 'text' : output], said[output]);
}

/** Runs a program: `begun` when it first spoke of Deployments, `all` at its end, with when it named each. */
function times(program, args, pattern) {
  const at = new Map();
  const child = spawn(program, args, {
    cwd: folder,
    env: { ...process.env, KUBECONFIG: bed.kubeconfig, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = [];
  const begun = new Promise((resolve) => {
    for (const input of [child.stdout, child.stderr])
      createInterface({ input }).on('line', (line) => {
        said.push(line);
        if (/deployment/i.test(line)) resolve();
        const [, name] = pattern.exec(line) ?? [];
        if (name !== undefined) at.set(name, performance.now());
      });
  });
  const all = once(child, 'close').then(() => {
    if (at.size < count) throw new Error(`${program} ${args.join(' ')} named ${at.size} of ${count}:\n${said.slice(-20).join('\n')}`);
    return at;
  });
  // The first failure is the one to read: what it ends fails as well.
  all.catch(() => {});
  return { begun, all };
}

/** Watches a list, and says when each of so many became what is asked for: by the part of its name that is our own. */
async function watch(path, isSo) {
  const [at, objects] = [new Map(), new Set()];
  const lines = createInterface({ input: await api('GET', `${path}?watch=true`) });
  // It is cut when the control plane is stopped.
  lines.on('error', () => {});
  const all = new Promise((resolve) => {
    lines.on('line', (line) => {
      const { object } = JSON.parse(line);
      objects.add(object.metadata.name);
      const [name] = /^d\d+/.exec(object.metadata.name) ?? [];
      if (name !== undefined && !at.has(name) && isSo(object)) at.set(name, performance.now());
      if (at.size === count) resolve(at);
    });
  });
  return { objects, all };
}

/** An administrator's client. The answer to a watch is its stream. */
function clientOf({ clusters: [{ cluster }], users: [{ user }] }) {
  const bytes = (field) => Buffer.from(field, 'base64');
  const ca = bytes(cluster['certificate-authority-data']);
  const agent = new Agent({
    ca,
    cert: bytes(user['client-certificate-data']),
    key: bytes(user['client-key-data']),
    keepAlive: true,
    maxSockets: 20,
  });
  return async (method, path, body) => {
    const sent = request(cluster.server + path, { method, agent, headers: { 'content-type': 'application/merge-patch+json' } });
    sent.end(body && JSON.stringify(body));
    const [response] = await once(sent, 'response');
    if (response.statusCode >= 300) throw new Error(`${method} ${path}: ${response.statusCode} ${await text(response)}`);
    return path.endsWith('?watch=true') ? response : text(response);
  };
}

function print(name, at, said) {
  const after = names.map((one) => said.get(one) - at.get(one)).sort((a, b) => a - b);
  const [half, most, last] = [0.5, 0.95, 1].map((part) => `${Math.round(after[Math.ceil(part * after.length) - 1])} ms`.padStart(9));
  console.log(`  ${name.padEnd(28)}median${half}   95th percentile${most}   last${last}`);
}
