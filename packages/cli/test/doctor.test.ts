// konfig doctor: what stands in the way, and what to do about it.
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { relative } from 'node:path';
import { openEmbeddedCluster } from '../../../test/scenarios/embedded-cluster';
import type { Monorepo } from '../../../test/scenarios/monorepo';
import { service } from '../../../test/scenarios/programs';
import { sceneOf } from '../../../test/scenarios/scene';
import { checkNode } from '../src/doctor/machine';
import { skewOf } from '../src/doctor/targets';

const scene = sceneOf(openEmbeddedCluster);

interface Finding {
  readonly what: string;
  readonly state: string;
  readonly message: string;
  readonly hint?: string;
}

const examined = async (monorepo: Monorepo, ...args: string[]) => {
  const { code, stdout } = await monorepo.konfig('doctor', ...args, '--output', 'json');
  const { isWell, findings } = JSON.parse(stdout) as { readonly isWell: boolean; readonly findings: readonly Finding[] };
  return { code, isWell, findings, of: (what: string) => findings.filter((one) => one.what === what) };
};

const tsconfig = JSON.stringify({
  compilerOptions: { strict: true, module: 'node20', skipLibCheck: true, noEmit: true, types: [] },
  include: ['projects'],
});

test('where all is well, that is said, area by area', async () => {
  const monorepo = scene.shop('well', [service('web')]);
  monorepo.write('tsconfig.json', tsconfig);
  const { code, stdout } = await monorepo.konfig('doctor');
  expect(stdout).toMatch(/^This machine\n {2}✔ Node +\d+\.\d+\.\d+\n/);
  expect(stdout).toMatch(/^ {2}✔ @konfig +\S+, all alike$/m);
  expect(stdout).toMatch(/^ {2}✔ projects +1 with 1 stack$/m);
  expect(stdout).toMatch(/^ {2}✔ workspace here \(kubernetes\) +http:\/\/127\.0\.0\.1:\d+.*, v1\.\d+\.\d+, for well\/dev$/m);
  expect(stdout).toMatch(/^ {2}✔ workspace here \(kubernetes\) +may do what the stacks and their records need$/m);
  expect(stdout).toMatch(/\n\nAll is well\.\n$/);
  expect(code).toBe(0);
});

test('packages of other versions, packages that are there twice, programs that do not compile', async () => {
  const monorepo = scene.shop('packages', [service('web')]);
  monorepo.write('node_modules/@konfig/sdk/package.json', JSON.stringify({ name: '@konfig/sdk', version: '0.0.9' }));
  monorepo.write('projects/packages/node_modules/constructs/package.json', JSON.stringify({ name: 'constructs', version: '10.0.0' }));
  monorepo.write('projects/broken/konfig.ts', 'export default = 7;');
  const { code, isWell, of } = await examined(monorepo, 'packages/dev');
  expect([code, isWell]).toEqual([1, false]);
  expect(of('@konfig')).toMatchObject([
    { state: 'broken', message: expect.stringMatching(/^this command is \S+, but @konfig\/sdk is 0\.0\.9\.$/) },
  ]);
  expect(of('constructs')).toMatchObject([
    {
      state: 'broken',
      message: expect.stringMatching(/^is there 2 times: .*10\.0\.0 in projects\/packages\/node_modules\/constructs/),
      hint: expect.stringContaining('npm dedupe'),
    },
  ]);
  expect(of('project broken')).toMatchObject([
    { state: 'broken', message: expect.stringContaining('projects/broken/konfig.ts:1'), hint: 'konfig validate broken' },
  ]);
  expect(of('TypeScript')).toMatchObject([{ state: 'warning', message: expect.stringContaining('no tsconfig.json') }]);
});

test('a context that is not there, a server that does not answer', async () => {
  const monorepo = scene.shop('reach', [service('web')]);
  const kubeconfig = kubeconfigOf('http://127.0.0.1:9');
  monorepo.write('kubeconfig', kubeconfig);
  const workspace = (more: string) =>
    monorepo.write(
      'workspaces/here.ts',
      `import { kubernetes, workspace } from '@konfig/sdk';\nexport const here = workspace('here', { kubernetes: kubernetes({ kubeconfig: '${monorepo.folder}/kubeconfig', ${more} }) });\n`,
    );
  workspace("context: 'there'");
  expect((await examined(monorepo)).of('context there')).toMatchObject([
    { state: 'broken', message: expect.stringContaining('has no context there'), hint: expect.stringContaining('There are: test') },
  ]);
  workspace('');
  expect((await examined(monorepo)).of('workspace here (kubernetes)')).toMatchObject([
    { state: 'broken', message: expect.stringContaining('127.0.0.1:9') },
  ]);
});

test('a clock that goes wrong, and permissions that are missing for the stacks and their records', async () => {
  const between = await startBetween(scene.cluster.server.url, { ahead: 120, denies: 'secrets' });
  try {
    const monorepo = scene.shop('denied', [service('web')]);
    monorepo.write('kubeconfig', kubeconfigOf(between.url));
    monorepo.write(
      'workspaces/here.ts',
      `import { kubernetes, workspace } from '@konfig/sdk';\nexport const here = workspace('here', { kubernetes: kubernetes({ kubeconfig: '${monorepo.folder}/kubeconfig', context: 'test' }) });\n`,
    );
    const { code, of } = await examined(monorepo);
    expect(code).toBe(1);
    expect(of('context test')).toMatchObject(
      expect.arrayContaining([
        expect.objectContaining({ state: 'warning', message: expect.stringMatching(/^its clock is 1[12]\d s ahead of this machine's\.$/) }),
        expect.objectContaining({
          state: 'broken',
          message: expect.stringMatching(/^You may not create secrets in namespace konfig, which the records in namespace konfig need/),
        }),
      ]),
    );
  } finally {
    await between.stop();
  }
});

test('outside of a monorepo the machine is looked at, and the way to one is told', async () => {
  const monorepo = scene.shop('outside', []);
  const { code, stdout } = await monorepo.start(['doctor', '--output', 'ndjson'], {}, relative(monorepo.folder, tmpdir())).ended;
  const findings = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Finding);
  expect(findings.find(({ what }) => what === 'Node')).toMatchObject({ state: 'well' });
  expect(findings.at(-1)).toMatchObject({ what: 'root', state: 'broken', hint: expect.stringContaining('konfig init') });
  expect(code).toBe(1);
});

test('a Node that is too old is told with what is needed', () => {
  expect(checkNode('18.20.1')).toMatchObject({ state: 'broken', message: '18.20.1 is too old: Konfig needs 20.19.' });
  expect(checkNode('20.18.9').state).toBe('broken');
  expect(checkNode('20.19.0').state).toBe('well');
  expect(checkNode('24.0.0').state).toBe('well');
});

test('a clock is wrong only by what whole seconds and the time of the answer do not explain', () => {
  const second = Date.parse('2026-11-22T10:00:00Z');
  expect(skewOf({ before: second + 900, after: second + 950, server: second })).toBe(0);
  expect(skewOf({ before: second - 5000, after: second + 10, server: second })).toBe(0);
  expect(skewOf({ before: second - 60_000, after: second - 59_000, server: second })).toBe(59);
  expect(skewOf({ before: second + 61_000, after: second + 62_000, server: second })).toBe(-60);
});

function kubeconfigOf(server: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'test', cluster: { server } }],
    users: [{ name: 'test', user: {} }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
    'current-context': 'test',
  });
}

interface Between {
  readonly url: string;
  stop(): Promise<void>;
}

/** A server in front of the cluster, with another clock, that says of one kind that it may not be touched. */
async function startBetween(to: string, { ahead, denies }: { readonly ahead: number; readonly denies: string }): Promise<Between> {
  const server: Server = createServer((incoming, answer) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const body = Buffer.concat(chunks);
      const date = new Date(Date.now() + ahead * 1000).toUTCString();
      if (incoming.url?.includes('/selfsubject')) {
        const { kind, spec } = JSON.parse(body.toString());
        const status =
          kind === 'SelfSubjectRulesReview'
            ? { incomplete: true, resourceRules: [], nonResourceRules: [] }
            : { allowed: spec.resourceAttributes?.resource !== denies };
        answer.writeHead(201, { 'content-type': 'application/json', date });
        answer.end(JSON.stringify({ apiVersion: 'authorization.k8s.io/v1', kind, spec, status }));
        return;
      }
      const onward = request(`${to}${incoming.url}`, { method: incoming.method, headers: incoming.headers }, (found) => {
        answer.writeHead(found.statusCode ?? 500, { ...found.headers, date });
        found.pipe(answer);
      });
      onward.end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
