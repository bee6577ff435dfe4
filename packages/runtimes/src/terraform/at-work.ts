// Another run on this machine that is alive and changes a stack, though nobody need hold its lock any more: a connection to the store may be cut, a lock taken away.
import { KonfigError, type PlannedRow, type Problem, type ResourceId, shortId } from '@konfig/core';
import { findAtWork } from './folder';
import type { TerraformWorld } from './world';

/** A warning, since the lock tells whether that run is as it should be: what is found meanwhile is nothing that a run has left. */
export function toldOfOthers(world: TerraformWorld, row: PlannedRow): PlannedRow {
  const others = othersAtWork(world, row.id);
  if (others.length === 0) return row;
  const found = row.problems.filter(({ code }) => code !== 'PLAN_ORPHANS');
  return { ...row, problems: [...others.map((one): Problem => ({ ...one, severity: 'warning' })), ...found] };
}

/** Side by side, what one of them makes would be nobody's. */
export function refuseBesideOthers(world: TerraformWorld, id: ResourceId): void {
  const others = othersAtWork(world, id);
  if (others.length > 0) throw new KonfigError(others);
}

function othersAtWork({ root, stack, hasEnded }: TerraformWorld, id: ResourceId): readonly Problem[] {
  return findAtWork(hasEnded)
    .filter(({ owner }) => owner.root === root && owner.stack === stack && owner.id === id)
    .map(({ owner, pid }) => ({
      code: 'LOCK_HELD',
      message: `Terraform is still at work on ${shortId(id)} (pid ${pid}), for a run on this machine that is alive (pid ${owner.process.pid}).`,
      hint: 'Let that run come to its end, then run this again: what it has done is taken up. It is at work though it may have lost its lock.',
      at: id,
    }));
}
