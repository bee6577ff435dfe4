import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isKonfigError, type JsonObject } from '@konfig/core';
import { kubernetesRuntime } from '../../src';
import { startWorld, type TestWorld } from './world';

let world: TestWorld;
let folder: string;
beforeAll(async () => {
  world = await startWorld();
  folder = mkdtempSync(join(tmpdir(), 'konfig-connect-'));
});
afterAll(async () => {
  await world.stop();
  rmSync(folder, { recursive: true });
});
afterEach(() => world.cluster.inject([]));

const connect = (config: JsonObject) => kubernetesRuntime().connect('main', { runtime: 'kubernetes', config }, world.signal);
const failure = async (config: JsonObject) => {
  const error: unknown = await connect(config).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return isKonfigError(error) ? error.problems[0] : error;
};

/** A kubeconfig with one context `here` to the embedded cluster and this user. */
function kubeconfig(name: string, user: JsonObject): string {
  const file = join(folder, name);
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'here',
    clusters: [{ name: 'c', cluster: { server: world.cluster.server } }],
    contexts: ['here', 'there'].map((context) => ({ name: context, context: { cluster: 'c', user: 'u' } })),
    users: [{ name: 'u', user }],
  };
  writeFileSync(file, JSON.stringify(config));
  return file;
}

test('a plain address is enough, and the cluster is known by its uid', async () => {
  const connection = await connect({ server: world.cluster.server });
  expect(connection.identity).toBe(world.cluster.uid);
  expect(connection.description).toBe(world.cluster.server);
  await connection.close();
});

test('a kubeconfig gives the address, and the description names the context', async () => {
  const connection = await connect({ kubeconfig: kubeconfig('plain', {}), context: 'there' });
  expect(connection.identity).toBe(world.cluster.uid);
  expect(connection.description).toBe(`${world.cluster.server} (context there)`);
  await connection.close();
});

test('a context that is not there is an error that lists those that are', async () => {
  expect(await failure({ kubeconfig: kubeconfig('plain', {}), context: 'prod' })).toMatchObject({
    code: 'TARGET_CONFIG',
    message: 'Target main: the kubeconfig has no context prod.',
    hint: expect.stringMatching(/^There are: here, there\./),
  });
});

test('a kubeconfig that is not there is an error with its path', async () => {
  expect(await failure({ kubeconfig: join(folder, 'none') })).toMatchObject({
    code: 'TARGET_CONFIG',
    message: expect.stringContaining(join(folder, 'none')),
  });
});

test('a server that does not listen is an error with the reason', async () => {
  expect(await failure({ server: 'http://127.0.0.1:1' })).toMatchObject({
    code: 'TARGET_UNREACHABLE',
    message: expect.stringMatching(/^http:\/\/127\.0\.0\.1:1: .*ECONNREFUSED/),
  });
});

test('a server that is no API server is an error', async () => {
  const other = createServer((_, response) => response.writeHead(404, { 'content-type': 'text/html' }).end('<h1>Not found</h1>'));
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const server = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
  expect(await failure({ server })).toMatchObject({ code: 'TARGET_UNREACHABLE', hint: 'Is this the address of a Kubernetes API server?' });
  other.closeAllConnections();
  await new Promise((resolve) => other.close(resolve));
});

test('config that is no config is an error', async () => {
  expect(await failure({ server: 'localhost' })).toMatchObject({ code: 'TARGET_CONFIG' });
  expect(await failure({ context: 3 })).toMatchObject({
    code: 'TARGET_CONFIG',
    message: 'Target main: context is 3, but must be a string.',
  });
});

test('credentials are read again once when they are refused', async () => {
  const connection = await connect({ kubeconfig: kubeconfig('token', { token: 'abc' }) });
  world.cluster.inject([{ fault: 'request', path: '/api/v1/namespaces/default/configmaps/x', status: 401, times: 1 }]);
  expect(await connection.read('main:ConfigMap/default/x', 'v1/ConfigMap', world.signal)).toBeUndefined();
  world.cluster.inject([{ fault: 'request', path: '/api/v1/namespaces/default/configmaps/x', status: 401 }]);
  await expect(connection.read('main:ConfigMap/default/x', 'v1/ConfigMap', world.signal)).rejects.toMatchObject({
    problems: [{ code: 'TARGET_CREDENTIALS' }],
  });
  await connection.close();
});

test('a credential plugin that fails is named, with what it says to do', async () => {
  const exec = {
    apiVersion: 'client.authentication.k8s.io/v1',
    command: 'no-such-login',
    installHint: 'Install it with: make login',
    interactiveMode: 'Never',
  };
  expect(await failure({ kubeconfig: kubeconfig('exec', { exec }) })).toMatchObject({
    code: 'TARGET_CREDENTIALS',
    message: expect.stringMatching(/the credential plugin no-such-login failed: .*ENOENT/),
    hint: 'Install it with: make login',
  });
});

test('a server without aggregated discovery is asked group by group', async () => {
  world.cluster.inject([
    { fault: 'request', path: '/api', status: 200, times: 1, body: { kind: 'APIVersions', versions: ['v1'] } },
    {
      fault: 'request',
      path: '/apis',
      status: 200,
      times: 2,
      body: { kind: 'APIGroupList', groups: [{ name: 'apps', versions: [{ groupVersion: 'apps/v1', version: 'v1' }] }] },
    },
  ]);
  const connection = await connect({ server: world.cluster.server });
  expect(await connection.read('main:Deployment.apps/default/none', 'apps/v1/Deployment', world.signal)).toBeUndefined();
  expect(await connection.read('main:ConfigMap/default/none', 'v1/ConfigMap', world.signal)).toBeUndefined();
  await connection.close();
});

test('who may not read kube-system knows the cluster by its address', async () => {
  world.cluster.inject([{ fault: 'request', method: 'GET', path: '/api/v1/namespaces/kube-system', status: 403 }]);
  const target = { runtime: 'kubernetes', config: { server: world.cluster.server } };
  const connection = await kubernetesRuntime().connect('main', target, world.signal);
  expect(connection.identity).toBe(`at ${world.cluster.server}`);
  await connection.close();
});

test('a server that takes the connection and never answers is unreachable', async () => {
  const silent = createServer(() => {});
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const server = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  const opening = kubernetesRuntime({ firstAnswer: 0.05 }).connect('main', { runtime: 'kubernetes', config: { server } }, world.signal);
  await expect(opening).rejects.toThrow(/TARGET_UNREACHABLE .*: it took the connection and did not answer/);
  silent.closeAllConnections();
  silent.close();
});
