// What all forms of a summary say alike.
import { isError, sourceText } from '@konfig/core';
import type { Outcome, ResourceState, Summary, SummedProblem, SummedResource } from '../summary/summary';
import { doneWords } from './action-words';
import { cleanLines } from './clean-text';
import { type Symbols, symbolsOf } from './symbols';

const symbols = symbolsOf({});

const outcomeSymbols: { readonly [outcome in Outcome]: keyof Symbols } = {
  succeeded: 'done',
  unchanged: 'done',
  planned: 'dot',
  cancelled: 'warning',
  failed: 'failed',
  refused: 'failed',
};

/** `✔ shop/prod: release 42 succeeded in 2m41s: 2 created.` */
export function headText({ stack, outcome, headline }: Summary): string {
  return `${symbols[outcomeSymbols[outcome]]} ${cleanLines(stack)[0] ?? ''}: ${headline}`;
}

const stateSymbols: { readonly [state in ResourceState]: keyof Symbols } = {
  done: 'done',
  failed: 'failed',
  skipped: 'skipped',
  unawaited: 'busy',
  pending: 'pending',
  planned: 'dot',
};

export function stateSymbol({ state }: SummedResource): string {
  return symbols[stateSymbols[state]];
}

/** What became of it: `created`, `skipped: waited for Job/seed`. */
export function becameText({ state, action, because }: SummedResource): string {
  return becameTexts[state](action, because);
}

const becameTexts: { readonly [state in ResourceState]: (action: SummedResource['action'], because: string | undefined) => string } = {
  done: (action) => doneWords[action],
  failed: (action) => `${action} failed`,
  skipped: (_, because) => `skipped${because === undefined ? '' : `: ${because}`}`,
  unawaited: (action) => `${action}: applied, not waited for`,
  pending: (action) => `${action}: not started`,
  planned: (action) => action,
};

/** Does it say more than that all is as it was? */
export function isWorthTelling({ action, state }: SummedResource): boolean {
  return action !== 'keep' || state === 'failed' || state === 'unawaited';
}

/** What is wrong, then what to do. */
export function problemWords({ message, hint }: SummedProblem): string {
  return hint === undefined ? message : `${message}\n${hint}`;
}

/** `spec.replicas of main:Deployment.apps/shop/web, projects/shop/app.ts:12` */
export function placeWords({ at, resource, field, source }: SummedProblem): string {
  const of = field === undefined ? (resource ?? at) : `${field} of ${resource}`;
  return [of, source && sourceText(source)].flatMap((text) => (text === undefined ? [] : (cleanLines(text)[0] ?? []))).join(', ');
}

export function errorsOf({ problems }: Summary): readonly SummedProblem[] {
  return problems.filter(isError);
}
