import { openApiDocument } from '../openapi/document';
import type { JsonObject } from '../schema/type';
import type { Kinds } from '../world';
import type { Answer } from './answer';
import { noSuchPath } from './failure';

/** `/openapi/v3`, which lists the documents, and below it one for each group and version. */
export function openApiV3(kinds: Kinds, path: string): JsonObject | undefined {
  const versions = [...new Set(kinds.all.map((kind) => kind.apiVersion))];
  if (path === '/openapi/v3') {
    const listed = versions.map((apiVersion) => [rootOf(apiVersion), { serverRelativeURL: `/openapi/v3/${rootOf(apiVersion)}` }]);
    return { paths: Object.fromEntries(listed) };
  }
  const found = versions.find((apiVersion) => `/openapi/v3/${rootOf(apiVersion)}` === path);
  return found === undefined ? undefined : openApiDocument(kinds, found);
}

function rootOf(apiVersion: string): string {
  return apiVersion === 'v1' ? 'api/v1' : `apis/${apiVersion}`;
}

/** Clients that still read version 2 want protobuf; they are told there is none and go on without. */
export function openApiV2(accept: string | undefined): Answer {
  if (accept?.includes('protobuf') && !accept.includes('json')) throw noSuchPath();
  const text = JSON.stringify({ swagger: '2.0', info: { title: 'Kubernetes', version: 'v1.36.3' }, paths: {}, definitions: {} });
  return { kind: 'body', status: 200, type: 'application/json', text, warnings: [] };
}
