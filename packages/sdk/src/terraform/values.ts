// What a program says where values go from one world to the other.
import { KonfigError } from '@konfig/core';
import type { IConstruct } from 'constructs';
import { isOutput, Output, type Value } from '../output';
import { shown } from '../shape';
import { type InputType, inputOf, type MadeInput } from './inputs';
import { terraformLater } from './later';
import { terraformStackOf } from './library';

/**
 * Values that are known only later, or are secret, in a Terraform stack: a field of a Kubernetes object, a secret, what a company's own service tells.
 * Each becomes a variable of the stack, sensitive where it is a secret, and the stack waits for it.
 *
 * ```ts
 * new DbInstance(this, 'main', { password: terraformValue.text(this, secret.env('DB_PASSWORD')), … });
 * ```
 * The first argument is a construct in the Terraform stack that uses it. What is no Output is given back as it is.
 * @throws KonfigError PROPS_INVALID where that is in no Terraform stack.
 */
export const terraformValue = {
  /** A text: for `string`. */
  text(scope: IConstruct, value: Value<string>): string {
    return isOutput(value) ? variable(scope, value, 'string').stringValue : value;
  },
  /** A number: for `number`. */
  number(scope: IConstruct, value: Value<number>): number {
    return isOutput(value) ? variable(scope, value, 'number').numberValue : value;
  },
  /** A list of texts: for `string[]`. */
  list(scope: IConstruct, value: Value<readonly string[]>): string[] {
    return isOutput(value) ? variable(scope, value, 'list(string)').listValue : (value as string[]);
  },
};

function variable(scope: IConstruct, output: Output<unknown>, type: InputType): MadeInput['element'] {
  const stack = terraformStackOf(scope);
  if (stack) return inputOf(stack, { value: output.resolve(), secret: output.secret }, type);
  throw new KonfigError({
    code: 'PROPS_INVALID',
    message: `terraformValue was called for ${scope.node.path || 'the stack'}, which is in no Terraform stack.`,
    hint: 'Give it the TerraformStack, or a construct in it: terraformValue.text(this, value).',
  });
}

/**
 * Says that a value of Terraform is a secret where its name does not: `secretValue(license.content)`. Attributes that are called like a secret
 * (`password`, `token`, `private_key` …), sensitive outputs and what follows from sensitive variables are secrets anyway.
 * @throws KonfigError PROPS_INVALID for what is no value of a Terraform stack.
 */
export function secretValue<T extends string | number | readonly string[]>(value: T): Output<T> {
  const later = terraformLater(value, { isSecret: true });
  if (later) return new Output<T>(later.value, true);
  throw new KonfigError({
    code: 'PROPS_INVALID',
    message: `secretValue was given ${shown(value)}, which is no value of a Terraform stack.`,
    hint: "Give it an attribute of a Terraform resource; a secret from elsewhere is named by secret.env('NAME') and its like.",
  });
}
