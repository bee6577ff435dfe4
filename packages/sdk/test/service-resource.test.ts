// Resources of a company's own services: how they are lowered, named, awaited, and kept from showing secrets.
import {
  Component,
  expose,
  httpService,
  KubernetesObject,
  kubernetes,
  outputOf,
  Service,
  ServiceResource,
  type ServiceResourceProps,
  type Stack,
  secret,
  text,
  workspace,
} from '@konfig/sdk';
import type { Construct } from 'constructs';
import { at, place, problemsIn, problemsOf, specOf } from './synth';

interface EntryConfig {
  readonly team?: string;
  readonly port?: number;
  readonly isPublic?: boolean;
  readonly kind?: 'a' | 'b';
  readonly names?: readonly string[];
  readonly login?: { readonly user?: string; readonly password?: string };
}

const schema = {
  type: 'object',
  properties: { login: { type: 'object', properties: { user: { type: 'string' }, password: { type: 'string', writeOnly: true } } } },
};

class Entry extends ServiceResource<EntryConfig, { id: string; port: number }, { key: string }> {
  constructor(scope: Construct, id: string, props: ServiceResourceProps<EntryConfig>) {
    super(scope, id, { service: 'registry', type: 'Entry', config: schema }, props);
  }
}

const registry = httpService({ url: 'https://registry.example', token: secret.env('TOKEN') });
const here = workspace('here', { kubernetes: kubernetes({ context: 'here' }), targets: { registry } });
const spec = (fill: (stack: Stack) => unknown) => specOf(fill, { workspace: here });
const problems = (fill: (stack: Stack) => unknown) => problemsOf(fill, { workspace: here });

test('a list and a map that a service tells go into the config of another as a whole', () => {
  class Listing extends ServiceResource<EntryConfig, { names: readonly string[]; login: { user: string } }> {
    constructor(scope: Construct, id: string, props: ServiceResourceProps<EntryConfig>) {
      super(scope, id, { service: 'registry', type: 'Listing' }, props);
    }
  }
  const { resources } = spec((stack) => {
    const all = new Listing(stack, 'all', { config: {} });
    new Listing(stack, 'copy', { config: { names: all.output('names'), login: all.output('login') } });
  });
  const told = (name: string) => ({ $ref: { resource: 'registry:Listing/all', path: ['outputs', name] } });
  expect(resources[1]?.attributes.config).toEqual({ names: told('names'), login: told('login') });
});

test('a resource of a service goes to the target of that name, and its schema stands once beside that target', () => {
  const { resources, targets } = spec((stack) => {
    new Entry(stack, 'web', { config: { team: 'shop', port: 8080, names: ['a', 'b'] }, onRemoval: 'retain' });
    new Entry(new Component(stack, 'part', { target: 'elsewhere', onRemoval: 'protect' }), 'db', { config: {} });
  });
  expect(resources).toEqual([
    {
      id: 'registry:Entry/part-db',
      target: 'registry',
      runtime: 'service',
      type: 'Entry',
      attributes: { config: {}, sensitive: ['/login/password'] },
      path: 'shop/dev/part/db',
      onRemoval: 'protect',
    },
    {
      id: 'registry:Entry/web',
      target: 'registry',
      runtime: 'service',
      type: 'Entry',
      attributes: { config: { team: 'shop', port: 8080, names: ['a', 'b'] }, sensitive: ['/login/password'] },
      path: 'shop/dev/web',
      onRemoval: 'retain',
    },
  ]);
  expect(targets.registry).toEqual({
    runtime: 'service',
    config: { url: 'https://registry.example', token: { $secret: { from: 'env', name: 'TOKEN' } }, types: { Entry: schema } },
  });
});

test('a service that a stack does not use stands in its targets as the workspace has it, and is none of its clusters', () => {
  const { targets } = spec((stack) => expect(stack.targets).toEqual(['main']));
  expect(targets.registry).toEqual(registry);
});

test('its outputs and secrets stand where values stand, and are waited for', () => {
  const { resources } = spec((stack) => {
    const entry = new Entry(stack, 'entry', { config: {} });
    new Service(stack, 'web', {
      containers: {
        web: {
          image: 'web:1',
          env: { ID: entry.output('id'), PORT: entry.output('port'), KEY: entry.secret('key'), URL: text`http://${entry.output('id')}/` },
        },
      },
    });
  });
  const [id, key] = [
    ['outputs', 'id'],
    ['secrets', 'key'],
  ].map((path) => ({ $ref: { resource: 'registry:Entry/entry', path } }));
  const find = (short: string) => resources.find((one) => one.id === short)?.attributes;
  const env = at(find('main:Deployment.apps/web'), 'spec.template.spec.containers.0.env');
  expect(env).toEqual([
    { name: 'ID', value: { $concat: [id] } },
    { name: 'PORT', value: { $concat: [{ $ref: { resource: 'registry:Entry/entry', path: ['outputs', 'port'] } }] } },
    { name: 'KEY', valueFrom: { secretKeyRef: { name: 'web-env', key: 'KEY' } } },
    { name: 'URL', value: { $concat: ['http://', id, '/'] } },
  ]);
  expect(at(find('main:Secret/web-env'), 'data')).toEqual({ KEY: { $base64: key } });
});

test('what is not known yet stands anywhere in a config', () => {
  const { resources } = spec((stack) => {
    const web = new KubernetesObject(stack, 'web', { apiVersion: 'v1', kind: 'Service' });
    const port = web.output<number>('spec.ports[0].nodePort');
    new Entry(stack, 'entry', {
      config: { port, isPublic: web.output<boolean>('spec.x'), names: [text`web-${port}`], login: { password: secret.env('PIN') } },
    });
  });
  const ref = (path: unknown) => ({ $ref: { resource: 'main:Service/web', path } });
  expect(resources.find(({ runtime }) => runtime === 'service')?.attributes.config).toEqual({
    port: ref(['spec', 'ports', 0, 'nodePort']),
    isPublic: ref(['spec', 'x']),
    names: [{ $concat: ['web-', ref(['spec', 'ports', 0, 'nodePort'])] }],
    login: { password: { $secret: { from: 'env', name: 'PIN' } } },
  });
});

test('dependsOn goes both ways between a service and a cluster', () => {
  const { resources } = spec((stack) => {
    const first = new Entry(stack, 'first', { config: {} });
    const web = new Service(stack, 'web', { containers: { web: { image: 'web:1' } } });
    const last = new Entry(stack, 'last', { config: {} });
    web.dependsOn(first);
    last.dependsOn(web, { until: 'present' });
  });
  expect(resources.map(({ id, dependsOn }) => [id, dependsOn])).toEqual([
    ['main:Deployment.apps/web', [{ on: 'registry:Entry/first', until: 'ready' }]],
    ['registry:Entry/first', undefined],
    ['registry:Entry/last', [{ on: 'main:Deployment.apps/web', until: 'present' }]],
  ]);
});

test('a secret may stand only in what the service calls writeOnly, and must not be written out there', () => {
  expect(
    problems((stack) => {
      const entry = new Entry(stack, 'a', { config: { login: { user: secret.env('USER'), password: 'hunter2' } } });
      new Entry(stack, 'b', { config: { team: entry.secret('key'), names: [outputOf(entry, 'secrets.key')] } });
      new Entry(stack, 'c', {
        config: { team: expose(entry.secret('key'), 'it is on every door'), login: { password: entry.secret('key') } },
      });
    }),
  ).toEqual([
    'SPEC_SECRET_EXPOSED shop/dev/a.config.login.user: A secret would stand in plain text in config.login.user of this Entry.',
    'SPEC_SECRET_EXPOSED shop/dev/a.config.login.password: config.login.password of this Entry is a secret, and is written out in the program.',
    'SPEC_SECRET_EXPOSED shop/dev/b.config.team: A secret would stand in plain text in config.team of this Entry.',
    'SPEC_SECRET_EXPOSED shop/dev/b.config.names[0]: A secret would stand in plain text in config.names[0] of this Entry.',
  ]);
});

test('what JSON cannot say, names that are none, targets that are not there and twins are told', () => {
  const found = problemsIn(
    (stack) => {
      new Entry(stack, 'nan', { config: { port: Number.NaN } });
      new Entry(stack, 'name', { config: {}, name: 'a/b' });
      new Entry(stack, 'lost', { config: {}, target: 'registri' });
      new Entry(stack, 'one', { config: {}, name: 'twin' });
      new Entry(stack, 'two', { config: {}, name: 'twin' });
      new Entry(stack, 'none', undefined as never);
    },
    { workspace: here },
  );
  expect(found.map(({ code, at, message, hint }) => `${code} ${at}: ${message} ${hint}`)).toEqual([
    'PROPS_INVALID shop/dev/none: Its props are undefined. Write an object with its fields: { config: { … } }.',
    expect.stringContaining('PROPS_INVALID shop/dev/name.name: Its name in the service is "a/b".'),
    "SPEC_TARGET shop/dev/lost: It goes to target 'registri', which workspace 'here' does not have. Did you mean registry? Name the service registry there: targets: { registri: httpService({ url: 'https://…' }) }.",
    expect.stringContaining('SPEC_DUPLICATE shop/dev/two: registry:Entry/twin is made twice'),
    expect.stringContaining('SPEC_INVALID shop/dev/nan.config.port: config.port is NaN'),
  ]);
  expect(found[2]?.source).toEqual(place(__filename, "new Entry(stack, 'lost'"));
});

test('a token that is written out is refused where it stands', () => {
  expect(() => httpService({ url: 'https://registry.example', token: 'hunter2' as never })).toThrow(
    /the token for https:\/\/registry\.example is no secret: it would stand in every plan and release/,
  );
});
