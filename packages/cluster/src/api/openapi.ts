import type { JsonObject } from '../schema/type';
import type { Kinds } from '../world';
import type { Answer } from './answer';
import { noSuchPath } from './failure';

/**
 * The least OpenAPI that kubectl needs: which kinds there are, each open to any field, and that query parameters exist
 * which let the server do the validation (`fieldValidation`, `dryRun`, `fieldManager`).
 */
export function openApiV3(kinds: Kinds, path: string): JsonObject | undefined {
  const versions = [...new Set(kinds.all.map((kind) => kind.apiVersion))];
  const rootOf = (apiVersion: string): string => (apiVersion === 'v1' ? 'api/v1' : `apis/${apiVersion}`);
  if (path === '/openapi/v3' || path === '/openapi/v3/') {
    return {
      paths: Object.fromEntries(
        versions.map((apiVersion) => [rootOf(apiVersion), { serverRelativeURL: `/openapi/v3/${rootOf(apiVersion)}` }]),
      ),
    };
  }
  const found = versions.find((apiVersion) => `/openapi/v3/${rootOf(apiVersion)}` === path);
  return found === undefined ? undefined : documentOf(kinds, found, rootOf(found));
}

function documentOf(kinds: Kinds, apiVersion: string, root: string): JsonObject {
  const mine = kinds.all.filter((kind) => kind.apiVersion === apiVersion);
  const parameters = ['dryRun', 'fieldManager', 'fieldValidation', 'force'].map((name) => ({
    name,
    in: 'query',
    schema: { type: 'string', uniqueItems: true },
  }));
  const paths = mine.map((kind) => {
    const gvk = { group: kind.group, version: kind.version, kind: kind.kind };
    const name = `/${root}/${kind.namespaced ? 'namespaces/{namespace}/' : ''}${kind.plural}/{name}`;
    return [name, { patch: { parameters, 'x-kubernetes-action': 'patch', 'x-kubernetes-group-version-kind': gvk, responses: {} } }];
  });
  const schemas = mine.map((kind) => {
    const gvk = { group: kind.group, version: kind.version, kind: kind.kind };
    return [
      `${apiVersion.replace('/', '.')}.${kind.kind}`,
      { type: 'object', 'x-kubernetes-group-version-kind': [gvk], 'x-kubernetes-preserve-unknown-fields': true },
    ];
  });
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: 'v1.36.3' },
    paths: Object.fromEntries(paths),
    components: { schemas: Object.fromEntries(schemas) },
  };
}

/** Clients that still read version 2 want protobuf; they are told there is none and go on without. */
export function openApiV2(accept: string | undefined): Answer {
  if (accept?.includes('protobuf') && !accept.includes('json')) throw noSuchPath();
  const text = JSON.stringify({ swagger: '2.0', info: { title: 'Kubernetes', version: 'v1.36.3' }, paths: {}, definitions: {} });
  return { kind: 'body', status: 200, type: 'application/json', text, warnings: [] };
}
