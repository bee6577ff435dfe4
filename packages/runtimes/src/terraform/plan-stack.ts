// One stack, planned by Terraform.
import { digest, type FieldChange, type PartImport, type PlannedPart, type PlannedRow, type ResourceId, shortId } from '@konfig/core';
import { markData } from './data-kinds';
import { warningsIn } from './diagnostics';
import { closeFolder } from './folder';
import { marksOf } from './held-secrets';
import { importLosses, importProblems, letGoProblems, withImports } from './imports';
import type { KeptStack } from './kept';
import { inputChanges } from './kept-inputs';
import { makePlan } from './make-plan';
import { markProblems } from './mark';
import { protectedProblems, replacedProblems, retainedProblems, secretProblems } from './objections';
import { isReal, ownChanges, rewritten } from './outputs';
import { pullOver } from './own-backend';
import { idle, partsOf } from './parts';
import type { PlanJson } from './plan-json';
import { openRootModule } from './root-module';
import { forgottenOf, liveOf, type Mode, retakenIn, type Seen, viewOf } from './seen';
import { refuseTurnover, turnoverWarning, turnsOver } from './turnover';
import { hasOwnBackend, type StackWish, wishDigest } from './wish';
import type { TerraformWorld } from './world';

/** A row that says nothing yet. */
export function emptyRow(id: ResourceId): PlannedRow {
  return { id, changes: [], immutable: [], replaceable: true, checked: 'server', notes: [], problems: [] };
}

/** A plan that Terraform has made, and what it shows. */
export interface PlannedStack {
  readonly row: PlannedRow & { readonly parts: readonly PlannedPart[] };
  readonly plan: PlanJson;
}

/** How a stack is to be planned. */
interface Asked extends Seen {
  readonly mode: Mode;
  readonly imports?: readonly PartImport[];
}

/** Plans it, and remembers the plan where nothing stands against it. */
export async function planStack(
  world: TerraformWorld,
  wish: StackWish,
  { mode, home, kept, rescued, imports = [] }: Asked,
  signal: AbortSignal,
): Promise<PlannedStack> {
  refuseTurnover(world, wish, kept);
  const importing = withImports(wish, imports, kept);
  const module = await openRootModule(world, importing, signal);
  try {
    const pulled = hasOwnBackend(wish) ? await pullOver(world, wish, { module, kept, ...(rescued ? { rescued } : {}) }, signal) : kept;
    if (hasOwnBackend(wish)) refuseTurnover(world, wish, pulled);
    const staying = forgottenOf(pulled, wish, mode);
    const forgotten = hasOwnBackend(wish) ? [] : staying;
    const retaken = hasOwnBackend(wish) ? [] : retakenIn(pulled, importing);
    const view = viewOf(pulled, { forgotten, retaken });
    const made = await makePlan(world, wish, module, { mode, view, kept: pulled, signal });
    const parts: readonly PlannedPart[] = [
      ...markData(partsOf(made.plan, wish, pulled.mark)),
      ...forgotten.map((name) => ({ name, action: 'forget' as const, reason: 'retained', changes: [] })),
    ];
    const live = liveOf(pulled);
    const problems = [
      ...protectedProblems(parts, kept, wish),
      ...replacedProblems(parts, wish),
      ...(hasOwnBackend(wish) ? retainedProblems(staying, wish) : []),
      ...(mode === 'apply' ? secretProblems(world, made.plan, wish) : []),
      ...importProblems(pulled, wish, imports),
      ...importLosses(made.plan, wish),
      ...letGoProblems(pulled, importing, retaken),
      ...markProblems(pulled, importing, { mode, stack: world.stack }),
    ];
    const takenUp = takenUpFrom(wish, { home, kept, pulled, isRescued: rescued !== undefined });
    const isIdle = parts.every(({ action }) => idle.has(action));
    if (mode === 'apply' && !isIdle && turnsOver(world, wish, pulled)) problems.push(turnoverWarning(world, wish));
    const told = isIdle ? inputChanges(wish, kept, world) : [];
    const own = [...ownChanges(made.plan, parts, kept, wish), ...told, ...takenUp];
    const changes = mode !== 'apply' || !live ? [] : isIdle && own.length === 0 ? rewritten(kept, wish) : own;
    if (!problems.some(({ severity }) => severity !== 'warning')) {
      const isEmpty =
        parts.every(({ action }) => idle.has(action) || action === 'forget') && !Object.values(made.plan.output_changes ?? {}).some(isReal);
      world.saved.set(wish.id, {
        bytes: made.bytes,
        madeFor: madeFor(wish, pulled),
        ...(view === undefined ? {} : { view }),
        parts,
        marks: marksOf(made.plan),
        isEmpty: isEmpty && live !== undefined,
      });
    }
    const notes = [
      ...warningsIn(made.said),
      ...(rescued && !hasOwnBackend(wish) ? [`${shortId(wish.id)} goes on from the state that was rescued as ${rescued.file}.`] : []),
    ];
    const replaceable = !parts.some(({ losesData }) => losesData);
    return { row: { ...emptyRow(wish.id), ...(live ? { live } : {}), changes, parts, replaceable, notes, problems }, plan: made.plan };
  } finally {
    closeFolder(module.folder);
  }
}

interface Known extends Pick<Seen, 'home'> {
  readonly kept: KeptStack;
  readonly pulled: KeptStack;
  readonly isRescued: boolean;
}

/** That a state is taken up into the store is work, even where no resource changes: others read it from there. So is that it gets another key. */
function takenUpFrom(wish: StackWish, { home, kept, pulled, isRescued }: Known): readonly FieldChange[] {
  const path = ['state'];
  const isCopied = kept.state?.lineage === pulled.state?.lineage && kept.state?.serial === pulled.state?.serial;
  if (hasOwnBackend(wish) && (isRescued || !isCopied)) return [{ path, before: 'as kept', after: 'as in its backend' }];
  if (isRescued) return [{ path, before: 'as kept', after: 'as rescued' }];
  return home.resealing ? [{ path, ...home.resealing, isOurs: true }] : [];
}

/** Of the wish and of the state that a plan is made for. */
export function madeFor(wish: StackWish, kept: KeptStack): string {
  return digest({ wish: wishDigest(wish), lineage: kept.state?.lineage ?? null, serial: kept.state?.serial ?? null });
}
