// What Konfig adds to Terraform, as whole processes side by side: a plan, and a plan with its apply, of stacks of one resource and of a hundred, of which each takes no
// time, a second, or what moto takes that plays AWS; and ten stacks at once beside one. Providers from the test bed's mirror. Prints medians and ratios; asserts nothing. `node bench/terraform.mjs [--runs 5] [--binary tofu]`
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { values } = parseArgs({ options: { runs: { type: 'string', default: '5' }, binary: { type: 'string', default: 'terraform' } } });
const runs = Number(values.runs);
const bed = built('terraform', 'providers', 'aws', 'tofu');
const binary = values.binary === 'tofu' ? join(bed, 'bin/tofu') : values.binary;
const mirror = join(bed, 'mirror');

const bindings = join(root, 'test/testbed/terraform/bindings');
const pets = {
  takes: 'no time',
  provider: 'random',
  bindings: join(bindings, 'random'),
  version: '3.6.0',
  providerClass: 'RandomProvider',
  type: 'random_pet',
  file: 'pet',
  resourceClass: 'Pet',
  fields: (i) => ({ prefix: `p${i}` }),
  fieldsText: "{ prefix: 'p' + j }",
};
const sleeps = {
  takes: 'a second each',
  provider: 'time',
  bindings: join(bindings, 'time'),
  version: '0.14.2',
  providerClass: 'TimeProvider',
  type: 'time_sleep',
  file: 'sleep',
  resourceClass: 'Sleep',
  fields: () => ({ create_duration: '1s' }),
  fieldsText: "{ createDuration: '1s' }",
};

const securityGroups = (address) => ({
  takes: 'what moto takes that plays AWS',
  provider: 'aws',
  bindings: join(root, 'konfig/imports/aws'),
  version: '3.1.0',
  providerClass: 'AwsProvider',
  configuration: {
    region: 'us-east-1',
    access_key: 'AKIAIOSFODNN7EXAMPLE',
    secret_key: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    skip_credentials_validation: true,
    skip_metadata_api_check: true,
    skip_requesting_account_id: true,
    skip_region_validation: true,
    endpoints: [{ ec2: address }],
  },
  type: 'aws_security_group',
  file: 'security-group',
  resourceClass: 'SecurityGroup',
  // AWS knows the groups of earlier runs still.
  fields: (i) => ({ name_prefix: `g${i}-`, description: 'bench' }),
  fieldsText: "{ namePrefix: 'g' + j + '-', description: 'bench' }",
});

mkdirSync(join(root, '.konfig'), { recursive: true });
const folder = mkdtempSync(join(root, '.konfig', 'bench-'));
try {
  for (const count of [1, 100]) resources(count, pets);
  resources(100, sleeps);
  await atAws();
  manyStacks();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function resources(count, kind) {
  const name = `${kind.provider}-${count}`;
  const what = `${count} ${count === 1 ? 'resource' : 'resources'} that ${count === 1 ? 'takes' : 'take'} ${kind.takes}`;
  const bare = bareStack(name, count, kind);
  const konfig = monorepo(name, 1, count, kind);
  compare(`A plan of ${what}`, [
    [`${values.binary} plan`, () => timed(binary, ['plan', '-input=false', '-out', 'tfplan'], bare.folder, bare.env)],
    ['konfig preview', () => konfig('preview', 'shop/dev', '--no-type-check')],
  ]);
  compare(`A plan and its apply of ${what}`, [
    [
      `${values.binary} plan, apply`,
      () => {
        rmSync(join(bare.folder, 'terraform.tfstate'), { force: true });
        return (
          timed(binary, ['plan', '-input=false', '-out', 'tfplan'], bare.folder, bare.env) +
          timed(binary, ['apply', 'tfplan'], bare.folder, bare.env)
        );
      },
    ],
    [
      'konfig apply',
      () => {
        rmSync(join(folder, name, '.konfig/records'), { recursive: true, force: true });
        return konfig('apply', 'shop/dev', '--yes', '--no-type-check');
      },
    ],
  ]);
}

async function atAws() {
  const log = join(folder, 'moto.log');
  const moto = spawn(join(built('secrets'), 'moto/bin/moto_server'), ['-H', '127.0.0.1', '-p', '0'], {
    stdio: ['ignore', 'ignore', openSync(log, 'w')],
  });
  try {
    const ended = once(moto, 'exit').then(() => Promise.reject(new Error(readFileSync(log, 'utf8'))));
    const address = () => /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(readFileSync(log, 'utf8'))?.[1];
    while (!address()) await Promise.race([ended, setTimeout(50)]);
    resources(100, securityGroups(address()));
  } finally {
    moto.kill();
  }
}

function manyStacks() {
  const [one, ten] = [monorepo('one', 1, 10, pets), monorepo('ten', 10, 10, pets)];
  compare('Stacks of 10 resources each, planned and applied', [
    ['konfig apply, one', () => anew('one', one)],
    ['konfig apply, ten', () => anew('ten', ten)],
  ]);
}

function anew(name, konfig) {
  rmSync(join(folder, name, '.konfig/records'), { recursive: true, force: true });
  return konfig('apply', 'shop/dev', '--yes', '--no-type-check');
}

/** As people write it by hand, initialised. */
function bareStack(name, count, { provider, version, configuration, type, fields }) {
  const here = join(folder, `bare-${name}`);
  mkdirSync(here);
  const main = {
    terraform: { required_providers: { [provider]: { source: `hashicorp/${provider}`, version } } },
    ...(configuration && { provider: { [provider]: configuration } }),
    resource: { [type]: Object.fromEntries(Array.from({ length: count }, (_, i) => [`one-${i}`, fields(i)])) },
  };
  writeFileSync(join(here, 'main.tf.json'), JSON.stringify(main, null, 2));
  const rc = join(here, 'terraform.rc');
  writeFileSync(rc, `provider_installation {\n  filesystem_mirror {\n    path = ${JSON.stringify(mirror)}\n  }\n}\n`);
  const env = { ...process.env, TF_CLI_CONFIG_FILE: rc, CHECKPOINT_DISABLE: '1', TF_IN_AUTOMATION: '1' };
  timed(binary, ['init', '-input=false'], here, env);
  return { folder: here, env };
}

/** A program of so many Terraform stacks of so many resources; a konfig in it. */
function monorepo(name, stacks, count, { provider, bindings, configuration = {}, providerClass, file, resourceClass, fieldsText }) {
  const here = join(folder, name);
  mkdirSync(join(here, 'projects/shop'), { recursive: true });
  cpSync(bindings, join(here, 'imports', provider), { recursive: true });
  writeFileSync(join(here, 'package.json'), JSON.stringify({ name, private: true, konfig: { projects: ['projects/*'] } }));
  writeFileSync(
    join(here, 'projects/shop/konfig.ts'),
    `import { embeddedCluster, project, terraform, workspace } from '@konfig/sdk';
import { TerraformStack } from 'cdktf';
import { ${resourceClass} } from '../../imports/${provider}/${file}';
import { ${providerClass} } from '../../imports/${provider}/provider';
const dev = workspace('dev', { kubernetes: embeddedCluster(), targets: { terraform: terraform(${JSON.stringify({ binary, mirror })}) } });
export default project('shop').stack('dev', dev, (stack) => {
  for (let i = 0; i < ${stacks}; i++) {
    const tf = new TerraformStack(stack, 'cloud-' + i);
    new ${providerClass}(tf, '${provider}', ${JSON.stringify(inCamelCase(configuration))});
    for (let j = 0; j < ${count}; j++) new ${resourceClass}(tf, 'one-' + j, ${fieldsText});
  }
});
`,
  );
  const command = join(root, 'packages/cli/bin/konfig.js');
  return (...args) => timed(process.execPath, [command, ...args], here, process.env);
}

/** Runs the commands in turn; the first one is the measure of all. */
function compare(title, commands) {
  const times = commands.map(() => []);
  for (let i = 0; i <= runs; i++) {
    commands.forEach(([, run], at) => {
      const took = run();
      // The first round warms up.
      if (i > 0) times[at].push(took);
    });
  }
  const base = median(times[0]);
  console.log(`\n${title}, ${runs} runs`);
  commands.forEach(([name], at) => {
    const took = median(times[at]);
    const more = at === 0 ? '' : `  + ${Math.round(took - base)} ms`;
    console.log(`  ${name.padEnd(28)}${Math.round(took).toString().padStart(6)} ms  × ${(took / base).toFixed(2)}${more}`);
  });
}

/** The folder with what a part of the test bed builds. */
function built(part, ...names) {
  const script = join(root, 'test/testbed', part, 'build.sh');
  return execFileSync(script, names, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
    .trimEnd()
    .split('\n')
    .at(-1);
}

function inCamelCase(fields) {
  const camel = (name) => name.replace(/_(.)/g, (_, letter) => letter.toUpperCase());
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [camel(name), value]));
}

function timed(program, args, cwd, env) {
  const begin = performance.now();
  const result = spawnSync(program, args, { cwd, env, encoding: 'utf8' });
  if (result.status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${result.status}:\n${result.stdout}${result.stderr}`);
  return performance.now() - begin;
}

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
