// konfig health: objects judged from a file or a stream, as the process itself does it.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const command = join(__dirname, '..', 'bin', 'konfig.js');

function health(input: string, ...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, 'health', '-f', '-', ...args], { input, encoding: 'utf8' });
  return { status, stdout, stderr };
}

const inShop = (name: string) => ({ name, namespace: 'shop', uid: name });
const web = (readyReplicas: number) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: inShop('web'),
  spec: { replicas: 1 },
  status: { observedGeneration: 1, replicas: 1, updatedReplicas: 1, readyReplicas, availableReplicas: readyReplicas },
});
const set = {
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  metadata: {
    ...inShop('web-1'),
    ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', uid: 'web', controller: true }],
  },
  spec: { replicas: 1 },
  status: { replicas: 1 },
};
const waiting = { name: 'app', image: 'shop:9', ready: false, restartCount: 0, state: { waiting: { reason: 'InvalidImageName' } } };
const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    ...inShop('web-1-x'),
    ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-1', uid: 'web-1', controller: true }],
  },
  spec: { containers: [{ name: 'app', image: 'shop:9' }] },
  status: { phase: 'Pending', containerStatuses: [waiting] },
};

test('a Deployment of a file is judged by the Pods that are in it too, whatever comes first', () => {
  const { status, stdout } = health(JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [pod, set, web(0)] }), '--output', 'json');
  expect(status).toBe(0);
  const found = JSON.parse(stdout) as readonly { readonly id: string; readonly health: string }[];
  expect(found.map(({ id, health }) => [id, health]).sort()).toEqual([
    ['Deployment.apps/shop/web', 'degraded'],
    ['Pod/shop/web-1-x', 'degraded'],
    ['ReplicaSet.apps/shop/web-1', 'degraded'],
  ]);
  expect(found.find(({ id }) => id.startsWith('Deployment'))).toMatchObject({
    message: '0 of 1 ready',
    findings: [{ code: 'InvalidImageName', class: 'terminal', on: 'Pod/web-1-x', message: 'app: InvalidImageName' }],
  });
});

test('for people it is a line for each object, with what is wrong below', () => {
  const { stdout } = health(
    JSON.stringify({ apiVersion: 'acme.example/v1', kind: 'Lamp', metadata: inShop('l'), status: { phase: 'Broken' } }),
  );
  expect(stdout).toBe('✖ degraded     Lamp.acme.example/shop/l  phase is Broken\n    └ ✖ Lamp/l  Failed: phase is Broken\n');
});

test('of a stream each change is told, of the object and of what it hangs from, and of what is deleted nothing more', () => {
  const events = [web(0), { type: 'MODIFIED', object: web(0) }, { type: 'MODIFIED', object: web(1) }, { type: 'DELETED', object: web(1) }];
  const { status, stdout } = health(events.map((one) => JSON.stringify(one)).join('\n'), '--stream', '--output', 'ndjson');
  expect(status).toBe(0);
  expect(
    stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual([
    { id: 'Deployment.apps/shop/web', health: 'progressing', message: '0 of 1 ready', findings: [] },
    { id: 'Deployment.apps/shop/web', health: 'ready', message: '1 of 1 ready', findings: [] },
  ]);
});

test('a bookmark of a watch is no news, and no mistake', () => {
  const bookmark = { type: 'BOOKMARK', object: { apiVersion: 'v1', kind: 'Pod', metadata: { resourceVersion: '7' } } };
  expect(health(JSON.stringify(bookmark), '--stream')).toMatchObject({ status: 0, stdout: '', stderr: '' });
});

test('lines of a stream that are no objects are told at its end, all of them, and the others are judged', () => {
  const lamp = (name: string) =>
    JSON.stringify({ apiVersion: 'acme.example/v1', kind: 'Lamp', metadata: { name }, status: { phase: 'Ready' } });
  const { status, stdout, stderr } = health([lamp('a'), '{"apiVersion":"v1","ki', 'null', '{"kind":7}', lamp('b')].join('\n'), '--stream');
  expect(status).not.toBe(0);
  expect(stdout).toMatch(/Lamp\.acme\.example\/a [\s\S]*Lamp\.acme\.example\/b /);
  expect(stderr.match(/at standard input:\d/g)).toEqual(['at standard input:2', 'at standard input:3', 'at standard input:4']);
});

test.each(['--stream', '--output=text'])(
  'what a hostile status says is told in one short line without what a terminal would obey: %s',
  (flag) => {
    const words = `\u001b[2Jboom\u0007\r\n${'x'.repeat(2 ** 20)}`;
    const hostile = {
      apiVersion: 'acme.example/v1',
      kind: 'Lamp',
      metadata: { name: 'l\u001b]0;title\u0007', creationTimestamp: '2999-01-01T00:00:00Z', generation: 1 },
      status: {
        observedGeneration: 99,
        conditions: [null, 3, 'x', ['y'], { type: 'Ready', status: 'False', reason: 'Error', message: words }],
      },
    };
    const { status, stdout, stderr } = health(JSON.stringify(hostile), flag);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(
      /^✖ degraded {5}Lamp\.acme\.example\/l {2}Ready is False \(Error: boom +x+…\n {4}└ ✖ Lamp\/l {2}Ready is False [^\n]+…\n$/,
    );
    expect(stdout.length).toBeLessThan(1000);
  },
);

test('what is no object is an error with its line', () => {
  const streamed = health(`${JSON.stringify(web(1))}\n{"kind": "Half"}\n`, '--stream');
  expect(streamed.status).not.toBe(0);
  expect(streamed.stderr).toMatch(/^MANIFEST_INVALID {2}This line is no object of Kubernetes in JSON: \{"kind": "Half"\}$/m);
  expect(streamed.stderr).toMatch(/at standard input:2$/m);
  expect(health('kind: Half\n').stderr).toMatch(/MANIFEST_INVALID {2}Half has no apiVersion\./);
});
