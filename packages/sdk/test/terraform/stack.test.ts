import type { Resource } from '@konfig/core';
import { AppConfig, KubernetesObject } from '@konfig/sdk';
import * as cdktf from 'cdktf';
import * as cdktn from 'cdktn';
import { specOf } from '../synth';
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

  test('what a Kubernetes object uses of it is an output, and a reference to that', () => {
    const spec = specOf((stack) => {
      const database = new ShopStack(stack, 'database');
      const main = new Database(database, 'main');
      new KubernetesObject(stack, 'config', { apiVersion: 'v1', kind: 'ConfigMap', data: { HOST: main.address } });
    });
    const [config, terraform] = spec.resources;
    const output = 'konfig_shop_database-main-address';
    expect(config?.attributes.data).toEqual({ HOST: { $ref: { resource: 'terraform:Terraform/database', path: ['outputs', output] } } });
    expect(terraform?.attributes.outputs).toEqual({ [output]: { secret: false } });
    expect((terraform as Resource).attributes.configuration).toMatchObject({
      output: { [output]: { sensitive: true, value: `\${${'shop_database.main.address'}}` } },
    });
  });
});
