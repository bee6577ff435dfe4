// Fills in what is known only at run time: secrets that were read, and fields that other resources tell.
import { createHmac, randomBytes } from 'node:crypto';
import {
  type Connection,
  equalJson,
  type Json,
  type JsonObject,
  latersIn,
  type Path,
  type Plan,
  type PlannedRow,
  type Problem,
  pathText,
  type Ref,
  type Resource,
  type ResourceId,
  refsIn,
  resolveValue,
  type Spec,
  shortId,
  valueAt,
} from '@konfig/core';
import { encodings, type Secrets } from './secrets';
import type { Session } from './session';

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
  {
    live,
    wished,
    connections,
  }: {
    live: LiveValues;
    wished: ReadonlyMap<ResourceId, Pick<Resource, 'target' | 'type'>>;
    connections: Session['connections'];
  },
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
export function lookAhead(plan: Plan, { wished, live, rows }: Ahead): Look {
  const actions = new Map(plan.steps.map((step) => [step.id, step.action]));
  const attributes = new Map(wished.map((resource) => [resource.id, resource.attributes]));
  return ({ resource, path }) => {
    const row = rows.get(resource);
    if (row?.ahead) return valueAt(row.ahead, path);
    // What nobody has looked at may have other fields than those that are wished of it.
    if (!row || row.isUnseen) return valueAt(live.get(resource), path);
    const action = actions.get(resource);
    const isNew = action === 'create' || action === 'replace' || (action !== 'keep' && isToldLater(row, path));
    const stays = isNew ? undefined : valueAt(live.get(resource), path);
    return action === undefined || action === 'keep' ? stays : (valueAt(attributes.get(resource), path) ?? stays);
  };
}

interface Ahead {
  readonly wished: readonly Resource[];
  readonly live: LiveValues;
  readonly rows: ReadonlyMap<ResourceId, PlannedRow>;
}

/** Does the change of the resource change what stands there, or in there, to something that only its apply tells? */
function isToldLater(row: PlannedRow, path: Path): boolean {
  return (row.later ?? []).some((later) => {
    const shared = Math.min(later.length, path.length);
    return equalJson(later.slice(0, shared) as Json, path.slice(0, shared) as Json);
  });
}

/** The resource with everything filled in that is known; the rest is `$unknown`. */
export function resolveResource(resource: Resource, look: Look, secrets: Secrets, hashKey: string): Resource {
  const attributes = resolveValue(resource.attributes, {
    ref: look,
    secret: (source) => secrets.values.get(JSON.stringify(source)),
    base64: encodings.base64,
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

/** A keyed hash of a text: tells whether it is still the same, and nothing else. */
export function hashOf(text: string, hashKey: string): string {
  return createHmac('sha256', Buffer.from(hashKey, 'hex')).update(text).digest('hex').slice(0, 32);
}

export function newHashKey(): string {
  return randomBytes(32).toString('hex');
}
