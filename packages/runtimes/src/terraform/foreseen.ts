// What a stack that waits for a value would do if the value were what it was last: a literal field that makes another resource necessary is known so
// before the stack's turn.
import { isKonfigError, type PartAction, type PartImport, type PlannedPart } from '@konfig/core';
import { asLastTold } from './kept-inputs';
import { planStack } from './plan-stack';
import { liveOf, type Seen } from './seen';
import { withoutKey } from './state';
import type { StackWish } from './wish';
import type { TerraformWorld } from './world';

/** Empty where there is nothing to compare with: it was never applied, or what it took was not kept. */
export async function foreseenParts(
  world: TerraformWorld,
  wish: StackWish,
  { imports, ...seen }: Seen & { readonly imports: readonly PartImport[] },
  signal: AbortSignal,
): Promise<readonly PlannedPart[]> {
  const last = asLastTold(wish, seen.kept);
  if (!liveOf(seen.kept) || !last.isWhole) return [];
  try {
    return (await planStack(world, last.wish, { mode: 'apply', imports, ...seen }, signal)).row.parts;
  } catch (error) {
    // The old value may be just what is wrong with it; it has another by then.
    if (signal.aborted || !isKonfigError(error)) throw error;
    return [];
  } finally {
    // This plan is carried out by nobody.
    world.saved.delete(wish.id);
  }
}

const foretelling: ReadonlySet<PartAction> = new Set<PartAction>(['create', 'update', 'replace']);

/** What was listed, and of it what would become of it with the last values. Of those that are listed as one, the worst. */
export function withForeseen(listed: readonly PlannedPart[], foreseen: readonly PlannedPart[]): readonly PlannedPart[] {
  return listed.map((part) => {
    if (part.action !== 'update') return part;
    const its = foreseen.filter(({ name, action }) => foretelling.has(action) && (name === part.name || withoutKey(name) === part.name));
    const found = its.find(({ action }) => action === 'replace') ?? its.find(({ name }) => name === part.name);
    if (!found) return part;
    const { action, reason, createsFirst, changes } = found;
    return {
      ...part,
      action,
      ...(reason === undefined ? {} : { reason }),
      ...(createsFirst ? { createsFirst } : {}),
      changes: found.name === part.name ? changes : [],
    };
  });
}
