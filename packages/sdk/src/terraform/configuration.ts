// A Terraform stack as the configuration that Terraform reads.
import { isObject, type Json, type JsonObject } from '@konfig/core';
import type { IConstruct } from 'constructs';
import { addressOf, type Block, blocksOf, elementsOf } from './blocks';
import { expressionOf, isTerraformBackend, isTerraformStack, type TerraformStack } from './library';
import { tokenAt } from './marks';

/** Lets stacks find the values of each other that they use, which makes outputs and variables, until there are no more. Those that cannot, and why. */
export function prepareStacks(stacks: readonly TerraformStack[]): ReadonlyMap<TerraformStack, unknown> {
  const failed = new Map<TerraformStack, unknown>();
  const count = () => stacks.reduce((sum, stack) => sum + elementsOf(stack).length, 0);
  for (let before = -1; before !== count(); ) {
    before = count();
    for (const stack of stacks) {
      try {
        stack.prepareStack();
      } catch (error) {
        failed.set(stack, error);
      }
    }
  }
  return failed;
}

/** Did the program say where the state is kept? Asked before `prepareStacks`, which adds a file in the working directory where nothing was said. */
export function hasBackend(stack: TerraformStack): boolean {
  return stack.node.findAll().some(isTerraformBackend);
}

/** What Terraform reads, as far as the program wrote it. */
export function configurationOf(stack: TerraformStack, { keepsBackend }: { readonly keepsBackend: boolean }): JsonObject {
  const written = JSON.parse(JSON.stringify(stack.toTerraform())) as JsonObject;
  const configuration = withTriggers(withNumbers(withoutComments(written), stack) as JsonObject);
  const { terraform, ...rest } = withDependencies(configuration, stack);
  if (!isObject(terraform)) return rest;
  const { backend, ...settings } = terraform;
  const kept = keepsBackend && backend !== undefined ? { ...settings, backend } : settings;
  return Object.keys(kept).length > 0 ? { ...rest, terraform: kept } : rest;
}

/** cdktf notes what it knows of a block beside its fields, under the key that is a comment in Terraform's JSON. */
function withoutComments(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutComments);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== '//')
      .map(([key, child]) => [key, withoutComments(child)]),
  );
}

/** cdktf does not see a number of Terraform in a text right after a sign, a digit or a dot: `web-${count.index}`. */
function withNumbers(value: Json, stack: TerraformStack): Json {
  if (Array.isArray(value)) return value.map((item: Json) => withNumbers(item, stack));
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, withNumbers(child, stack)]));
  if (typeof value !== 'string') return value;
  return value.replace(/-\d\.\d+e\+2\d\d/g, (mark) => {
    const token = tokenAt(mark);
    return token ? String(expressionOf(token, stack)) : mark;
  });
}

/** In `replace_triggered_by` cdktf writes `${aws_vpc.main}`; Terraform takes a bare reference alone: https://github.com/hashicorp/terraform/blob/v1.11.4/internal/configs/resource.go */
function withTriggers(configuration: JsonObject): JsonObject {
  const { resource } = configuration;
  if (!isObject(resource)) return configuration;
  const inBlocks = (blocks: Json) => mapped(blocks, (block) => mapped(block, bareTriggers));
  return { ...configuration, resource: mapped(resource, inBlocks) };
}

function mapped(object: Json, change: (value: Json, key: string) => Json): Json {
  return isObject(object) ? Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value, key)])) : object;
}

function bareTriggers(value: Json, field: string): Json {
  if (field !== 'lifecycle') return value;
  return mapped(value, (child, key) => {
    if (key !== 'replace_triggered_by' || !Array.isArray(child)) return child;
    return child.map((one: Json) => (typeof one === 'string' ? one.replace(/^\$\{([\w.[\]"-]+)\}$/, '$1') : one));
  });
}

/** cdktf takes no notice of `node.addDependency`. */
function withDependencies(configuration: JsonObject, stack: TerraformStack): JsonObject {
  const blocks = elementsOf(stack).flatMap(blocksOf);
  const waits = blocks.flatMap((block) => {
    const addresses = awaitedBy(block, blocks, stack);
    return addresses.length > 0 ? [{ path: block.path, addresses }] : [];
  });
  return waits.reduce<Json>((whole, { path, addresses }) => withWaits(whole, path, addresses), configuration) as JsonObject;
}

function awaitedBy(block: Block, blocks: readonly Block[], stack: TerraformStack): readonly string[] {
  if (addressOf(block) === undefined) return [];
  const { scopes } = block.element.node;
  const awaited = scopes.slice(scopes.indexOf(stack) + 1).flatMap(({ node }) => node.dependencies);
  return [...new Set(awaited.flatMap((on) => addressesBelow(on, blocks)))].filter((address) => address !== addressOf(block));
}

function addressesBelow(construct: IConstruct, blocks: readonly Block[]): readonly string[] {
  return blocks.filter(({ element }) => element.node.scopes.includes(construct)).flatMap((block) => addressOf(block) ?? []);
}

function withWaits(value: Json, [key, ...path]: readonly (string | number)[], addresses: readonly string[]): Json {
  if (!isObject(value)) return value;
  if (key !== undefined) {
    const child = value[key];
    return child === undefined ? value : { ...value, [key]: withWaits(child, path, addresses) };
  }
  const before = Array.isArray(value.depends_on) ? (value.depends_on as readonly Json[]) : [];
  return { ...value, depends_on: [...new Set([...before, ...addresses])] };
}

/** The Terraform stacks in a tree. */
export function stacksIn(constructs: readonly IConstruct[]): readonly TerraformStack[] {
  return constructs.filter(isTerraformStack) as unknown as readonly TerraformStack[];
}
