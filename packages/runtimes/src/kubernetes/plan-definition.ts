// A CustomResourceDefinition that changes: what its new version would take from objects that are there.
import { isObject, type JsonObject, namesText, type Problem, pathText, type Resource, shortId } from '@konfig/core';
import { type Definition, definitionOf } from './custom/definition';
import { type Loss, lossesOf } from './custom/upgrade';
import { faultsIn } from './custom/validate';
import { collectionPath } from './discovery';
import { asJson, type KubeObject } from './objects';
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
    const sample = samples.get(version) ?? sampleOf(world, before, version, signal);
    samples.set(version, sample);
    const { objects, isWhole } = await sample;
    const schema = after.versions.find(({ name }) => name === version)?.schema ?? {};
    const hit = objects.filter((object) => faultsIn(schema, object).some(({ path }) => isAt(pathText(path), loss.field)));
    if (hit.length > 0 || !isWhole)
      problems.push(problemOf(resource, loss, hit.length > 0 ? `${namesOf(hit)} would be hit` : 'objects may have it'));
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
  readonly objects: readonly JsonObject[];
  /** There are no others. */
  readonly isWhole: boolean;
}

const sampled = 500;

async function sampleOf(world: World, definition: Definition, version: string, signal: AbortSignal): Promise<Sample> {
  const { group, kind, plural, scope } = definition;
  const path = collectionPath({ group, version, kind, plural, namespaced: scope === 'Namespaced', verbs: [] });
  const answer = await world.client.request({ method: 'GET', path: `${path}?limit=${sampled}` }, signal);
  const { items, metadata } = answer.body;
  if (answer.status >= 300 || !Array.isArray(items)) return { objects: [], isWhole: false };
  return { objects: items.filter(isObject), isWhole: !(isObject(metadata) && metadata.continue) };
}

function namesOf(objects: readonly JsonObject[]): string {
  return namesText(objects.map((object) => `${String(object.kind)}/${String((object as unknown as KubeObject).metadata.name)}`));
}

/** Is the path of an object the field of a schema, in which `[]` and `*` stand for any entry? */
function isAt(path: string, field: string): boolean {
  const pattern = field
    .split(/(\[\]|\.\*)/)
    .map((part) =>
      part === '[]' ? '\\[[^\\]]*\\]' : part === '.*' ? '(?:\\.[^.[]+|\\[[^\\]]*\\])' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'),
    )
    .join('');
  return new RegExp(`^${pattern}$`).test(path);
}
