import { stripVTControlCharacters } from 'node:util';
import type { Plan, PlannedPart, SourceTable, Step } from '@konfig/core';
import { planText } from '../../src/render/plan-text';

const frontend = 'main:Deployment.apps/shop/frontend';

function step(change: Partial<Step> & Pick<Step, 'id' | 'action'>): Step {
  return {
    target: 'main',
    runtime: 'kubernetes',
    type: 'apps/v1/Deployment',
    reason: 'fields differ',
    waitsFor: [],
    changes: [],
    immutable: [],
    checked: 'server',
    notes: [],
    ...change,
  };
}

function plan(steps: readonly Step[], notes: readonly string[] = []): Plan {
  return {
    version: 'konfig.dev/plan/v1',
    kind: 'apply',
    stack: 'shop/dev',
    specDigest: 'abc',
    baseRelease: 41,
    targets: {},
    options: {},
    steps,
    notes,
  };
}

function keeps(count: number): readonly Step[] {
  return Array.from({ length: count }, (_, i) => step({ id: `main:ConfigMap/shop/kept-${i}`, action: 'keep', reason: 'no difference' }));
}

const sources: SourceTable = {
  [frontend]: {
    made: { file: 'projects/shop/app.ts', line: 9 },
    fields: { 'spec.replicas': { file: 'projects/boutique/konfig.ts', line: 12 } },
  },
};

function text(given: Plan, width = 100, verbose = false): string {
  return planText(given, sources, { color: false, width, verbose });
}

test('one changed value is a header, a line with its source, and the counts', () => {
  const changed = step({ id: frontend, action: 'update', changes: [{ path: ['spec', 'replicas'], before: 1, after: 3 }] });
  expect(text(plan([changed, ...keeps(34)]))).toBe(`\
~ Deployment/frontend
    spec.replicas  1 → 3   projects/boutique/konfig.ts:12

Plan: 0 to create, 1 to change, 0 to replace, 0 to delete, 34 unchanged.
`);
});

test('every action has its sign and, where the sign is not enough, its reason', () => {
  const steps = [
    step({ id: frontend, action: 'create', reason: 'not there yet' }),
    step({ id: 'main:Widget.acme.io/shop/w', action: 'create', reason: 'not there yet', checked: 'none' }),
    step({
      id: 'main:Job.batch/shop/seed',
      action: 'replace',
      reason: 'immutable field',
      immutable: ['spec.template'],
      changes: [{ path: ['spec', 'template', 'name'], before: 'a', after: 'b' }],
    }),
    step({ id: 'main:Service/shop/web', action: 'adopt', reason: 'owned by nobody' }),
    step({ id: 'main:Service/shop/old', action: 'delete', reason: 'not in the program any more' }),
    step({ id: 'main:PersistentVolumeClaim/shop/disk', action: 'forget', reason: 'retained' }),
  ];
  expect(text(plan(steps, ['policy/v1beta1 PodDisruptionBudget is deprecated']))).toBe(`\
+ Deployment/frontend  projects/shop/app.ts:9
+ Widget/w             (not checked)
-/+ Job/seed  replace (spec.template is immutable)
    spec.template.name  a → b
= Service/web  adopt (owned by nobody)
- Service/old  delete (not in the program any more)
. PersistentVolumeClaim/disk  forget (retained)

Plan: 2 to create, 0 to change, 1 to replace, 1 to delete, 1 to adopt, 1 to forget, 0 unchanged.
note  policy/v1beta1 PodDisruptionBudget is deprecated
`);
});

test('new and removed fields, values known later and secrets, in columns', () => {
  const changes: Step['changes'] = [
    { path: ['metadata', 'labels', 'team'], after: 'shop' },
    { path: ['spec', 'paused'], before: true },
    { path: ['spec', 'replicas'], before: 1, after: '1' },
    { path: ['spec', 'host'], before: 'a.example', after: { $unknown: { resource: 'main:Service/shop/web', path: [] } } },
    { path: ['spec', 'resources'], after: { cpu: '250m', memory: '1Gi' } },
    { path: ['data', 'password'], sensitive: true },
  ];
  expect(text(plan([step({ id: frontend, action: 'update', changes })]))).toBe(`\
~ Deployment/frontend
  + metadata.labels.team  shop                              ~projects/shop/app.ts:9
  - spec.paused           true                              ~projects/shop/app.ts:9
    spec.replicas         1 → "1"                           projects/boutique/konfig.ts:12
    spec.host             a.example → (known after apply)   ~projects/shop/app.ts:9
  + spec.resources        {cpu: 250m, memory: 1Gi}          ~projects/shop/app.ts:9
    data.password         (secret, changed)                 ~projects/shop/app.ts:9

Plan: 0 to create, 1 to change, 0 to replace, 0 to delete, 0 unchanged.
`);
});

test('on a narrow screen a long change stands below its path, and a text of many lines as a small diff', () => {
  const before = ['listen 80', 'root /srv', 'gzip off', 'end'].join('\n');
  const changes: Step['changes'] = [
    {
      path: ['spec', 'template', 'spec', 'containers', { name: 'server' }, 'image'],
      before: 'registry.example/boutique/frontend:1.4.0',
      after: 'registry.example/boutique/frontend:1.4.1',
    },
    { path: ['data', 'nginx.conf'], before, after: before.replace('off', 'on') },
  ];
  expect(text(plan([step({ id: frontend, action: 'update', changes })]), 80)).toBe(`\
~ Deployment/frontend
    spec.template.spec.containers[name=server].image   ~projects/shop/app.ts:9
      - registry.example/boutique/frontend:1.4.0
      + registry.example/boutique/frontend:1.4.1
    data["nginx.conf"]   ~projects/shop/app.ts:9
        root /srv
      - gzip off
      + gzip on
        end

Plan: 0 to create, 1 to change, 0 to replace, 0 to delete, 0 unchanged.
`);
});

test('a long value is cut so that the difference stays in sight, and a large object after twelve lines', () => {
  const changes: Step['changes'] = [
    { path: ['data', 'key'], before: `${'a'.repeat(200)}1${'b'.repeat(200)}`, after: `${'a'.repeat(200)}2${'b'.repeat(200)}` },
    { path: ['spec', 'rules'], after: Array.from({ length: 20 }, (_, i) => ({ host: `h${i}.example`, port: i })) },
  ];
  const shown = text(plan([step({ id: frontend, action: 'update', changes })]), 60);
  expect(shown).toBe(`\
~ Deployment/frontend
    data.key   ~projects/shop/app.ts:9
      - …aaaaaaaaaaaa1bbbbbbbbbbbb…bbbbbbbbbbbbbbbbbbbbbbbbb
      + …aaaaaaaaaaaa2bbbbbbbbbbbb…bbbbbbbbbbbbbbbbbbbbbbbbb
  + spec.rules   ~projects/shop/app.ts:9
      + - host: h0.example
      +   port: 0
      + - host: h1.example
      +   port: 1
      + - host: h2.example
      +   port: 2
      + - host: h3.example
      +   port: 3
      + - host: h4.example
      +   port: 4
      + - host: h5.example
      +   port: 5
      … and 28 more lines

Plan: 0 to create, 1 to change, 0 to replace, 0 to delete, 0 unchanged.
`);
});

test('namespaces are named only when there are several', () => {
  const steps = [
    step({ id: 'main:Service/a/web', action: 'create' }),
    step({ id: 'main:Service/b/web', action: 'create' }),
    step({ id: 'main:Namespace/b', action: 'create' }),
  ];
  expect(text(plan(steps)).split('\n').slice(0, 3)).toEqual(['+ Service/a/web', '+ Service/b/web', '+ Namespace/b']);
});

test('a plan that changes nothing says so', () => {
  expect(text(plan(keeps(35)))).toBe('Nothing to do: shop/dev is as wished (35 resources).\n');
});

test('what steers a terminal does not come through', () => {
  const changes: Step['changes'] = [{ path: ['data', 'banner'], before: 'x', after: '\u001b[31mred\u001b]0;title\u0007\u202e\r\nnext' }];
  const shown = text(plan([step({ id: frontend, action: 'update', changes })]));
  expect(shown).toContain('+ red');
  expect(shown.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e]/u);
});

test('colour adds codes and takes no text away', () => {
  const changed = plan([step({ id: frontend, action: 'update', changes: [{ path: ['spec', 'replicas'], before: 1, after: 3 }] })]);
  const painted = planText(changed, sources, { color: true, width: 100 });
  expect(painted).toContain('\u001b[31m1\u001b[0m → \u001b[32m3\u001b[0m');
  expect(stripVTControlCharacters(painted)).toBe(text(changed));
});

test('what is created is shown whole where that is asked for, but for what must not be read', () => {
  const secret = 'main:Secret/shop/db';
  const wished = new Map([
    [
      frontend,
      {
        type: 'apps/v1/Deployment',
        attributes: {
          kind: 'Deployment',
          spec: { replicas: 2, address: { $ref: { resource: 'main:Service/shop/web', path: ['spec', 'clusterIP'] } } },
        },
      },
    ],
    [
      secret,
      {
        type: 'v1/Secret',
        attributes: { kind: 'Secret', stringData: { password: 'correct horse', token: { $secret: { from: 'env', name: 'TOKEN' } } } },
      },
    ],
  ] as const);
  const steps = [
    step({ id: frontend, action: 'create', reason: 'not there yet' }),
    step({ id: secret, type: 'v1/Secret', action: 'create', reason: 'not there yet' }),
  ];
  expect(planText(plan(steps), {}, { width: 100, color: false, wished, verbose: true })).toBe(`+ Deployment/frontend
    + kind: Deployment
    + spec:
    +   replicas: 2
    +   address: "(after apply: Service/web spec.clusterIP)"
+ Secret/db
    + kind: Secret
    + stringData:
    +   password: "(secret)"
    +   token: "(secret: environment variable TOKEN)"

Plan: 2 to create, 0 to change, 0 to replace, 0 to delete, 0 unchanged.
`);
});

const database = 'terraform:Terraform/database';
const inDatabase = (type: string, name: string) => ['configuration', 'resource', type, name];

const terraform = step({
  id: database,
  action: 'update',
  runtime: 'terraform',
  type: 'terraform/Stack',
  parts: [
    { name: 'aws_security_group.db', action: 'keep', changes: [] },
    {
      name: 'aws_db_instance.main',
      action: 'replace',
      reason: 'engine cannot be changed in place',
      at: inDatabase('aws_db_instance', 'main'),
      changes: [
        { path: ['engine'], before: 'mysql', after: 'postgres' },
        { path: ['password'], sensitive: true },
      ],
    },
    { name: 'aws_lb.web', action: 'create', at: inDatabase('aws_lb', 'web'), changes: [{ path: ['name'], after: 'web' }] },
    { name: 'random_pet.old', action: 'delete', reason: 'not in the program any more', changes: [] },
    { name: 'aws_route53_record.web', action: 'create', changes: [], plannedWhen: 'Service/web status.loadBalancer.ingress[0].ip' },
  ],
});

const linesOfDatabase: SourceTable = {
  [database]: {
    made: { file: 'projects/shop/database.ts', line: 4 },
    fields: {
      'configuration.resource.aws_db_instance.main': { file: 'projects/shop/database.ts', line: 10 },
      'configuration.resource.aws_db_instance.main.engine': { file: 'projects/shop/database.ts', line: 12 },
    },
  },
};

test('each part of a resource has a row with its reason, and a new one its content only when asked', () => {
  const shown = (verbose: boolean) => planText(plan([terraform]), linesOfDatabase, { color: false, width: 130, verbose });
  expect(shown(false)).toBe(`\
~ Terraform/database  2 to create, 1 to replace, 1 to delete  projects/shop/database.ts:4
    -/+ aws_db_instance.main    replace (engine cannot be changed in place)  projects/shop/database.ts:10
        engine    mysql → postgres    projects/shop/database.ts:12
        password  (secret, changed)   projects/shop/database.ts:10
    + aws_lb.web              ~projects/shop/database.ts:4
    - random_pet.old          (not in the program any more)
    + aws_route53_record.web  planned when Service/web status.loadBalancer.ingress[0].ip is known

Plan: 2 to create, 0 to change, 1 to replace, 1 to delete, 1 unchanged.
`);
  expect(shown(true)).toContain('name  web');
});

test('what somebody has changed by hand is marked at the part', () => {
  const changes = [{ path: ['limit'], before: 9, after: 5, by: { name: 'outside of Terraform' } }];
  const parts = [{ name: 'role.web', action: 'update' as const, changes }];
  expect(text(plan([step({ id: database, action: 'update', parts })]))).toContain('    ~ role.web  (changed outside of Terraform)\n');
});

test('a part that is replaced without a gap has a sign of its own', () => {
  const parts = (['role.a', 'role.b'] as const).map((name) => ({ name, action: 'replace' as const, changes: [] }));
  const told = text(
    plan([step({ id: database, action: 'update', parts: [parts[0], { ...parts[1], createsFirst: true }] as PlannedPart[] })]),
  );
  expect(told).toContain('    -/+ role.a  replace\n    +/- role.b  replace\n');
});

test('what is in order counts each part of a resource as one', () => {
  const parts = ['aws_lb.a', 'aws_lb.b'].map((name) => ({ name, action: 'keep' as const, changes: [] }));
  const kept = step({ id: database, action: 'keep', reason: 'no difference', parts });
  expect(text(plan([kept, ...keeps(1)]))).toBe('Nothing to do: shop/dev is as wished (3 resources).\n');
});

test('what was imported and moved is counted only where there is any', () => {
  const parts = (['import', 'move', 'move', 'forget'] as const).map((action, i) => ({ name: `aws_lb.l${i}`, action, changes: [] }));
  expect(text(plan([step({ id: database, action: 'update', parts })]))).toContain(
    'Plan: 0 to create, 0 to change, 0 to replace, 0 to delete, 1 to import, 2 to move, 1 to forget, 0 unchanged.',
  );
});

test('targets are told apart only where they keep the same kinds of things', () => {
  const creates = (...ids: string[]) => text(plan(ids.map((id) => step({ id, action: 'create', reason: 'not there yet' }))));
  expect(creates('main:Deployment.apps/shop/web', 'terraform:Terraform/database')).toMatch(/^\+ Deployment\/web *\n\+ Terraform\/database/);
  expect(creates('main:Deployment.apps/shop/web', 'eu:Deployment.apps/shop/web', 'terraform:Terraform/database')).toMatch(
    /^\+ main:Deployment\/web *\n\+ eu:Deployment\/web *\n\+ Terraform\/database/,
  );
});
