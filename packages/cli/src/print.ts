// Everything a command says, in the form that was asked for: text for people, JSON and NDJSON for scripts.
import { emptyView, type OperationResult, type Plan, type Problem, type ReleaseSummary, reduce, type SourceTable } from '@konfig/core';
import type { Operation, Status } from '@konfig/engine';
import { logPrinter } from './render/log-text';
import { ndjsonLine } from './render/ndjson';
import { planText } from './render/plan-text';
import { problemsText } from './render/problem-text';
import { asciiOf, colorOf, type Style } from './render/style';
import type { Shell } from './shell';

export type Output = 'text' | 'json' | 'ndjson';

/** The plan, and under it whatever is wrong with it. */
export function printPlan(plan: Plan, sources: SourceTable, problems: readonly Problem[], output: Output, shell: Shell): void {
  if (output !== 'text') {
    shell.stdout.write(`${JSON.stringify({ plan, sources, problems }, null, output === 'json' ? 2 : undefined)}\n`);
    return;
  }
  shell.stdout.write(planText(plan, sources, { ...styleOf(shell), width: widthOf(shell) }));
  if (problems.length > 0) printProblems(problems, output, shell);
}

/** Problems go to standard error; for scripts they are JSON on standard output. */
export function printProblems(problems: readonly Problem[], output: Output, shell: Shell): void {
  if (output === 'text') shell.stderr.write(`\n${problemsText(problems, { ...styleOf(shell), width: widthOf(shell) })}`);
  else shell.stdout.write(`${JSON.stringify({ problems }, null, output === 'json' ? 2 : undefined)}\n`);
}

/** Follows an operation to its end. */
export async function printOperation(operation: Operation, _sources: SourceTable, output: Output, shell: Shell): Promise<OperationResult> {
  if (output === 'ndjson') {
    for await (const event of operation.events()) shell.stdout.write(ndjsonLine(event));
  } else if (output === 'text') {
    const print = logPrinter((text) => shell.stdout.write(text), styleOf(shell));
    let view = emptyView;
    for await (const event of operation.events()) {
      print(view, event);
      view = reduce(view, event);
    }
  }
  const result = await operation.result;
  if (output === 'json') shell.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  return result;
}

export function printStatus(status: Status, shell: Shell): void {
  shell.stdout.write(`${JSON.stringify(status, null, 2)}\n`);
}

export function printHistory(_stack: string, releases: readonly ReleaseSummary[], shell: Shell): void {
  shell.stdout.write(`${JSON.stringify(releases, null, 2)}\n`);
}

function styleOf(shell: Shell): Style {
  return { color: colorOf(shell.env, shell.stdout.isTTY === true), ascii: asciiOf(shell.env) };
}

/** Of the terminal; logs have room. */
function widthOf(shell: Shell): number {
  return shell.stdout.columns ?? 120;
}
