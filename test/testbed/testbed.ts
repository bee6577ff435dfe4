// A real Kubernetes control plane for tests: etcd, API server, controller manager, scheduler, and KWOK in place of kubelets.
// Everything listens on 127.0.0.1, writes into one folder, and ends with the process that started it.

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

export interface TestbedOptions {
  /** Where data, logs and kubeconfigs go: a new or empty folder, kept at the end. By default one of our own, removed at the end. */
  readonly folder?: string;
  /** How many nodes there are; 2 by default. */
  readonly nodes?: number;
}

export interface Testbed {
  /** Path of the administrator's kubeconfig. */
  readonly kubeconfig: string;
  /** `https://127.0.0.1:<port>`; the same after `restartApiServer`. */
  readonly server: string;
  /** The folder that holds `kubectl` and `testbed`, for a PATH. */
  readonly bin: string;
  /** Data, certificates, and a log for each component. */
  readonly folder: string;
  /** Runs kubectl as the administrator (`--kubeconfig` makes it another) and never rejects for its exit code. */
  kubectl(args: readonly string[], input?: string): Promise<KubectlResult>;
  /** Kubeconfig of a user who may do nothing yet, known by a client certificate. */
  kubeconfigFor(user: string, ...groups: string[]): Promise<string>;
  /** Kubeconfig with this bearer token, whatever it is worth: `kubectl create token` makes good ones, any other text is refused with 401. */
  tokenKubeconfig(token: string): Promise<string>;
  /** Ends the API server and starts it again at the same address; what etcd holds stays. */
  restartApiServer(): Promise<void>;
  stop(): Promise<void>;
}

export interface KubectlResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

/** Builds the binary if need be (minutes, the first time), starts a cluster and waits until pods can be made in it. */
export async function startTestbed(options: TestbedOptions = {}): Promise<Testbed> {
  const build = await buildTestbed();
  if (options.folder && existsSync(options.folder) && readdirSync(options.folder).length > 0) {
    throw new Error(`The folder of a test bed must be empty, and ${options.folder} is not. Name another one.`);
  }
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOnce(build, options);
    } catch (error) {
      // Between asking the system for a free port and binding it, another process may have taken it.
      if (attempt === 3 || !String(error).includes('address already in use')) throw error;
      if (options.folder) rmSync(options.folder, { recursive: true });
    }
  }
}

async function buildTestbed(): Promise<string> {
  const child = spawn(join(__dirname, 'build.sh'), { stdio: ['ignore', 'pipe', 'inherit'] });
  const [lines, code] = await Promise.all([text(child.stdout), exitCode(child)]);
  if (code !== 0) throw new Error(`test/testbed/build.sh ended with ${code}; it said why above.`);
  return lines.trimEnd().split('\n').at(-1) ?? '';
}

async function startOnce(build: string, options: TestbedOptions): Promise<Testbed> {
  const folder = options.folder ? resolve(options.folder) : mkdtempSync(join(tmpdir(), 'konfig-testbed-'));
  mkdirSync(folder, { recursive: true });
  const bin = join(build, 'bin');
  const pki = join(folder, 'pki');
  const [etcdPort, apiPort, kwokPort] = await freePorts(3);
  const server = `https://127.0.0.1:${apiPort}`;
  const place: Place = { program: join(bin, 'testbed'), folder, removeWithParent: options.folder === undefined };
  const running = new Map<string, Component>();
  const start = (name: string, args: readonly string[]) => running.set(name, startComponent(place, name, args));
  const startApiServer = () => start('kube-apiserver', apiServerArgs(pki, etcdPort, apiPort));

  const stop = async (signal: 'SIGTERM' | 'SIGKILL') => {
    const { etcd, ...clients } = Object.fromEntries(running);
    await Promise.all(Object.values(clients).map((each) => endComponent(each, signal)));
    if (etcd) await endComponent(etcd, signal);
    if (options.folder === undefined) rmSync(folder, { recursive: true, force: true });
  };

  try {
    start('etcd', etcdArgs(folder, etcdPort));
    await promisify(execFile)(place.program, ['pki', pki]);
    const kubeconfigOf = (name: string) => writeKubeconfig(folder, name, kubeconfigText(server, pki, name, certificateOf(pki, name)));
    const kubeconfig = kubeconfigOf('admin');
    const api = apiClient(server, pki);
    startApiServer();
    // Not sooner: without the RBAC rules that are written in its last second, the others are refused, and wait before they ask again.
    await becomes('the API server is ready', running, () => api('GET', '/readyz'));
    start('kube-controller-manager', controllerManagerArgs(pki, kubeconfigOf('kube-controller-manager')));
    start('kube-scheduler', ['--kubeconfig', kubeconfigOf('kube-scheduler'), '--secure-port=0', '--leader-elect=false']);
    writeFileSync(join(folder, 'container.log'), `${new Date().toISOString()} stdout F No container runs in a test bed.\n`);
    start('kwok', kwokArgs(build, pki, kubeconfig, kwokPort));
    await api('POST', '/apis/storage.k8s.io/v1/storageclasses', storageClass);
    const names = Array.from({ length: options.nodes ?? 2 }, (_, index) => `node-${index}`);
    await Promise.all(names.map((name) => api('POST', '/api/v1/nodes', node(name))));
    await becomes('namespaces and service accounts exist', running, async () => {
      await api('GET', '/api/v1/namespaces/kube-system');
      await api('GET', '/api/v1/namespaces/default/serviceaccounts/default');
    });
    await becomes('nodes are ready', running, async () => {
      const { items } = (await api('GET', '/api/v1/nodes')) as { items: Node[] };
      const waiting = items.filter((each) => !isReady(each)).map((each) => each.metadata.name);
      if (waiting.length > 0) throw new Error(`not ready: ${waiting.join(', ')}`);
    });

    return {
      kubeconfig,
      server,
      bin,
      folder,
      kubectl: (args, input) => runKubectl(place, kubeconfig, args, input),
      async kubeconfigFor(user, ...groups) {
        const name = `user-${encodeURIComponent(user)}`;
        await promisify(execFile)(place.program, ['client-certificate', pki, name, user, ...groups]);
        return kubeconfigOf(name);
      },
      async tokenKubeconfig(token) {
        const name = `token-${readdirSync(folder).length}`;
        return writeKubeconfig(folder, name, kubeconfigText(server, pki, name, { token }));
      },
      async restartApiServer() {
        // Killed, as in a crash: asked to, it would wait for those who watch.
        const old = running.get('kube-apiserver');
        if (old) await endComponent(old, 'SIGKILL');
        startApiServer();
        await becomes('the API server is ready again', running, () => api('GET', '/readyz'));
      },
      stop: () => stop('SIGTERM'),
    };
  } catch (error) {
    const logs = [...running.values()].map(tailOf).join('\n');
    await stop('SIGKILL');
    throw new Error(`The test bed did not start: ${error instanceof Error ? error.message : error}\n${logs}`, { cause: error });
  }
}

// -- Components

function etcdArgs(folder: string, port: number): string[] {
  const url = `http://127.0.0.1:${port}`;
  return [
    ...['--data-dir', join(folder, 'etcd'), '--listen-client-urls', url, '--advertise-client-urls', url],
    // A cluster of one has no peers; port 0 spares the choice of a second port.
    ...['--listen-peer-urls', 'http://127.0.0.1:0', '--unsafe-no-fsync', '--log-level', 'warn'],
  ];
}

function apiServerArgs(pki: string, etcdPort: number, port: number): string[] {
  return [
    `--etcd-servers=http://127.0.0.1:${etcdPort}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${port}`,
    // The endpoints of the `kubernetes` Service may not be loopback addresses, and we have no other.
    '--advertise-address=127.0.0.1',
    '--endpoint-reconciler-type=none',
    '--service-cluster-ip-range=10.96.0.0/16',
    `--client-ca-file=${pki}/ca.crt`,
    `--tls-cert-file=${pki}/server.crt`,
    `--tls-private-key-file=${pki}/server.key`,
    '--authorization-mode=Node,RBAC',
    '--enable-admission-plugins=NodeRestriction',
    '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
    `--service-account-key-file=${pki}/service-account.key`,
    `--service-account-signing-key-file=${pki}/service-account.key`,
    `--kubelet-client-certificate=${pki}/admin.crt`,
    `--kubelet-client-key=${pki}/admin.key`,
    '--kubelet-preferred-address-types=InternalIP',
    '--allow-privileged=true',
    '--profiling=false',
  ];
}

function controllerManagerArgs(pki: string, kubeconfig: string): string[] {
  return [
    `--kubeconfig=${kubeconfig}`,
    '--secure-port=0',
    '--leader-elect=false',
    '--use-service-account-credentials=true',
    `--service-account-private-key-file=${pki}/service-account.key`,
    `--root-ca-file=${pki}/ca.crt`,
    `--cluster-signing-cert-file=${pki}/ca.crt`,
    `--cluster-signing-key-file=${pki}/ca.key`,
    // At the default of 20 requests a second, giving each controller its service account and token takes five seconds.
    '--kube-api-qps=500',
    '--kube-api-burst=1000',
  ];
}

function kwokArgs(build: string, pki: string, kubeconfig: string, port: number): string[] {
  const stages = [join(build, 'stages'), join(__dirname, 'stages')].flatMap((folder) =>
    readdirSync(folder).map((file) => `--config=${join(folder, file)}`),
  );
  return [
    `--kubeconfig=${kubeconfig}`,
    '--manage-all-nodes=true',
    '--node-lease-duration-seconds=40',
    // Away from the Services' range.
    '--cidr=10.244.0.0/16',
    '--node-ip=127.0.0.1',
    `--node-port=${port}`,
    `--server-address=127.0.0.1:${port}`,
    `--tls-cert-file=${pki}/server.crt`,
    `--tls-private-key-file=${pki}/server.key`,
    ...stages,
  ];
}

interface Place {
  readonly program: string;
  readonly folder: string;
  readonly removeWithParent: boolean;
}

interface Component {
  readonly name: string;
  readonly process: ChildProcess;
  readonly ended: Promise<number>;
  readonly log: string;
}

function startComponent(place: Place, name: string, args: readonly string[]): Component {
  const log = join(place.folder, `${name}.log`);
  const output = openSync(log, 'a');
  const lifeline = name === 'etcd' && place.removeWithParent ? `--lifeline=${place.folder}` : '--lifeline';
  const child = spawn(place.program, [lifeline, name, ...args], {
    cwd: place.folder,
    env: { PATH: process.env.PATH, HOME: place.folder },
    stdio: ['ignore', output, output, 'pipe'],
    // Out of reach of Ctrl-C, which would end etcd before its lifeline does, and so leave the folder behind.
    detached: true,
  });
  closeSync(output);
  // Neither the child nor its lifeline keeps a finished test run from ending; when it ends, the lifeline does, and with it the child.
  child.unref();
  (child.stdio[3] as Socket).on('error', () => {}).unref();
  return { name, process: child, ended: exitCode(child), log };
}

async function endComponent({ process: child, ended }: Component, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  child.ref();
  child.kill(signal);
  const patience = setTimeout(() => child.kill('SIGKILL'), 5_000);
  await ended;
  clearTimeout(patience);
}

function tailOf({ name, process: { exitCode, signalCode }, log }: Component): string {
  const state = exitCode === null && signalCode === null ? 'running' : `ended with ${exitCode ?? signalCode}`;
  const lines = existsSync(log) ? readFileSync(log, 'utf8').trimEnd().split('\n').slice(-15) : [];
  return `--- ${name} (${state})\n${lines.join('\n')}`;
}

function exitCode(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    // What a shell says of a program it cannot start.
    child.once('error', () => resolve(127));
    child.once('exit', (code) => resolve(code ?? 128));
  });
}

async function runKubectl(place: Place, kubeconfig: string, args: readonly string[], input = ''): Promise<KubectlResult> {
  const child = spawn(place.program, ['--lifeline', 'kubectl', ...args], {
    // What kubectl caches of the API's resources must not outlive the cluster: the next one may have the same port.
    env: { ...process.env, KUBECONFIG: kubeconfig, KUBECACHEDIR: join(place.folder, 'kubectl-cache'), KUBERC: 'off' },
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
  });
  (child.stdio[3] as Socket).on('error', () => {});
  // kubectl may end without reading its input.
  child.stdin.on('error', () => {}).end(input);
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), exitCode(child)]);
  return { stdout, stderr, code };
}

async function freePorts(count: 3): Promise<[number, number, number]>;
async function freePorts(count: number): Promise<number[]> {
  // All are held at once, else the system may name the same port twice.
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const holder = createServer();
      await new Promise<void>((resolve, reject) => holder.once('error', reject).listen(0, '127.0.0.1', resolve));
      return holder;
    }),
  );
  const ports = servers.map((holder) => (holder.address() as { port: number }).port);
  await Promise.all(servers.map((holder) => new Promise((resolve) => holder.close(resolve))));
  return ports;
}

// -- Kubeconfigs

type Credential = { readonly token: string } | { readonly 'client-certificate-data': string; readonly 'client-key-data': string };

function certificateOf(pki: string, name: string): Credential {
  return { 'client-certificate-data': base64Of(pki, `${name}.crt`), 'client-key-data': base64Of(pki, `${name}.key`) };
}

function kubeconfigText(server: string, pki: string, user: string, credential: Credential): string {
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'testbed', cluster: { server, 'certificate-authority-data': base64Of(pki, 'ca.crt') } }],
    users: [{ name: user, user: credential }],
    contexts: [{ name: 'testbed', context: { cluster: 'testbed', user } }],
    'current-context': 'testbed',
  };
  return JSON.stringify(config, null, 2);
}

function writeKubeconfig(folder: string, name: string, config: string): string {
  const path = join(folder, `${name}.kubeconfig`);
  writeFileSync(path, config, { mode: 0o600 });
  return path;
}

function base64Of(pki: string, file: string): string {
  return readFileSync(join(pki, file)).toString('base64');
}

// -- Readiness

const startTimeout = 90_000;

async function becomes(what: string, running: ReadonlyMap<string, Component>, check: () => Promise<unknown>): Promise<void> {
  const deadline = Date.now() + startTimeout;
  for (;;) {
    try {
      await check();
      return;
    } catch (error) {
      const ended = [...running.values()].find(({ process: child }) => child.exitCode !== null || child.signalCode !== null);
      if (ended) throw new Error(`${ended.name} ended before ${what}.`, { cause: error });
      if (Date.now() > deadline) throw new Error(`waited ${startTimeout / 1000} s until ${what}.`, { cause: error });
      await sleep(50);
    }
  }
}

interface Node {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly taints?: readonly unknown[] };
  readonly status: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

// A node that has just become ready still bears the taint that keeps pods away until the controller manager has seen it.
function isReady({ spec, status }: Node): boolean {
  const ready = status.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') ?? false;
  return ready && (spec.taints ?? []).length === 0;
}

function node(name: string): object {
  const capacity = { cpu: '32', memory: '128Gi', 'ephemeral-storage': '100Gi', pods: '500' };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux', 'kubernetes.io/arch': 'amd64' } },
    status: { capacity, allocatable: capacity },
  };
}

// KWOK's stages provide volumes for the class of this name only.
const storageClass = {
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name: 'kwok-volume', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
  provisioner: 'kwok.x-k8s.io/volume',
};

function apiClient(server: string, pki: string): (method: string, path: string, body?: object) => Promise<unknown> {
  const [ca, cert, key] = ['ca.crt', 'admin.crt', 'admin.key'].map((file) => readFileSync(join(pki, file)));
  // No connection is kept: a kept one would outlive its API server at a restart.
  const agent = new Agent({ ca, cert, key, keepAlive: false } as object);
  return (method, path, body) =>
    new Promise((resolve, reject) => {
      const call = request(
        server + path,
        { method, agent, headers: { 'content-type': 'application/json' }, timeout: 5_000 },
        (response) => {
          text(response).then((answer) => {
            const status = response.statusCode ?? 0;
            if (status >= 300) reject(new Error(`${method} ${path}: ${status} ${answer.slice(0, 500)}`));
            else resolve(response.headers['content-type']?.includes('json') ? JSON.parse(answer) : answer);
          }, reject);
        },
      );
      call.once('timeout', () => call.destroy(new Error(`${method} ${path}: no answer in 5 s`)));
      call.once('error', reject);
      call.end(body && JSON.stringify(body));
    });
}
