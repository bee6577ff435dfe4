// Which resources the parts that are to be imported belong to.
import { didYouMean, type Import, type PartImport, type Problem, type Resource, shortId } from '@konfig/core';
import type { World } from './world';

export interface FoundImports {
  readonly imports: readonly PartImport[];
  readonly problems: readonly Problem[];
}

/** The resource of each; a problem for one that no resource has, or several. */
export function importsIn(resources: readonly Resource[], wished: readonly Import[], { runtimes }: Pick<World, 'runtimes'>): FoundImports {
  const imports: PartImport[] = [];
  const problems: Problem[] = [];
  const names = new Map(resources.map((resource) => [resource, runtimes[resource.runtime]?.partNames?.(resource) ?? []]));
  for (const { part, id, resource: of } of wished) {
    const found = resources.filter(
      (resource) => names.get(resource)?.includes(part) && (of === undefined || of === resource.id || of === shortId(resource.id)),
    );
    const [first] = found;
    if (first && found.length === 1) imports.push({ resource: first.id, part, id });
    else problems.push(first ? several(part, found) : none(part, [...names.values()].flat()));
  }
  return { imports, problems };
}

function none(part: string, known: readonly string[]): Problem {
  return {
    code: 'USAGE',
    message: `Nothing in this stack is called ${part}.`,
    hint:
      known.length === 0
        ? 'It has no Terraform stack. Kubernetes objects are taken over by konfig apply --adopt.'
        : `${didYouMean(part, known)}It has ${listText(known)}.`,
  };
}

function several(part: string, found: readonly Resource[]): Problem {
  const names = found.map(({ id }) => shortId(id));
  return {
    code: 'USAGE',
    message: `${part} is in ${names.join(' and in ')}.`,
    hint: `Say which: --in ${names[0]}.`,
  };
}

const mostNames = 8;

function listText(names: readonly string[]): string {
  const shown = names.slice(0, mostNames).join(', ');
  return names.length > mostNames ? `${shown} and ${names.length - mostNames} more` : shown;
}
