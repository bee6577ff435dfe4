// Objects that the server cannot or will not check: what can be said of them without it.
import { type PlannedRow, type Problem, pathText, type Resource, shortId } from '@konfig/core';
import { type Address, groupKind } from './address';
import type { Definition } from './custom/definition';
import { type Fault, faultsIn } from './custom/validate';
import type { ServedKind } from './discovery';
import type { KubeObject, Status } from './objects';
import { ownerOf } from './owners';
import { changesOffline, readLive, rowOf, type Wish } from './wish';
import type { World } from './world';

/** The kind is not served: its definition comes with this plan, or is missing. */
export async function planUnserved(world: World, wish: Wish, address: Address, signal: AbortSignal): Promise<PlannedRow> {
  const { resource } = wish;
  const row = rowOf(resource);
  const other = await world.discovery.findAnyVersion(address, signal);
  const definition = wish.made.definitions.get(groupKind(address));
  if (!definition) return { ...row, problems: [unknownKind(resource, other)] };
  // The definition's new version may be what is missing, not the object.
  const live = other ? await readLive(world, other, address, signal) : undefined;
  const seen = live ? { ...rowOf(resource, live, ownerOf(live, wish.stack)), changes: changesOffline(world, wish, live) } : row;
  return { ...seen, ...checkByDefinition(resource, address.version, definition) };
}

/** By the schema that comes with the plan. */
export function checkByDefinition(resource: Resource, version: string, definition: Definition): Pick<PlannedRow, 'checked' | 'problems'> {
  const found = definition.versions.find(({ name }) => name === version);
  if (!found?.served) return { checked: 'offline', problems: [unservedVersion(resource, definition)] };
  if (!found.schema) return { checked: 'none', problems: [] };
  const problems = faultsIn(found.schema, resource.attributes).map((fault) =>
    faultProblem(resource, fault, `CustomResourceDefinition/${definition.name} of this stack says so`),
  );
  return { checked: 'offline', problems };
}

function faultProblem(resource: Resource, { path, message, isUnknown, hint }: Fault, says: string): Problem {
  const field = pathText(path);
  const at = `${resource.id} ${field}`;
  const name = shortId(resource.id);
  if (!isUnknown) {
    const correct = `${says}: correct the value or the schema.`;
    return { code: 'RESOURCE_REJECTED', message: `${name} cannot have this ${field}: it ${message}.`, hint: correct, at };
  }
  const said = `${name} has a field ${field} that its kind ${String(resource.attributes.kind)} does not have.`;
  return {
    code: 'RESOURCE_REJECTED',
    message: said,
    hint: `${hint ? `${hint} ` : ''}${says}: check its spelling and where it belongs, or add it to the schema.`,
    at,
  };
}

function unservedVersion({ id, type }: Resource, { name, versions }: Definition): Problem {
  const served = versions.filter((version) => version.served).map((version) => version.name);
  return {
    code: 'KIND_UNKNOWN',
    message: `${shortId(id)} is of the kind ${type}, which CustomResourceDefinition/${name} of this stack does not serve.`,
    hint: served.length > 0 ? `It serves ${served.join(', ')}: use one of these versions.` : 'It serves no version at all.',
    at: id,
  };
}

export function unknownKind(resource: Pick<Resource, 'id' | 'type'>, other: ServedKind | undefined): Problem {
  const version = other ? [other.group, other.version].filter(Boolean).join('/') : undefined;
  return {
    code: 'KIND_UNKNOWN',
    message: `${shortId(resource.id)} is of the kind ${resource.type}, which the cluster does not know.`,
    hint: version
      ? `The cluster has this kind as ${version}: use that apiVersion.`
      : 'Its CRD is not in the cluster; is it in this stack? Check apiVersion and kind, or install what brings it.',
    at: resource.id,
  };
}

interface Unasked {
  readonly live: KubeObject | undefined;
  readonly why: string;
}

/**
 * The server cannot be asked: a webhook of this object would act on it, or does not answer. It has checked the object by its schema
 * before it came to its webhooks.
 */
export function planUnasked(world: World, wish: Wish, { live, why }: Unasked): Partial<PlannedRow> {
  return {
    checked: 'offline',
    changes: live ? changesOffline(world, wish, live) : [],
    notes: [`${shortId(wish.resource.id)}: checked without the server, since ${why}`],
  };
}

export function knowsNoDryRun({ message = '' }: Status): string | undefined {
  return (
    /admission webhook "[^"]*" does not support dry run/i.exec(message)?.[0] ??
    (/does not support dry run/i.test(message) ? message : undefined)
  );
}
