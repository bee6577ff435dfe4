import type { Kind } from '../kinds/kind';
import type { JsonObject } from '../schema/type';
import type { Kinds } from '../world';
import { addCustomKind } from './custom';
import { Definitions } from './definitions';

const texts = new WeakMap<Kind, JsonObject>();

/** The OpenAPI document of one group and version, or nothing where no kind is of it. */
export function openApiDocument(kinds: Kinds, apiVersion: string): JsonObject | undefined {
  const mine = kinds.all.filter((kind) => kind.apiVersion === apiVersion);
  const [first] = mine;
  if (!first) return undefined;
  // Built-in kinds never change, custom ones come as new objects when they do.
  const known = mine.every((kind) => texts.get(kind) === texts.get(first)) ? texts.get(first) : undefined;
  const document = known ?? makeDocument(mine, apiVersion === 'v1' ? '/api/v1' : `/apis/${apiVersion}`);
  for (const kind of mine) texts.set(kind, document);
  return document;
}

function makeDocument(kinds: readonly Kind[], root: string): JsonObject {
  const definitions = new Definitions();
  const paths: JsonObject = {};
  for (const kind of kinds) {
    const name = kind.custom ? addCustomKind(definitions, kind, kind.custom.schema) : definitions.add(kind.type);
    definitions.schemas[name] = { ...(definitions.schemas[name] as JsonObject), 'x-kubernetes-group-version-kind': [gvkOf(kind)] };
    Object.assign(paths, pathsOf(kind, root, { $ref: `#/components/schemas/${name}` }));
  }
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: 'v1.36.3' },
    paths,
    components: { schemas: definitions.schemas },
  };
}

function gvkOf({ group, version, kind }: Kind): JsonObject {
  return { group, kind, version };
}

function pathsOf(kind: Kind, root: string, schema: JsonObject): JsonObject {
  const collection = `${root}/${kind.namespaced ? 'namespaces/{namespace}/' : ''}${kind.plural}`;
  const gvk = gvkOf(kind);
  const body = (types: readonly string[], of: JsonObject): JsonObject => ({
    content: Object.fromEntries(types.map((type) => [type, { schema: of }])),
  });
  const answer = { responses: { 200: { description: 'OK', ...body(['application/json'], schema) } } };
  const operation = (action: string, more: JsonObject = {}): JsonObject => ({
    ...more,
    ...answer,
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': gvk,
  });
  const writes = { parameters: queries(['dryRun', 'fieldManager', 'fieldValidation']), requestBody: body(['*/*'], schema) };
  const patches = kind.custom ? patchTypes.filter((type) => !type.includes('strategic')) : patchTypes;
  const patch = {
    parameters: queries(['dryRun', 'fieldManager', 'fieldValidation', 'force']),
    requestBody: body(patches, { type: 'object' }),
  };
  return {
    [collection]: { get: operation('list'), post: operation('post', writes), delete: operation('deletecollection') },
    [`${collection}/{name}`]: {
      get: operation('get'),
      put: operation('put', writes),
      patch: operation('patch', patch),
      delete: operation('delete'),
    },
  };
}

const patchTypes = [
  'application/apply-patch+yaml',
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
];

function queries(names: readonly string[]): JsonObject[] {
  return names.map((name) => ({ name, in: 'query', schema: { type: name === 'force' ? 'boolean' : 'string', uniqueItems: true } }));
}
