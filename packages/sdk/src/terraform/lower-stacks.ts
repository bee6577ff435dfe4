// Terraform stacks as resources of the Spec.
import {
  type Dependency,
  didYouMean,
  type Json,
  type JsonObject,
  latersIn,
  pathText,
  type Resource,
  setOwn,
  type Target,
} from '@konfig/core';
import { onRemovalOf, targetOf } from '../component';
import { finishValue, type References } from '../lower/value';
import { derivedName } from '../names';
import type { Stack } from '../stack';
import { report } from '../synth';
import { addressOf, type Block, blocksOf, elementsOf, plainField } from './blocks';
import { configurationOf, hasBackend, prepareStacks } from './configuration';
import { madeInputs } from './inputs';
import { bindingsOf, expressionOf, type TerraformStack } from './library';
import { movedBlocks } from './moved-blocks';
import { madeOutputs } from './outputs';
import { remnantProblem, remnantsIn } from './remnants';
import { isSecretExpression, textOf } from './secrecy';
import { tellUnreadable } from './unreadable';

/** The target that Terraform stacks go to where nothing else is said. */
export const defaultTarget = 'terraform';

/** A Terraform stack of the tree. */
export interface PlacedTerraform {
  readonly object: TerraformStack;
  readonly id: string;
  readonly target: string;
}

/** Terraform stacks with their ids and targets. */
export function placeStacks(stacks: readonly TerraformStack[], stack: Stack): readonly PlacedTerraform[] {
  return stacks.map((object) => {
    const target = terraformTarget(object, stack);
    return { object, id: `${target}:Terraform/${derivedName(object)}`, target };
  });
}

/** A component's target counts where it is one of Terraform: the cluster that its objects go to is none. */
function terraformTarget(object: TerraformStack, { workspace }: Stack): string {
  const target = targetOf(object);
  const known = Object.hasOwn(workspace.targets, target) ? workspace.targets[target] : undefined;
  if (known?.runtime === 'terraform') return target;
  if (target !== defaultTarget && !known) {
    const hint = `${didYouMean(target, Object.keys(workspace.targets))}Name it in the workspace: targets: { ${target}: terraform({ … }) }.`;
    report(object, {
      code: 'SPEC_TARGET',
      message: `It goes to target '${target}', which workspace '${workspace.name}' does not have.`,
      hint,
    });
  }
  return defaultTarget;
}

/** The workspace's targets, with the usual one of Terraform where something goes there. */
export function withTerraformTarget(
  targets: { readonly [name: string]: Target },
  placed: readonly PlacedTerraform[],
): { readonly [name: string]: Target } {
  const isMissing = placed.some(({ target }) => target === defaultTarget) && !Object.hasOwn(targets, defaultTarget);
  return isMissing ? { ...targets, [defaultTarget]: { runtime: 'terraform', config: {} } } : targets;
}

/** A Terraform stack, before references have their ids. */
export interface LoweredTerraform extends PlacedTerraform {
  readonly attributes: JsonObject;
  /** Its blocks, for the lines of their fields. */
  readonly blocks: readonly Block[];
}

/** Reads the stacks. All that others use of them must be known by now. */
export function lowerStacks(placed: readonly PlacedTerraform[]): readonly LoweredTerraform[] {
  const withBackend = new Set(placed.filter(({ object }) => hasBackend(object)));
  const unreadable = prepareStacks(placed.map(({ object }) => object));
  for (const [stack, error] of unreadable) tellUnreadable(stack, error);
  if (unreadable.size > 0) return [];
  return placed.flatMap((one) => {
    try {
      return [{ ...one, ...readStack(one.object, withBackend.has(one)) }];
    } catch (error) {
      tellUnreadable(one.object, error);
      return [];
    }
  });
}

function readStack(stack: TerraformStack, keepsBackend: boolean): Pick<LoweredTerraform, 'attributes' | 'blocks'> {
  const blocks = elementsOf(stack).flatMap(blocksOf);
  const written = configurationOf(stack, { keepsBackend });
  const moved = [...((written.moved as readonly Json[] | undefined) ?? []), ...movedBlocks(stack)];
  const configuration: JsonObject = moved.length > 0 ? { ...written, moved } : written;
  checkLaters(configuration, stack);
  const kept = keptResources(blocks);
  return {
    blocks,
    attributes: {
      bindings: bindingsOf(stack) ?? 'cdktf',
      configuration,
      inputs: inputsOf(stack),
      outputs: outputsOf(stack, blocks),
      constructs: constructsOf(blocks),
      ...(kept.protect.length > 0 && { protected: kept.protect }),
      ...(kept.retain.length > 0 && { retained: kept.retain }),
    },
  };
}

/** An Output has got into the configuration, past the types: Terraform would read it as a map. */
function checkLaters(configuration: JsonObject, stack: TerraformStack): void {
  for (const { path } of latersIn(configuration)) {
    report(stack, {
      code: 'SPEC_INVALID',
      message: `configuration.${pathText(path)} is an Output, which Terraform does not know.`,
      hint: 'Make it a value of Terraform: terraformValue.text(this, output).',
    });
  }
  for (const path of remnantsIn(configuration, ['configuration'])) report(stack, remnantProblem(path));
}

function inputsOf(stack: TerraformStack): JsonObject {
  return Object.fromEntries([...madeInputs(stack)].map(([name, { value }]) => [name, value]));
}

function outputsOf(stack: TerraformStack, blocks: readonly Block[]): JsonObject {
  const made = madeOutputs(stack);
  const outputs: Record<string, Json> = {};
  for (const block of blocks) {
    const [kind, name] = block.path as readonly string[];
    if (kind !== 'output' || name === undefined) continue;
    const own = made.get(name);
    if (own && !own.secret && isSecretExpression(own.expression, stack)) tellLateSecret(stack, own.expression);
    setOwn(outputs, name, { secret: own?.secret ?? isSecretOutput(block, stack) });
  }
  return outputs;
}

function isSecretOutput(block: Block, stack: TerraformStack): boolean {
  return plainField(block, 'sensitive') === true || isSecretExpression(textOf(expressionOf(plainField(block, 'value'), stack)), stack);
}

function tellLateSecret(stack: TerraformStack, expression: string): void {
  report(stack, {
    code: 'SPEC_SECRET_EXPOSED',
    message: `${expression} is said to be sensitive only after it was used as a plain value.`,
    hint: 'Make the sensitive TerraformOutput or TerraformVariable before the value is used.',
  });
}

function constructsOf(blocks: readonly Block[]): JsonObject {
  return Object.fromEntries(
    blocks.flatMap((block) => {
      const address = addressOf(block);
      return address === undefined ? [] : [[address, block.element.node.path] as const];
    }),
  );
}

function keptResources(blocks: readonly Block[]): { readonly protect: readonly string[]; readonly retain: readonly string[] } {
  const protect: string[] = [];
  const retain: string[] = [];
  for (const block of blocks) {
    const wish = block.path[0] === 'resource' ? onRemovalOf(block.element) : undefined;
    const address = addressOf(block) as string;
    if (wish === 'protect') protect.push(address);
    if (wish === 'retain') retain.push(address);
  }
  return { protect: protect.sort(), retain: retain.sort() };
}

export function terraformResource(
  { object, id, target, attributes }: LoweredTerraform,
  path: string,
  { references, dependsOn }: { readonly references: References; readonly dependsOn: readonly Dependency[] | undefined },
): Resource {
  const onRemoval = onRemovalOf(object);
  if (onRemoval === 'collect') {
    const message = "onRemoval: 'collect' is for what others in a cluster may still use; of Terraform nobody can tell.";
    report(object, { code: 'PROPS_INVALID', message, hint: "Write 'delete', 'protect' or 'retain'." });
  }
  const { value, problems } = finishValue(
    { inputs: attributes.inputs as Json },
    { kind: 'Terraform stack', mayHoldSecret: () => true, ...references },
  );
  for (const problem of problems) report(object, problem);
  return {
    id,
    target,
    runtime: 'terraform',
    type: 'terraform/Stack',
    attributes: { ...attributes, inputs: value.inputs ?? {} },
    ...(dependsOn && dependsOn.length > 0 && { dependsOn }),
    path,
    ...(onRemoval !== undefined && { onRemoval }),
  };
}
