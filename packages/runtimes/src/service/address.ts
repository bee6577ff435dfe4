// Where a resource is: its id in the Spec, its place in the service, its fields as paths and as JSON pointers.
import { isObject, type Json, type Path, type ResourceId } from '@konfig/core';

/** A resource's place in its service. */
export interface Place {
  readonly type: string;
  readonly name: string;
}

export const typePattern = /^[A-Z][A-Za-z0-9]*$/;
export const namePattern = /^[A-Za-z0-9]([A-Za-z0-9._-]{0,251}[A-Za-z0-9])?$/;

/** `registry:Entry/web` → Entry, web */
export function placeOf(id: ResourceId): Place {
  const address = id.slice(id.indexOf(':') + 1);
  const slash = address.indexOf('/');
  return { type: address.slice(0, slash), name: address.slice(slash + 1) };
}

export function keyOf({ type, name }: Place): string {
  return `${type}/${name}`;
}

/** `/v1/resources/Entry/web` */
export function resourcePath({ type, name }: Place): string {
  return `/v1/resources/${encodeURIComponent(type)}/${encodeURIComponent(name)}`;
}

/** One more step of a JSON pointer (RFC 6901). */
export function below(pointer: string, key: string | number): string {
  return `${pointer}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** Is the field at `pointer` that at `above`, or in it? */
export function isWithin(pointer: string, above: string): boolean {
  return pointer === above || pointer.startsWith(`${above}/`);
}

/** A JSON pointer into a config as a path of the attributes; numbers are indexes where the config has a list. */
export function pathOf(pointer: string, config: Json | undefined): Path {
  const path: (string | number)[] = ['config'];
  let here = config;
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    const step = Array.isArray(here) && /^\d+$/.test(key) ? Number(key) : key;
    path.push(step);
    here = Array.isArray(here) ? here[step as number] : isObject(here) ? here[key] : undefined;
  }
  return path;
}
