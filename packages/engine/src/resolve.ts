// Fills in what is known only at run time: secrets, and fields that other resources tell.
import { createHmac, randomBytes } from 'node:crypto';
import {
  type Connection,
  type JsonObject,
  type Mask,
  maskOf,
  type Problem,
  type Resource,
  type ResourceId,
  refsIn,
  resolveValue,
  type SecretSource,
  type SourceTable,
  type Spec,
  secretsIn,
  shortId,
  sourceOf,
  valueAt,
} from '@konfig/core';
import type { World } from './world';

export interface Secrets {
  /** By the JSON of their source. */
  readonly values: ReadonlyMap<string, string>;
  readonly mask: Mask;
  readonly problems: readonly Problem[];
}

/** Reads every secret that the Spec needs, once; each one that has no value is a problem with its source line. */
export function readSecrets(spec: Spec, sources: SourceTable, world: World): Secrets {
  const values = new Map<string, string>();
  const problems: Problem[] = [];
  const missing = new Set<string>();
  for (const resource of spec.resources) {
    for (const { source } of secretsIn(resource.attributes)) {
      const key = JSON.stringify(source);
      if (values.has(key) || missing.has(key)) continue;
      const value = world.readSecret(source);
      if (value === undefined) {
        missing.add(key);
        problems.push(missingSecret(resource, source, sources));
      } else values.set(key, value);
    }
  }
  return { values, problems, mask: maskOf([...values.values()], base64) };
}

/** The live attributes of resources that others refer to; grows while an apply goes on. */
export type LiveValues = Map<ResourceId, JsonObject>;

/** Reads what the Spec's `$ref`s point at, as far as it is there already. */
export async function readReferred(spec: Spec, connections: ReadonlyMap<string, Connection>, signal: AbortSignal): Promise<LiveValues> {
  const byId = new Map(spec.resources.map((resource) => [resource.id, resource]));
  const wanted = new Set(spec.resources.flatMap((resource) => refsIn(resource.attributes).map((ref) => ref.resource)));
  const live: LiveValues = new Map();
  await Promise.all(
    [...wanted].map(async (id) => {
      const resource = byId.get(id);
      const connection = resource && connections.get(resource.target);
      const found = connection && (await connection.read(id, resource.type, signal));
      if (found) live.set(id, found);
    }),
  );
  return live;
}

/** The resource with everything filled in that is known; the rest is `$unknown`. */
export function resolveResource(resource: Resource, live: LiveValues, secrets: Secrets, hashKey: string): Resource {
  const attributes = resolveValue(resource.attributes, {
    ref: (ref) => valueAt(live.get(ref.resource), ref.path),
    secret: (source) => secrets.values.get(JSON.stringify(source)),
    base64,
    hash: (text) => createHmac('sha256', Buffer.from(hashKey, 'hex')).update(text).digest('hex').slice(0, 32),
  }) as JsonObject;
  return { ...resource, attributes };
}

export function newHashKey(): string {
  return randomBytes(32).toString('hex');
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}

function missingSecret(resource: Resource, source: SecretSource, sources: SourceTable): Problem {
  const line = sourceOf(sources, resource.id);
  const what = source.from === 'env' ? `the environment variable ${source.name}` : `the file ${source.path}`;
  return {
    code: 'SECRET_MISSING',
    message: `${shortId(resource.id)} needs a secret from ${what}, which is not there.`,
    hint: source.from === 'env' ? `Set it before the command: ${source.name}=… konfig …` : `Make that file, or name another one.`,
    at: resource.id,
    ...(line ? { source: line } : {}),
  };
}
