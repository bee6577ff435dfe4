// The expected results of real applications, kept beside the repository, and what it means to equal them.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { SynthResult } from '@konfig/sdk';
import { Yaml } from 'cdk8s';

type Manifest = { readonly kind: string; readonly metadata: { readonly name: string }; readonly [key: string]: unknown };

const folder = join(__dirname, '../../../shared/cases');

/** `test`, or a skipped test where the cases are absent; says so. */
export function testCase(file: string): jest.It {
  if (existsSync(join(folder, file))) return test;
  process.stderr.write(`skipped: the case ${file} is not there (looked in ${folder})\n`);
  return test.skip as jest.It;
}

/** The objects of a file of manifests, by kind and name. */
export function manifestsIn(file: string): Record<string, unknown> {
  return byName(Yaml.load(join(folder, file)) as Manifest[]);
}

/** The Kubernetes objects of one of Kusion's specs. */
export function specIn(file: string): Record<string, unknown> {
  return byName(
    resourcesIn(file)
      .filter(isObject)
      .map((resource) => resource.attributes as unknown as Manifest),
  );
}

/** What Terraform makes of one of Kusion's specs, by type. */
export function terraformIn(file: string): Record<string, unknown> {
  const resources = resourcesIn(file).filter((resource) => !isObject(resource));
  return Object.fromEntries(resources.map(({ id, attributes }) => [String(id.split(':')[2]), comparable(attributes)]));
}

interface KusionResource {
  readonly id: string;
  readonly type?: string;
  readonly attributes: { readonly [field: string]: unknown };
}

function resourcesIn(file: string): readonly KusionResource[] {
  const [resources] = Yaml.load(join(folder, file)) as [KusionResource[]];
  return resources;
}

function isObject({ type }: KusionResource): boolean {
  return type !== 'Terraform';
}

/** The Kubernetes objects of a synth. */
export function objectsOf(result: SynthResult): Record<string, unknown> {
  if (result.problems) throw new Error(JSON.stringify(result.problems, null, 2));
  const objects = result.output.spec.resources.filter(({ runtime }) => runtime === 'kubernetes');
  return byName(objects.map((resource) => resource.attributes as unknown as Manifest));
}

function byName(manifests: readonly Manifest[]): Record<string, unknown> {
  return Object.fromEntries(manifests.map((manifest) => [`${manifest.kind}/${manifest.metadata.name}`, comparable(manifest)]));
}

// Kubernetes merges these lists by this key, so their order says nothing.
const mergeKeys: { readonly [list: string]: string } = {
  containers: 'name',
  initContainers: 'name',
  env: 'name',
  volumes: 'name',
  volumeMounts: 'mountPath',
};

/** Without nulls and empty maps, with lists that are merged by name in the order of their names. */
/** Without nulls and empty maps, with lists that are merged by name in the order of their names. */
export function comparable(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => comparable(item));
    const by = mergeKeys[key] ?? (key === 'ports' ? portKey(value) : undefined);
    const text = (item: unknown) => String((item as Record<string, unknown>)[by as string]);
    return by ? items.sort((a, b) => (text(a) < text(b) ? -1 : 1)) : items;
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, child]) => [name, comparable(child, name)] as const);
  return Object.fromEntries(entries.filter(([, child]) => child !== null && child !== undefined && !isEmptyMap(child)));
}

function portKey(ports: readonly object[]): string {
  return ports.every((port) => 'containerPort' in port) ? 'containerPort' : 'port';
}

function isEmptyMap(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0;
}
