// Fills in what is known only at run time: secrets, and fields that other resources tell.
import { createHmac, randomBytes } from 'node:crypto';
import {
  type Connection,
  type Json,
  type JsonObject,
  latersIn,
  type Mask,
  maskOf,
  type Plan,
  type Problem,
  pathText,
  type Ref,
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
import type { Session } from './session';
import type { World } from './world';

export interface Secrets {
  /** By the JSON of their source. */
  readonly values: ReadonlyMap<string, string>;
  readonly mask: Mask;
  readonly problems: readonly Problem[];
}

export const noSecrets: Secrets = { values: new Map(), mask: maskOf([], base64), problems: [] };

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
  const wished = new Map(spec.resources.map((resource) => [resource.id, resource]));
  const live: LiveValues = new Map();
  await readRefs(spec.resources, { live, wished, connections }, signal);
  return live;
}

/** Reads what these refer to as it is now. */
export async function readRefs(
  resources: readonly Resource[],
  { live, wished, connections }: { live: LiveValues; wished: ReadonlyMap<ResourceId, Resource>; connections: Session['connections'] },
  signal: AbortSignal,
): Promise<void> {
  const ids = new Set(resources.flatMap((resource) => refsIn(resource.attributes).map((ref) => ref.resource)));
  await Promise.all(
    [...ids].map(async (id) => {
      const referred = wished.get(id);
      const found = referred && (await connections.get(referred.target)?.read(id, referred.type, signal));
      if (found) live.set(id, found);
    }),
  );
}

/** Finds what a `$ref` points at; undefined: not known. */
export type Look = (ref: Ref['$ref']) => Json | undefined;

/** Fields as they are. */
export function lookAt(live: LiveValues): Look {
  return (ref) => valueAt(live.get(ref.resource), ref.path);
}

/** Fields as they will be once the plan was carried out, as far as that can be told: what is wished, else what stays. */
export function lookAhead(plan: Plan, wished: readonly Resource[], live: LiveValues): Look {
  const actions = new Map(plan.steps.map((step) => [step.id, step.action]));
  const attributes = new Map(wished.map((resource) => [resource.id, resource.attributes]));
  return ({ resource, path }) => {
    const action = actions.get(resource);
    const stays = action === 'create' || action === 'replace' ? undefined : valueAt(live.get(resource), path);
    return action === undefined || action === 'keep' ? stays : (valueAt(attributes.get(resource), path) ?? stays);
  };
}

/** The resource with everything filled in that is known; the rest is `$unknown`. */
export function resolveResource(resource: Resource, look: Look, secrets: Secrets, hashKey: string): Resource {
  const attributes = resolveValue(resource.attributes, {
    ref: look,
    secret: (source) => secrets.values.get(JSON.stringify(source)),
    base64,
    hash: (text) => hashOf(text, hashKey),
  }) as JsonObject;
  return { ...resource, attributes };
}

/** A resource whose values are still not known when its turn has come. */
export function unknownProblem(resource: Resource): Problem | undefined {
  const found = latersIn(resource.attributes).find(({ later }) => '$unknown' in later);
  if (!found || !('$unknown' in found.later)) return undefined;
  const { resource: from, path } = found.later.$unknown;
  return {
    code: 'SPEC_REFERENCE',
    message: `${shortId(resource.id)} needs ${pathText(path)} of ${shortId(from)} in ${pathText(found.path)}, but that is ready and does not have it.`,
    hint: 'Refer to a field that the resource really gets.',
    at: resource.id,
  };
}

/** No secret leaves in a problem. */
export function maskProblems(problems: readonly Problem[], { mask }: Secrets): readonly Problem[] {
  return problems.map((problem) => mask.json(problem as unknown as Json) as unknown as Problem);
}

/** A keyed hash of each secret, by the JSON of its source: tells whether it is still the same, and nothing else. */
export function hashesOf({ values }: Secrets, hashKey: string): { readonly [source: string]: string } {
  return Object.fromEntries([...values].map(([source, value]) => [source, hashOf(value, hashKey)]));
}

function hashOf(text: string, hashKey: string): string {
  return createHmac('sha256', Buffer.from(hashKey, 'hex')).update(text).digest('hex').slice(0, 32);
}

export function newHashKey(): string {
  return randomBytes(32).toString('hex');
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}

/** `the environment variable PASSWORD`, `the file db.key` */
export function nameOf(source: SecretSource): string {
  return source.from === 'env' ? `the environment variable ${source.name}` : `the file ${source.path}`;
}

function missingSecret(resource: Resource, source: SecretSource, sources: SourceTable): Problem {
  const line = sourceOf(sources, resource.id);
  const what = nameOf(source);
  return {
    code: 'SECRET_MISSING',
    message: `${shortId(resource.id)} needs a secret from ${what}, which is not there.`,
    hint: source.from === 'env' ? `Set it before the command: ${source.name}=… konfig …` : `Make that file, or name another one.`,
    at: resource.id,
    ...(line ? { source: line } : {}),
  };
}
