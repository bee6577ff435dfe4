// What cdktf's own synthesis throws, told at the element that it throws for.
import { report } from '../synth';
import { elementsOf } from './blocks';
import { bindingsOf, expressionOf, type TerraformElement, type TerraformStack } from './library';

/** Where elements of both libraries are in one stack, that is told already, and whatever follows from it is no news. */
export function tellUnreadable(stack: TerraformStack, error: unknown): void {
  const elements = elementsOf(stack);
  if (elements.some((element) => isOfAnother(element, stack))) return;
  const message = `It cannot be written as Terraform's JSON: ${error instanceof Error ? error.message : String(error)}`;
  const culprit = elements.find((element) => !isReadable(element, stack)) ?? stack;
  report(culprit, { code: 'SPEC_INVALID', message, hint: 'Correct the value that this tells of.' });
}

function isOfAnother(element: TerraformElement, stack: TerraformStack): boolean {
  const [own, around] = [bindingsOf(element), bindingsOf(stack)];
  return own !== undefined && around !== undefined && own !== around;
}

function isReadable(element: TerraformElement, stack: TerraformStack): boolean {
  try {
    expressionOf(element.toTerraform(), stack);
    return true;
  } catch {
    return false;
  }
}
