import type { Kind } from '../kinds/kind';
import type { KubeObject } from '../objects';
import { DecodeError, decode } from '../schema/decode';
import { isObject, type JsonObject } from '../schema/type';
import { badRequest, invalid, problem } from './failure';
import type { Writing } from './writing';

/** What a body is read as: a kind of objects, or what only a subresource takes. */
export type BodyKind = Pick<Kind, 'group' | 'version' | 'apiVersion' | 'kind' | 'type' | 'rules' | 'custom'>;

/** The body of a request as an object of its kind; refuses what says of itself that it is another. */
export function bodyOf(kind: BodyKind, body: unknown): JsonObject {
  if (!isObject(body)) {
    const said =
      'json: cannot unmarshal array into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }';
    throw badRequest(
      `the object provided is unrecognized (must be of type ${kind.kind}): couldn't get version/kind; json parse error: ${said}`,
    );
  }
  const { apiVersion = kind.apiVersion, kind: name = kind.kind } = body;
  if (kind.custom) return customBodyOf(kind, body);
  if (apiVersion === kind.apiVersion && name === kind.kind) return body;
  const version = String(apiVersion).split('/').at(-1);
  const why =
    name === kind.kind
      ? `no kind "${name}" is registered for version "${apiVersion}" in scheme "pkg/runtime/scheme.go:111"`
      : `converting (${version}.${name}) to (${kind.group === '' ? 'core' : kind.group.split('.')[0]}.${kind.kind}): unknown conversion`;
  throw badRequest(`${name} in version "${version}" cannot be handled as a ${kind.kind}: ${why}`);
}

// What has no type in the server must say of itself what it is.
function customBodyOf(kind: BodyKind, body: JsonObject): JsonObject {
  const { apiVersion, kind: name } = body;
  if (!name || !apiVersion) {
    const text = JSON.stringify(body);
    const said = `Object '${name ? 'apiVersion' : 'Kind'}' is missing in '${text}'`;
    const shown = text.length > 30 ? `${text.slice(0, 30)} ...` : text;
    throw badRequest(`the object provided is unrecognized (must be of type ${kind.kind}): ${said} (${shown})`);
  }
  if (name !== kind.kind) {
    throw invalid({ ...kind, kind: String(name) }, nameOf(body), [problem.invalid('kind', name, `must be ${kind.kind}`)]);
  }
  if (apiVersion === kind.apiVersion) return body;
  throw badRequest(`the API version in the data (${apiVersion}) does not match the expected API version (${kind.apiVersion})`);
}

function nameOf(body: JsonObject): string {
  return isObject(body.metadata) && typeof body.metadata.name === 'string' ? body.metadata.name : '';
}

/** Decodes a whole object as its kind, with defaults; unknown fields fail, warn or go, as the writer wishes. */
export function read(kind: BodyKind, body: JsonObject, writing: Writing): KubeObject {
  const unknown: string[] = [];
  const object = decodeOrFail(kind, body, unknown);
  object.apiVersion = kind.apiVersion;
  object.kind = kind.kind;
  const told = [
    ...unknown.map((path) => `unknown field ${JSON.stringify(path)}`),
    ...(writing.duplicateFields ?? []).map((path) => `duplicate field ${JSON.stringify(path)}`),
  ];
  if (told.length > 0 && writing.unknownFields === 'Strict') {
    throw badRequest(
      `${kind.kind} in version "${kind.version}" cannot be handled as a ${kind.kind}: strict decoding error: ${told.join(', ')}`,
    );
  }
  if (writing.unknownFields === 'Warn') writing.warnings?.push(...told);
  return object;
}

/** Refuses what names another object than its path does. */
export function requirePlace({ metadata }: KubeObject, namespace: string, name: string): void {
  if (!metadata.name) throw badRequest(`the name of the object (${name} based on URL) was undeterminable: name must be provided`);
  if (metadata.name !== name) throw badRequest(`the name of the object (${metadata.name}) does not match the name on the URL (${name})`);
  if (metadata.namespace !== undefined && metadata.namespace !== namespace) throw wrongNamespace(namespace);
}

export function wrongNamespace(namespace: string): Error {
  if (namespace === '') return badRequest('the namespace of the provided object must be empty for cluster-scoped objects');
  return badRequest('the namespace of the provided object does not match the namespace sent on the request');
}

function decodeOrFail(kind: BodyKind, body: JsonObject, unknown: string[]): KubeObject {
  try {
    const decoded = kind.rules.decode ? kind.rules.decode(body, unknown) : decode(kind.type, body, unknown);
    return decoded as unknown as KubeObject;
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw badRequest(`${kind.kind} in version "${kind.version}" cannot be handled as a ${kind.kind}: ${error.message}`);
  }
}
