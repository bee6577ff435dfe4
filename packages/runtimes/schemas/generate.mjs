// Writes kubernetes.json: the fields of every built-in kind, for each supported version, from what Kubernetes itself publishes.
// For maintainers, when a new version comes out: node packages/runtimes/schemas/generate.mjs 1.30.14 1.31.14 …
// Needs Go, which fetches the modules. How the table is read: src/kubernetes/schema/table.ts.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const versions = process.argv.slice(2);
if (versions.length === 0) throw new Error('Name the newest patch of each minor version: 1.30.14 1.31.14 …');

/** Definitions that stand for a type of their own. */
const scalars = {
  'io.k8s.apimachinery.pkg.api.resource.Quantity': 'quantity',
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': 'intOrString',
  'io.k8s.apimachinery.pkg.apis.meta.v1.Time': 'time',
  'io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime': 'time',
  'io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1': 'any',
  'io.k8s.apimachinery.pkg.runtime.RawExtension': 'any',
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSON': 'any',
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrArray': 'any',
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrBool': 'any',
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrStringArray': 'any',
};

const releases = versions.map((version) => readRelease(version));
const kinds = inOrder(new Set(releases.flatMap(({ kinds }) => [...kinds.keys()])));
const definitions = inOrder(new Set(releases.flatMap(({ definitions }) => [...definitions.keys()])));
write('kubernetes.json', {
  origin: 'Derived from api/openapi-spec/v3, api/discovery and pkg/generated/openapi of https://github.com/kubernetes/kubernetes',
  license: 'Apache-2.0, Copyright The Kubernetes Authors',
  versions,
  kinds: Object.fromEntries(kinds.map((kind) => [kind, kindOver(kind)])),
  definitions: Object.fromEntries(definitions.map((name) => [name, definitionOver(name)])),
});

/** One line an entry, so that a new version is a diff that can be read. */
function write(file, { kinds, definitions, ...head }) {
  const section = (name, entries) =>
    `${JSON.stringify(name)}: {\n${Object.entries(entries)
      .map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`)
      .join(',\n')}\n}`;
  const begin = Object.entries(head).map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`);
  const text = `{\n${[...begin, section('kinds', kinds), section('definitions', definitions)].join(',\n')}\n}\n`;
  writeFileSync(join(import.meta.dirname, file), text);
}

function readRelease(version) {
  const { Dir: folder } = JSON.parse(
    execFileSync('go', ['mod', 'download', '-json', `k8s.io/kubernetes@v${version}`], { encoding: 'utf8' }),
  );
  const schemas = readSchemas(join(folder, 'api/openapi-spec/v3'));
  const enums = readEnums(join(folder, 'pkg/generated/openapi/zz_generated.openapi.go'));
  const kinds = readKinds(join(folder, 'api/discovery'), schemas);
  const definitions = new Map();
  for (const { definition } of kinds.values()) reach(definition, { schemas, enums, definitions });
  return { minor: minorOf(version), kinds, definitions };
}

function readSchemas(folder) {
  const files = readdirSync(folder).map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')));
  return new Map(files.flatMap((file) => Object.entries(file.components?.schemas ?? {})));
}

/** `<definition>.<field>` → values: the published OpenAPI leaves them out, the source that it is made from has them. */
function readEnums(file) {
  const enums = new Map();
  let definition;
  let field;
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    definition = /^func schema_(\w+)\(/.exec(line)?.[1] ?? definition;
    field = /^\t{5}"(.+)": \{$/.exec(line)?.[1] ?? field;
    const values = /^\t+Enum: +\[\]interface\{\}\{(.*)\},$/.exec(line)?.[1];
    if (values !== undefined) enums.set(`${tail(definition)}.${field}`, JSON.parse(`[${values.replace(/`([^`]*)`/g, '"$1"')}]`));
  }
  return enums;
}

/** `io.k8s.api.core.v1.Pod` and `k8sio_api_core_v1_Pod` → `core_v1_Pod`. */
function tail(name) {
  return name.replace(/\W/g, '_').split('_').slice(-3).join('_');
}

/** Of main resources: their definition, and whether they live in a namespace. */
function readKinds(folder, schemas) {
  const byKind = new Map();
  for (const [name, schema] of schemas)
    for (const { group, version, kind } of schema['x-kubernetes-group-version-kind'] ?? [])
      byKind.set([...(group ? [group] : []), version, kind].join('/'), name);
  const kinds = new Map();
  for (const file of readdirSync(folder).filter((name) => /^apis?__.*v\d+((alpha|beta)\d+)?\.json$/.test(name))) {
    const { groupVersion, resources } = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    for (const { name, kind, namespaced } of resources.filter((one) => !one.name.includes('/'))) {
      const type = `${groupVersion}/${kind}`;
      const definition = byKind.get(type);
      if (definition === undefined) throw new Error(`${type} (${name}) has no schema`);
      kinds.set(type, { namespaced, definition });
    }
  }
  return kinds;
}

function reach(name, found) {
  const short = shortName(name);
  if (found.definitions.has(short)) return;
  const schema = found.schemas.get(name);
  found.definitions.set(short, undefined);
  const required = new Set(schema.required ?? []);
  const fields = Object.entries(schema.properties ?? {}).map(([field, own]) => [
    `${field}${required.has(field) ? '!' : ''}`,
    typeText(own, { ...found, values: found.enums.get(`${tail(name)}.${field}`) }),
  ]);
  found.definitions.set(short, Object.fromEntries(fields.sort(([a], [b]) => (a < b ? -1 : 1))));
}

function shortName(name) {
  return name.replace(/^io\.k8s\.(api\.|[\w-]+\.pkg\.(apis\.)?)/, '');
}

function typeText(schema, found) {
  const ref = schema.$ref ?? schema.allOf?.[0]?.$ref;
  if (ref !== undefined) return refText(ref.split('/').pop(), found);
  const { type, format, items, additionalProperties } = schema;
  if (type === 'array') return `[${listText(schema)}]${typeText(items, found)}`;
  if (type === 'object') return additionalProperties ? `{}${typeText(additionalProperties, found)}` : 'any';
  if (found.values) return found.values.map((value) => `=${value}`).join('');
  if (type === 'string') return { byte: 'bytes', 'date-time': 'time' }[format] ?? 'string';
  if (type === 'integer') return format === 'int32' ? 'int32' : 'integer';
  if (type === 'boolean' || type === 'number') return type;
  if (format === 'int-or-string') return 'intOrString';
  return 'any';
}

function refText(name, found) {
  if (scalars[name]) return scalars[name];
  if (!found.schemas.get(name).properties) return 'any';
  reach(name, found);
  return `@${shortName(name)}`;
}

/** What tells the entries of a list apart: its keys, `*` for the whole entry, nothing where the list is one value. */
function listText(schema) {
  if (schema['x-kubernetes-list-type'] === 'map') return schema['x-kubernetes-list-map-keys'].join(',');
  if (schema['x-kubernetes-list-type'] === 'set') return '*';
  // Lists that are merged by a key in client-side apply are sets of that key on the server, too.
  return schema['x-kubernetes-patch-strategy']?.includes('merge') && schema['x-kubernetes-list-type'] === undefined
    ? (schema['x-kubernetes-patch-merge-key'] ?? '*')
    : '';
}

/** From which minor version to which, both included. */
function kindOver(type) {
  const having = releases.filter(({ kinds }) => kinds.has(type));
  const { namespaced, definition } = having.at(-1).kinds.get(type);
  return [having[0].minor, having.at(-1).minor, namespaced ? 'namespaced' : 'cluster', shortName(definition)];
}

/** By the minor version from which it holds. */
function definitionOver(name) {
  const over = {};
  let before;
  for (const { minor, definitions } of releases.filter((release) => release.definitions.has(name))) {
    const text = JSON.stringify(definitions.get(name));
    if (text !== before) over[minor] = definitions.get(name);
    before = text;
  }
  return over;
}

function inOrder(names) {
  return [...names].sort();
}

function minorOf(version) {
  return Number(version.split('.')[1]);
}
