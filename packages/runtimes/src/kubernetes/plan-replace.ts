// A change that cannot be made in place: which fields are meant, what a new object would look like, and whether data goes with the old one.
import { type FieldChange, type Path, type PlannedRow, pathText, type Resource } from '@konfig/core';
import { objectOf } from './answer';
import { isTransition } from './custom/transitions';
import { parseFieldPath } from './field-set';
import type { KubeObject, Status } from './objects';
import { losesData } from './plan-removed';
import { immutableFields, namedParts } from './rejection';
import { isAtOrBelow } from './unknowns';
import { changesOffline, changesTo, dryRun, type ServedWish, schemaBefore, stranger } from './wish';
import type { World } from './world';

/** Fields that cannot be changed in place, with the server's words. */
export type Immutable = PlannedRow['immutable'];

/** Those that a refusal is about; undefined when it is about anything else too. */
export async function immutableIn(world: World, wish: ServedWish, status: Status, signal: AbortSignal): Promise<Immutable | undefined> {
  const plain = immutableFields(status);
  if (plain || status.reason !== 'Invalid') return plain;
  const schema = await schemaBefore(world, wish, signal);
  return schema && immutableFields(status, (cause) => isTransition(schema, cause));
}

interface Seen {
  readonly live: KubeObject;
  readonly immutable: Immutable;
}

/** The object would have to be made anew: compare live with what the server would make of it under another name. */
export async function planReplace(world: World, wish: ServedWish, seen: Seen, signal: AbortSignal): Promise<Partial<PlannedRow>> {
  const { live } = seen;
  const dry = await dryRun(world, wish, { as: { ...wish.address, name: stranger(wish.address.name) } }, signal);
  const after = objectOf(dry.answer);
  const changes = after ? changesTo(world, wish, live, after) : changesOffline(world, wish, live);
  return { changes, immutable: namedImmutable(wish.resource, seen.immutable, changes), replaceable: isReplaceable(live, changes) };
}

/** `spec: updates to fields other than 'replicas', 'template' … are forbidden` → the changed fields that are meant. */
function namedImmutable(resource: Resource, causes: Immutable, changes: readonly FieldChange[]): Immutable {
  return causes.flatMap(({ path, message }) => {
    const parts = namedParts(fullPath(parseFieldPath(path), resource), resource.attributes);
    const allowed = allowedIn(message).map((field) => `${pathText(parts)}.${field.replace(/^spec\./, '')}`);
    const isAllowed = (change: FieldChange) => {
      const field = pathText(change.path).replace(/\[[^\]]*\]/g, '[*]');
      return allowed.some((one) => field === one || field.startsWith(`${one}.`) || field.startsWith(`${one}[`));
    };
    const isMeant = (change: FieldChange) => isNamed(change.path, parts, resource) && !isAllowed(change);
    const meant = changes.filter(isMeant);
    // `spec.clusterIPs[0]` may be the server's word for `spec.clusterIP`.
    if (meant.length === 0) return [{ path: pathText(changes.length === 1 ? (changes[0] as FieldChange).path : parts), message }];
    return meant.map((change) => ({ path: pathText(change.path), message }));
  });
}

/** Some kinds leave out that the field is one of the spec: `volumeMode` of a PersistentVolume. */
function fullPath(path: Path, { attributes }: Resource): Path {
  const [first] = path;
  const isWhole = typeof first !== 'string' || ['spec', 'metadata'].includes(first) || Object.hasOwn(attributes, first);
  return isWhole ? path : ['spec', ...path];
}

/** The source of a PersistentVolume is one of thirty fields, and the server does not say which. */
const besideSource = new Set([
  'accessModes',
  'capacity',
  'claimRef',
  'mountOptions',
  'nodeAffinity',
  'persistentVolumeReclaimPolicy',
  'storageClassName',
  'volumeAttributesClassName',
  'volumeMode',
]);

function isNamed(path: Path, named: Path, { attributes }: Resource): boolean {
  if (attributes.kind === 'PersistentVolume' && named[1] === 'persistentvolumesource')
    return path[0] === 'spec' && typeof path[1] === 'string' && !besideSource.has(path[1]);
  return isAtOrBelow(path, named);
}

/** `… other than 'replicas' and 'template' are forbidden`, `… other than spec.containers[*].image`, `… except resources.requests and … for …` */
function allowedIn(message: string): readonly string[] {
  const quoted = [...message.matchAll(/[`'"]([\w.[\]*]+)[`'"]/g)].map((match) => match[1] as string);
  const bare = /\bexcept ([\w.]+(?:(?:, | and )[\w.]+)*)/.exec(message)?.[1]?.split(/, | and /) ?? [];
  return [...quoted, ...bare];
}

function isReplaceable(live: KubeObject, changes: readonly FieldChange[]): boolean {
  if (losesData(live)) return false;
  // Its Pods would go on with the old claims, or with none of their data.
  return live.kind !== 'StatefulSet' || !changes.some((change) => isAtOrBelow(change.path, ['spec', 'volumeClaimTemplates']));
}
