// What was wished last of resources that are to go, for runtimes that cannot delete without it.
import type { GrowingMask, InventoryEntry, Problem, Resource, ResourceId, SourceTable, Spec } from '@konfig/core';
import { releasesBack } from './releases-back';
import { lookAt, readRefs, resolveResource } from './resolve';
import { readSecrets, type Secrets } from './secrets';
import type { Session } from './session';
import type { World } from './world';

export interface LastWishes {
  /** Resolved, by id. One that no release tells of any more is missing. */
  readonly resources: ReadonlyMap<ResourceId, Resource>;
  readonly problems: readonly Problem[];
}

interface Known {
  readonly session: Session;
  readonly world: World;
  readonly hashKey: string;
  readonly mask: GrowingMask;
}

/** Looked for in the releases, from the last one back: a delete that failed may be of a resource that the last program did not have. */
export async function lastWishes(removed: readonly InventoryEntry[], known: Known, signal: AbortSignal): Promise<LastWishes> {
  const wanted = new Set(removed.filter(({ runtime }) => known.world.runtimes[runtime]?.needsLastWish).map(({ id }) => id));
  if (wanted.size === 0) return { resources: new Map(), problems: [] };
  const found = await findIn(known.session, wanted);
  const { spec } = known.session;
  const wished: Spec = { ...spec, resources: [...found.resources.values()] };
  const secrets = await readSecrets({ spec: wished, sources: found.sources, mask: known.mask }, known.world, signal);
  return { resources: await resolved(wished, secrets, known, signal), problems: secrets.problems };
}

interface Found {
  readonly resources: ReadonlyMap<ResourceId, Resource>;
  readonly sources: SourceTable;
}

async function findIn({ store, record }: Session, wanted: ReadonlySet<ResourceId>): Promise<Found> {
  const resources = new Map<ResourceId, Resource>();
  let sources: SourceTable = {};
  for await (const release of releasesBack(store, record)) {
    for (const resource of release.spec.resources) {
      if (wanted.has(resource.id) && !resources.has(resource.id)) resources.set(resource.id, resource);
    }
    sources = { ...release.sources, ...sources };
    if (resources.size === wanted.size) break;
  }
  return { resources, sources };
}

/** What they refer to is read as it is now: it goes after them. */
async function resolved(
  { resources }: Spec,
  secrets: Secrets,
  { session, hashKey }: Known,
  signal: AbortSignal,
): Promise<ReadonlyMap<ResourceId, Resource>> {
  const live = new Map();
  const entries = (session.record?.inventory ?? []).map((entry) => [entry.id, { ...entry, attributes: {}, path: '' }] as const);
  await readRefs(resources, { live, wished: new Map(entries), connections: session.connections }, signal);
  return new Map(resources.map((resource) => [resource.id, resolveResource(resource, lookAt(live), secrets, hashKey)]));
}
