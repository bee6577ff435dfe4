// Where a construct stood before it was renamed or put elsewhere: names are made of that place.
import type { SourceLine } from '@konfig/core';
import { Names } from 'cdk8s';
import { Construct, type IConstruct } from 'constructs';

/** Ids from below the root of the tree. */
export type Ids = readonly string[];

/** What stood at `from` stands at `to` now. */
export interface Move {
  readonly from: Ids;
  readonly to: Ids;
  readonly line: SourceLine | undefined;
}

const moves = new WeakMap<IConstruct, Move[]>();
const scopeBrand = Symbol.for('konfig/NameScope');

/** From here on down, ids become part of object names: a Stack, an AppConfig. */
export function startNames(construct: IConstruct): void {
  Object.defineProperty(construct, scopeBrand, { value: true });
}

/** Notes a move in the tree of a construct. */
export function noteMove(construct: IConstruct, move: Move): void {
  const { root } = construct.node;
  moves.set(root, [...movesOf(root), move]);
}

/** All moves in a tree, in the order of the program. */
export function movesOf(root: IConstruct): readonly Move[] {
  return moves.get(root) ?? [];
}

/** The ids of a construct and of those around it, from below the root. */
export function idsOf(construct: IConstruct): Ids {
  return construct.node.scopes.slice(1).map(({ node }) => node.id);
}

/** Does the first way lead to, or through, the place of the second? */
export function isBelow(ids: Ids, place: Ids): boolean {
  return place.every((id, i) => ids[i] === id);
}

/** The moves that lead back from a place to where names come from, the last one first. A circle is left where it closes. */
export function movesBack(ids: Ids, all: readonly Move[]): readonly Move[] {
  const gone: Move[] = [];
  for (let here = ids; ; ) {
    const fitting = all
      .filter((move) => !gone.includes(move) && isBelow(here, move.to))
      .sort((one, other) => other.to.length - one.to.length);
    const [move] = fitting;
    if (!move) return gone;
    gone.push(move);
    here = [...move.from, ...here.slice(move.to.length)];
  }
}

/** A step of a former path. */
interface FormerStep {
  readonly id: string;
  /** Do names begin below it? */
  readonly startsNames: boolean;
}

/** The ids that names of a construct are made of: where it stood before all moves. */
export function formerIds(construct: IConstruct): Ids {
  return formerSteps(construct).map(({ id }) => id);
}

/** The ids from below the AppConfig, or the stack, in which it stood, and the id of that, which for a stack is empty. */
export function namingIds(construct: IConstruct): { readonly inside: string; readonly ids: Ids } {
  const steps = formerSteps(construct);
  const start = steps.slice(0, -1).findLastIndex(({ startsNames }) => startsNames);
  return { inside: steps[start]?.id ?? '', ids: steps.slice(start + 1).map(({ id }) => id) };
}

function formerSteps(construct: IConstruct): readonly FormerStep[] {
  const { root, scopes } = construct.node;
  const steps: readonly FormerStep[] = scopes.slice(1).map((scope) => ({ id: scope.node.id, startsNames: scopeBrand in scope }));
  const all = movesOf(root);
  if (all.length === 0) return steps;
  return movesBack(idsOf(construct), all).reduce((here, { from, to }) => {
    const moved = here[to.length - 1] as FormerStep;
    const above = from.slice(0, -1).map((id, i) => (here[i]?.id === id ? here[i] : gone(root, from.slice(0, i + 1))));
    return [...above, { ...moved, id: from.at(-1) as string }, ...here.slice(to.length)];
  }, steps);
}

/** A construct that something was moved out of: right below the stack it is taken for an AppConfig, unless another one stands there. */
function gone(root: IConstruct, ids: Ids): FormerStep {
  const there = constructAt(root, ids);
  return { id: ids.at(-1) as string, startsNames: there ? scopeBrand in there : ids.length === 1 };
}

/** The construct that stands at a place now. */
export function constructAt(root: IConstruct, ids: Ids): IConstruct | undefined {
  return ids.reduce<IConstruct | undefined>((scope, id) => scope?.node.tryFindChild(id), root);
}

/** Runs with the names that cdk8s makes of paths, of its charts and of cdk8s-plus' selectors, made of former paths too. */
export function withFormerNames<T>(run: () => T): T {
  const { toDnsLabel, toLabelValue } = Names;
  Names.toDnsLabel = (scope, options) => toDnsLabel.call(Names, standIn(scope), options);
  Names.toLabelValue = (scope, options) => toLabelValue.call(Names, standIn(scope), options);
  try {
    return run();
  } finally {
    Object.assign(Names, { toDnsLabel, toLabelValue });
  }
}

/** The construct itself, or where it has moved one that stands where it stood, in a tree of its own. */
function standIn(construct: Construct): Construct {
  const { root } = construct.node;
  const all = movesOf(root);
  if (all.length === 0 || movesBack(idsOf(construct), all).length === 0) return construct;
  return formerIds(construct).reduce((scope, id) => new Construct(scope, id), new Construct(undefined as unknown as Construct, ''));
}
