import type { Kind } from '../kinds/kind';
import type { KubeObject } from '../objects';
import { isObject, type JsonObject, type Type } from '../schema/type';
import type { World } from '../world';
import { ApiFailure, badRequest, failure, invalid, notFound, problem } from './failure';
import { applyJsonPatch, PatchError } from './json-patch';
import { applyMergePatch, applyStrategicPatch } from './merge-patch';
import { read } from './read';
import { update } from './write';
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
  if (!isObject(patched)) throw badRequest('the patch leaves no object');
  const metadata = (patched.metadata ?? {}) as JsonObject;
  if (metadata.name !== live.metadata.name)
    throw badRequest(`the name of the object (${metadata.name}) does not match the name on the URL (${name})`);
  const unknown: string[] = [];
  const decoded = readPatched(kind, patched, { ...writing, unknownFields: 'Warn', warnings: unknown });
  if (unknown.length > 0 && writing.unknownFields === 'Strict') {
    const problems = [problem.invalid('patch', printPatched(kind, patched), `strict decoding error: ${unknown.join(', ')}`)];
    throw invalid({ group: '', kind: '' }, '', problems);
  }
  if (writing.unknownFields === 'Warn') writing.warnings?.push(...unknown);
  return update(world, kind, live, decoded, { ...writing, resetsManagers: resetsManagers(patched) });
}

export function applyPatch(type: Type | undefined, live: object, change: { readonly kind: PatchKind; readonly body: unknown }): unknown {
  try {
    if (change.kind === 'json') return applyJsonPatch(live, change.body);
  } catch (error) {
    if (!(error instanceof PatchError)) throw error;
    throw failure(422, 'Invalid', 'the server rejected our request due to an error in our request', {});
  }
  if (!isObject(change.body))
    throw badRequest('error decoding patch: json: cannot unmarshal into Go value of type map[string]interface {}');
  return change.kind === 'merge' ? applyMergePatch(live, change.body) : applyStrategicPatch(type, live, change.body);
}

function readPatched(kind: Kind, patched: JsonObject, writing: Writing): KubeObject {
  try {
    return read(kind, patched, writing);
  } catch (error) {
    if (!(error instanceof ApiFailure)) throw error;
    const said = error.message.replace(/^.* cannot be handled as a [^:]*: /, '');
    throw invalid({ group: '', kind: '' }, '', [problem.invalid('patch', JSON.stringify(patched), said)]);
  }
}

// What has no type in the server is printed with its keys in order.
function printPatched(kind: Kind, patched: JsonObject): string {
  return JSON.stringify(kind.custom ? sorted(patched) : patched);
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

function resetsManagers(patched: JsonObject): boolean {
  const entries = (patched.metadata as JsonObject | undefined)?.managedFields;
  if (!Array.isArray(entries)) return false;
  return entries.length === 0 || (entries.length === 1 && isObject(entries[0]) && Object.keys(entries[0]).length === 0);
}
