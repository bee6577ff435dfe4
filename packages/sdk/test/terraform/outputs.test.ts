import type { Json, JsonObject, Spec } from '@konfig/core';
import {
  base64,
  configFile,
  expose,
  Job,
  KubernetesObject,
  Service,
  ServiceResource,
  type Stack,
  secret,
  secretValue,
  terraformValue,
  text,
} from '@konfig/sdk';
import { JsonPatch } from 'cdk8s';
import * as cdktf from 'cdktf';
import { at, manifestsOf, problemsOf, specOf } from '../synth';
import { bindings } from './database';

const { Database, ShopStack } = bindings(cdktf);

/** The database of a Terraform stack in this one. */
function databaseIn(stack: Stack) {
  return new Database(new ShopStack(stack, 'database'), 'main');
}

/** One that is told a secret in a field of no special name. */
function secondIn(stack: cdktf.TerraformStack) {
  return new Database(stack, 'second', { label: `key ${terraformValue.text(stack, secret.env('KEY'))}` });
}

function dataIn(stack: cdktf.TerraformStack) {
  return new cdktf.DataResource(stack, 'data', { input: { key: terraformValue.text(stack, secret.env('KEY')) } });
}

function configMap(stack: Stack, data: { readonly [key: string]: unknown }) {
  return new KubernetesObject(stack, 'config', { apiVersion: 'v1', kind: 'ConfigMap', data });
}

const ref = (name: string, kind = 'outputs') => ({ $ref: { resource: 'terraform:Terraform/database', path: [kind, `konfig_${name}`] } });
const address = ref('shop_database-main-address');
const port = ref('shop_database-main-port');
const hosts = ref('shop_database-main-hosts');
const ready = ref('shop_database-main-ready');
const tags = ref('shop_database-main-tags');
const password = ref('shop_database-main-password', 'secrets');

/** A single value that is to be a text, whatever Terraform has there. */
const asText = (value: Json): Json => ({ $concat: [value] });

function terraformOf(spec: Spec): JsonObject {
  return spec.resources.find(({ runtime }) => runtime === 'terraform')?.attributes as JsonObject;
}

function outputsIn(attributes: JsonObject): { readonly [name: string]: Json } {
  return (attributes.configuration as { readonly output: { readonly [name: string]: Json } }).output;
}

test.each<[string, (database: InstanceType<typeof Database>) => unknown, unknown]>([
  ['a text', ({ address }) => address, asText(address)],
  ['a number in a template string', ({ port }) => `${port}`, asText(port)],
  ['a number by String', ({ port }) => String(port), asText(port)],
  ['a number by toString', ({ port }) => port.toString(), asText(port)],
  ['a number in JSON', ({ port }) => JSON.stringify(port), asText(port)],
  ['a number by Token.asString', ({ port }) => cdktf.Token.asString(port), asText(port)],
  ['a boolean in a template string', ({ ready }) => `${ready}`, asText(ready)],
  ['a list in JSON', ({ hosts }) => JSON.stringify(hosts), asText(hosts)],
  ['a number', ({ port }) => port, port],
  ['a list', ({ hosts }) => hosts, hosts],
  ['a boolean', ({ ready }) => ready, ready],
  ['a map', ({ tags }) => tags, tags],
  ['in a text', ({ address }) => `postgres://${address}/shop`, { $concat: ['postgres://', address, '/shop'] }],
  ['several in a text, a number too', (it) => `${it.address}:${it.port}`, { $concat: [address, ':', port] }],
  ['in a list', ({ address, port }) => ['a', address, port], ['a', asText(address), port]],
  ['in a map', ({ address }) => ({ deep: { host: address } }), { deep: { host: asText(address) } }],
  ['in base64', ({ address }) => Buffer.from(`h=${address}`).toString('base64'), { $base64: { $concat: ['h=', address] } }],
  ['by base64 of ours', ({ address }) => base64(address), { $base64: asText(address) }],
  ['by text of ours', ({ address, port }) => text`${address}:${port}`, { $concat: [address, ':', port] }],
])('a value of Terraform goes into a manifest: %s', (_, value, expected) => {
  const { 'ConfigMap/config': made } = manifestsOf((stack) => configMap(stack, { VALUE: value(databaseIn(stack)) }));
  expect(made?.data).toEqual({ VALUE: expected });
});

test('in JSON it is escaped as JSON wants it, and numbers, lists and maps are no texts', () => {
  const spec = specOf((stack) => {
    const { address, port, hosts, tags } = databaseIn(stack);
    configMap(stack, { VALUE: JSON.stringify({ address, url: `a-${address}`, port, hosts, tags }) });
  });
  const quoted = { $json: address };
  expect(spec.resources[0]?.attributes.data).toEqual({
    VALUE: {
      $concat: ['{"address":"', quoted, '","url":"a-', quoted, '","port":', port, ',"hosts":', hosts, ',"tags":', tags, '}'],
    },
  });
});

test('so it is in JSON that is written for people, and with one number in a list', () => {
  const { 'ConfigMap/web-files': made } = manifestsOf((stack) => {
    const { port, hosts } = databaseIn(stack);
    new Service(stack, 'web', { containers: { web: { image: 'web:1', files: { '/etc/db.json': configFile({ hosts, ports: [port] }) } } } });
  });
  expect(made?.data).toEqual({ 'db.json': { $concat: ['{\n  "hosts": ', hosts, ',\n  "ports": [\n    ', port, '\n  ]\n}\n'] } });
});

test("Terraform's own functions go through, named by what they say", () => {
  const spec = specOf((stack) => {
    const { address, hosts } = databaseIn(stack);
    configMap(stack, { JSON: cdktf.Fn.jsonencode({ address }), JOINED: cdktf.Fn.join(',', hosts) });
  });
  const values = Object.values(outputsIn(terraformOf(spec))).map((output) => String((output as JsonObject).value).slice(2, -1));
  expect(values.sort()).toEqual(['join(",", shop_database.main.hosts)', 'jsonencode({"address" = shop_database.main.address})']);
});

test('a patch brings one too', () => {
  const { 'ConfigMap/config': made } = manifestsOf((stack) => {
    const { address } = databaseIn(stack);
    configMap(stack, { HOST: '' }).addJsonPatch(JsonPatch.replace('/data/HOST', `h-${address}`));
  });
  expect(made?.data).toEqual({ HOST: { $concat: ['h-', address] } });
});

test('as a key it is an error', () => {
  expect(problemsOf((stack) => configMap(stack, { [databaseIn(stack).address]: 'x' }))).toEqual([
    'SPEC_INVALID shop/dev/config.data: data has a value of Terraform as a key, which is not known before it is applied.',
  ]);
});

test("in a component's env and files it stands where it is no secret", () => {
  const made = manifestsOf((stack) => {
    const { address, port } = databaseIn(stack);
    new Service(stack, 'web', {
      containers: {
        web: { image: 'web:1', env: { HOST: address, PORT: port, URL: `pg://${address}:${port}` }, files: { '/etc/db': address } },
      },
    });
  });
  expect(at(made['Deployment/web'], 'spec.template.spec.containers.0.env')).toEqual([
    { name: 'HOST', value: { $concat: [address] } },
    { name: 'PORT', value: { $concat: [port] } },
    { name: 'URL', value: { $concat: ['pg://', address, ':', port] } },
  ]);
  expect(made['ConfigMap/web-files']?.data).toEqual({ db: asText(address) });
  expect(made).not.toHaveProperty('Secret/web-env');
});

test("a secret of Terraform's becomes a Secret in a component's env and files", () => {
  const made = manifestsOf((stack) => {
    const { password } = databaseIn(stack);
    new Job(stack, 'task', {
      containers: { task: { image: 'task:1', env: { PASSWORD: password, URL: `pg://u:${password}@db` }, files: { '/etc/pw': password } } },
    });
  });
  expect(made['Secret/task-env']?.data).toEqual({
    PASSWORD: { $base64: asText(password) },
    URL: { $base64: { $concat: ['pg://u:', password, '@db'] } },
  });
  expect(made['Secret/task-secret-files']?.data).toEqual({ pw: { $base64: asText(password) } });
  expect(at(made['Job/task'], 'spec.template.spec.containers.0.env.0')).toEqual({
    name: 'PASSWORD',
    valueFrom: { secretKeyRef: { name: 'task-env', key: 'PASSWORD' } },
  });
});

test('a secret of Terraform elsewhere is an error, unless it is exposed', () => {
  const exposed = 'A secret would stand in plain text in data.VALUE of this ConfigMap.';
  const values = (value: (password: string) => unknown) =>
    problemsOf((stack) => configMap(stack, { VALUE: value(databaseIn(stack).password) }));
  expect(values((password) => password)).toEqual([`SPEC_SECRET_EXPOSED shop/dev/config.data.VALUE: ${exposed}`]);
  expect(values((password) => JSON.stringify({ password }))).toEqual([`SPEC_SECRET_EXPOSED shop/dev/config.data.VALUE: ${exposed}`]);
  expect(values((password) => Buffer.from(password).toString('base64'))).toHaveLength(1);
  expect(values((password) => cdktf.Fn.upper(password))).toHaveLength(1);
  expect(values((password) => expose(password, 'a demo'))).toEqual([]);
});

test('what is exposed on purpose is marked, so that nobody refuses it where it turns out to hold a secret', () => {
  const exposed = (value: (database: InstanceType<typeof Database>) => unknown) =>
    JSON.stringify(manifestsOf((stack) => configMap(stack, { VALUE: value(databaseIn(stack)) }))['ConfigMap/config']);
  const isMarked = expect.stringContaining('"exposed":true');
  expect(exposed(({ address }) => expose(address, 'a demo'))).toEqual(isMarked);
  expect(exposed(({ password }) => `x-${cdktf.Fn.nonsensitive(password)}`)).toEqual(isMarked);
  expect(exposed(({ address }) => address)).not.toEqual(isMarked);
});

test('in a Secret of its own it may stand', () => {
  const { 'Secret/db': made } = manifestsOf((stack) => {
    const { password } = databaseIn(stack);
    new KubernetesObject(stack, 'db', { apiVersion: 'v1', kind: 'Secret', stringData: { password }, data: { encoded: base64(password) } });
  });
  expect(made).toMatchObject({ stringData: { password: asText(password) }, data: { encoded: { $base64: asText(password) } } });
});

test.each<[string, (database: InstanceType<typeof Database>, stack: cdktf.TerraformStack) => string, boolean]>([
  ['an attribute that is called like none', ({ address }) => address, false],
  ['one that is called like a secret', (it) => it.getStringAttribute('master_password'), true],
  ['one whose name only begins so', (it) => it.getStringAttribute('password_length'), false],
  ['the same of a data source', (_, stack) => cdktf.Token.asString(cdktf.ref('data.shop_key.k.private_key_pem', stack)), true],
  ['a secret by its resource', (_, stack) => cdktf.Token.asString(cdktf.ref('random_password.p.result', stack)), true],
  ['the same attribute of another', (_, stack) => cdktf.Token.asString(cdktf.ref('random_pet.p.result', stack)), false],
  ['one of several instances', (_, stack) => cdktf.Token.asString(cdktf.ref('shop_database.main[0].password', stack)), true],
  ['a sensitive variable', (_, stack) => new cdktf.TerraformVariable(stack, 'v', { sensitive: true }).stringValue, true],
  ['a plain variable', (_, stack) => new cdktf.TerraformVariable(stack, 'v', {}).stringValue, false],
  ['a local value of a secret', (it, stack) => new cdktf.TerraformLocal(stack, 'l', `x-${it.password}`).asString, true],
  ['a plain local value', (it, stack) => new cdktf.TerraformLocal(stack, 'l', it.address).asString, false],
  ['what its resource was told as one', (_, stack) => secondIn(stack).getStringAttribute('label'), true],
  ['what else that resource tells', (_, stack) => secondIn(stack).address, false],
  ['what terraform_data was told as one', (_, stack) => cdktf.Fn.lookup(dataIn(stack).output, 'key', ''), true],
  [
    'what a sensitive output gives',
    (it, stack) => {
      new cdktf.TerraformOutput(stack, 'o', { value: it.address, sensitive: true });
      return it.address;
    },
    true,
  ],
])('is it a secret? %s: %s', (_, value, isSecret) => {
  const problems = problemsOf((stack) => {
    const main = databaseIn(stack);
    configMap(stack, { VALUE: value(main, cdktf.TerraformStack.of(main)) });
  });
  expect(problems.map((line) => line.split(' ')[0])).toEqual(isSecret ? ['SPEC_SECRET_EXPOSED'] : []);
});

test('what is a secret by no name, the program says', () => {
  const made = manifestsOf((stack) => {
    const { address } = databaseIn(stack);
    const containers = { web: { image: 'web:1', env: { LICENSE: secretValue(address), HOST: address } } };
    new Service(stack, 'web', { containers });
  });
  expect(made['Secret/web-env']?.data).toEqual({ LICENSE: { $base64: asText(ref('shop_database-main-address-secret', 'secrets')) } });
});

test('of a text that the program calls a secret, all of its values are', () => {
  const exposed = problemsOf((stack) => {
    const { address, port } = databaseIn(stack);
    configMap(stack, { VALUE: secretValue(`${address}:${port}`) });
  });
  expect(exposed).toEqual([expect.stringMatching(/^SPEC_SECRET_EXPOSED shop\/dev\/config.data.VALUE/)]);
  expect(problemsOf(() => secretValue('plain'))).toEqual([
    'PROPS_INVALID -: secretValue was given "plain", which is no value of a Terraform stack.',
  ]);
});

test("a company's own service is told of it", () => {
  const spec = specOf((stack) => {
    const { address, port } = databaseIn(stack);
    new ServiceResource(
      stack,
      'entry',
      { service: 'registry', type: 'Entry' },
      { config: { host: address, ports: [port] }, target: 'main' },
    );
  });
  const entry = spec.resources.find(({ runtime }) => runtime === 'service');
  expect(entry?.attributes.config).toEqual({ host: asText(address), ports: [port] });
});

test('an Output of ours is a variable, sensitive where it is a secret, and the same one for the same value', () => {
  const spec = specOf((stack) => {
    const web = new Service(stack, 'web', { containers: { web: { image: 'web:1', ports: { http: 80 } } } });
    const terraform = new ShopStack(stack, 'dns');
    const host = web.service?.output('status.loadBalancer.ingress[0].ip') as never;
    new Database(terraform, 'main', {
      label: terraformValue.text(terraform, host),
      password: terraformValue.text(terraform, secret.env('DB_PASSWORD')),
      size: terraformValue.number(terraform, web.service?.output<number>('spec.ports[0].nodePort') as never),
      hosts: terraformValue.list(terraform, web.service?.output<string[]>('spec.externalIPs') as never),
    });
    new Database(terraform, 'second', { label: `${terraformValue.text(terraform, host)}.`, size: terraformValue.number(terraform, 3) });
  });
  const { inputs, configuration } = terraformOf(spec) as { readonly inputs: JsonObject; readonly configuration: JsonObject };
  const field = (path: Json) => ({ $ref: { resource: 'main:Service/web', path } });
  expect(inputs).toEqual({
    'konfig_web-Service-status-loadBalancer-ingress-0-ip-86ba9ed7': field(['status', 'loadBalancer', 'ingress', 0, 'ip']),
    'konfig_env-DB_PASSWORD': { $secret: { from: 'env', name: 'DB_PASSWORD' } },
    'konfig_web-Service-spec-ports-0-nodePort-35c2455f-number': field(['spec', 'ports', 0, 'nodePort']),
    'konfig_web-Service-spec-externalIPs-c8ecf54c-list': field(['spec', 'externalIPs']),
  });
  expect(configuration.variable).toEqual({
    'konfig_web-Service-status-loadBalancer-ingress-0-ip-86ba9ed7': { type: 'string' },
    'konfig_env-DB_PASSWORD': { type: 'string', sensitive: true },
    'konfig_web-Service-spec-ports-0-nodePort-35c2455f-number': { type: 'number' },
    'konfig_web-Service-spec-externalIPs-c8ecf54c-list': { type: 'list(string)' },
  });
  expect(configuration.resource).toEqual({
    shop_database: {
      main: {
        label: `\${var.${'konfig_web-Service-status-loadBalancer-ingress-0-ip-86ba9ed7'}}`,
        password: `\${var.${'konfig_env-DB_PASSWORD'}}`,
        size: `\${var.${'konfig_web-Service-spec-ports-0-nodePort-35c2455f-number'}}`,
        hosts: `\${var.${'konfig_web-Service-spec-externalIPs-c8ecf54c-list'}}`,
      },
      second: { label: `\${var.${'konfig_web-Service-status-loadBalancer-ingress-0-ip-86ba9ed7'}}.`, size: 3 },
    },
  });
});

test('a value of one Terraform stack in another one is an output there and a variable here', () => {
  const spec = specOf((stack) => {
    const main = databaseIn(stack);
    new Database(new ShopStack(stack, 'reports'), 'copy', { label: `of ${main.address}`, password: main.password });
  });
  const reports = spec.resources.find(({ id }) => id === 'terraform:Terraform/reports')?.attributes as JsonObject;
  expect(Object.values(reports.inputs as JsonObject)).toEqual([address, password]);
  expect(outputsIn(terraformOf(spec))).toHaveProperty('konfig_shop_database-main-address');
});

test('where a component has to know the value, that is told in words', () => {
  const problems = problemsOf((stack) => {
    const { port } = databaseIn(stack);
    const resources = { cpu: port, memory: `${port}Mi` } as never;
    new Service(stack, 'web', { replicas: port, containers: { web: { image: 'web:1', resources } } });
  });
  const told = 'is a value of Terraform, which is known only later.';
  expect(problems.map((line) => line.slice(line.indexOf(': ') + 2))).toEqual([
    `resources.cpu ${told}`,
    `resources.memory ${told}`,
    `replicas ${told}`,
  ]);
});

test('of another stack of the project it is an error', () => {
  const made: { address?: string } = {};
  specOf((stack) => {
    made.address = databaseIn(stack).address;
  });
  expect(problemsOf((stack) => configMap(stack, { HOST: made.address }))).toEqual([
    expect.stringContaining('A value of the Terraform stack database is used, which is not in this stack.'),
  ]);
});

test('a value made of two Terraform stacks is of the first, which waits for the other', () => {
  const spec = specOf((stack) => {
    const main = databaseIn(stack);
    const other = new Database(new ShopStack(stack, 'other'), 'main');
    configMap(stack, { BOTH: cdktf.Fn.join(',', [main.address, other.address]) });
  });
  const attributes = terraformOf(spec);
  const from = { $ref: { resource: 'terraform:Terraform/other', path: ['outputs', 'konfig_shop_database-main-address'] } };
  expect(Object.values(attributes.inputs as JsonObject)).toEqual([from]);
  const [input] = Object.keys(attributes.inputs as JsonObject);
  const [output] = Object.values(outputsIn(attributes));
  expect(output).toMatchObject({ value: `\${join(",", [shop_database.main.address, var.${input}])}` });
});
