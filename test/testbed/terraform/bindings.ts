// Writes typed constructs for the providers of the mirror from what they say of themselves: a file for each provider and each resource of
// the table below, small enough to be read, where published bindings are of newer providers and hundreds of megabytes.
//   node -r esbuild-register test/testbed/terraform/bindings.ts
import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { buildTerraformBed } from './beds';
import { type Provider, providerBinding, resourceBinding, resourceName, type Schema } from './binding';

const run = promisify(execFile);
const root = join(__dirname, '..', '..', '..');

interface Binding extends Provider {
  readonly folder: string;
  readonly resources: readonly string[];
}

const random: Omit<Binding, 'folder' | 'library'> = {
  source: 'hashicorp/random',
  version: '3.6.0',
  resources: ['random_id', 'random_integer', 'random_password', 'random_pet', 'random_string'],
};

const bindings: readonly Binding[] = [
  {
    folder: 'konfig/imports/aws',
    library: 'cdktf',
    source: 'hashicorp/aws',
    version: '3.1.0',
    resources: [
      'aws_db_instance',
      'aws_db_subnet_group',
      'aws_lb',
      'aws_lb_listener',
      'aws_lb_target_group',
      'aws_security_group',
      'aws_subnet',
      'aws_vpc',
    ],
  },
  { folder: 'test/testbed/terraform/bindings/random', library: 'cdktf', ...random },
  { folder: 'test/testbed/terraform/bindings/random-cdktn', library: 'cdktn', ...random },
  {
    folder: 'test/testbed/terraform/bindings/tls',
    library: 'cdktf',
    source: 'hashicorp/tls',
    version: '4.0.4',
    resources: ['tls_private_key', 'tls_self_signed_cert'],
  },
  {
    folder: 'test/testbed/terraform/bindings/time',
    library: 'cdktf',
    source: 'hashicorp/time',
    version: '0.14.2',
    resources: ['time_rotating', 'time_sleep', 'time_static'],
  },
  {
    folder: 'test/testbed/terraform/bindings/local',
    library: 'cdktf',
    source: 'hashicorp/local',
    version: '1.4.0',
    resources: ['local_file'],
  },
  {
    folder: 'test/testbed/terraform/bindings/postgresql',
    library: 'cdktf',
    source: 'konfig/postgresql',
    version: '1.0.0',
    resources: ['postgresql_database', 'postgresql_grant', 'postgresql_role'],
  },
];

/** What each file of the bindings is to hold, by its path from the repository's root. */
export async function makeBindings(): Promise<ReadonlyMap<string, string>> {
  const schemas = await readSchemas();
  const files = new Map<string, string>();
  for (const binding of bindings) {
    const schema = schemas[`registry.terraform.io/${binding.source}`];
    if (!schema) throw new Error(`The mirror has no ${binding.source}.`);
    files.set(`${binding.folder}/provider.ts`, providerBinding(binding, schema.provider));
    for (const type of binding.resources) {
      const resource = schema.resource_schemas[type];
      if (!resource) throw new Error(`${binding.source} has no ${type}.`);
      files.set(`${binding.folder}/${resourceName(type).replaceAll('_', '-')}.ts`, resourceBinding(binding, type, resource));
    }
  }
  return new Map([...files].map(([path, content]) => [path, format(path, content)]));
}

interface ProviderSchema {
  readonly provider: Schema;
  readonly resource_schemas: { readonly [type: string]: Schema };
}

async function readSchemas(): Promise<{ readonly [address: string]: ProviderSchema }> {
  const bed = await buildTerraformBed('providers', 'provider-postgresql', 'aws');
  if (!bed.terraform) throw new Error('There is no terraform on the PATH, which reads what providers say of themselves.');
  const folder = mkdtempSync(join(tmpdir(), 'konfig-bindings-'));
  try {
    const required_providers = Object.fromEntries(bindings.map(({ source, version }) => [source.split('/')[1], { source, version }]));
    writeFileSync(join(folder, 'main.tf.json'), JSON.stringify({ terraform: { required_providers } }));
    const options = { cwd: folder, env: { ...process.env, ...bed.cliConfig(join(folder, 'cli.tfrc')) }, maxBuffer: 1 << 28 };
    await run(bed.terraform, ['init', '-input=false'], options);
    return JSON.parse((await run(bed.terraform, ['providers', 'schema', '-json'], options)).stdout).provider_schemas;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function format(path: string, content: string): string {
  const biome = join(root, 'node_modules', '@biomejs', 'biome', 'bin', 'biome');
  return execFileSync(process.execPath, [biome, 'format', `--stdin-file-path=${path}`], { cwd: root, input: content, encoding: 'utf8' });
}

async function write(): Promise<void> {
  for (const [path, content] of await makeBindings()) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
    console.log(path);
  }
}

if (require.main === module) void write();
