import { sameJson } from '../fields/atom';
import { isObject } from '../schema/type';

/** A JSON patch that can not be applied. */
export class PatchError extends Error {}

/** RFC 6902. The document is not changed; the result shares what the patch does not touch. */
export function applyJsonPatch(document: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch)) throw new PatchError('json: cannot unmarshal object into Go value of type jsonpatch.Patch');
  return patch.reduce(applyOperation, document);
}

function applyOperation(document: unknown, operation: unknown): unknown {
  if (!isObject(operation) || typeof operation.op !== 'string' || typeof operation.path !== 'string') {
    throw new PatchError('Unexpected kind: unknown');
  }
  const { op, path, value } = operation;
  switch (op) {
    case 'add':
      return addAt(document, read(path), value);
    case 'remove':
      return removeAt(document, read(path), path);
    case 'replace':
      return replaceAt(document, read(path), value, path);
    case 'test':
      if (!sameJson(valueAt(document, read(path)) ?? null, value ?? null))
        throw new PatchError(`testing value ${path} failed: test failed`);
      return document;
    case 'copy':
      return addAt(document, read(path), mustHave(document, String(operation.from)));
    case 'move':
      return addAt(
        removeAt(document, read(String(operation.from)), String(operation.from)),
        read(path),
        mustHave(document, String(operation.from)),
      );
    default:
      throw new PatchError(`Unexpected kind: ${op}`);
  }
}

function read(pointer: string): string[] {
  if (pointer === '') return [];
  return pointer
    .slice(1)
    .split('/')
    .map((part) => part.replace(/~1/g, '/').replace(/~0/g, '~'));
}

function valueAt(document: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((at, key) => (Array.isArray(at) ? at[Number(key)] : isObject(at) ? at[key] : undefined), document);
}

function mustHave(document: unknown, pointer: string): unknown {
  const value = valueAt(document, read(pointer));
  if (value === undefined) throw new PatchError(`error in copy for path: '${pointer}': doc is missing key: ${pointer}: missing value`);
  return value;
}

function addAt(document: unknown, path: readonly string[], value: unknown): unknown {
  return (
    edit(document, path, (parent, key) => {
      if (!Array.isArray(parent)) return { ...(parent as object), [key]: value };
      const index = key === '-' ? parent.length : Number(key);
      if (!Number.isInteger(index) || index < 0 || index > parent.length)
        throw new PatchError(`add operation does not apply: doc is missing path: "/${path.join('/')}": invalid array index`);
      return [...parent.slice(0, index), value, ...parent.slice(index)];
    }) ?? value
  );
}

function removeAt(document: unknown, path: readonly string[], pointer: string): unknown {
  return edit(document, path, (parent, key) => {
    if (!(key in (parent as object)))
      throw new PatchError(`remove operation does not apply: doc is missing key: ${pointer}: missing value`);
    if (Array.isArray(parent)) return parent.filter((_, index) => index !== Number(key));
    const { [key]: _, ...rest } = parent as { [key: string]: unknown };
    return rest;
  });
}

function replaceAt(document: unknown, path: readonly string[], value: unknown, pointer: string): unknown {
  if (path.length === 0) return value;
  return edit(document, path, (parent, key) => {
    if (!(key in (parent as object)))
      throw new PatchError(`replace operation does not apply: doc is missing key: ${pointer}: missing value`);
    return Array.isArray(parent)
      ? parent.map((item, index) => (index === Number(key) ? value : item))
      : { ...(parent as object), [key]: value };
  });
}

function edit(at: unknown, path: readonly string[], change: (parent: unknown, key: string) => unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return undefined;
  if (!isObject(at) && !Array.isArray(at))
    throw new PatchError(`operation does not apply: doc is missing path: "/${path.join('/')}": missing value`);
  if (rest.length === 0) return change(at, key);
  const child = (at as { [key: string]: unknown })[key];
  if (child === undefined) throw new PatchError(`operation does not apply: doc is missing path: "/${path.join('/')}": missing value`);
  const next = edit(child, rest, change);
  return Array.isArray(at) ? at.map((item, index) => (index === Number(key) ? next : item)) : { ...at, [key]: next };
}
