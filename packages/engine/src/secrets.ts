// What an operation knows of secrets: read at the last moment, once, and learned from the systems that hold them.
import { constants, gunzipSync } from 'node:zlib';
import {
  type Encodings,
  type GrowingMask,
  type HeldSecret,
  type JsonObject,
  type Later,
  latersAt,
  maskOf,
  type Path,
  type PlannedRow,
  type Problem,
  pathText,
  type Resource,
  type ResourceId,
  type SecretSource,
  type SourceTable,
  type Spec,
  secretsIn,
  shortId,
  sourceName,
  type UnreadSecret,
  withSource,
} from '@konfig/core';
import type { Opened } from './session';
import type { World } from './world';

/** What an operation knows of secrets. */
export interface Secrets {
  /** By the JSON of their source. */
  readonly values: ReadonlyMap<string, string>;
  /** Learns while the operation goes on: what a Secret in the cluster holds is heard of only then. */
  readonly mask: GrowingMask;
  readonly problems: readonly Problem[];
}

/** What masks need to know of bytes. */
export const encodings: Encodings = {
  base64: (text) => Buffer.from(text, 'utf8').toString('base64'),
  hex: (text) => Buffer.from(text, 'utf8').toString('hex'),
  gunzip: (text) => {
    try {
      return gunzipSync(Buffer.from(text, 'base64'), { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 2 ** 22 }).toString('utf8');
    } catch {
      return undefined;
    }
  },
};

/** Every operation begins with one. */
export function newMask(): GrowingMask {
  return maskOf([], encodings);
}

/** Of an operation that got nowhere. */
export function noSecrets(): Secrets {
  return { values: new Map(), mask: newMask(), problems: [] };
}

/** Whose secrets to read, and who learns them. */
export interface SecretsWish {
  readonly spec: Spec;
  readonly sources: SourceTable;
  readonly mask: GrowingMask;
}

/**
 * Reads every secret that the Spec needs, once, all side by side; each one that has no value is a problem with its source line. What the Spec has written out
 * though its system calls it secret is masked too. Rejects when the signal aborts.
 */
export async function readSecrets({ spec, sources, mask }: SecretsWish, world: World, signal: AbortSignal): Promise<Secrets> {
  const uses = usesIn(spec);
  const { targets } = spec;
  const answers =
    uses.length === 0
      ? []
      : await world.readSecrets(
          uses.map(({ source }) => source),
          { targets, signal, mask },
        );
  const values = new Map<string, string>();
  const problems: Problem[] = [];
  mask.add(writtenOut(spec, world));
  uses.forEach((use, i) => {
    const answer = answers[i] ?? { why: 'was not read', hint: 'Please report this with the command.' };
    if ('value' in answer) {
      values.set(use.key, answer.value);
      mask.add([answer.value], `the ${sourceName(use.source)}`);
    } else {
      mask.add(answer.taints ?? []);
      problems.push(withSource(missingSecret(use, answer), sources));
    }
  });
  return { values, mask, problems };
}

/** A secret, and the first field that needs it. */
interface Use {
  readonly key: string;
  readonly source: SecretSource;
  readonly at: string;
  readonly resource: Resource;
}

function usesIn({ resources }: Spec): readonly Use[] {
  const uses = new Map<string, Use>();
  for (const resource of resources) {
    for (const { source, path } of secretsIn(resource.attributes)) {
      const key = JSON.stringify(source);
      if (!uses.has(key)) uses.set(key, { key, source, resource, at: `${resource.id} ${pathText(path)}` });
    }
  }
  return [...uses.values()];
}

function writtenOut({ resources }: Spec, world: World): readonly string[] {
  return resources.flatMap((resource) => textsOf(heldBy(resource, resource.attributes, world)));
}

function heldBy({ runtime, type }: Pick<Resource, 'runtime' | 'type'>, attributes: JsonObject, world: World): readonly HeldSecret[] {
  return world.runtimes[runtime]?.secretsIn(type, attributes) ?? [];
}

function textsOf(held: readonly HeldSecret[]): readonly string[] {
  return held.flatMap(({ text }) => text ?? []);
}

function missingSecret({ resource, source, at }: Use, { why, hint }: UnreadSecret): Problem {
  return {
    code: 'SECRET_MISSING',
    message: `${shortId(resource.id)} needs a secret from the ${sourceName(source)}, which ${why}.`,
    hint,
    at,
  };
}

/** Without what differs only because a secret could not be read: nobody knows whether it does. */
export function withoutUnread(rows: readonly PlannedRow[], { resources }: Spec, { values }: Secrets): readonly PlannedRow[] {
  const wished = new Map(resources.map(({ id, attributes }) => [id, attributes]));
  const isUnread = (later: Later) => '$secret' in later && !values.has(JSON.stringify(later.$secret));
  const needsUnread = (id: ResourceId, path: Path) => latersAt(wished.get(id) ?? {}, path).some(isUnread);
  return rows.map((row) => ({ ...row, changes: row.changes.filter(({ path }) => !needsUnread(row.id, path)) }));
}

/**
 * Masks what the systems hold of these resources' secrets now. A password that was changed is still one, and stands in the logs of those who used it; one whose
 * source is out of reach is known to nobody else.
 */
export async function learnHeld(
  resources: readonly Resource[],
  { mask, connections, world }: { readonly mask: GrowingMask; readonly connections: Opened['connections']; readonly world: World },
  signal: AbortSignal,
): Promise<void> {
  const holders = resources.filter((resource) => heldBy(resource, resource.attributes, world).length > 0);
  await Promise.all(
    holders.map(async (resource) => {
      // Whoever may not read it is told so by what needs it; to look at the rest it takes no secret.
      const live = await connections
        .get(resource.target)
        ?.read(resource.id, resource.type, signal)
        .catch(() => undefined);
      if (live) mask.add(textsOf(heldBy(resource, live, world)));
    }),
  );
}

/** Masks what others hold secret and this stack refers to. */
export function learnReferred(
  live: ReadonlyMap<ResourceId, JsonObject>,
  wished: ReadonlyMap<ResourceId, Resource>,
  { secrets: { mask }, world }: { readonly secrets: Secrets; readonly world: World },
): void {
  for (const [id, attributes] of live) {
    const resource = wished.get(id);
    if (!resource) continue;
    for (const held of heldBy(resource, attributes, world)) mask.add(textsOf([held]), nameOf(id, held));
  }
}

/** Of what a Secret in a cluster holds, much is none: a host, the name of a user. What is told as a secret by itself is one. */
function nameOf(id: ResourceId, { path }: HeldSecret): string | undefined {
  return path[0] === 'secrets' ? `${pathText(path)} of ${shortId(id)}` : undefined;
}
