// The outputs that Konfig adds to a Terraform stack: one for each value that the rest of the program uses.
import type { Json } from '@konfig/core';
import { constructPrefix, exposedKey } from '../output';
import { expressionOf, libraryOf, type TerraformStack, type TerraformToken } from './library';
import { isSecretExpression, ownPrefix, textOf } from './secrecy';
import { slug } from './slug';

/** What stands for a value of Terraform until it is known. */
export interface TerraformLater {
  readonly value: Json;
  readonly secret: boolean;
}

/** How a value is to be referred to. */
export interface Wanted {
  /** Said by the program. Default: by its expression. */
  readonly isSecret?: true;
}

/** What was made an output of each stack, by its name. */
const made = new WeakMap<TerraformStack, Map<string, MadeOutput>>();

/** An output that Konfig adds. */
export interface MadeOutput {
  readonly expression: string;
  readonly secret: boolean;
}

/** The outputs that were added to a stack. */
export function madeOutputs(stack: TerraformStack): ReadonlyMap<string, MadeOutput> {
  return made.get(stack) ?? new Map();
}

/** A reference to what an expression of a stack gives, or a token of it; it becomes an output of the stack. */
export function stackOutput(stack: TerraformStack, given: string | TerraformToken, wanted: Wanted = {}): TerraformLater {
  const expression = textOf(expressionOf(given, stack));
  const outputs = made.get(stack) ?? new Map<string, MadeOutput>();
  made.set(stack, outputs);
  const name = `${ownPrefix}${slug(expression)}${wanted.isSecret ? '-secret' : ''}`;
  const output = outputs.get(name) ?? { expression, secret: wanted.isSecret ?? isSecretExpression(expression, stack) };
  if (!outputs.has(name)) {
    const { TerraformOutput } = libraryOf(stack);
    // Of what is none, Terraform itself refuses whatever it knows to be sensitive.
    new TerraformOutput(stack, name, { value: given, ...(output.secret && { sensitive: true }), staticId: true });
    outputs.set(name, output);
  }
  const path = [output.secret ? 'secrets' : 'outputs', name];
  const ref = { $ref: { resource: constructPrefix + stack.node.path, path } };
  return { value: expression.includes('nonsensitive(') ? { [exposedKey]: ref } : ref, secret: output.secret };
}
