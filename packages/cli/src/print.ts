// Everything a command says, in the form that was asked for: text for people, JSON and NDJSON for scripts.
import {
  type Counts,
  countsOfPlan,
  emptyView,
  isEmpty,
  isError,
  type OperationResult,
  type Plan,
  type Problem,
  type ReleaseSummary,
  reduce,
  type SourceTable,
  type Spec,
} from '@konfig/core';
import { type Operation, type Status, systemClock } from '@konfig/engine';
import { type Output, printJson } from './print-json';
import { historyText } from './render/history-text';
import { logPrinter } from './render/log-text';
import { ndjsonLine } from './render/ndjson';
import { type PlanTextOptions, planText } from './render/plan-text';
import { problemsText } from './render/problem-text';
import { statusText } from './render/status-text';
import { asciiOf, colorOf, type Style, spokenOf } from './render/style';
import { showLive } from './render/terminal';
import type { Shell } from './shell';

/** What an operation carries out. */
export interface Planned {
  readonly plan: Plan;
  readonly sources: SourceTable;
  readonly problems: readonly Problem[];
}

/** The plan, and under it whatever is wrong with it. With `whole`, the Spec that it was made of as it may be shown, nothing is cut, and creates show what they make. */
export function printPlan({ plan, sources, problems, whole }: Planned & { readonly whole?: Spec }, output: Output, shell: Shell): void {
  if (output !== 'text') {
    printJson(plannedJson({ plan, sources, problems }), output, shell);
    return;
  }
  // «Nothing to do» would be a lie beside an error.
  if (!isEmpty(plan) || !problems.some(isError))
    shell.stdout.write(planText(plan, sources, { ...styleOf(shell), width: widthOf(shell), ...(whole ? wholeOf(whole) : {}) }));
  if (problems.length > 0) printProblems(problems, output, shell);
}

/** A plan for scripts: with what it does, counted. */
export function plannedJson({ plan, sources, problems }: Planned): Planned & { readonly counts: Counts } {
  return { plan, counts: countsOfPlan(plan), sources, problems };
}

function wholeOf({ resources }: Spec): Pick<PlanTextOptions, 'verbose' | 'wished'> {
  return { verbose: true, wished: new Map(resources.map((resource) => [resource.id, resource])) };
}

/** Problems go to standard error; for scripts they are JSON on standard output. */
export function printProblems(problems: readonly Problem[], output: Output, shell: Shell): void {
  if (output === 'text') shell.stderr.write(`\n${problemsText(problems, { ...styleOf(shell), width: widthOf(shell) })}`);
  else printJson({ problems }, output, shell);
}

/** Follows an operation to its end: a live screen on a terminal, else a log; as JSON nothing, since only the end of all tries is told. */
export async function printOperation(
  operation: Operation,
  { sources }: Pick<Planned, 'sources'>,
  output: Output,
  shell: Shell,
): Promise<OperationResult> {
  if (output === 'ndjson') {
    for await (const event of operation.events()) shell.stdout.write(ndjsonLine(event));
  } else if (output === 'text') {
    if (isLive(shell)) await showLive(operation.events(), shell.stdout, { ...styleOf(shell), sources, clock: systemClock });
    else await printLog(operation, shell);
  }
  return operation.result;
}

/** Is there a terminal on which a picture can be drawn again in place? */
export function isLive({ stdout, env }: Shell): boolean {
  return stdout.isTTY === true && env.TERM !== 'dumb' && !env.CI && !spokenOf(env);
}

async function printLog(operation: Operation, shell: Shell): Promise<void> {
  const print = logPrinter((text) => shell.stdout.write(text), styleOf(shell));
  let view = emptyView;
  for await (const event of operation.events()) {
    print(view, event);
    view = reduce(view, event);
  }
}

export function printStatus(status: Status, shell: Shell): void {
  shell.stdout.write(statusText(status, { ...styleOf(shell), width: widthOf(shell), now: Date.now() }));
}

export function printHistory(stack: string, releases: readonly ReleaseSummary[], shell: Shell): void {
  shell.stdout.write(historyText(stack, releases, { ...styleOf(shell), width: widthOf(shell), now: Date.now() }));
}

export function styleOf(shell: Shell): Style {
  const { env, stdout } = shell;
  return { color: colorOf(env, stdout.isTTY === true), ascii: asciiOf(env), spoken: spokenOf(env) };
}

/** Columns of the terminal; logs have room, and who listens wants nothing cut. */
export function widthOf(shell: Shell): number {
  return spokenOf(shell.env) ? 1000 : shell.stdout.columns || 140;
}
