// konfig diff: two releases, two stacks, a release and the program.
import { openEmbeddedCluster } from '../../../test/scenarios/embedded-cluster';
import { service } from '../../../test/scenarios/programs';
import { applied, sceneOf } from '../../../test/scenarios/scene';

const scene = sceneOf(openEmbeddedCluster);

test('two releases, and a release and the program, differ by resource and field, with the lines', async () => {
  const monorepo = scene.shop('releases', [service('web'), service('old')]);
  const app = 'projects/releases/app.ts';
  await applied(monorepo, 'releases/dev');
  monorepo.write(
    app,
    monorepo
      .read(app)
      .replace('web:1.0.0', 'web:1.1.0')
      .replace(service('old'), service('new', { replicas: 2 })),
  );
  await applied(monorepo, 'releases/dev');
  const between = await monorepo.konfig('diff', 'releases/dev@1', 'releases/dev@2', '--exit-code');
  expect(between.stdout).toBe(`releases/dev@1 → releases/dev@2

~ Deployment/web
    spec.template.spec.containers[name=web].image  registry.example/web:1.0.0 → registry.example/web:1.1.0   projects/releases/app.ts:6
+ Service/new              projects/releases/app.ts:7
+ Deployment/new           projects/releases/app.ts:7
+ PodDisruptionBudget/new  projects/releases/app.ts:7
- Service/old              projects/releases/app.ts:7
- Deployment/old           projects/releases/app.ts:7

1 changed, 3 added, 2 removed, 2 the same.
`);
  expect(between.code).toBe(2);
  expect(await monorepo.konfig('diff', 'releases/dev@2', 'releases/dev', '--exit-code')).toMatchObject({
    code: 0,
    stdout: 'releases/dev@2 → releases/dev\n\nNothing differs (6 resources).\n',
  });
});

test('two stacks are compared without their namespaces, and secrets by where they come from', async () => {
  const monorepo = scene.shop('stacks', []);
  monorepo.write(
    'projects/stacks/konfig.ts',
    `import { AppConfig, project, Secret, secret, Service, type Stack } from '@konfig/sdk';
import { here } from '../../workspaces/here';

const app = (password: string, replicas: number) => (stack: Stack) => {
  const web = { image: 'web:1', ports: { http: 8080 }, env: { PASSWORD: secret.env(password) } };
  const app = new AppConfig(stack, 'app');
  new Service(app, 'web', { containers: { web }, replicas });
};
export default project('stacks')
  .stack('dev', here, app('DEV_PASSWORD', 1), { namespace: 'stacks-dev' })
  .stack('prod', here, app('PROD_PASSWORD', 3), { namespace: 'stacks-prod' });
`,
  );
  const { code, stdout, stderr } = await monorepo.konfig('diff', 'stacks/dev', 'stacks/prod');
  expect(stderr).toBe('');
  expect(stdout.replace(/^ {6}[+] {3,}.*\n|^ {6}\+ - .*\n|^ {6}….*\n/gm, '')).toBe(`stacks/dev → stacks/prod

~ Deployment/web  was main:Deployment.apps/stacks-dev/web
    spec.replicas  1 → 3   ~projects/stacks/konfig.ts:7
    spec.template.metadata.annotations["konfig.dev/secret-hash"]   ~projects/stacks/konfig.ts:7
      - (hash of secret: environment variable DEV_PASSWORD)
      + (hash of secret: environment variable PROD_PASSWORD)
  + spec.template.spec.topologySpreadConstraints   ~projects/stacks/konfig.ts:7
~ Secret/web-env  was main:Secret/stacks-dev/web-env
    data.PASSWORD  (secret: environment variable DEV_PASSWORD) → (secret: environment variable PROD_PASSWORD)   projects/stacks/konfig.ts:5
+ Namespace/stacks-prod    projects/stacks/konfig.ts:11
+ PodDisruptionBudget/web  projects/stacks/konfig.ts:7
- Namespace/stacks-dev     projects/stacks/konfig.ts:10
~ 9 fields of 3 resources: stacks-dev → stacks-prod  (--verbose shows each)

3 changed, 2 added, 1 removed, 0 the same.
`);
  expect(code).toBe(0);
  expect((await monorepo.konfig('diff', 'stacks/dev', 'stacks/prod', '--verbose')).stdout).toMatch(
    /metadata\.namespace +stacks-dev → stacks-prod/,
  );
});

test('the difference as data has each field with its line', async () => {
  const monorepo = scene.shop('data', [service('web')]);
  await applied(monorepo, 'data/dev');
  monorepo.write('projects/data/app.ts', monorepo.read('projects/data/app.ts').replace('replicas: 1', 'replicas: 2'));
  const { stdout } = await monorepo.konfig('diff', 'data/dev@1', 'data/dev', '--output', 'json');
  const line = { file: 'projects/data/app.ts', line: 6 };
  expect(JSON.parse(stdout)).toMatchObject({
    before: 'data/dev@1',
    after: 'data/dev',
    added: [{ id: 'main:PodDisruptionBudget.policy/data/web', type: 'policy/v1/PodDisruptionBudget' }],
    removed: [],
    changed: [{ id: 'main:Deployment.apps/data/web', fields: [{ field: 'spec.replicas', before: 1, after: 2, source: line }, {}] }],
    same: 2,
    stack: [],
  });
});
