// What moved inside of a Terraform stack, in Terraform's own words: https://developer.hashicorp.com/terraform/language/modules/develop/refactoring
import type { JsonObject } from '@konfig/core';
import type { IConstruct } from 'constructs';
import { type Ids, idsOf, isBelow, type Move, movesBack, movesOf } from '../former-path';
import { report } from '../synth';
import { addressOf, blocksOf, elementsOf } from './blocks';
import type { TerraformElement, TerraformStack } from './library';

/** A block for each step that a resource or module has come, the last one first: a state may be of any time between. */
export function movedBlocks(stack: TerraformStack): readonly JsonObject[] {
  const all = movesOf(stack.node.root);
  return all.length === 0 ? [] : elementsOf(stack).flatMap((element) => movesOfElement(element, stack, all));
}

function movesOfElement(element: TerraformElement, stack: TerraformStack, all: readonly Move[]): readonly JsonObject[] {
  const [block] = blocksOf(element);
  const address = block && (block.path[0] === 'resource' || block.path[0] === 'module') ? addressOf(block) : undefined;
  const name = element.friendlyUniqueId;
  // Where the program names it itself, it is called so wherever it stands.
  if (address === undefined || nameAt(idsInside(element, stack), stack) !== name) return [];
  const names = formerPlaces(element, stack, all).map((ids) => nameAt(ids, stack));
  const addresses = [name, ...names].map((one) => address.slice(0, -name.length) + one);
  return addresses.slice(1).flatMap((from, i) => (from === addresses[i] ? [] : [{ from, to: addresses[i] as string }]));
}

const wayBetweenStacks =
  "Leave this `moved` away. To keep it: give the component around it onRemoval: 'retain' where it was, and apply; then put it here with .importFrom(its id), and apply. What cannot be imported: `konfig state pull` both states, `terraform state mv -state=FILE -state-out=FILE`, and `konfig state push` both.";

function idsInside(element: IConstruct, stack: TerraformStack): Ids {
  return idsOf(element).slice(idsOf(stack).length);
}

/** Where it stood in its stack before each of its moves, the last one first. */
function formerPlaces(element: TerraformElement, stack: TerraformStack, all: readonly Move[]): readonly Ids[] {
  const places: Ids[] = [];
  let here = idsOf(element);
  let inside = idsOf(stack).length;
  for (const { from, to, line } of movesBack(here, all)) {
    if (to.length <= inside) inside += from.length - to.length;
    else if (!isBelow(from, here.slice(0, inside)) || from.length <= inside) {
      const message = `It was moved from '${from.join('/')}', which is not in its Terraform stack: each has a state of its own.`;
      report(element, { code: 'PROPS_INVALID', message, hint: wayBetweenStacks }, line);
      return places;
    }
    here = [...from, ...here.slice(to.length)];
    places.push(here.slice(inside));
  }
  return places;
}

/** How the stack calls what stands there. */
function nameAt(ids: Ids, stack: TerraformStack): string {
  // Of what is no element it wants the node alone.
  const place = { scopes: [stack, ...ids.map((id) => ({ node: { id } }))] };
  return stack.allocateLogicalId(place);
}
