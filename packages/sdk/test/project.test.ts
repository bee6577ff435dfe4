import {
  AppConfig,
  type Container,
  embeddedCluster,
  type HealthRule,
  input,
  isProject,
  KonfigError,
  kubernetes,
  type Output,
  project,
  Service,
  secret,
  workspace,
} from '@konfig/sdk';
import { dev, place, problemsIn, problemsOf, specOf } from './synth';

const web: Container<'http'> = { image: 'web:1', ports: { http: 80 } };

test('A stack becomes a Spec with its project, workspace, targets, records and settings', () => {
  const { resources, ...spec } = specOf(() => {});
  expect(resources).toEqual([]);
  expect(spec).toEqual({
    version: 'konfig.dev/spec/v1',
    project: 'shop',
    stack: 'dev',
    owner: 'team-shop',
    workspace: 'dev',
    targets: { main: { runtime: 'kubernetes', config: { context: 'dev' } } },
    records: { store: 'kubernetes', target: 'main', namespace: 'konfig' },
    settings: { totalTimeout: 1800, resourceTimeout: 600, noProgressTimeout: 300, graces: {}, concurrency: 12 },
  });
});

test('Records lie in a PostgreSQL when the workspace says so, by a URL that is a secret', () => {
  const at = (url: unknown) =>
    workspace('dev', { kubernetes: embeddedCluster(), records: { store: 'postgres', url: url as Output<string> } });
  const { records } = specOf(() => {}, { workspace: at(secret.env('RECORDS')) });
  expect(records).toEqual({ store: 'postgres', url: { $secret: { from: 'env', name: 'RECORDS' } } });
  expect(at('postgres://konfig:hush-hush@db/records').problems).toEqual([
    {
      code: 'PROPS_INVALID',
      message: 'The url of records in PostgreSQL is no secret: its password would stand in every plan and release.',
      hint: "Name where it is read: url: secret.env('KONFIG_RECORDS_URL').",
    },
  ]);
});

test('Durations of a workspace become seconds, and the embedded cluster keeps its records in files', () => {
  const demo = workspace('demo', {
    kubernetes: embeddedCluster(),
    operations: { totalTimeout: '1h', resourceTimeout: '90s', graces: { ImagePullBackOff: '3s' }, concurrency: 2 },
  });
  const { targets, records, settings } = specOf(() => {}, { workspace: demo });
  expect(targets).toEqual({ main: { runtime: 'kubernetes', config: { embedded: true } } });
  expect(records).toEqual({ store: 'files' });
  expect(settings).toEqual({
    totalTimeout: 3600,
    resourceTimeout: 90,
    noProgressTimeout: 300,
    graces: { ImagePullBackOff: 3 },
    concurrency: 2,
  });
});

test('The health rules of a cluster stand in the Spec as data', () => {
  const healthRules: readonly HealthRule[] = [
    {
      kind: 'Widget.acme.example',
      cases: [{ when: "status.mode == 'Asleep'", health: 'suspended', ...({ message: undefined } as object) }],
    },
  ];
  const { targets } = specOf(() => {}, { workspace: workspace('own', { kubernetes: kubernetes({ context: 'a', healthRules }) }) });
  expect(targets).toStrictEqual({
    main: {
      runtime: 'kubernetes',
      config: {
        context: 'a',
        healthRules: [{ kind: 'Widget.acme.example', cases: [{ when: "status.mode == 'Asleep'", health: 'suspended' }] }],
      },
    },
  });
  const demo = specOf(() => {}, { workspace: workspace('demo', { kubernetes: embeddedCluster({ healthRules }) }) });
  expect(demo.targets.main?.config).toMatchObject({ embedded: true, healthRules: [{ kind: 'Widget.acme.example' }] });
});

test('What is wrong with a workspace is reported by each stack that goes there', () => {
  const bad = workspace('bad', { kubernetes: embeddedCluster(), operations: { totalTimeout: '1 day' as '1h', concurrency: 0 } });
  expect(problemsOf(() => {}, { workspace: bad })).toEqual([
    "PROPS_INVALID workspace bad: Workspace 'bad' has operations.concurrency: 0.",
    'PROPS_INVALID workspace bad: Workspace \'bad\' has operations.totalTimeout: "1 day".',
  ]);
});

test('Only the function of the stack that is asked for runs', () => {
  const ran: string[] = [];
  const shop = project('shop')
    .stack('dev', dev, () => ran.push('dev'))
    .stack('prod', dev, () => ran.push('prod'));
  expect(shop.stackNames).toEqual(['dev', 'prod']);
  expect(isProject(shop)).toBe(true);
  shop.synth('prod');
  expect(ran).toEqual(['prod']);
});

test('An unknown stack is a problem that names those there are', () => {
  const shop = project('shop')
    .stack('dev', dev, () => {})
    .stack('prod', dev, () => {});
  expect(shop.synth('prd').problems).toEqual([
    {
      code: 'STACK_UNKNOWN',
      message: "Project 'shop' has no stack 'prd'; its stacks are dev, prod.",
      hint: 'Did you mean shop/prod?',
      at: 'shop/prd',
    },
  ]);
});

test('Two stacks of one name and bad names are problems of every synth', () => {
  const shop = project('My Shop')
    .stack('dev', dev, () => {})
    .stack('dev', dev, () => {})
    .stack('Prod', dev, () => {});
  expect(shop.synth('dev').problems?.map(({ code, message }) => `${code}: ${message}`)).toEqual([
    "PROPS_INVALID: The project is called 'My Shop'.",
    expect.stringMatching(/^SPEC_DUPLICATE: Two stacks are called 'dev', the first at packages\/sdk\/test\/project.test.ts:\d+\.$/),
    "PROPS_INVALID: A stack is called 'Prod'.",
  ]);
});

test('An exception of the program is a problem with the line that threw', () => {
  const [problem] = problemsIn(() => {
    throw new TypeError('no such thing');
  });
  expect(problem).toEqual({
    code: 'PROGRAM_THREW',
    message: 'TypeError: no such thing',
    hint: 'Correct the program at this line, or the value that it was given.',
    source: place(__filename, "TypeError('no such"),
  });
});

test('A thrown KonfigError keeps its problems, and what was collected before stays', () => {
  const problems = problemsIn((stack) => {
    new Service(stack, 'web', { containers: { web }, replicas: -1 });
    throw new KonfigError({ code: 'PROPS_INVALID', message: 'Acme has no region mars.', hint: 'Use earth.' });
  });
  expect(problems.map((problem) => problem.message)).toEqual(['replicas is -1.', 'Acme has no region mars.']);
  expect(problems[1]?.source).toEqual(place(__filename, 'has no region mars'));
});

test('Whatever is thrown, even nothing, is a problem', () => {
  const [problem] = problemsIn(() => {
    throw undefined;
  });
  expect(problem?.message).toBe('undefined was thrown, which is not an Error.');
});

test('An async function of a stack is refused, since its later half would be lost', () => {
  expect(problemsOf(async () => {})).toEqual([
    "PROGRAM_THREW shop/dev: The function of stack 'dev' is async; what it makes after an await would be lost.",
  ]);
});

test('Environment values come only from what the synth is given', () => {
  const read: string[] = [];
  specOf(() => read.push(input.env('RELEASE'), input.env('REGION', { otherwise: 'earth' })), { synth: { env: { RELEASE: 'v1' } } });
  expect(read).toEqual(['v1', 'earth']);
});

test('A missing environment value is a problem with the line that reads it, each of them', () => {
  const problems = problemsIn(() => [input.env('HOME'), input.env('PATH')]);
  expect(problems.map(({ code, message }) => `${code} ${message}`)).toEqual([
    'INPUT_MISSING The program reads the environment value HOME, which is not set.',
    'INPUT_MISSING The program reads the environment value PATH, which is not set.',
  ]);
  expect(problems[1]?.source).toEqual(place(__filename, "input.env('PATH')"));
});

test('Environment values cannot be read outside of a stack', () => {
  expect(() => input.env('HOME')).toThrow('INPUT_MISSING');
});

test('Two constructs of one id name both lines', () => {
  const [problem] = problemsIn((stack) => {
    const app = new AppConfig(stack, 'shop');
    new Service(app, 'web', { containers: { web }, replicas: 1 });
    new Service(app, 'web', { containers: { web }, replicas: 2 });
  });
  expect(problem).toMatchObject({
    code: 'SPEC_DUPLICATE',
    at: 'shop/dev/shop/web',
    message: `A construct 'web' is already there, made at packages/sdk/test/project.test.ts:${place(__filename, 'replicas: 1').line}.`,
    source: place(__filename, 'replicas: 2'),
  });
});

test('Two objects of one id name both lines, and all of them are reported', () => {
  const problems = problemsIn((stack) => {
    for (const team of ['a', 'b']) new Service(new AppConfig(stack, team), 'web', { containers: { web } });
  });
  expect(problems.map(({ code, message }) => `${code} ${message}`)).toEqual([
    expect.stringMatching(
      /^SPEC_DUPLICATE main:Deployment.apps\/web is made twice: here, and by shop\/dev\/a\/web\/Deployment at packages.*:\d+\.$/,
    ),
    expect.stringMatching(/^SPEC_DUPLICATE main:Service\/web is made twice/),
  ]);
});

test('Two synths of one program are equal to the byte', () => {
  const fill = (stack: Parameters<Parameters<typeof specOf>[0]>[0]) => new Service(stack, 'web', { containers: { web }, replicas: 3 });
  expect(JSON.stringify(specOf(fill))).toBe(JSON.stringify(specOf(fill)));
});
