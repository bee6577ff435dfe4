// Which resources the parts that are to be imported belong to.
import {
  didYouMean,
  type Import,
  type InventoryEntry,
  type PartImport,
  type Problem,
  type Resource,
  type StackRecord,
  shortId,
} from '@konfig/core';
import type { World } from './world';

export interface FoundImports {
  readonly imports: readonly PartImport[];
  readonly problems: readonly Problem[];
}

interface Known {
  readonly resources: readonly Resource[];
  readonly world: Pick<World, 'runtimes'>;
  readonly record: StackRecord | undefined;
}

/** The resource of each; a problem for one that no resource has, or several. */
export function importsIn(wished: readonly Import[], { resources, world: { runtimes }, record }: Known): FoundImports {
  const imports: PartImport[] = [];
  const problems: Problem[] = [...twice(wished)];
  const names = new Map(resources.map((resource) => [resource, runtimes[resource.runtime]?.partNames?.(resource) ?? []]));
  for (const { part, id, resource: of } of wished) {
    const found = resources.filter(
      (resource) => isOf(names.get(resource) ?? [], part) && (of === undefined || of === resource.id || of === shortId(resource.id)),
    );
    const [first] = found;
    const whole = resources.find((resource) => names.get(resource)?.length === 0 && [resource.id, shortId(resource.id)].includes(part));
    if (first && found.length === 1) imports.push({ resource: first.id, part, id });
    else if (whole) problems.push(...wholeProblems(whole, id, record));
    else problems.push(first ? several(part, found) : none(part, [...names.values()].flat()));
  }
  return { imports, problems };
}

/** Of what is made several times, each has a key: `aws_subnet.all[0]`. */
function isOf(names: readonly string[], part: string): boolean {
  return names.includes(part) || names.includes(part.replace(/\[(?:\d+|"[^"]*")\]$/, ''));
}

/** One thing cannot be two. */
function twice(wished: readonly Import[]): readonly Problem[] {
  const repeated = wished.filter(({ part, id }, i) => wished.slice(0, i).some((one) => one.part === part && one.id !== id));
  return repeated.map(({ part }) => ({
    code: 'USAGE',
    message: `${part} is to be imported by ${wished
      .filter((one) => one.part === part)
      .map(({ id }) => id)
      .join(' and by ')}.`,
    hint: 'Name one of them.',
  }));
}

/** What is no part of anything is known by its kind and its name, and by no other id. */
function wholeProblems(resource: Resource, id: string, record: StackRecord | undefined): readonly Problem[] {
  const name = shortId(resource.id);
  const entry = record?.inventory.find((one) => one.id === resource.id);
  if (entry?.uid === undefined) {
    return [
      {
        code: 'USAGE',
        message: `${name} is no resource of Terraform: it is taken over by its kind and name, and not by an id like ${id}.`,
        hint: 'konfig apply --adopt takes over what bears its name.',
        at: resource.id,
      },
    ];
  }
  if (idsOf(entry).includes(id)) return [];
  return [
    {
      code: 'USAGE',
      message: `${name} is managed already: it holds ${addressOf(entry)} (uid ${entry.uid}), not ${id}.`,
      hint: `An object is known by its kind and name: for a second one, give the program a second resource of that name, and apply with --adopt.`,
      at: resource.id,
    },
  ];
}

/** `shop/web`: namespace and name. */
function addressOf({ id }: Pick<InventoryEntry, 'id'>): string {
  return id.slice(id.indexOf('/') + 1);
}

function idsOf(entry: InventoryEntry): readonly (string | undefined)[] {
  const { id, uid } = entry;
  return [id, shortId(id), addressOf(entry), addressOf(entry).split('/').at(-1), uid];
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
