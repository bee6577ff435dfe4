// Patches that a program lays over an object after it was made: `web.addJsonPatch(JsonPatch.replace('/spec/replicas', 3))`.
import type { SourceLine } from '@konfig/core';
import { ApiObject, type JsonPatch } from 'cdk8s';
import type { IConstruct } from 'constructs';

/** One operation: the field as a JSON pointer, and the line of the call. */
export interface Patch {
  readonly pointer: string;
  readonly line: SourceLine;
}

const noted = new WeakMap<IConstruct, Patch[]>();

/** The patches of an object, in their order. */
export function patchesOf(object: IConstruct): readonly Patch[] {
  return noted.get(object) ?? [];
}

/** Notes every patch that is laid over any object while `run` runs. */
export function watchPatches<T>(here: () => SourceLine | undefined, run: () => T): T {
  const original = ApiObject.prototype.addJsonPatch;
  ApiObject.prototype.addJsonPatch = function (...patches) {
    const line = here();
    if (line) noted.set(this, [...patchesOf(this), ...patches.flatMap((patch) => pointersOf(patch).map((pointer) => ({ pointer, line })))]);
    original.call(this, ...patches);
  };
  try {
    return run();
  } finally {
    ApiObject.prototype.addJsonPatch = original;
  }
}

/** What is taken out has no line; what stands behind it in a list has another number, so that the whole list has that of the patch. */
function pointersOf(patch: JsonPatch): readonly string[] {
  const { op, path } = (patch as unknown as { _toJson(): { readonly op: string; readonly path: string } })._toJson();
  const isMoved = /\/\d+$/.test(path) && (op === 'remove' || op === 'move' || op === 'add');
  if (isMoved) return [path.slice(0, path.lastIndexOf('/'))];
  return op === 'remove' || op === 'test' ? [] : [path];
}
