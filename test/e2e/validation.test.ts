// What we say of objects without a server, beside what the real one says of them: we refuse nothing that it takes.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isObject, type Json, type JsonObject, pathText } from '@konfig/core';
import { readManifests } from '@konfig/sdk';
import { kindOf } from '../../packages/runtimes/src/kubernetes/address';
import { checkResources } from '../../packages/runtimes/src/kubernetes/check';
import { objectFaults } from '../../packages/runtimes/src/kubernetes/schema/object';
import { builtIns, fieldsOf, type Type } from '../../packages/runtimes/src/kubernetes/schema/table';
import { type AnyWorld, openWorld, resource } from '../../packages/runtimes/test/kubernetes/world';
import { startTestbed, type Testbed } from '../testbed/testbed';
import { mutationsOf } from './mutations';
import { validObjects } from './valid-objects';

let testbed: Testbed;
let world: AnyWorld;
let minor: number;

beforeAll(async () => {
  testbed = await startTestbed();
  world = await openWorld({ kubeconfig: testbed.kubeconfig }, async () => {});
  minor = Number.parseInt(String((await world.send('GET', '/version')).body.minor), 10);
}, 120_000);
afterAll(async () => {
  await world?.stop();
  await testbed?.stop();
}, 60_000);

const nameOf = (object: JsonObject) => `${String(object.kind)}/${String((object.metadata as JsonObject).name)}`;

/** Undefined: the server takes it. */
async function refusal(object: JsonObject, as: JsonObject = object): Promise<string | undefined> {
  const { group, version, kind } = kindOf(`${String(as.apiVersion)}/${String(as.kind)}`);
  const root = group ? `/apis/${group}/${version}` : `/api/${version}`;
  const { resources } = (await world.send('GET', root)).body as unknown as { readonly resources?: readonly ServedResource[] };
  const served = (resources ?? []).find((one) => one.kind === kind && !one.name.includes('/'));
  if (!served) return 'not served';
  const place = `${root}${served.namespaced ? '/namespaces/default' : ''}/${served.name}/${encodeURIComponent(String((as.metadata as JsonObject).name))}`;
  const query = 'dryRun=All&fieldManager=konfig&fieldValidation=Strict';
  const answer = await world.send('PATCH', `${place}?${query}`, object, 'application/apply-patch+yaml');
  return answer.status < 300 ? undefined : String(answer.body.message);
}

interface ServedResource {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

function ours(object: JsonObject): readonly string[] {
  const named = isObject(object.metadata) && typeof object.metadata.name === 'string' ? checkResources([resource(object)]) : [];
  const faults = objectFaults(object, `${String(object.apiVersion)}/${String(object.kind)}`, minor) ?? [];
  const refused = faults.filter(({ severity }) => severity !== 'warning').map(({ path, message }) => `${pathText(path)}: ${message}`);
  return [...named.map(({ message }) => message), ...refused];
}

test.each(validObjects().map((object) => [nameOf(object), object] as const))('%s is taken by the server and by us', async (_, object) => {
  expect(await refusal(object)).toBeUndefined();
  expect(ours(object)).toEqual([]);
});

describe('of thousands of objects that are wrong in one field', () => {
  interface Tried {
    readonly name: string;
    readonly isStructural: boolean;
    readonly refusal: string | undefined;
    readonly ours: readonly string[];
  }

  let tried: readonly Tried[];
  beforeAll(async () => {
    const cases = validObjects().flatMap((object) => mutationsOf(object).map((mutation) => ({ object, mutation })));
    tried = await Promise.all(
      cases.map(async ({ object, mutation }) => ({
        name: `${nameOf(object)} ${mutation.path.join('.')} ${mutation.what}`,
        isStructural: mutation.isStructural,
        refusal: await refusal(mutation.object, object),
        ours: ours(mutation.object),
      })),
    );
    expect(tried.length).toBeGreaterThan(8000);
  }, 180_000);

  test('we refuse none that the server takes', () => {
    expect(tried.filter((one) => one.refusal === undefined && one.ours.length > 0)).toEqual([]);
  });

  test('we refuse all that are wrong by their structure, but for what a definition leaves open', () => {
    const missed = tried.filter((one) => one.isStructural && one.refusal !== undefined && one.ours.length === 0);
    expect(missed.map(({ name }) => name).filter((name) => !/openAPIV3Schema|subresources.status/.test(name))).toEqual([]);
  });

  test('we refuse nine of ten that the server refuses', () => {
    const refused = tried.filter((one) => one.refusal !== undefined);
    expect(refused.filter((one) => one.ours.length > 0).length / refused.length).toBeGreaterThan(0.88);
  });
});

describe('names', () => {
  const names = ['a', 'A', 'a.b', '1a', 'a'.repeat(53), 'a'.repeat(64), 'a'.repeat(254), 'a_b', 'a:b', 'a-', '10.0.0.1', 'ab..c'];
  const kinds = new Map(validObjects().map((object) => [String(object.kind), object]));
  const cases = [...kinds].filter(([kind]) => kind !== 'APIService');

  test.each(cases)('of a %s are the server’s', async (_, object) => {
    const named = names.map((name) => ({ ...object, metadata: { ...(object.metadata as JsonObject), name } }));
    const refused = await Promise.all(named.map(async (one) => (await refusal(one)) !== undefined));
    expect(named.filter((one) => ours(one).length > 0)).toEqual(named.filter((__, i) => refused[i]));
  });
});

describe('manifests of others', () => {
  const shared = join(__dirname, '..', '..', '..', 'shared');
  const folders = ['corpora', 'cases'].map((folder) => join(shared, folder)).filter((folder) => existsSync(folder));
  if (folders.length === 0) process.stderr.write('No manifests of others at ../shared: they are not tried.\n');

  /** As somebody would write it: what only a cluster sets is left out. */
  function wished({ status: _, ...object }: JsonObject): JsonObject {
    const {
      uid,
      resourceVersion,
      managedFields,
      creationTimestamp,
      generation,
      deletionTimestamp,
      deletionGracePeriodSeconds,
      selfLink,
      ...metadata
    } = object.metadata as JsonObject;
    return { ...object, metadata: { ...metadata, ...(metadata.namespace === undefined ? {} : { namespace: 'default' }) } };
  }

  (folders.length > 0 ? test : test.skip)('of built-in kinds are refused by us only where the server refuses them', async () => {
    const files = folders.flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.ya?ml$/.test(name))
        .map((name) => join(folder, name)),
    );
    const objects = files.flatMap((file) =>
      readManifests(readFileSync(file, 'utf8'), file).objects.map(({ manifest }) => wished(manifest)),
    );
    const builtIn = objects.filter((one) => objectFaults(one, `${String(one.apiVersion)}/${String(one.kind)}`, minor) !== undefined);
    const tried = await Promise.all(builtIn.map(async (one) => ({ one, refusal: await refusal(one), ours: ours(one) })));
    expect(tried.length).toBeGreaterThan(100);
    expect(tried.filter((each) => each.refusal === undefined && each.ours.length > 0)).toEqual([]);
  });
});

describe('the table of built-in kinds', () => {
  test('says of every kind what the server says of it', async () => {
    const { paths } = (await world.send('GET', '/openapi/v3')).body as unknown as {
      readonly paths: { readonly [path: string]: JsonObject };
    };
    const differences: string[] = [];
    for (const [path, { serverRelativeURL }] of Object.entries(paths)) {
      if (!/^apis?\/([\w.-]+\/)?v\d\w*$/.test(path)) continue;
      const document = (await world.send('GET', String(serverRelativeURL))).body as unknown as OpenApi;
      for (const [type, schema] of mainSchemas(document)) {
        const kind = builtIns().find((one) => one.type === type && one.from <= minor && one.to >= minor);
        if (kind) differences.push(...differ({ document, seen: new Set() }, schema, kind.definition));
        else if (isServedAlone(type, document)) differences.push(`${type} is not in the table`);
      }
    }
    expect(differences).toEqual([]);
  });

  interface OpenApi {
    readonly components: { readonly schemas: { readonly [name: string]: Schema } };
    readonly paths: { readonly [path: string]: unknown };
  }

  interface Schema {
    readonly properties?: { readonly [field: string]: Schema };
    readonly required?: readonly string[];
    readonly enum?: readonly Json[];
    readonly type?: string;
    readonly items?: Schema;
    readonly additionalProperties?: Schema;
    readonly $ref?: string;
    readonly allOf?: readonly Schema[];
    readonly 'x-kubernetes-group-version-kind'?: readonly { readonly group: string; readonly version: string; readonly kind: string }[];
  }

  /** Of kinds that are theirs alone: options and watch events belong to every group. */
  function mainSchemas({ components }: OpenApi): readonly (readonly [string, Schema])[] {
    return Object.values(components.schemas).flatMap((schema) => {
      const [kind, ...others] = schema['x-kubernetes-group-version-kind'] ?? [];
      return kind && others.length === 0 ? [[[kind.group, kind.version, kind.kind].filter(Boolean).join('/'), schema] as const] : [];
    });
  }

  /** Lists and what is only posted below another object (a Scale, an Eviction) are no manifests. */
  function isServedAlone(type: string, { paths }: OpenApi): boolean {
    return (
      !type.endsWith('List') && Object.keys(paths).some((path) => path.toLowerCase().endsWith(`/${type.split('/').pop()?.toLowerCase()}s`))
    );
  }

  interface Comparing {
    readonly document: OpenApi;
    readonly seen: Set<string>;
  }

  function differ(comparing: Comparing, schema: Schema, definition: string): readonly string[] {
    if (comparing.seen.has(definition)) return [];
    comparing.seen.add(definition);
    const fields = fieldsOf(definition, minor);
    const served = Object.entries(schema.properties ?? {});
    const missing = served.filter(([name]) => !fields.has(name)).map(([name]) => `${definition}.${name} is not in the table`);
    const unserved = [...fields.keys()].filter((name) => !schema.properties?.[name]).map((name) => `${definition}.${name} is not served`);
    const below = served.flatMap(([name, own]) => {
      const field = fields.get(name);
      return field ? differInType(comparing, own, field.type, `${definition}.${name}`) : [];
    });
    return [...missing, ...unserved, ...below];
  }

  function differInType(comparing: Comparing, schema: Schema, type: Type, name: string): readonly string[] {
    const ref = schema.$ref ?? schema.allOf?.[0]?.$ref;
    const target = ref === undefined ? schema : (comparing.document.components.schemas[ref.split('/').pop() as string] as Schema);
    if (type.is === 'object') return target.properties ? differ(comparing, target, type.definition) : [`${name} has no fields`];
    if (type.is === 'list')
      return target.type === 'array' ? differInType(comparing, target.items as Schema, type.of, name) : [`${name} is no list`];
    if (type.is === 'map')
      return target.additionalProperties ? differInType(comparing, target.additionalProperties, type.of, name) : [`${name} is no map`];
    if (type.is === 'enum' && target.enum && target.enum.some((value) => value !== '' && !type.values.includes(String(value))))
      return [`${name} also takes ${target.enum.join(', ')}`];
    if (target.properties) return [`${name} has fields`];
    return target.enum && type.is !== 'enum' ? [`${name} takes only ${target.enum.join(', ')}`] : [];
  }
});
