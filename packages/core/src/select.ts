// Which resources an operation is about when it was told to mind only some: those that were named, and what they need.
import type { DependencyEdge } from './graph';
import { didYouMean } from './nearest';
import type { Problem } from './problem';
import type { StackRecord } from './release';
import { type ResourceId, type Spec, shortId, stackName } from './spec';

/** What a selection is made from. */
export interface SelectInput {
  readonly kind: 'apply' | 'destroy';
  readonly spec: Spec;
  readonly record: StackRecord | undefined;
  /** Those that the plan goes by. */
  readonly edges: readonly DependencyEdge[];
}

/** The selected ids, and a USAGE problem for each name that is nothing's. */
export interface Selection {
  readonly ids: ReadonlySet<ResourceId>;
  readonly problems: readonly Problem[];
}

/**
 * Picks resources by name: an id, a short id (`Deployment/web`), a kind (`Deployment`) or a construct's path (`shop/prod/web`, with all below it). What is wished
 * brings along what it needs; what is deleted, what depends on it.
 */
export function selectResources({ kind, spec, record, edges }: SelectInput, names: readonly string[]): Selection {
  const wished = kind === 'destroy' ? [] : spec.resources;
  const wishedIds = new Set(wished.map((resource) => resource.id));
  const removed = (record?.inventory ?? []).filter((entry) => !wishedIds.has(entry.id));
  const known = [...wished.map(({ id, path }) => ({ id, path })), ...removed.map(({ id }) => ({ id, path: undefined }))];
  const problems: Problem[] = [];
  const named = new Set<ResourceId>();
  for (const name of names) {
    const found = known.filter((one) => isNamed(one, name));
    if (found.length === 0) problems.push(unknownName(name, known, spec));
    for (const { id } of found) named.add(id);
  }
  const needs = groupBy(edges.map(({ from, on }) => [from, on]));
  const users = groupBy(removed.flatMap(({ id, dependsOn }) => dependsOn.map((on): readonly [ResourceId, ResourceId] => [on, id])));
  const ids = new Set<ResourceId>();
  const add = (id: ResourceId) => {
    if (ids.has(id)) return;
    ids.add(id);
    for (const other of (wishedIds.has(id) ? needs : users).get(id) ?? []) add(other);
  };
  for (const id of named) add(id);
  return { ids, problems };
}

interface Known {
  readonly id: ResourceId;
  readonly path: string | undefined;
}

function isNamed({ id, path }: Known, name: string): boolean {
  const short = shortId(id);
  return id === name || short === name || short.split('/')[0] === name || path === name || path?.startsWith(`${name}/`) === true;
}

function unknownName(name: string, known: readonly Known[], spec: Spec): Problem {
  const names = [...new Set(known.map(({ id }) => shortId(id)))];
  return {
    code: 'USAGE',
    message: `${stackName(spec)} has no resource ${JSON.stringify(name)}.`,
    hint: `${didYouMean(name, names)}Name it like Deployment/web, by a kind, or by the path of its construct.`,
  };
}

function groupBy(pairs: readonly (readonly [ResourceId, ResourceId])[]): ReadonlyMap<ResourceId, readonly ResourceId[]> {
  const groups = new Map<ResourceId, ResourceId[]>();
  for (const [key, value] of pairs) {
    const group = groups.get(key);
    if (group) group.push(value);
    else groups.set(key, [value]);
  }
  return groups;
}
