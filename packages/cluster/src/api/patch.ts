import type { Kind } from '../kinds/kind';
import type { KubeObject } from '../objects';
import { jsonName } from '../schema/decode';
import { isObject, type JsonObject, type Type } from '../schema/type';
import type { World } from '../world';
import { ApiFailure, badRequest, failure, invalid, notFound, problem } from './failure';
import { applyJsonPatch, PatchError } from './json-patch';
import { applyMergePatch, applyStrategicPatch } from './merge-patch';
import { type BodyKind, bodyOf, read, requirePlace } from './read';
import { isReset, update } from './write';
import type { Writing } from './writing';

export type PatchKind = 'json' | 'merge' | 'strategic';

/** Changes an object by a patch, with the same rules as an update of the whole. */
export function patch(
  world: World,
  kind: Kind,
  live: KubeObject | undefined,
  name: string,
  change: { readonly kind: PatchKind; readonly body: unknown },
  writing: Writing,
): KubeObject {
  if (!live) throw notFound(kind, name);
  const patched = applyPatch(kind.type, live, change);
  const decoded = readPatched(kind, patched, live, writing);
  return update(world, kind, live, decoded, { ...writing, resetsManagers: isReset(patched) });
}

export function applyPatch(type: Type, live: object, change: { readonly kind: PatchKind; readonly body: unknown }): JsonObject {
  if (change.kind === 'json') return applyListed(live, change.body);
  if (!isObject(change.body))
    throw badRequest(`error decoding patch: json: cannot unmarshal ${jsonName(change.body)} into Go value of type map[string]interface {}`);
  const patched = change.kind === 'merge' ? applyMergePatch(live, change.body) : applyStrategicPatch(type, live, change.body);
  if (!isObject(patched)) throw badRequest('the patch leaves no object');
  return patched;
}

function applyListed(live: object, operations: unknown): JsonObject {
  if (!Array.isArray(operations))
    throw badRequest(`error decoding patch: json: cannot unmarshal ${jsonName(operations)} into Go value of type []handlers.jsonPatchOp`);
  try {
    const patched = applyJsonPatch(live, operations);
    if (isObject(patched)) return patched;
  } catch (error) {
    if (!(error instanceof PatchError)) throw error;
  }
  throw failure(422, 'Invalid', 'the server rejected our request due to an error in our request', {});
}

/** What a patch has made of an object, read as if a client had sent it. */
export function readPatched(kind: BodyKind, patched: JsonObject, live: KubeObject, writing: Writing): KubeObject {
  const unknown: string[] = [];
  const decoded = decodePatched(kind, patched, { ...writing, unknownFields: 'Warn', warnings: unknown });
  requirePlace(decoded, live.metadata.namespace ?? '', live.metadata.name);
  if (unknown.length > 0 && writing.unknownFields === 'Strict') {
    const problems = [problem.invalid('patch', printPatched(kind, patched), `strict decoding error: ${unknown.join(', ')}`)];
    throw invalid({ group: '', kind: '' }, '', problems);
  }
  if (writing.unknownFields === 'Warn') writing.warnings?.push(...unknown);
  return decoded;
}

function decodePatched(kind: BodyKind, patched: JsonObject, writing: Writing): KubeObject {
  if (kind.custom) bodyOf(kind, patched);
  try {
    return read(kind, bodyOf(kind, patched), writing);
  } catch (error) {
    if (!(error instanceof ApiFailure)) throw error;
    const said = error.message.replace(/^.* cannot be handled as a [^:]*: /, '');
    throw invalid({ group: '', kind: '' }, '', [problem.invalid('patch', printPatched(kind, patched), said)]);
  }
}

// With its keys in order: of what has no type in the server all, else those at the top.
function printPatched(kind: BodyKind, patched: JsonObject): string {
  const top = Object.entries(patched).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(kind.custom ? sorted(patched) : Object.fromEntries(top));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key])]),
  );
}
