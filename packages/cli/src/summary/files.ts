// The files that a summary is written to: looked at before anything begins, written when all is over.
import { appendFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, extname, resolve } from 'node:path';
import { KonfigError } from '@konfig/core';
import { summaryJunit } from '../render/summary-junit';
import { summaryMarkdown } from '../render/summary-markdown';
import type { Shell } from '../shell';
import type { Summary } from './summary';

/** A file of `--summary`. */
export interface SummaryFile {
  /** As it was named. */
  readonly name: string;
  readonly path: string;
  readonly form: (summary: Summary) => string;
  /** What stands in it is not ours alone. */
  readonly isShared: boolean;
}

const forms: { readonly [ending: string]: SummaryFile['form'] } = {
  '.md': summaryMarkdown,
  '.xml': summaryJunit,
  '.json': (summary) => `${JSON.stringify(summary, null, 2)}\n`,
};

/** Fails with USAGE for one that cannot be written. */
export function summaryFile(name: string, { cwd, env }: Shell): SummaryFile {
  const path = resolve(cwd, name);
  refuseUnusable(name, path);
  const form = forms[extname(path).toLowerCase()];
  // GitHub gives each step its file without an ending; others that act like it give all steps one SUMMARY.md.
  const isShared = form === undefined || path === resolve(cwd, env.GITHUB_STEP_SUMMARY || '.');
  return { name, path, form: form ?? summaryMarkdown, isShared };
}

function refuseUnusable(name: string, path: string): void {
  if (name === '') throw unusable('--summary names no file.', 'Is a variable empty that should name one?');
  if (kindOf(dirname(path)) !== 'folder')
    throw unusable(`--summary is ${name}, but the folder ${dirname(path)} does not exist.`, 'Make it, or name a file in another one.');
  if (kindOf(path) === 'folder') throw unusable(`--summary is ${name}, which is a folder.`, 'Name a file in it.');
}

function kindOf(path: string): 'folder' | 'other' | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) return undefined;
  return found.isDirectory() ? 'folder' : 'other';
}

function unusable(message: string, hint: string): KonfigError {
  return new KonfigError({ code: 'USAGE', message, hint });
}

/** A file that cannot be written takes nothing from the run: it is a warning. */
export function writeSummary({ name, path, form, isShared }: SummaryFile, summary: Summary, { stderr }: Pick<Shell, 'stderr'>): void {
  try {
    (isShared ? appendFileSync : writeFileSync)(path, form(summary));
  } catch (error) {
    stderr.write(`warning: the summary could not be written to ${name}: ${(error as Error).message}\n`);
  }
}
