// A manifest as the Spec keeps it: nothing that JSON cannot say, references with ids, secrets only where they stay secret.
import { asLater, isObject, type Json, type JsonObject, type Path, type Problem, pathText, setOwn } from '@konfig/core';
import { constructPrefix, exposedKey } from '../output';

/** The id of the resource that a construct made, by the construct's path. */
export type IdOf = (path: string) => string | undefined;

/** What a value's references lead to. */
export interface References {
  readonly idOf: IdOf;
  /** Is what stands at this path of that resource kept secret? */
  readonly isSecret: (id: string, path: Path) => boolean;
}

/** What a value belongs to. */
export interface Whole extends References {
  /** For people: `Deployment`. */
  readonly kind: string;
  /** May a secret stand there? */
  readonly mayHoldSecret: (path: Path) => boolean;
  /** Must a secret that stands there be base64? Default: nowhere. */
  readonly isEncoded?: (path: Path) => boolean;
}

type Found = Omit<Problem, 'source'>;

interface Walk extends Whole {
  readonly problems: Found[];
}

/** The finished value, and what is wrong in it with the path of each. */
export function finishValue(manifest: JsonObject, about: Whole): { readonly value: JsonObject; readonly problems: readonly Found[] } {
  const walk: Walk = { ...about, problems: [] };
  const value = finish(manifest, [], 'plain', walk) as JsonObject;
  const isFirst = (problem: Found, i: number) => walk.problems.findIndex(({ message }) => message === problem.message) === i;
  return { value, problems: walk.problems.filter(isFirst) };
}

/** May a secret stand here? `kept`: yes, it is hashed; `exposed`: on purpose. Elsewhere only in a Secret; in its `data` only `encoded`, as base64. */
type Place = 'plain' | 'encoded' | 'kept' | 'exposed';

function finish(value: unknown, path: Path, place: Place, walk: Walk): Json {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      if (!Number.isFinite(value)) unwritable(walk, path, String(value), 'It came out of a calculation; check what went into it.');
      return value;
    case 'object':
      if (value === null) return null;
      return Array.isArray(value) ? finishList(value, path, place, walk) : finishObject(value as JsonObject, path, place, walk);
    default:
      unwritable(
        walk,
        path,
        `a ${typeof value}`,
        typeof value === 'function' ? 'Call it, or leave it out.' : 'Write a number or a string.',
      );
      return null;
  }
}

function finishList(list: readonly unknown[], path: Path, place: Place, walk: Walk): Json {
  // Not list.map, which leaves out what is missing, as in [1, , 3].
  return Array.from(list, (item, i) => {
    if (item === undefined || item === null) {
      unwritable(
        walk,
        [...path, i],
        String(item),
        'Leave the entry out: in a program list.filter((item) => item !== undefined), in YAML the dash.',
      );
      return null;
    }
    return finish(item, [...path, i], place, walk);
  });
}

function finishObject(object: JsonObject, path: Path, place: Place, walk: Walk): Json {
  const keys = Object.keys(object);
  const only = keys.length === 1 ? keys[0] : undefined;
  const inner = only === undefined ? undefined : object[only];
  if (only === exposedKey) return finish(inner, path, 'exposed', walk);
  if (only === '$hash') return { $hash: finish(inner, path, 'kept', walk) };
  if (only === '$ref' && isPlace(inner)) return finishRef(inner, path, place, walk);
  // What is put together from several values stands at one field, so its parts have the field's path.
  if (only === '$concat' && Array.isArray(inner)) return { $concat: inner.map((part: Json) => finishPart(part, path, place, walk)) };
  if (only === '$secret' && place !== 'kept' && place !== 'exposed') checkSecret(path, place, walk);
  const within = only === '$base64' && place === 'plain' ? 'encoded' : place;
  const copy: Record<string, Json> = {};
  for (const key of keys) {
    const child = object[key];
    if (child === undefined || child === null) continue;
    const childPath = only !== undefined && wrappers.has(only) ? path : [...path, key];
    setOwn(copy, key, finish(child, childPath, within, walk));
  }
  return copy;
}

/** A list or a map in a text is its JSON: it has no fields of its own, and keeps what is null. */
function finishPart(part: Json, path: Path, place: Place, walk: Walk): Json {
  if (Array.isArray(part)) return part.map((item: Json) => finishPart(item, path, place, walk));
  if (part === null) return null;
  if (!isObject(part) || asLater(part) || exposedKey in part) return finish(part, path, place, walk);
  return Object.fromEntries(Object.entries(part).map(([key, child]) => [key, finishPart(child, path, place, walk)]));
}

/** What is in them stands at their own field. */
const wrappers = new Set(['$base64', '$json', '$secret']);

function checkSecret(path: Path, place: Place, walk: Walk): void {
  if (!walk.mayHoldSecret(path)) walk.problems.push(exposed(walk.kind, path));
  else if (walk.isEncoded?.(path) && place === 'plain') walk.problems.push(unencoded(path));
}

function finishRef(ref: { readonly resource: string; readonly path: Json }, path: Path, place: Place, walk: Walk): Json {
  const id = idOfRef(ref, path, walk);
  const isSecret = walk.isSecret(id, ref.path as Path);
  if (isSecret && place !== 'kept' && place !== 'exposed' && !walk.mayHoldSecret(path)) walk.problems.push(exposed(walk.kind, path));
  return { $ref: { resource: id, path: ref.path, ...(place === 'exposed' && { exposed: true }) } };
}

function isPlace(value: unknown): value is { readonly resource: string; readonly path: Json } {
  return typeof value === 'object' && value !== null && 'resource' in value && 'path' in value;
}

function idOfRef(ref: { readonly resource: string }, path: Path, walk: Walk): string {
  if (!ref.resource.startsWith(constructPrefix)) return ref.resource;
  const construct = ref.resource.slice(constructPrefix.length);
  const id = walk.idOf(construct);
  if (id === undefined) {
    walk.problems.push({
      code: 'SPEC_REFERENCE',
      message: `${pathText(path)} refers to ${construct}, which is no resource of this stack.`,
      hint: 'Take the output from an object made in the same stack.',
      at: pathText(path),
    });
  }
  return id ?? ref.resource;
}

function exposed(kind: string, path: Path): Found {
  return {
    code: 'SPEC_SECRET_EXPOSED',
    message: `A secret would stand in plain text in ${pathText(path)} of this ${kind}.`,
    hint: "Pass it by a container's env or a Secret. If everyone may read it: expose(value, 'why').",
    at: pathText(path),
  };
}

function unencoded(path: Path): Found {
  return {
    code: 'SPEC_INVALID',
    message: `${pathText(path)} of this Secret is a secret as it is, where Kubernetes wants base64.`,
    hint: 'Write base64(secret…), or put it under stringData.',
    at: pathText(path),
  };
}

function unwritable(walk: Walk, path: Path, what: string, hint: string): void {
  walk.problems.push({
    code: 'SPEC_INVALID',
    message: `${pathText(path)} is ${what}, which no manifest can say.`,
    hint,
    at: pathText(path),
  });
}
