// The signs that carry meaning beside colour, each one column wide where lines are aligned by it, with a fallback in ASCII.
import type { Action, Health, PartAction, StepView } from '@konfig/core';
import type { Tone } from './tone';

const unicode = {
  done: '✔',
  busy: '●',
  failed: '✖',
  pending: '◌',
  skipped: '⊘',
  ready: '✔',
  progressing: '●',
  degraded: '✖',
  paused: '◫',
  warning: '!',
  unknown: '?',
  to: '→',
  from: '←',
  behind: '←',
  branch: '├',
  lastBranch: '└',
  bar: '│',
  quote: '│',
  full: '▓',
  empty: '░',
  cut: '…',
  dot: '·',
  added: '+',
  removed: '-',
  create: '+',
  update: '~',
  replace: '-/+',
  createFirst: '+/-',
  delete: '-',
  adopt: '=',
  giveUp: '.',
  skip: '/',
  move: '>',
  read: '?',
  keep: ' ',
};

export type Symbols = { readonly [name in keyof typeof unicode]: string };

const ascii: Symbols = {
  ...unicode,
  done: 'v',
  busy: '*',
  failed: 'x',
  pending: 'o',
  skipped: '/',
  ready: 'v',
  progressing: '*',
  degraded: 'x',
  paused: '=',
  to: '->',
  from: '<-',
  behind: '<-',
  branch: '|',
  lastBranch: '`',
  bar: '|',
  quote: '|',
  full: '#',
  empty: '-',
  cut: '...',
  dot: '-',
};

/** For who listens: words, and nothing drawn. */
const spoken: Symbols = {
  done: 'done:',
  busy: 'under way:',
  failed: 'failed:',
  pending: 'not there yet:',
  skipped: 'skipped:',
  ready: 'ready:',
  progressing: 'progressing:',
  degraded: 'degraded:',
  paused: 'suspended:',
  warning: 'warning:',
  unknown: 'unknown:',
  to: 'to',
  from: 'from',
  behind: 'waits for',
  branch: '',
  lastBranch: '',
  bar: '',
  quote: 'it says:',
  full: '',
  empty: '',
  cut: '...',
  dot: '',
  added: 'added',
  removed: 'removed',
  create: 'create',
  update: 'change',
  replace: 'replace',
  createFirst: 'replace without a gap',
  delete: 'delete',
  adopt: 'adopt',
  giveUp: 'give up',
  skip: 'skip',
  move: 'move',
  read: 'read',
  keep: '',
};

export function symbolsOf(style: { readonly ascii?: boolean; readonly spoken?: boolean }): Symbols {
  if (style.spoken) return spoken;
  return style.ascii ? ascii : unicode;
}

/** Are they words? */
export function areWords(symbols: Symbols): boolean {
  return symbols === spoken;
}

export interface Sign {
  readonly symbol: keyof Symbols;
  readonly tone: Tone;
}

export const stateSigns: { readonly [state in StepView['state']]: Sign } = {
  pending: { symbol: 'pending', tone: 'faint' },
  started: { symbol: 'busy', tone: 'busy' },
  applied: { symbol: 'busy', tone: 'busy' },
  done: { symbol: 'done', tone: 'good' },
  failed: { symbol: 'failed', tone: 'bad' },
  skipped: { symbol: 'skipped', tone: 'warn' },
};

export const healthSigns: { readonly [health in Health]: Sign } = {
  ready: { symbol: 'ready', tone: 'good' },
  progressing: { symbol: 'progressing', tone: 'busy' },
  degraded: { symbol: 'degraded', tone: 'bad' },
  suspended: { symbol: 'paused', tone: 'warn' },
  unknown: { symbol: 'unknown', tone: 'warn' },
};

/** What is not there yet, among what has a health. */
export const absentSign: Sign = { symbol: 'pending', tone: 'faint' };

/** As in a diff; the word is always beside those that a diff does not have. */
export const actionSigns: { readonly [action in Action]: Sign } = {
  create: { symbol: 'create', tone: 'good' },
  update: { symbol: 'update', tone: 'warn' },
  replace: { symbol: 'replace', tone: 'bad' },
  delete: { symbol: 'delete', tone: 'bad' },
  adopt: { symbol: 'adopt', tone: 'busy' },
  abandon: { symbol: 'giveUp', tone: 'faint' },
  forget: { symbol: 'giveUp', tone: 'faint' },
  skip: { symbol: 'skip', tone: 'warn' },
  keep: { symbol: 'keep', tone: 'faint' },
};

/** As for steps. */
export const partSigns: { readonly [action in PartAction]: Sign } = {
  create: actionSigns.create,
  update: actionSigns.update,
  replace: actionSigns.replace,
  delete: actionSigns.delete,
  import: actionSigns.adopt,
  move: { symbol: 'move', tone: 'busy' },
  forget: actionSigns.forget,
  read: { symbol: 'read', tone: 'faint' },
  keep: actionSigns.keep,
};

/** Of what is replaced without a gap. */
export const createsFirstSign: Sign = { ...actionSigns.replace, symbol: 'createFirst' };
