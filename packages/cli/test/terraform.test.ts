// Programs with Terraform stacks, in a process of their own as `konfig` runs them.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Monorepo, makeMonorepo } from '../../../test/scenarios/monorepo';

const binding = `import { TerraformProvider, TerraformResource, type TerraformMetaArguments } from 'cdktf';
import type { Construct } from 'constructs';

export class ShopProvider extends TerraformProvider {
  constructor(scope: Construct, id: string) {
    super(scope, id, { terraformResourceType: 'shop', terraformGeneratorMetadata: { providerName: 'shop' }, terraformProviderSource: 'acme/shop' });
  }
}

export interface DatabaseConfig extends TerraformMetaArguments {
  readonly allocatedStorage?: number;
  readonly rules?: readonly { readonly fromPort: number }[];
}

export class Database extends TerraformResource {
  readonly #config: DatabaseConfig;
  constructor(scope: Construct, id: string, config: DatabaseConfig) {
    super(scope, id, { ...config, terraformResourceType: 'shop_database', terraformGeneratorMetadata: { providerName: 'shop' } });
    this.#config = config;
  }
  get address(): string {
    return this.getStringAttribute('address');
  }
  protected override synthesizeAttributes(): { [name: string]: unknown } {
    return {
      allocated_storage: this.#config.allocatedStorage,
      rules: this.#config.rules?.map((rule) => ({ from_port: rule.fromPort })),
    };
  }
}
`;

const program = `import { embeddedCluster, KubernetesObject, project, workspace } from '@konfig/sdk';
import { TerraformStack } from 'cdktf';
import { Database, ShopProvider } from './shop';

const storage = 10;

export default project('shop').stack('dev', workspace('dev', { kubernetes: embeddedCluster() }), (stack) => {
  const terraform = new TerraformStack(stack, 'database');
  new ShopProvider(terraform, 'shop');
  new Database(terraform, 'main', {
    allocatedStorage: storage,
    rules: [
      {
        fromPort: 5432,
      },
    ],
  });
  new KubernetesObject(stack, 'config', { apiVersion: 'v1', kind: 'ConfigMap', data: { LEVEL: 'info' } });
});
`;

let monorepo: Monorepo;
afterEach(() => monorepo.remove());

describe('of a program with a Terraform stack', () => {
  beforeEach(() => {
    monorepo = makeMonorepo({ 'projects/shop/konfig.ts': program, 'projects/shop/shop.ts': binding });
  });

  test('the lines of its resources and their fields are where the program wrote them, past the bindings', async () => {
    const { stdout } = await monorepo.konfig('synth', 'shop/dev', '--no-type-check', '--format', 'spec');
    const { sources } = JSON.parse(stdout);
    const { made, fields } = sources['terraform:Terraform/database'];
    const at = (field: string) => fields[`configuration.resource.shop_database.main${field}`];
    const file = 'projects/shop/konfig.ts';
    expect(made).toEqual({ file, line: 8 });
    expect(at('')).toEqual({ file, line: 10 });
    expect(at('.allocated_storage')).toMatchObject({ file, line: 5 });
    expect(at('.rules[0].from_port')).toMatchObject({ file, line: 14 });
  });

  test('the JSON that Terraform reads is written beside the manifests, and goes when its stack does', async () => {
    const { stdout } = await monorepo.konfig('synth', 'shop/dev', '--no-type-check', '--format', 'terraform');
    const main = { allocated_storage: 10, rules: [{ from_port: 5432 }] };
    expect(JSON.parse(stdout)).toMatchObject({ resource: { shop_database: { main } } });
    const plain = await monorepo.konfig('synth', 'shop/dev', '--no-type-check');
    expect(plain.stdout).not.toContain('shop_database');
    expect(plain.stderr).toContain('A Terraform stack is not among the manifests: --format terraform, or --to a folder for both.');
    const both = await monorepo.konfig('synth', 'shop/dev', '--no-type-check', '--to', 'out');
    expect(both.stderr).toContain('Wrote 1 manifests and 1 Terraform stack to out.');
    const file = join(monorepo.folder, 'out/terraform/database/main.tf.json');
    expect(readFileSync(file, 'utf8')).toBe(stdout);
    monorepo.write('projects/shop/konfig.ts', program.replace("'database'", "'other'"));
    await monorepo.konfig('synth', 'shop/dev', '--no-type-check', '--to', 'out');
    expect(existsSync(file)).toBe(false);
    expect(existsSync(join(monorepo.folder, 'out/terraform/other/main.tf.json'))).toBe(true);
  });

  test('an import of a whole provider is warned of, with its line and what to import instead', async () => {
    const folder = join(monorepo.folder, 'node_modules/@cdktf/provider-shop');
    mkdirSync(join(folder, 'lib/data-base'), { recursive: true });
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: '@cdktf/provider-shop', version: '1.0.0', main: 'lib/index.js' }));
    writeFileSync(join(folder, 'lib/index.js'), 'exports.dataBase = {};');
    writeFileSync(join(folder, 'lib/data-base/index.js'), '');
    monorepo.write('projects/shop/konfig.ts', `import { dataBase } from '@cdktf/provider-shop';\nvoid dataBase;\n${program}`);
    const { stderr } = await monorepo.konfig('synth', 'shop/dev', '--no-type-check', '--format', 'terraform');
    expect(stderr.replace(/\s+/g, ' ')).toContain(
      "This loads all of @cdktf/provider-shop, which takes seconds and hundreds of megabytes in every command. Import from '@cdktf/provider-shop/lib/data-base'.",
    );
    expect(stderr).toContain('projects/shop/konfig.ts:1');
    monorepo.write('projects/shop/konfig.ts', `import '@cdktf/provider-shop/lib/data-base';\n${program}`);
    const part = await monorepo.konfig('synth', 'shop/dev', '--no-type-check', '--format', 'terraform');
    expect(part.stderr).toBe('');
  });
});

test('a program without Terraform loads nothing of cdktf', async () => {
  const loaded = `import Module from 'node:module';
import { embeddedCluster, project, Service, workspace } from '@konfig/sdk';

export default project('shop').stack('dev', workspace('dev', { kubernetes: embeddedCluster() }), (stack) => {
  new Service(stack, 'web', { containers: { web: { image: 'web:1', env: { A: 'a' } } } });
  const files = Object.keys((Module as unknown as { _cache: object })._cache);
  console.log(files.filter((file) => /cdk8s.lib.index/.test(file)).length, files.filter((file) => /cdkt[fn]/.test(file)).length);
});
`;
  monorepo = makeMonorepo({ 'projects/shop/konfig.ts': loaded });
  const { stdout, stderr } = await monorepo.konfig('synth', 'shop/dev', '--no-type-check');
  expect(stdout).toContain('kind: Deployment');
  expect(stderr).toMatch(/^1 0$/m);
});
