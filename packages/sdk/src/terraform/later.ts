// Values of Terraform in the rest of a program: tokens are found, whole or in a text, and become references.
import { KonfigError } from '@konfig/core';
import { Construct } from 'constructs';
import { concat } from '../put-together';
import { activeSynth, synthOf } from '../synth';
import { isTerraformStack, type TerraformStack, type TerraformToken, terraformStackOf, tokenMap } from './library';
import { isToken, tokenAt, tokenOf } from './marks';
import { stackOutput, type TerraformLater, type Wanted } from './outputs';
import { textParts } from './text-parts';

/** The value with references where tokens of Terraform stand in it, whole or in a text; undefined where none does. Looks into no list or map. */
export function terraformLater(value: unknown, wanted: Wanted = {}): TerraformLater | undefined {
  if (!tokenMap()) return undefined;
  if (typeof value === 'string') return laterText(value, wanted);
  const token = tokenOf(value);
  return token && referenceTo(token, wanted);
}

/** Is it a token of Terraform, or a text with one? Nothing becomes an output by asking. */
export function isOfTerraform(value: unknown): boolean {
  if (!tokenMap()) return false;
  return typeof value === 'string' ? textParts(value, () => null) !== undefined : tokenOf(value) !== undefined;
}

/** What is a text in the program is one when it is known, whatever Terraform has there. */
function laterText(text: string, wanted: Wanted): TerraformLater | undefined {
  const whole = /^\$\{TfToken\[[^\]]+\]\}$/.test(text) ? tokenAt(text) : undefined;
  if (whole && isUntyped(whole)) return referenceTo(whole, wanted);
  let secret = false;
  const parts = textParts(text, (token) => {
    const later = referenceTo(token, wanted);
    secret ||= later.secret;
    return later.value;
  });
  return parts && { value: concat(parts), secret };
}

/** What a function gives that may give anything (`Fn.lookup`, `Fn.element`) looks like a text, and is `any` in its types. */
function isUntyped(token: TerraformToken): boolean {
  return 'args' in token;
}

function referenceTo(token: TerraformToken, wanted: Wanted): TerraformLater {
  return stackOutput(stackOfToken(token), token, wanted);
}

/** The stack whose value a token is: the first that is found in it. Others come to it as they come to any other stack. */
function stackOfToken(token: TerraformToken): TerraformStack {
  const found = originIn(token, new Set()) ?? onlyStack();
  if (!found) {
    throw new KonfigError({
      code: 'SPEC_REFERENCE',
      message: 'A value of Terraform does not say which Terraform stack it is of.',
      hint: 'Put it into a TerraformOutput of its stack, and use a plain attribute of a resource here.',
    });
  }
  if (synthOf(found) !== activeSynth()) {
    throw new KonfigError({
      code: 'SPEC_REFERENCE',
      message: `A value of the Terraform stack ${found.node.path} is used, which is not in this stack.`,
      hint: 'Make the Terraform stack in the function of the stack that uses it.',
    });
  }
  return found;
}

function originIn(value: unknown, seen: Set<unknown>): TerraformStack | undefined {
  if (typeof value === 'string') return firstOf(tokensIn(value), (token) => originIn(token, seen));
  if (typeof value === 'number') return originIn(tokenOf(value), seen);
  if (typeof value !== 'object' || value === null || seen.has(value)) return undefined;
  seen.add(value);
  if (isTerraformStack(value)) return value;
  if (Construct.isConstruct(value)) return terraformStackOf(value);
  const token = isToken(value) ? undefined : tokenOf(value);
  return token ? originIn(token, seen) : firstOf(Object.values(value), (child) => originIn(child, seen));
}

function tokensIn(text: string): readonly TerraformToken[] {
  const tokens: TerraformToken[] = [];
  textParts(text, (token) => {
    tokens.push(token);
    return null;
  });
  return tokens;
}

function firstOf<T, R>(values: readonly T[], find: (value: T) => R | undefined): R | undefined {
  for (const value of values) {
    const found = find(value);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A token may tell nothing of itself before it is resolved; where there is one stack, it is of that. */
function onlyStack(): TerraformStack | undefined {
  const stacks = activeSynth()?.root?.node.findAll().filter(isTerraformStack) ?? [];
  return stacks.length === 1 ? (stacks[0] as unknown as TerraformStack) : undefined;
}
