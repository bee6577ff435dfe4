// Whether an object that has no status will get one: of a custom kind its definition says that.
import { isObject, type Json } from '@konfig/core';
import { groupOf } from '../address';
import { isBuiltIn } from '../built-in';
import type { DefinedVersion, Definition } from '../custom/definition';
import type { KubeObject } from '../objects';
import { stateWords } from './states';

/** The kinds, as `example.com/v1/Widget`, whose objects are not there until their controller has written how they are. */
export function awaitedBy({ group, kind, versions }: Definition): readonly string[] {
  return versions.filter(tellsHealth).map(({ name }) => `${group}/${name}/${kind}`);
}

export function awaitedKind({ apiVersion, kind }: KubeObject): string {
  return `${apiVersion}/${kind}`;
}

/** What holds for most custom kinds whose definition nobody has: what wishes for something gets a status; what holds data of its own instead is there. */
export function isMostLikelyAwaited(object: KubeObject): boolean {
  const { apiVersion: _, kind: __, metadata: ___, status: ____, ...content } = object;
  return !isBuiltIn(groupOf(object)) && (isObject(object.spec as Json) || Object.keys(content).length === 0);
}

/** A status that may hold anything, or that only counts something, is for some controllers one that they may write and do not. */
function tellsHealth({ schema, hasStatus }: DefinedVersion): boolean {
  const status = property(schema, 'status');
  if (!hasStatus || !isObject(status)) return false;
  return ['conditions', ...stateWords].some((name) => property(status, name) !== undefined);
}

function property(schema: Json | undefined, name: string): Json | undefined {
  return isObject(schema) && isObject(schema.properties) ? schema.properties[name] : undefined;
}
