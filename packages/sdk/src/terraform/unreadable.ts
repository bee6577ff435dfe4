// What cdktf's own synthesis throws, told at the element that it throws for.
import { report } from '../synth';
import { elementsOf } from './blocks';
import { bindingsOf, expressionOf, type TerraformElement, type TerraformStack } from './library';

/** Where elements of both libraries are in one stack, that is told already, and whatever follows from it is no news. */
export function tellUnreadable(stack: TerraformStack, error: unknown): void {
  const elements = elementsOf(stack);
  if (elements.some((element) => isOfAnother(element, stack))) return;
  const culprit = elements.find((element) => !isReadable(element, stack)) ?? stack;
  const said = error instanceof Error ? error.message : String(error);
  // What a function of cdktn asks of its stack, and cdktf's has not: https://github.com/open-constructs/cdk-terrain
  if (/_record(Provider)?FunctionUsage is not a function/.test(said)) {
    const message = `It uses a function of cdktn (Fn), and its Terraform stack '${stack.node.id}' is of cdktf.`;
    report(culprit, { code: 'PROPS_INVALID', message, hint: 'Import Fn from cdktf, as the stack is.' });
    return;
  }
  // Some of what cdktf throws tells its own lines too.
  const message = `It cannot be written as Terraform's JSON: ${said.replace(/\n\s+at .*/s, '')}`;
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
