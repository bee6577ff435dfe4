import { duplicateKeys } from '../schema/duplicate-keys';
import { isProtobuf, readProtobuf } from '../schema/protobuf';
import type { JsonObject, Type } from '../schema/type';
import { badRequest, failure, invalid, problem } from './failure';
import type { Writing } from './writing';

/** A request as it came in, its body read. */
export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly accept: string | undefined;
  readonly contentType: string;
  readonly userAgent: string;
  readonly body: Buffer;
}

export const maxBodyBytes = 3 * 1024 * 1024;

/** The body as data; clients may send JSON or YAML. */
export function readBody(request: ApiRequest, type?: Type): unknown {
  if (type && isProtobuf(request.body)) return readProtobufBody(type, request.body);
  const text = request.body.toString('utf8');
  if (request.contentType.includes('protobuf') || request.contentType.includes('cbor')) {
    const known = 'application/json, application/yaml, application/vnd.kubernetes.protobuf';
    throw failure(415, 'UnsupportedMediaType', `the body of the request was in an unknown format - accepted media types include: ${known}`);
  }
  if (!request.contentType.includes('yaml') || text.trimStart().startsWith('{'))
    return readJson(text, request.contentType.includes('yaml'), type?.name);
  return readYaml(text);
}

function readProtobufBody(type: Type, body: Buffer): unknown {
  try {
    return readProtobuf(type, body);
  } catch (error) {
    throw badRequest(`the object provided is unrecognized (must be of type ${type.name}): ${(error as Error).message}`);
  }
}

function readJson(text: string, orYaml: boolean, wanted: string | undefined): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (orYaml) return readYaml(text);
    const said = (error as Error).message.replace(/^Unexpected end/, 'unexpected end');
    if (wanted === undefined) throw badRequest(`error decoding patch: ${said}`);
    throw badRequest(
      `the object provided is unrecognized (must be of type ${wanted}): couldn't get version/kind; json parse error: ${said} (${text.slice(0, 1024)})`,
    );
  }
}

function readYaml(text: string): unknown {
  // Loaded when the first YAML comes in: most clients send JSON.
  const { parse } = require('yaml') as typeof import('yaml');
  try {
    return parse(text) as unknown;
  } catch (error) {
    throw badRequest(`error decoding YAML: ${(error as Error).message}`);
  }
}

/** Fields that the body has more than once; of YAML the reader refuses them itself. */
export function duplicateFields({ body, contentType, query }: ApiRequest): readonly string[] {
  if (query.get('fieldValidation') === 'Ignore' || isProtobuf(body) || contentType.includes('yaml')) return [];
  return duplicateKeys(body.toString('utf8'));
}

/** Who writes and how, from the query and the User-Agent. */
export function readWriting(request: ApiRequest, subresource: string): Writing & { readonly warnings: string[] } {
  const { query } = request;
  const options = optionsOf[request.method] ?? 'CreateOptions';
  const dryRun = readDryRun(query.getAll('dryRun'), options);
  const validation = query.get('fieldValidation');
  if (validation !== null && !['Ignore', 'Warn', 'Strict', ''].includes(validation)) {
    throw invalid({ group: 'meta.k8s.io', kind: options }, '', [
      problem.notSupported('fieldValidation', validation, ['', 'Ignore', 'Strict', 'Warn']),
    ]);
  }
  return {
    manager: query.get('fieldManager') || (request.userAgent.split('/')[0] as string).slice(0, 128) || 'unknown',
    dryRun,
    unknownFields: (validation || 'Warn') as 'Ignore' | 'Warn' | 'Strict',
    ...((subresource === 'status' || subresource === 'scale') && { subresource }),
    warnings: [],
  };
}

const optionsOf: { readonly [method: string]: string } = { PUT: 'UpdateOptions', PATCH: 'PatchOptions' };

/** Whether nothing is to be kept; `options` is what the API calls the options of such a request. */
export function readDryRun(values: readonly string[], options: string): boolean {
  if (values.some((value) => value !== 'All'))
    throw invalid({ group: 'meta.k8s.io', kind: options }, '', [problem.notSupported('dryRun', values, ['All'])]);
  return values.length > 0;
}

export function queryFlag(query: URLSearchParams, name: string): boolean {
  const value = query.get(name);
  return value === 'true' || value === '1';
}

export function asObject(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}
