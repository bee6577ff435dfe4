import { type JsonObject, pathText, valueAt } from '@konfig/core';
import { configurationText, pathOfAddress, pathOfLine, placeOfAddress, writtenIn } from '../../src/terraform/configuration';
import { requirementsOf } from '../../src/terraform/requirements';

const configuration: JsonObject = {
  terraform: {
    required_providers: { aws: { source: 'hashicorp/aws', version: '~> 3.1' }, mine: { source: 'registry.acme.example/acme/mine' } },
  },
  provider: { aws: [{ region: 'eu-central-1' }, { alias: 'west', region: 'us-west-1' }] },
  resource: {
    aws_subnet: { a: { cidr: ['10.0.0.0/24', '10.0.1.0/24'], tags: { 'a.b': 'x' } } },
    random_pet: { pet: { length: 2, provider: 'random.other' } },
    terraform_data: { x: { input: [[1], [{ y: 2 }]] } },
  },
};

test('each line leads to the value that stands there', () => {
  const text = configurationText(configuration);
  const written = JSON.parse(text) as JsonObject;
  const found = text.split('\n').flatMap((line, i) => {
    const path = pathOfLine(text, i + 1);
    const value = / "?([^"\s]+?)"?,?$/.exec(line)?.[1];
    return path && value && !/[[{}\]]$/.test(value) ? [[path, value]] : [];
  });
  expect(found).toContainEqual(['resource.aws_subnet.a.cidr[1]', '10.0.1.0/24']);
  expect(found).toContainEqual(['resource.aws_subnet.a.tags["a.b"]', 'x']);
  expect(found).toContainEqual(['provider.aws[1].region', 'us-west-1']);
  expect(found).toContainEqual(['resource.terraform_data.x.input[1][0].y', '2']);
  const leaves = leavesOf(written).map(({ path }) => pathText(path));
  for (const [path] of found) expect(leaves).toContain(path);
});

test('the backend is ours, unless the user wrote one; empty kinds of blocks are left out', () => {
  const backendOf = (terraform: JsonObject) =>
    valueAt(JSON.parse(configurationText({ terraform, variable: {} })) as JsonObject, ['terraform', 'backend']);
  expect(backendOf({})).toEqual({ http: {} });
  expect(backendOf({ backend: { s3: { bucket: 'b' } } })).toEqual({ s3: { bucket: 'b' } });
  expect(JSON.parse(configurationText({ variable: {} }))).toEqual({ terraform: { backend: { http: {} } } });
});

test('an address leads to its resource, with or without a key, and to none in a module', () => {
  expect(pathOfAddress(configuration, 'aws_subnet.a[0]')).toEqual(['resource', 'aws_subnet', 'a']);
  expect(pathOfAddress(configuration, 'aws_subnet.b')).toBeUndefined();
  expect(pathOfAddress(configuration, 'module.zones.aws_subnet.a')).toBeUndefined();
});

test('what is in a module stands where the module does', () => {
  const withModule = { ...configuration, module: { zones: { source: './zones' } } };
  expect(placeOfAddress(withModule, 'module.zones.module.deep["x"].aws_subnet.a[0]')).toEqual(['module', 'zones']);
  expect(placeOfAddress(withModule, 'module.zones[0].data.aws_subnet.a')).toEqual(['module', 'zones']);
  expect(placeOfAddress(withModule, 'module.none.aws_subnet.a')).toBeUndefined();
  expect(placeOfAddress(withModule, 'aws_subnet.a[0]')).toEqual(['resource', 'aws_subnet', 'a']);
});

test('providers are those that are required, and those that resources are named after; a source without a host is the binary’s own', () => {
  expect(requirementsOf(configuration, 'terraform')).toEqual([
    { address: 'registry.acme.example/acme/mine', constraints: [] },
    { address: 'registry.terraform.io/hashicorp/aws', constraints: ['~> 3.1'] },
    { address: 'registry.terraform.io/hashicorp/random', constraints: [] },
  ]);
  expect(requirementsOf(configuration, 'tofu')[1]?.address).toBe('registry.opentofu.org/hashicorp/aws');
});

function leavesOf(value: unknown, path: (string | number)[] = []): { path: (string | number)[] }[] {
  if (typeof value !== 'object' || value === null) return [{ path }];
  return Object.entries(value).flatMap(([key, child]) => leavesOf(child, [...path, Array.isArray(value) ? Number(key) : key]));
}

test('what constructs have made is told with where it stands; data sources have nothing to lose', () => {
  const constructs = { 'aws_subnet.a': 'app/net/a', 'module.zones': 'app/net/zones', 'data.aws_vpc.main': 'app/net/main' };
  expect(writtenIn({ configuration, constructs })).toEqual([
    { name: 'aws_subnet.a', type: 'aws_subnet', at: ['configuration', 'resource', 'aws_subnet', 'a'], construct: ['app', 'net', 'a'] },
    { name: 'module.zones', type: 'module', at: ['configuration', 'module', 'zones'], construct: ['app', 'net', 'zones'] },
  ]);
});
