// What users say of a construct that was renamed or put elsewhere, so that its objects keep their names.
import { didYouMean, type Problem, type SourceLine } from '@konfig/core';
import type { IConstruct } from 'constructs';
import { constructAt, type Ids, idsOf, isBelow, type Move, movesBack, movesOf, noteMove } from './former-path';
import { shown } from './shape';
import { callLine, report, type Synth } from './synth';

/**
 * Says that a construct was renamed or put elsewhere: it, and all below it, keep the names, labels and selectors that they had, so that nothing is
 * replaced.
 *
 * ```ts
 * moved(this, 'database', 'data/db');
 * new Data(this, 'data'); // makes the `db` that was made here as `database`
 * ```
 * Say it before the construct is made, and leave it there: the names come from it. Moves add up: `a` to `b`, later `b` to `c`.
 * A name that the program gives itself does not change by it. What cannot be is reported as PROPS_INVALID.
 * @param scope whose ids the paths begin with: `this`, the stack.
 * @param from where it stood. What stands in front of the first `/`, right below a stack and no longer there, is taken for an AppConfig.
 * @param to where it stands now.
 */
export function moved(scope: IConstruct, from: string, to: string): void {
  const line = callLine(scope);
  const bad = (message: string, hint: string) => report(scope, { code: 'PROPS_INVALID', message, hint }, line);
  for (const path of [from, to]) {
    if (isPath(path)) continue;
    bad(`moved was given the path ${shown(path)}.`, "Write ids with / between them: 'data/db'.");
    return;
  }
  const above = idsOf(scope);
  const move = { from: [...above, ...from.split('/')], to: [...above, ...to.split('/')], line };
  if (from === to) bad(`moved leads from '${from}' to itself.`, 'Take it out.');
  else if (constructAt(scope.node.root, move.to)) {
    bad(`'${to}' is there already: what it made has its names.`, 'Say moved before the construct is made.');
  } else noteMove(scope, move);
}

function isPath(path: unknown): boolean {
  return typeof path === 'string' && path.split('/').every((id) => id !== '');
}

/** What can be told of moves only when all constructs are there. */
export function checkMoves(root: IConstruct, synth: Synth): void {
  const all = movesOf(root);
  for (const [i, move] of all.entries()) {
    const before = all.slice(0, i);
    const problem = sameEnd(move, before) ?? circle(move, all) ?? stillThere(move, root, synth) ?? goesNowhere(move, all, root);
    if (problem) synth.problems.push({ code: 'PROPS_INVALID', at: synth.stack, ...(move.line && { source: move.line }), ...problem });
  }
}

type Found = Pick<Problem, 'message' | 'hint' | 'severity'> | undefined;

function sameEnd(move: Move, before: readonly Move[]): Found {
  const isSame = (one: Ids, other: Ids) => one.length === other.length && isBelow(one, other);
  const other = before.find((one) => isSame(one.from, move.from) || isSame(one.to, move.to));
  if (!other) return undefined;
  const end = isSame(other.to, move.to) ? `to '${pathOf(move.to)}'` : `from '${pathOf(move.from)}'`;
  return { message: `Two moves lead ${end}${at(', the first at ', other.line)}.`, hint: 'Keep one of the two.' };
}

function circle(move: Move, all: readonly Move[]): Found {
  const back = movesBack(move.from, all);
  if (!back.includes(move)) return undefined;
  const others = back.filter((one) => one !== move).map(({ line }) => at('', line));
  return {
    message: `Moves lead from '${pathOf(move.to)}' back to itself${others.length > 0 ? `, by way of ${others.join(', ')}` : ''}.`,
    hint: 'Keep those that say where it stood first.',
  };
}

/** What now stands around it may have its old id. */
function stillThere({ from, to }: Move, root: IConstruct, synth: Synth): Found {
  const there = isBelow(to, from) ? undefined : constructAt(root, from);
  if (!there) return undefined;
  return {
    message: `'${pathOf(to)}' was moved from '${pathOf(from)}', where a construct still stands${at(', made at ', synth.lineOf(there))}.`,
    hint: 'Give that one another id, or take the move out.',
  };
}

function goesNowhere({ to }: Move, all: readonly Move[], root: IConstruct): Found {
  const isPassed = all.some(({ from }) => isBelow(to, from) || isBelow(from, to));
  if (isPassed || constructAt(root, to)) return undefined;
  const known = root.node.findAll().map((construct) => pathOf(idsOf(construct)));
  return {
    severity: 'warning',
    message: `There is no construct '${pathOf(to)}' that could have moved.`,
    hint: `${didYouMean(pathOf(to), known)}Correct the path; take the move out when the construct is gone.`,
  };
}

function pathOf(ids: Ids): string {
  return ids.join('/');
}

function at(before: string, line: SourceLine | undefined): string {
  return line ? `${before}${line.file}:${line.line}` : '';
}
