// What cdktf and cdktn expect of the root of a tree: https://github.com/hashicorp/terraform-cdk/blob/main/packages/cdktf/lib/app.ts
import type { Construct } from 'constructs';
import { inputOf } from './inputs';
import type { TerraformStack } from './library';
import { stackOutput } from './outputs';

const brand = Symbol.for('cdktf/App');

/** Lets Terraform stacks stand anywhere below this construct. */
export function takeTerraformStacks(root: Construct): void {
  Object.defineProperty(root, brand, { value: true });
  Object.defineProperty(root, 'crossStackReference', { value: crossStackReference });
}

/** Asked where a value of one Terraform stack is used in another one. In cdktf that reads the other's state; here it is a value that is waited for. */
function crossStackReference(from: TerraformStack, to: TerraformStack, expression: string): string {
  const { value, secret } = stackOutput(from, `\${${expression}}`);
  return inputOf(to, { value, secret }, 'any').stringValue;
}
