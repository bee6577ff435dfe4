// The summary of a run as Markdown, for the page that a CI system shows of a job, or a comment. GitHub takes at most 1 MiB.
import { isError, sourceText } from '@konfig/core';
import type { Summary, SummedProblem, SummedResource } from '../summary/summary';
import { fenced, markdownText } from './markdown';
import { becameText, headText, isWorthTelling, placeWords, problemWords, stateSymbol } from './summary-words';
import { spanText } from './time-text';

const mostRows = 500;
const mostProblems = 20;

export function summaryMarkdown(summary: Summary): string {
  return `${[`### ${markdownText(headText(summary))}`, ...tableOf(summary), ...problemBlocks(summary.problems)].join('\n\n')}\n`;
}

/** What is as it was has no row; what failed stands above. */
function tableOf({ resources }: Summary): readonly string[] {
  const told = resources.filter(isWorthTelling);
  if (told.length === 0) return [];
  const failed = told.filter(({ state }) => state === 'failed');
  const rows = [...failed, ...told.filter(({ state }) => state !== 'failed')];
  const table = ['| | Resource | What was done | Time | Source |', '|---|---|---|---:|---|', ...rows.slice(0, mostRows).map(rowOf)].join(
    '\n',
  );
  return [table, ...moreText(rows.length - mostRows, 'resources')];
}

function rowOf(resource: SummedResource): string {
  const { name, seconds, source } = resource;
  const cells = [
    stateSymbol(resource),
    markdownText(name),
    markdownText(becameText(resource)),
    seconds === undefined ? '' : spanText(seconds),
    source ? markdownText(sourceText(source)) : '',
  ];
  return `| ${cells.join(' | ')} |`;
}

function problemBlocks(problems: readonly SummedProblem[]): readonly string[] {
  return [...problems.slice(0, mostProblems).map(problemBlock), ...moreText(problems.length - mostProblems, 'problems')];
}

function problemBlock(problem: SummedProblem): string {
  const place = placeWords(problem);
  const head = `**${markdownText(problem.code)}**${isError(problem) ? '' : ' (warning)'}${place === '' ? '' : `: ${markdownText(place)}`}`;
  return `${head}\n\n${fenced(problemWords(problem), 'text')}`;
}

function moreText(more: number, what: string): readonly string[] {
  return more > 0 ? [`… and ${more} more ${what}.`] : [];
}
