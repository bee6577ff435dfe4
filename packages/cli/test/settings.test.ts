// Settings as the commands see them: what konfig settings prints, what konfig validate has against those that nothing reads, and their lines.
import { makeMonorepo } from '../../../test/scenarios/monorepo';

const files = {
  'node_modules/@acme/platform/package.json': JSON.stringify({
    name: '@acme/platform',
    version: '1.0.0',
    main: 'index.ts',
    konfig: { library: true },
  }),
  'node_modules/@acme/platform/index.ts': `import { AppConfig, Component, Service, setting } from '@konfig/sdk';

export const web = setting(
  'web',
  {
    replicas: 1,
    resources: { cpu: '100m', memory: '64Mi' },
  },
  { describe: 'How large a web server is.' },
);
export const cache = setting('cache', { size: 1 }, { reasonRequired: true });

export class Web extends Component {
  constructor(scope, id, { settings } = {}) {
    super(scope, id, { settings });
    const given = web.of(this);
    new Service(this, 'Default', {
      replicas: web.of(this).replicas,
      containers: {
        web: {
          image: 'web:1',
          resources: given.resources,
        },
      },
    });
  }
}

export class App extends AppConfig {
  constructor(stack) {
    super(stack, 'app');
    new Web(this, 'front');
  }
}
`,
  'workspaces/prod.ts': `import { embeddedCluster, workspace } from '@konfig/sdk';
import { cache, web } from '@acme/platform';

export const prod = workspace('prod', {
  kubernetes: embeddedCluster(),
  settings: [
    web(
      {
        replicas: 3,
        resources: { cpu: '1' },
      },
      'customers are here',
    ),
    cache({ size: 2 }, 'for the launch'),
  ],
});
`,
  'projects/shop/app.ts': `import { AppConfig } from '@konfig/sdk';
import { Web, web } from '@acme/platform';

export class Shop extends AppConfig {
  constructor(stack) {
    super(stack, 'shop');
    new Web(this, 'front');
    new Web(this, 'back', { settings: [web({ replicas: 2 })] });
  }
}
`,
  'projects/shop/konfig.ts': `import { project, team } from '@konfig/sdk';
import { cache, web } from '@acme/platform';
import { prod } from '../../workspaces/prod';
import { Shop } from './app';

const payments = team('payments', { settings: [web({ resources: { memory: '1Gi' } })] });
export default project('shop', { owner: payments, settings: [cache({ size: 9 }, 'it was slow')] })
  .stack('prod', prod, (stack) => new Shop(stack))
  .stack('test', prod, (stack) => new Shop(stack), { settings: [web({ replicas: 1 })] });
`,
  'projects/blog/konfig.ts': `import { project } from '@konfig/sdk';
import { App } from '@acme/platform';
import { prod } from '../../workspaces/prod';

export default project('blog').stack('prod', prod, (stack) => new App(stack));
`,
};

test('konfig settings prints each field with its value, who said so, where and why, and what it overrode', async () => {
  const monorepo = makeMonorepo(files);
  const { code, stdout } = await monorepo.konfig('settings', 'shop/test');
  expect(stdout).toBe(`web  How large a web server is.
  read by shop/test/shop/front
  replicas          1     stack shop/test  projects/shop/konfig.ts:9
                    3     over workspace prod  workspaces/prod.ts:9  «customers are here»
                    1     over default  node_modules/@acme/platform/index.ts:6
  resources.cpu     "1"   workspace prod  workspaces/prod.ts:10  «customers are here»
                    100m  over default  node_modules/@acme/platform/index.ts:7
  resources.memory  1Gi   team payments  projects/shop/konfig.ts:6
                    64Mi  over default  node_modules/@acme/platform/index.ts:7

web  How large a web server is.
  read by shop/test/shop/back
  replicas          2     component shop/test/shop/back  projects/shop/app.ts:8
                    1     over stack shop/test  projects/shop/konfig.ts:9
                    3     over workspace prod  workspaces/prod.ts:9  «customers are here»
                    1     over default  node_modules/@acme/platform/index.ts:6
  resources.cpu     "1"   workspace prod  workspaces/prod.ts:10  «customers are here»
                    100m  over default  node_modules/@acme/platform/index.ts:7
  resources.memory  1Gi   team payments  projects/shop/konfig.ts:6
                    64Mi  over default  node_modules/@acme/platform/index.ts:7

Given, but read by nothing in this stack
  cache  workspace prod  workspaces/prod.ts:14  «for the launch»
  cache  project shop  projects/shop/konfig.ts:7  «it was slow»
`);
  expect(code).toBe(0);
});

test('konfig settings takes the name of one, gives data, and suggests the one that was meant', async () => {
  const monorepo = makeMonorepo(files);
  const { stdout } = await monorepo.konfig('settings', 'blog/prod', 'web', '--output', 'json');
  const { read, given } = JSON.parse(stdout);
  expect(read[0].fields[0]).toEqual({
    field: 'replicas',
    value: 3,
    layer: 'workspace',
    by: 'prod',
    source: { file: 'workspaces/prod.ts', line: 9 },
    reason: 'customers are here',
    overrode: [{ value: 1, layer: 'default', by: 'web', source: { file: 'node_modules/@acme/platform/index.ts', line: 6 } }],
  });
  expect(given).toEqual([expect.objectContaining({ setting: 'web', layer: 'workspace', isRead: true })]);
  const { code, stderr } = await monorepo.konfig('settings', 'blog/prod', 'wep');
  expect([code, stderr]).toEqual([1, expect.stringContaining('Did you mean web? It reads web. Given, but read by nothing: cache.')]);
});

test('konfig settings prints who said what, then the problem, where the check of a setting finds one', async () => {
  const monorepo = makeMonorepo({
    'workspaces/prod.ts': `import { embeddedCluster, workspace } from '@konfig/sdk';
export const prod = workspace('prod', { kubernetes: embeddedCluster() });
`,
    'projects/shop/konfig.ts': `import { project, setting } from '@konfig/sdk';
import { prod } from '../../workspaces/prod';
const limits = setting('limits', { min: 1, max: 5 }, { check: ({ min, max }) => (min > max ? 'min is above max.' : undefined) });
export default project('shop').stack('dev', prod, (stack) => { limits.of(stack); }, { settings: [limits({ min: 7 })] });
`,
  });
  const { code, stdout, stderr } = await monorepo.konfig('settings', 'shop/dev');
  expect(stdout).toMatch(/^limits\n {2}read by shop\/dev\n {2}min {2}7 {2}stack shop\/dev[\s\S]* over default/);
  expect(stderr).toContain('The setting limits is {"min":7,"max":5}: min is above max.');
  expect(code).toBe(3);
});

test('What a project gives and none of its stacks reads fails konfig validate of the project, and of nothing less', async () => {
  const monorepo = makeMonorepo(files);
  expect((await monorepo.konfig('validate', 'shop/prod', 'shop/test', '--no-type-check')).code).toBe(0);
  const { code, stderr } = await monorepo.konfig('validate', 'shop', '--no-type-check');
  expect(code).toBe(3);
  expect(stderr).toContain('The setting cache is given by project shop, but none of its stacks reads it.');
  expect(stderr).toContain('projects/shop/konfig.ts:7');
  expect(stderr).not.toContain('workspace prod');
});

test('What a workspace or a team gives and no stack anywhere reads fails konfig validate --all, told once', async () => {
  const monorepo = makeMonorepo(files);
  const { code, stdout } = await monorepo.konfig('validate', '--all', '--no-type-check', '--output', 'json');
  const problems = JSON.parse(stdout).stacks.flatMap((one: { stack: string; problems: { message: string; source: object }[] }) =>
    one.problems.map(({ message, source }) => ({ stack: one.stack, message, source })),
  );
  expect(problems).toEqual([
    {
      stack: 'blog/prod',
      message: 'The setting cache is given by workspace prod, but no stack that goes there reads it.',
      source: { file: 'workspaces/prod.ts', line: 14 },
    },
    {
      stack: 'shop/prod',
      message: 'The setting cache is given by project shop, but none of its stacks reads it.',
      source: { file: 'projects/shop/konfig.ts', line: 7 },
    },
  ]);
  expect(code).toBe(3);
});

test('Nothing is said of unread settings where a stack that might read them could not be synthesised', async () => {
  const broken = { ...files, 'projects/blog/konfig.ts': files['projects/blog/konfig.ts'].replace('new App(stack)', 'null.boom') };
  const { stdout } = await makeMonorepo(broken).konfig('validate', '--all', '--no-type-check', '--output', 'json');
  const problems = JSON.parse(stdout).stacks.flatMap((one: { problems: { code: string; message: string }[] }) => one.problems);
  expect(problems.map((problem: { message: string }) => problem.message)).toEqual([
    expect.stringContaining('Cannot read properties of null'),
    'The setting cache is given by project shop, but none of its stacks reads it.',
  ]);
});

test('A field of a resource that follows a setting leads to the line that set it, through the platform', async () => {
  const monorepo = makeMonorepo(files);
  const chain = async (...what: string[]) => {
    const { stdout } = await monorepo.konfig('explain', 'shop/prod', ...what, '--output', 'json');
    return JSON.parse(stdout).fields.map(({ chain }: { chain: { file: string; line: number }[] }) =>
      chain.map(({ file, line }) => `${file.replace('node_modules/@acme/', '')}:${line}`).join(' → '),
    );
  };
  expect(await chain('Deployment/front', 'spec.replicas')).toEqual([
    'projects/shop/app.ts:7 → platform/index.ts:18 → workspaces/prod.ts:9',
  ]);
  expect(await chain('Deployment/back', 'spec.replicas')).toEqual([
    'projects/shop/app.ts:8 → platform/index.ts:18 → projects/shop/app.ts:8',
  ]);
  expect(await chain('Deployment/front', 'resources.requests.cpu')).toEqual(['projects/shop/app.ts:7 → workspaces/prod.ts:10']);
});
