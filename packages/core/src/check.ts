// Errors in a Spec that can be seen without the world: all of them at once.
import { arrange, type DependencyEdge } from './graph';
import { isObject } from './json';
import type { Problem } from './problem';
import {
  type Resource,
  type ResourceId,
  type SourceTable,
  type Spec,
  shortId,
  sourceOf,
  specVersion,
  stackName,
  type Target,
} from './spec';
import { refsIn } from './value';

/** Every error of a Spec that can be seen without the world. `edges` are those of `edgesOf`; without them cycles are not looked for. */
export function checkSpec(spec: Spec, sources: SourceTable, edges: readonly DependencyEdge[] = []): readonly Problem[] {
  if (spec.version !== specVersion) {
    return [
      {
        code: 'SPEC_VERSION',
        message: `The Spec says version ${JSON.stringify(spec.version)}, but this Konfig reads ${specVersion}.`,
        hint: 'Use the same version of @konfig/sdk and @konfig/cli: npm ls @konfig/sdk @konfig/cli.',
      },
    ];
  }
  return [
    ...checkIds(spec, sources),
    ...checkTargets(spec, sources),
    ...checkReferences(spec, sources),
    ...checkCycles(spec, sources, edges),
  ];
}

function checkIds(spec: Spec, sources: SourceTable): readonly Problem[] {
  const seen = new Map<ResourceId, string>();
  const problems: Problem[] = [];
  for (const resource of spec.resources) {
    const first = seen.get(resource.id);
    if (first !== undefined) {
      problems.push({
        code: 'SPEC_DUPLICATE',
        message: `${shortId(resource.id)} is made twice: by ${first} and by ${resource.path}.`,
        hint: 'Give one of them another name, or another namespace.',
        at: resource.id,
        ...placeOf(sources, resource.id),
      });
    }
    seen.set(resource.id, resource.path);
    if (!isObject(resource.attributes)) {
      problems.push({
        code: 'SPEC_INVALID',
        message: `${resource.id} has attributes that are not an object.`,
        at: resource.id,
        ...placeOf(sources, resource.id),
      });
    }
  }
  return problems;
}

function checkTargets(spec: Spec, sources: SourceTable): readonly Problem[] {
  return spec.resources.flatMap((resource) => {
    const target = Object.hasOwn(spec.targets, resource.target) ? spec.targets[resource.target] : undefined;
    if (target?.runtime === resource.runtime) return [];
    const problem = target ? wrongRuntime(resource, target, spec) : unknownTarget(resource, spec);
    return [{ code: 'SPEC_TARGET' as const, ...problem, at: resource.id, ...placeOf(sources, resource.id) }];
  });
}

function unknownTarget({ id, target }: Resource, { workspace, targets }: Spec): Pick<Problem, 'message' | 'hint'> {
  return {
    message: `${shortId(id)} goes to the target ${JSON.stringify(target)}, which workspace ${workspace} does not have.`,
    hint: `Its targets are: ${Object.keys(targets).join(', ') || 'none'}.`,
  };
}

function wrongRuntime({ id, runtime, target: name }: Resource, target: Target, { workspace }: Spec): Pick<Problem, 'message' | 'hint'> {
  return {
    message: `${shortId(id)} is of the runtime ${JSON.stringify(runtime)}, but the target ${name} of workspace ${workspace} is of ${JSON.stringify(target.runtime)}.`,
    hint: `Send it to a target of the runtime ${runtime}.`,
  };
}

function checkReferences(spec: Spec, sources: SourceTable): readonly Problem[] {
  const known = new Set(spec.resources.map((resource) => resource.id));
  return spec.resources.flatMap((resource) => {
    const wished = [
      ...refsIn(resource.attributes).map((ref) => ref.resource),
      ...(resource.dependsOn ?? []).map((dependency) => dependency.on),
    ];
    return [...new Set(wished)]
      .filter((id) => !known.has(id))
      .map((id) => ({
        code: 'SPEC_REFERENCE' as const,
        message: `${shortId(resource.id)} refers to ${id}, which is not in ${stackName(spec)}.`,
        hint: 'Add that resource to the stack, or remove the reference.',
        at: resource.id,
        ...placeOf(sources, resource.id),
      }));
  });
}

function checkCycles(spec: Spec, sources: SourceTable, edges: readonly DependencyEdge[]): readonly Problem[] {
  const { cycles } = arrange(
    spec.resources.map((resource) => resource.id),
    edges,
  );
  const runtimes = new Map(spec.resources.map(({ id, runtime }) => [id, runtime]));
  return cycles.map((cycle) => {
    const lines = cycle.slice(0, -1).map((id) => {
      const source = sourceOf(sources, id);
      return `${shortId(id)}${source ? ` (${source.file}:${source.line})` : ''}`;
    });
    return {
      code: 'SPEC_CYCLE' as const,
      message: `${shortId(cycle[0] as string)} waits for itself: ${[...lines, shortId(cycle[0] as string)].join(' → ')}.`,
      hint: cycle.some((id) => runtimes.get(id) === 'terraform') ? splitStack : 'Remove one of these dependencies.',
      at: cycle[0] as string,
      ...placeOf(sources, cycle[0] as string),
    };
  });
}

const splitStack =
  'Split the Terraform stack in two: one that the others use, and one that uses them. Each Terraform stack is planned and applied as a whole.';

function placeOf(sources: SourceTable, id: ResourceId): Pick<Problem, 'source'> {
  const source = sourceOf(sources, id);
  return source ? { source } : {};
}
