// Values from outside of a Terraform stack, each a variable of it.
import { digest, equalJson, type Json, KonfigError, pathText } from '@konfig/core';
import { constructPrefix } from '../output';
import { libraryOf, type TerraformLibrary, type TerraformStack } from './library';
import { ownPrefix } from './secrecy';
import { slug } from './slug';

/** A variable that Konfig adds, and what it is given. */
export interface MadeInput {
  readonly element: InstanceType<TerraformLibrary['TerraformVariable']>;
  readonly value: Json;
}

export type InputType = 'string' | 'number' | 'list(string)' | 'any';

const made = new WeakMap<TerraformStack, Map<string, MadeInput>>();

/** The variables that were added to a stack. */
export function madeInputs(stack: TerraformStack): ReadonlyMap<string, MadeInput> {
  return made.get(stack) ?? new Map();
}

/** The variable that has this value. The same value is the same variable. */
export function inputOf(
  stack: TerraformStack,
  given: { readonly value: Json; readonly secret: boolean },
  type: InputType,
): MadeInput['element'] {
  const known = made.get(stack) ?? new Map<string, MadeInput>();
  made.set(stack, known);
  const name = `${ownPrefix}${nameOf(given.value)}${type === 'string' ? '' : `-${type.replace(/\W.*/, '')}`}`;
  const found = known.get(name);
  if (found && !equalJson(found.value, given.value)) throw sameName(name, stack);
  if (found) return found.element;
  const element = new (libraryOf(stack).TerraformVariable)(stack, name, { type, ...(given.secret && { sensitive: true }) });
  element.overrideLogicalId(name);
  known.set(name, { element, value: given.value });
  return element;
}

/** By what it is: `web-Service-status-loadBalancer-ingress-0-ip`, `env-DB_PASSWORD`. */
function nameOf(value: Json): string {
  const [[kind, inner] = ['', null]] = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  const hash = digest(value).slice(0, 8);
  if (kind === '$ref') {
    const { resource, path } = inner as { readonly resource: string; readonly path: never };
    return `${slug(`${resource.replace(constructPrefix, '')} ${pathText(path)}`).replace(/-[0-9a-f]{8}$/, '')}-${hash}`;
  }
  const source = kind === '$secret' ? (inner as { readonly from: string; readonly name?: string }) : undefined;
  if (source?.from === 'env' && source.name !== undefined) return `env-${source.name.replace(/\W/g, '_')}`;
  return `${source?.from ?? 'value'}-${hash}`;
}

function sameName(name: string, stack: TerraformStack): KonfigError {
  return new KonfigError({
    code: 'PROPS_INVALID',
    message: `Two values for the Terraform stack ${stack.node.path} come to one variable, ${name}.`,
    hint: 'Make a TerraformVariable of your own for one of them.',
  });
}
