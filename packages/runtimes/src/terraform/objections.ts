// What stands against a plan of Terraform, though Terraform would carry it out.
import { type PlannedPart, type Problem, shortId } from '@konfig/core';
import type { KeptStack } from './kept';
import type { PlanJson } from './plan-json';
import { canSeal } from './seal';
import { keyMissing, sensitiveIfWritten, sensitiveIn } from './sensitive';
import { withoutKey } from './state';
import type { StackWish } from './wish';
import type { TerraformWorld } from './world';

const losing: ReadonlySet<string> = new Set(['delete', 'replace']);

/** What is protected by the program, or was by the last apply: to take the protection off is a change of its own. */
export function protectedProblems(parts: readonly PlannedPart[], kept: KeptStack, wish: StackWish): readonly Problem[] {
  const held = new Set([...wish.protected, ...kept.protected]);
  return parts
    .filter(({ name, action }) => losing.has(action) && held.has(withoutKey(name)))
    .map(({ name, action, reason, at }) => ({
      code: 'RESOURCE_PROTECTED' as const,
      message: `${name} of ${shortId(wish.id)} is protected, but would be ${action === 'delete' ? 'deleted' : 'replaced'}${reason === undefined ? '' : ` (${reason})`}.`,
      hint: 'Undo that change; or release it first: set onRemoval to "delete" and apply.',
      at: at === undefined ? wish.id : `${wish.id} ${at.join('.')}`,
    }));
}

/** What is to stay in the world would be deleted all the same, to make another in its place. */
export function replacedProblems(parts: readonly PlannedPart[], { id, retained }: StackWish): readonly Problem[] {
  return parts
    .filter(({ name, action }) => action === 'replace' && retained.includes(withoutKey(name)))
    .map(({ name, reason, at }) => ({
      code: 'RESOURCE_PROTECTED',
      message: `${name} of ${shortId(id)} is to stay in the world when it goes (onRemoval "retain"), but would be replaced, which deletes it${reason === undefined ? '' : ` (${reason})`}.`,
      hint: 'Give the new one another id in the program, and the old one stays and is forgotten. Or undo that change; or let the old one go: set onRemoval to "delete".',
      at: at === undefined ? id : `${id} ${at.join('.')}`,
    }));
}

/** What is not ours to write cannot be forgotten by us. */
export function retainedProblems(staying: readonly string[], { id }: StackWish): readonly Problem[] {
  return staying.map((name) => ({
    code: 'RESOURCE_PROTECTED',
    message: `${name} of ${shortId(id)} is to stay in the world when it goes, but its state lies in the program's own backend, where Konfig forgets nothing.`,
    hint: `Take it out of the state first: terraform state rm '${name}'. Or let a removed block of the configuration do it.`,
    at: id,
  }));
}

/** `plan`: undefined while there can be none. */
export function secretProblems({ config, name }: TerraformWorld, plan: PlanJson | undefined, wish: StackWish): readonly Problem[] {
  if (canSeal(config.keys)) return [];
  const held = plan ? sensitiveIn(plan, wish) : sensitiveIfWritten(wish);
  return held.length === 0 ? [] : [keyMissing(wish, held, name)];
}
