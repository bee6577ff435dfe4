// Outputs of a stack: what others read of them, now and after a plan.
import { equalJson, type FieldChange, type Json, type JsonObject, type PlannedPart, setOwn } from '@konfig/core';
import { holdsTrue } from './fields';
import type { KeptStack } from './kept';
import { idle } from './parts';
import type { Change, PlanJson } from './plan-json';
import { configurationDigest, type Outputs, type StackWish } from './wish';

/** Changes of the stack that are no resource's: outputs, where nothing else changes, and what is protected or retained. */
export function ownChanges(plan: PlanJson, parts: readonly PlannedPart[], kept: KeptStack, wish: StackWish): readonly FieldChange[] {
  const lists = (['protected', 'retained'] as const).flatMap((list): readonly FieldChange[] => {
    const [before, after] = [[...kept[list]].sort(), [...wish[list]].sort()];
    return equalJson(before, after) ? [] : [{ path: [list], before, after }];
  });
  if (parts.some(({ action }) => !idle.has(action))) return lists;
  const outputs = Object.entries(plan.output_changes ?? {}).filter(
    ([name, change]) => isReal(change) && !isOnlyMarked(name, change, { kept, wish }),
  );
  return [
    ...lists,
    ...outputs.map(([name, { before, after, before_sensitive, after_sensitive, actions }]): FieldChange => {
      const path = ['outputs', name];
      const isSecret = isSecretOutput(name, [wish, kept]) ?? (holdsTrue(before_sensitive) || holdsTrue(after_sensitive));
      if (isSecret) return { path, sensitive: true };
      return {
        path,
        ...(actions.includes('create') ? {} : { before: before ?? null }),
        ...(actions.includes('delete') ? {} : { after: after ?? null }),
      };
    }),
  ];
}

/** States of an older Konfig call all of them sensitive: that one is so no more tells nobody anything. */
function isOnlyMarked(name: string, { before, after, after_unknown: unknown }: Change, { kept, wish }: Known): boolean {
  return !holdsTrue(unknown) && equalJson(before, after) && kept.outputs[name]?.secret === wish.outputs[name]?.secret;
}

interface Known {
  readonly kept: KeptStack;
  readonly wish: StackWish;
}

/** As the program says, or said of one that has gone: states of an older Konfig call all of them sensitive that it has added. */
export function isSecretOutput(name: string, told: readonly { readonly outputs: Outputs }[]): boolean | undefined {
  return told.find(({ outputs }) => outputs[name])?.outputs[name]?.secret;
}

/** A release must know of another configuration, though it changes nothing now: by that of the last one a stack is destroyed, and looked at for drift. */
export function rewritten({ configuration }: KeptStack, wish: StackWish): readonly FieldChange[] {
  if (configuration === undefined || configuration === configurationDigest(wish)) return [];
  return [{ path: ['configuration'], before: 'as applied', after: 'as written now', isOurs: true }];
}

/** What others will read of it once this was applied, as far as Terraform knows. */
export function aheadOf({ output_changes: changes = {} }: PlanJson, wish: StackWish): JsonObject {
  const known = Object.entries(changes).filter(
    ([, { actions, after_unknown: unknown }]) => !actions.includes('delete') && !holdsTrue(unknown),
  );
  return told(
    known.map(([name, { after, after_sensitive: mark }]) => ({
      name,
      value: after ?? null,
      isSecret: wish.outputs[name]?.secret ?? holdsTrue(mark),
    })),
  );
}

/** Outputs as others refer to them. */
export function told(outputs: readonly { readonly name: string; readonly value: Json; readonly isSecret: boolean }[]): JsonObject {
  const [open, secret]: [Record<string, Json>, Record<string, Json>] = [{}, {}];
  for (const { name, value, isSecret } of outputs) setOwn(isSecret ? secret : open, name, value);
  return { outputs: open, secrets: secret };
}

export function isReal({ actions }: { readonly actions: readonly string[] }): boolean {
  return !actions.every((action) => action === 'no-op');
}

/** Outputs as others refer to them: which of them are secret was written down at the last apply. */
export function readOf({ state, outputs }: KeptStack): JsonObject | undefined {
  if (!state) return undefined;
  return told(
    Object.entries(state.outputs).map(([name, { value, sensitive }]) => ({ name, value, isSecret: outputs[name]?.secret ?? sensitive })),
  );
}
