import { checkSpec, edgesOf, type JsonObject, type Resource, type Spec, type SynthOutput } from '@konfig/core';
import {
  AppConfig,
  Component,
  KubernetesObject,
  kubernetes,
  moved,
  project,
  type Stack,
  secret,
  terraform,
  terraformValue,
  text,
  workspace,
} from '@konfig/sdk';
import * as cdktf from 'cdktf';
import * as cdktn from 'cdktn';
import { Construct } from 'constructs';
import { dev, problemsIn, problemsOf, specOf } from '../synth';
import { bindings } from './database';

const packages = { cdktf: bindings(cdktf), cdktn: bindings(cdktn as unknown as typeof cdktf) };

describe.each(['cdktf', 'cdktn'] as const)('with %s', (name) => {
  const { Database, ShopStack } = packages[name];

  test('a Terraform stack is one resource, whose configuration Terraform reads', () => {
    const spec = specOf((stack) => {
      const app = new AppConfig(stack, 'shop');
      const database = new ShopStack(app, 'database');
      new Database(database, 'main', { size: 10, label: 'orders' });
    });
    expect(spec.targets.terraform).toEqual({ runtime: 'terraform', config: {} });
    expect(spec.resources).toEqual([
      {
        id: 'terraform:Terraform/database',
        target: 'terraform',
        runtime: 'terraform',
        type: 'terraform/Stack',
        path: 'shop/dev/shop/database',
        attributes: {
          bindings: name,
          configuration: {
            provider: { shop: [{}] },
            resource: { shop_database: { main: { size: 10, label: 'orders' } } },
            terraform: { required_providers: { shop: { source: 'acme/shop' } } },
          },
          constructs: { 'shop_database.main': 'shop/database/main' },
          inputs: {},
          outputs: {},
        },
      },
    ]);
  });

  test('what a resource is to be replaced with is named as Terraform takes it: no expression stands there', () => {
    const spec = specOf((stack) => {
      const database = new ShopStack(stack, 'database');
      const main = new Database(database, 'main');
      const replaceTriggeredBy = [main, main.fqn, main.address, 'shop_database.main.port'];
      new Database(database, 'replica', { lifecycle: { createBeforeDestroy: true, replaceTriggeredBy } });
    });
    expect(spec.resources[0]?.attributes.configuration).toMatchObject({
      resource: {
        shop_database: {
          replica: {
            lifecycle: {
              create_before_destroy: true,
              replace_triggered_by: ['shop_database.main', 'shop_database.main', 'shop_database.main.address', 'shop_database.main.port'],
            },
          },
        },
      },
    });
  });

  test('what a Kubernetes object uses of it is an output, and a reference to that', () => {
    const spec = specOf((stack) => {
      const database = new ShopStack(stack, 'database');
      const main = new Database(database, 'main');
      new KubernetesObject(stack, 'config', { apiVersion: 'v1', kind: 'ConfigMap', data: { HOST: main.address } });
    });
    const [config, terraform] = spec.resources;
    const output = 'konfig_shop_database-main-address';
    const address = { $ref: { resource: 'terraform:Terraform/database', path: ['outputs', output] } };
    expect(config?.attributes.data).toEqual({ HOST: { $concat: [address] } });
    expect(terraform?.attributes.outputs).toEqual({ [output]: { secret: false } });
    // Not sensitive: else Terraform would not refuse what it knows to be so.
    expect((terraform as Resource).attributes.configuration).toMatchObject({
      output: { [output]: { value: `\${${'shop_database.main.address'}}` } },
    });
    expect((terraform as Resource).attributes.configuration).not.toMatchObject({ output: { [output]: { sensitive: true } } });
  });
});

const { Database, Network, ShopStack } = packages.cdktf;

function attributesOf(spec: Spec, name: string): JsonObject {
  return (spec.resources.find(({ id }) => id === `terraform:Terraform/${name}`) as Resource).attributes;
}

test('of what a user says of the state, all is kept; the file that cdktf would take is not', () => {
  const spec = specOf((stack) => {
    new cdktf.S3Backend(new ShopStack(stack, 'own'), { bucket: 'states', key: 'own' });
    new ShopStack(stack, 'usual');
  });
  const settings = { required_providers: { shop: { source: 'acme/shop' } } };
  expect(attributesOf(spec, 'own').configuration).toMatchObject({ terraform: { backend: { s3: { bucket: 'states', key: 'own' } } } });
  expect(attributesOf(spec, 'usual').configuration).toMatchObject({ terraform: settings });
  expect(attributesOf(spec, 'usual').configuration).not.toHaveProperty('terraform.backend');
});

test('a setting of a backend that is known only later is refused: Terraform would take the words of its expression', () => {
  const problems = problemsOf((stack) => {
    const database = new ShopStack(stack, 'database');
    const password = terraformValue.text(database, secret.env('BACKEND_PASSWORD'));
    new cdktf.HttpBackend(database, { address: 'https://states.example/shop', username: 'joe', password });
  });
  expect(problems).toEqual([
    'PROPS_INVALID shop/dev/database/backend.password: Its password is a value that is known only later; a backend is opened before.',
  ]);
});

test('a secret that is written into a backend is told, since it stands in the releases in clear', () => {
  const fill = (stack: Stack) => {
    new cdktf.HttpBackend(new ShopStack(stack, 'a'), { address: 'https://states.example/a', username: 'joe', password: 'hunter2' });
    new cdktf.PgBackend(new ShopStack(stack, 'b'), { connStr: 'postgres://joe:hunter2@states.example/b' });
    new cdktf.PgBackend(new ShopStack(stack, 'c'), { connStr: 'postgres://joe@states.example/c' });
  };
  const result = project('shop').stack('dev', dev, fill).synth('dev');
  expect((result.problems ? [] : (result.warnings ?? [])).map(({ at, message }) => `${at}: ${message}`)).toEqual([
    'shop/dev/a/backend.password: Its password holds a secret, which stands in the program and in its releases in clear.',
    'shop/dev/b/backend.conn_str: Its conn_str holds a secret, which stands in the program and in its releases in clear.',
  ]);
});

test('two stacks with one backend are refused, but where the environment tells them apart', () => {
  const problems = (database: object, network: object) =>
    problemsOf((stack) => {
      new cdktf.HttpBackend(new ShopStack(stack, 'database'), database as cdktf.HttpBackendConfig);
      new cdktf.HttpBackend(new ShopStack(stack, 'network'), network as cdktf.HttpBackendConfig);
    });
  const [shop, cart] = [{ address: 'https://states.example/shop' }, { address: 'https://states.example/cart' }];
  expect(problems(shop, shop)).toEqual([
    'PROPS_INVALID shop/dev/network/backend: Its backend is that of database too: with one state for both, each would delete what the other makes.',
  ]);
  expect(problems(shop, cart)).toEqual([]);
  expect(problems({}, {})).toEqual([]);
});

test.each(['cdktf', 'cdktn'] as const)(
  'the file that %s takes for a local backend without a path is refused; one that is named is not',
  (name) => {
    const { LocalBackend } = { cdktf, cdktn }[name] as typeof cdktf;
    const withBackend = (config?: cdktf.LocalBackendConfig) =>
      problemsOf((stack) => {
        const database = new packages[name].ShopStack(stack, 'database');
        new LocalBackend(database, config);
      });
    const refused = [expect.stringMatching(/^PROPS_INVALID shop\/dev\/database\/backend: It is a local backend without a path/)];
    expect(withBackend()).toEqual(refused);
    expect(withBackend({ workspaceDir: '/states' })).toEqual(refused);
    expect(withBackend({ path: '/states/terraform.database.tfstate' })).toEqual([]);
  },
);

test('aspects visit it before its checks run', () => {
  const spec = specOf((stack) => {
    const terraform = new ShopStack(stack, 'database');
    new Database(terraform, 'main');
    cdktf.Aspects.of(terraform).add({
      visit: (node) => {
        if (cdktf.TerraformResource.isTerraformResource(node)) node.addOverride('label', 'seen');
      },
    });
  });
  expect(attributesOf(spec, 'database').configuration).toMatchObject({ resource: { shop_database: { main: { label: 'seen' } } } });
});

test("its own checks are told, at the construct's line", () => {
  expect(problemsOf((stack) => new Database(new cdktf.TerraformStack(stack, 'database'), 'main'))).toEqual([
    expect.stringMatching(/^PROPS_INVALID shop\/dev\/database: Found resources without a matching provider construct/),
  ]);
});

test('an import asks no Terraform for its version', () => {
  const spec = specOf((stack) => new Database(new ShopStack(stack, 'database'), 'main').importFrom('db-1'));
  expect(attributesOf(spec, 'database').configuration).toMatchObject({ import: [{ id: 'db-1', to: 'shop_database.main' }] });
});

test('waits inside of it are depends_on, waits across are of the Spec', () => {
  const spec = specOf((stack) => {
    const terraform = new ShopStack(stack, 'database');
    const network = new Network(terraform, 'network');
    const main = new Database(terraform, 'main');
    const group = new Construct(terraform, 'group');
    new Database(group, 'a', { dependsOn: [main] });
    group.node.addDependency(network);
    const config = new KubernetesObject(stack, 'config', { apiVersion: 'v1', kind: 'ConfigMap' });
    config.node.addDependency(main);
    const other = new ShopStack(stack, 'other');
    other.addDependency(terraform);
    new Database(other, 'b').node.addDependency(config);
  });
  expect(attributesOf(spec, 'database').configuration).toMatchObject({
    resource: { shop_database: { group_a_95CEE185: { depends_on: ['shop_database.main', 'data.shop_network.network'] } } },
  });
  expect(Object.fromEntries(spec.resources.map(({ id, dependsOn }) => [id, dependsOn?.map(({ on }) => on)]))).toEqual({
    'main:ConfigMap/config': ['terraform:Terraform/database'],
    'terraform:Terraform/database': undefined,
    'terraform:Terraform/other': ['main:ConfigMap/config', 'terraform:Terraform/database'],
  });
});

test('what moved inside of it is a block for each step; what has a name of its own has none', () => {
  const spec = specOf((stack) => {
    const terraform = new ShopStack(stack, 'database');
    moved(terraform, 'first', 'second');
    moved(terraform, 'second', 'group/main');
    moved(terraform, 'old', 'named');
    new Database(new Construct(terraform, 'group'), 'main');
    new Database(terraform, 'named').overrideLogicalId('fixed');
  });
  expect((attributesOf(spec, 'database').configuration as JsonObject).moved).toEqual([
    { from: 'shop_database.second', to: 'shop_database.group_main_4EAE695A' },
    { from: 'shop_database.first', to: 'shop_database.second' },
  ]);
});

test('a Terraform stack that moved as a whole keeps its name, and its addresses are the same anyway', () => {
  const spec = specOf((stack) => {
    moved(stack, 'database', 'data/db');
    new Database(new ShopStack(new Component(stack, 'data'), 'db'), 'main');
  });
  expect(attributesOf(spec, 'database').configuration).not.toHaveProperty('moved');
});

test('from another Terraform stack nothing moves by itself', () => {
  const problems = problemsOf((stack) => {
    moved(stack, 'one/main', 'two/main');
    new ShopStack(stack, 'one');
    new Database(new ShopStack(stack, 'two'), 'main');
  });
  expect(problems).toEqual([
    "PROPS_INVALID shop/dev/two/main: It was moved from 'one/main', which is not in its Terraform stack: each has a state of its own.",
  ]);
});

test('what is protected and retained is told by address', () => {
  const spec = specOf((stack) => {
    const terraform = new ShopStack(new Component(stack, 'data', { onRemoval: 'protect' }), 'db');
    new Database(terraform, 'main');
    new Database(new Component(terraform, 'logs', { onRemoval: 'retain' }), 'main');
    new Database(new Component(terraform, 'cache', { onRemoval: 'delete' }), 'main');
  });
  expect(attributesOf(spec, 'data-db')).toMatchObject({
    protected: ['shop_database.main'],
    retained: ['shop_database.logs_main_82178703'],
  });
  expect(spec.resources.find(({ runtime }) => runtime === 'terraform')?.onRemoval).toBe('protect');
});

test('both packages in one Terraform stack are an error, in one stack they are none', () => {
  const problems = problemsOf((stack) => {
    new packages.cdktn.Database(new ShopStack(stack, 'one'), 'main');
    new packages.cdktn.Database(new packages.cdktn.ShopStack(stack, 'two'), 'main');
  });
  expect(problems).toEqual(["PROPS_INVALID shop/dev/one/main: It is made with cdktn, and its Terraform stack 'one' with cdktf."]);
});

test('what a library throws when it writes its JSON is told at the element that it throws for, and of no other stack', () => {
  const problems = problemsOf((stack) => {
    new Database(new ShopStack(stack, 'good'), 'main', {});
    const bad = new ShopStack(stack, 'bad');
    const first = new Database(bad, 'first', {});
    new Database(bad, 'second', { label: `x${cdktf.Fn.split('-', first.address).join(',')}` });
  });
  expect(problems).toEqual([expect.stringMatching(/^SPEC_INVALID shop\/dev\/bad\/second: It cannot be written as Terraform's JSON: /)]);
});

test('a function of cdktn in a stack of cdktf is told as such', () => {
  const problems = problemsOf((stack) => new Database(new ShopStack(stack, 'a'), 'main', { label: cdktn.Fn.upper('x') }));
  expect(problems).toEqual(["PROPS_INVALID shop/dev/a/main: It uses a function of cdktn (Fn), and its Terraform stack 'a' is of cdktf."]);
});

test('what is of Terraform and in no Terraform stack is an error', () => {
  expect(problemsOf((stack) => new cdktf.TerraformOutput(stack, 'out', { value: 'x' }))).toEqual([
    'PROPS_INVALID shop/dev/out: This is of Terraform and stands in no Terraform stack.',
  ]);
});

test('an Output that got past the types is told, and what to write', () => {
  const [problem] = problemsIn((stack) => {
    new Database(new ShopStack(stack, 'database'), 'main', { password: secret.env('PASSWORD') as never });
  });
  expect(problem).toMatchObject({
    code: 'SPEC_INVALID',
    message: 'configuration.resource.shop_database.main.password is an Output, which Terraform does not know.',
    hint: 'Make it a value of Terraform: terraformValue.text(this, output).',
  });
});

test('two that come to one name are an error', () => {
  expect(
    problemsOf((stack) => {
      new ShopStack(new AppConfig(stack, 'a'), 'database');
      new ShopStack(new AppConfig(stack, 'b'), 'database');
    }),
  ).toEqual([expect.stringMatching(/^SPEC_DUPLICATE shop\/dev\/b\/database: terraform:Terraform\/database is made twice/)]);
});

describe('its target', () => {
  const eu = workspace('eu', {
    kubernetes: kubernetes({ context: 'a' }),
    targets: {
      eu: kubernetes({ context: 'eu' }),
      terraform: terraform({ binary: 'tofu', stateKey: secret.env('STATE_KEY'), env: { AWS_REGION: 'eu-1' } }),
      other: terraform({ parallelism: 3 }),
    },
  });
  const targetsWith = (target: string) => {
    const spec = specOf((stack) => new ShopStack(new Component(stack, 'data', { target }), 'db'), { workspace: eu });
    return spec.resources.map(({ id }) => id);
  };

  test('is the one of the component around, where that is one of Terraform', () => {
    expect(targetsWith('other')).toEqual(['other:Terraform/data-db']);
    expect(targetsWith('eu')).toEqual(['terraform:Terraform/data-db']);
  });

  test('is configured in the workspace', () => {
    const { targets } = specOf((stack) => new ShopStack(stack, 'db'), { workspace: eu });
    expect(targets.terraform).toEqual({
      runtime: 'terraform',
      config: { binary: 'tofu', stateKey: { $secret: { from: 'env', name: 'STATE_KEY' } }, env: { AWS_REGION: 'eu-1' } },
    });
  });

  test('is not there for a stack without Terraform', () => {
    expect(specOf(() => {}).targets).not.toHaveProperty('terraform');
  });

  test('takes no key that is written out', () => {
    expect(() => terraform({ stateKey: text`abc` })).toThrow('a key of states is no secret');
  });
});

test('a loop between Terraform and the rest names its lines, and says to split the Terraform stack', () => {
  const spec = project('shop').stack('dev', dev, (stack) => {
    const database = new ShopStack(stack, 'database');
    const main = new Database(database, 'main');
    const config = new KubernetesObject(stack, 'config', { apiVersion: 'v1', kind: 'ConfigMap', data: { HOST: main.address } });
    new Database(database, 'second', { label: terraformValue.text(database, config.output('metadata.name')) });
  });
  const { spec: made, sources } = spec.synth('dev').output as SynthOutput;
  const [problem] = checkSpec(made, sources, edgesOf(made.resources, new Map()));
  expect(problem?.code).toBe('SPEC_CYCLE');
  expect(problem?.message).toMatch(/Terraform\/database \(packages.*stack.test.ts:\d+\)/);
  expect(problem?.message).toMatch(/ConfigMap\/config \(packages.*stack.test.ts:\d+\)/);
  expect(problem?.hint).toBe(
    'Split the Terraform stack in two: one that the others use, and one that uses them. Each Terraform stack is planned and applied as a whole.',
  );
});
