// konfig graph: what waits for what, drawn in four ways.
import { openEmbeddedCluster } from '../../../test/scenarios/embedded-cluster';
import { applied, said, sceneOf } from '../../../test/scenarios/scene';

const scene = sceneOf(openEmbeddedCluster);

const lines = [
  "const api = new Service(this, 'api', { containers: { api: { image: 'api:1', ports: { http: 8080 } } } });",
  "new Job(this, 'migrate', { containers: { migrate: { image: 'migrate:1' } } }).dependsOn(api);",
];
const shop = (name: string) => scene.shop(name, lines, { imports: 'Job, Service' });

test('levels for people: what was written has a star, what must be ready says so', async () => {
  const monorepo = shop('levels');
  const { code, stdout } = await monorepo.konfig('graph', 'levels/dev');
  expect(code).toBe(0);
  expect(stdout).toBe(`levels/dev  4 resources on 3 levels

1  Namespace/levels
2  Deployment/api    ← Namespace/levels
   Service/api       ← Namespace/levels
3  Job/migrate       ← Deployment/api ready*, Namespace/levels, Service/api ready*

* was written: dependsOn, or a value of the other one
`);
});

test('a drawing for Graphviz, with a cluster for each target', async () => {
  expect((await shop('dot').konfig('graph', 'dot/dev', '--format', 'dot')).stdout).toBe(`digraph "dot/dev" {
  rankdir=BT;
  node [shape=box, fontname="sans-serif"];
  subgraph cluster_0 {
    label="main";
    "main:Namespace/dot" [label="Namespace/dot"];
    "main:Deployment.apps/dot/api" [label="Deployment/api"];
    "main:Service/dot/api" [label="Service/api"];
    "main:Job.batch/dot/migrate" [label="Job/migrate"];
  }
  "main:Deployment.apps/dot/api" -> "main:Namespace/dot" [style=dashed, color=gray50, tooltip="until present"];
  "main:Job.batch/dot/migrate" -> "main:Deployment.apps/dot/api" [style=solid, tooltip="until ready"];
  "main:Job.batch/dot/migrate" -> "main:Service/dot/api" [style=solid, tooltip="until ready"];
  "main:Job.batch/dot/migrate" -> "main:Namespace/dot" [style=dashed, color=gray50, tooltip="until present"];
  "main:Service/dot/api" -> "main:Namespace/dot" [style=dashed, color=gray50, tooltip="until present"];
}
`);
});

test('a drawing for Mermaid', async () => {
  expect((await shop('mermaid').konfig('graph', 'mermaid/dev', '--format', 'mermaid')).stdout).toBe(`flowchart BT
  subgraph t1["main"]
    n1["Namespace/mermaid"]
    n2["Deployment/api"]
    n3["Service/api"]
    n4["Job/migrate"]
  end
  n2 -.-> n1
  n4 --> n2
  n4 --> n3
  n4 -.-> n1
  n3 -.-> n1
`);
});

const line = (number: number) => ({ file: 'projects/data/app.ts', line: number });

test('data for programs, each node with its level and line', async () => {
  const { stdout } = await shop('data').konfig('graph', 'data/dev', '--format', 'json');
  expect(JSON.parse(stdout)).toEqual({
    stack: 'data/dev',
    nodes: [
      { id: 'main:Namespace/data', target: 'main', type: 'v1/Namespace', level: 1, source: { file: 'projects/data/konfig.ts', line: 5 } },
      { id: 'main:Deployment.apps/data/api', target: 'main', type: 'apps/v1/Deployment', level: 2, source: line(6) },
      { id: 'main:Service/data/api', target: 'main', type: 'v1/Service', level: 2, source: line(6) },
      { id: 'main:Job.batch/data/migrate', target: 'main', type: 'batch/v1/Job', level: 3, source: line(7) },
    ],
    edges: expect.arrayContaining([
      { from: 'main:Job.batch/data/migrate', on: 'main:Deployment.apps/data/api', until: 'ready', explicit: true },
      { from: 'main:Service/data/api', on: 'main:Namespace/data', until: 'present', explicit: false },
    ]),
  });
});

test('a release is drawn from its record', async () => {
  const monorepo = shop('record');
  await applied(monorepo, 'record/dev');
  const before = (await monorepo.konfig('graph', 'record/dev')).stdout;
  monorepo.write('projects/record/app.ts', monorepo.read('projects/record/app.ts').replace('.dependsOn(api)', ''));
  expect((await monorepo.konfig('graph', 'record/dev')).stdout).not.toBe(before);
  expect((await monorepo.konfig('graph', 'record/dev', '--release', '1')).stdout).toBe(before.replace('record/dev', 'record/dev@1'));
  expect((await monorepo.konfig('graph', 'record/dev@1')).stdout).toBe(before.replace('record/dev', 'record/dev@1'));
  const missing = await monorepo.konfig('graph', 'record/dev@7');
  expect(missing.code).toBe(1);
  expect(said(missing)).toMatch(/USAGE {2}record\/dev has no release 7[\s\S]*It has release 1/);
});

test('a folder of manifests is drawn without any program or cluster', async () => {
  const monorepo = shop('folder');
  monorepo.write('k8s/all.yaml', manifests);
  expect((await monorepo.konfig('graph', '-f', 'k8s', '--stack', 'web/dev')).stdout).toBe(`web/dev  2 resources on 2 levels

1  ConfigMap/motd
2  Pod/web         ← ConfigMap/motd
`);
});

const manifests = `apiVersion: v1
kind: Pod
metadata: { name: web, namespace: web }
spec: { containers: [{ name: web, image: 'web:1', envFrom: [{ configMapRef: { name: motd } }] }] }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: motd, namespace: web }
data: { motd: hello }
`;

describe('with how everything is now', () => {
  const lines = [
    "new Service(this, 'web', { containers: { web: { image: 'registry.example/web:does-not-exist', ports: { http: 8080 } } } });",
  ];
  const failing = async (name: string) => {
    const monorepo = scene.shop(name, lines);
    await monorepo.konfig('apply', `${name}/dev`, '--yes');
    monorepo.write(
      `projects/${name}/app.ts`,
      monorepo.read(`projects/${name}/app.ts`).replace(/^( *)new Service.*$/m, (line) => `${line}\n${line.replace("'web'", "'next'")}`),
    );
    return monorepo;
  };

  test('levels have a sign and a message', async () => {
    const { stdout } = await (await failing('now')).konfig('graph', 'now/dev', '--live');
    expect(stdout).toMatch(/^1 {2}✔ Namespace\/now +\S/m);
    expect(stdout).toMatch(/^2 {2}◌ Deployment\/next {2}is not applied yet +← Namespace\/now$/m);
    expect(stdout).toMatch(/^ {3}✖ Deployment\/web {3}0 of 1 ready +← Namespace\/now$/m);
  });

  test('drawings have a colour for each health, and data have both', async () => {
    const monorepo = await failing('drawn');
    expect((await monorepo.konfig('graph', 'drawn/dev', '--live', '--format', 'mermaid')).stdout).toMatch(
      /\["Deployment\/web: degraded"\]:::degraded\n[\s\S]*\n {2}classDef degraded fill:#f5d0d0\n/,
    );
    expect((await monorepo.konfig('graph', 'drawn/dev', '--live', '--format', 'dot')).stdout).toContain(
      '[label="Deployment/web\\ndegraded", style=filled, fillcolor="#f5d0d0", tooltip="0 of 1 ready"];',
    );
    const { nodes } = JSON.parse((await monorepo.konfig('graph', 'drawn/dev', '--live', '--format', 'json')).stdout);
    expect(nodes.map(({ live }: { readonly live: object }) => live)).toContainEqual({ health: 'degraded', message: '0 of 1 ready' });
  });
});
