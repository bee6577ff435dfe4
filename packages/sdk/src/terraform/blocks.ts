// What an element of a Terraform stack writes into the configuration, and how Terraform itself names it.
import { isObject, type Json } from '@konfig/core';
import type { IConstruct } from 'constructs';
import { isTerraformElement, isTerraformStack, type TerraformElement, type TerraformStack } from './library';

/** One block of the configuration. */
export interface Block {
  readonly element: TerraformElement;
  /** `['resource', 'aws_db_instance', 'main']`; a provider ends in its number. */
  readonly path: readonly (string | number)[];
  /** As it is written, tokens in it. */
  readonly body: unknown;
}

/** How many names lead to a block of each kind. What is not here is no block: `terraform`, `moved`, `import`. */
const depths: { readonly [kind: string]: number } = { resource: 2, data: 2, ephemeral: 2, module: 1, variable: 1, output: 1, locals: 1 };

/** The elements of a Terraform stack, without those of another stack in it. */
export function elementsOf(stack: TerraformStack): readonly TerraformElement[] {
  const found: TerraformElement[] = [];
  const visit = (construct: IConstruct): void => {
    if (isTerraformElement(construct)) found.push(construct);
    for (const child of construct.node.children) if (!isTerraformStack(child)) visit(child);
  };
  visit(stack);
  return found;
}

/** The blocks that an element writes. */
export function blocksOf(element: TerraformElement): readonly Block[] {
  return Object.entries(element.toTerraform()).flatMap(([kind, blocks]) => {
    if (kind === 'provider') return [];
    const depth = Object.hasOwn(depths, kind) ? (depths[kind] as number) : 0;
    return depth === 0 ? [] : blocksBelow(blocks, [kind], depth).map((block) => ({ element, ...block }));
  });
}

function blocksBelow(value: unknown, path: readonly string[], depth: number): readonly Omit<Block, 'element'>[] {
  if (depth === 0) return [{ path, body: value }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => blocksBelow(child, [...path, key], depth - 1));
}

/** `aws_db_instance.main`, `data.aws_vpc.main`, `module.network`; undefined for what is none of Terraform's own nodes. */
export function addressOf({ path: [kind, ...names] }: Block): string | undefined {
  switch (kind) {
    case 'resource':
      return names.join('.');
    case 'data':
    case 'module':
    case 'ephemeral':
      return [kind, ...names].join('.');
    default:
      return undefined;
  }
}

/** A field of a block that is written as a plain value. */
export function plainField({ body }: Block, field: string): Json | undefined {
  return isObject(body as Json) ? (body as { readonly [field: string]: Json })[field] : undefined;
}
