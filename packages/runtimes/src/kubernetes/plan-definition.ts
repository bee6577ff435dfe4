// A CustomResourceDefinition that changes: what its new version would take from objects that are there.
import { isObject, namesText, type Problem, pathText, type Resource, shortId } from '@konfig/core';
import { shortName } from './address';
import { type Definition, definitionOf } from './custom/definition';
import { type Loss, lossesOf } from './custom/upgrade';
import { faultsIn } from './custom/validate';
import { collectionPath } from './discovery';
import { asJson, asObject, type KubeObject } from './objects';
import type { World } from './world';

export async function upgradeProblems(
  world: World,
  resource: Resource,
  live: KubeObject,
  signal: AbortSignal,
): Promise<readonly Problem[]> {
  const before = definitionOf(asJson(live));
  const after = definitionOf(resource.attributes);
  if (!before || !after) return [];
  const problems: Problem[] = [];
  const samples = new Map<string, Promise<Sample>>();
  for (const loss of lossesOf(before, after)) {
    const { version } = loss;
    if (version === undefined) {
      problems.push(problemOf(resource, loss));
      continue;
    }
    const sample = samples.get(version) ?? sampleOf(world, { before, after, version }, signal);
    samples.set(version, sample);
    const { objects, isWhole } = await sample;
    const isLost = pathsAt(loss.field);
    const hit = objects.filter(({ faults }) => faults.some((path) => isLost.test(path))).map(({ name }) => name);
    if (hit.length > 0 || !isWhole)
      problems.push(problemOf(resource, loss, hit.length > 0 ? `${namesText(hit)} would be hit` : 'objects may have it'));
  }
  return problems;
}

function problemOf({ id }: Resource, { field, message, isFatal, version }: Loss, who?: string): Problem {
  const where = version === undefined ? field : `${field} of version ${version}`;
  return {
    code: 'RESOURCE_REJECTED',
    message: `${shortId(id)}: ${where}: ${message}${who ? `; ${who}` : ''}.`,
    hint: isFatal
      ? 'Keep the version, served: false, until all objects are stored in another one and it is gone from status.storedVersions.'
      : 'Keep it, or change the objects and clients first.',
    at: version === undefined ? `${id} ${field}` : `${id} spec.versions[name=${version}].schema`,
    ...(isFatal ? {} : { severity: 'warning' as const }),
  };
}

interface Sample {
  /** Objects, with the paths of what the new schema has against them. */
  readonly objects: readonly { readonly name: string; readonly faults: readonly string[] }[];
  /** There are no others. */
  readonly isWhole: boolean;
}

const sampled = 500;

interface Upgrade {
  readonly before: Definition;
  readonly after: Definition;
  readonly version: string;
}

async function sampleOf(world: World, { before, after, version }: Upgrade, signal: AbortSignal): Promise<Sample> {
  const { group, kind, plural, scope } = before;
  const path = collectionPath({ group, version, kind, plural, namespaced: scope === 'Namespaced', verbs: [] });
  const answer = await world.client.request({ method: 'GET', path: `${path}?limit=${sampled}` }, signal);
  const { items, metadata } = answer.body;
  if (answer.status >= 300 || !Array.isArray(items)) return { objects: [], isWhole: false };
  const schema = after.versions.find(({ name }) => name === version)?.schema ?? {};
  const objects = items.filter(isObject).map((object) => ({
    name: shortName({ ...asObject(object), kind }),
    faults: faultsIn(schema, object).map(({ path }) => pathText(path)),
  }));
  return { objects, isWhole: !(isObject(metadata) && metadata.continue) };
}

/** The paths of objects that are the field of a schema, in which `[]` and `*` stand for any entry. */
function pathsAt(field: string): RegExp {
  const pattern = field
    .split(/(\[\]|\.\*)/)
    .map((part) =>
      part === '[]' ? '\\[[^\\]]*\\]' : part === '.*' ? '(?:\\.[^.[]+|\\[[^\\]]*\\])' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'),
    )
    .join('');
  return new RegExp(`^${pattern}$`);
}
