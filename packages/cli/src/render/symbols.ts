// The signs that carry meaning beside colour, each one column wide where lines are aligned by it, with a fallback in ASCII.
import type { Action, Health, PartAction, StepView } from '@konfig/core';
import type { Tone } from './tone';

const unicode = {
  done: '✔',
  busy: '●',
  failed: '✖',
  pending: '◌',
  skipped: '⊘',
  paused: '◫',
  warning: '!',
  unknown: '?',
  to: '→',
  from: '←',
  branch: '├',
  lastBranch: '└',
  bar: '│',
  full: '▓',
  empty: '░',
  cut: '…',
  dot: '·',
};

export type Symbols = { readonly [name in keyof typeof unicode]: string };

const ascii: Symbols = {
  done: 'v',
  busy: '*',
  failed: 'x',
  pending: 'o',
  skipped: '/',
  paused: '=',
  warning: '!',
  unknown: '?',
  to: '->',
  from: '<-',
  branch: '|',
  lastBranch: '`',
  bar: '|',
  full: '#',
  empty: '-',
  cut: '...',
  dot: '-',
};

export function symbolsOf(style: { readonly ascii?: boolean }): Symbols {
  return style.ascii ? ascii : unicode;
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
  ready: { symbol: 'done', tone: 'good' },
  progressing: { symbol: 'busy', tone: 'busy' },
  degraded: { symbol: 'failed', tone: 'bad' },
  suspended: { symbol: 'paused', tone: 'warn' },
  unknown: { symbol: 'unknown', tone: 'warn' },
};

/** What is not there yet, among what has a health. */
export const absentSign: Sign = { symbol: 'pending', tone: 'faint' };

/** As in a diff; the word is always beside those that a diff does not have. */
export const actionSigns: { readonly [action in Action]: { readonly sign: string; readonly tone: Tone } } = {
  create: { sign: '+', tone: 'good' },
  update: { sign: '~', tone: 'warn' },
  replace: { sign: '-/+', tone: 'bad' },
  delete: { sign: '-', tone: 'bad' },
  adopt: { sign: '=', tone: 'busy' },
  abandon: { sign: '.', tone: 'faint' },
  forget: { sign: '.', tone: 'faint' },
  skip: { sign: '/', tone: 'warn' },
  keep: { sign: ' ', tone: 'faint' },
};

/** As for steps. */
export const partSigns: { readonly [action in PartAction]: { readonly sign: string; readonly tone: Tone } } = {
  create: actionSigns.create,
  update: actionSigns.update,
  replace: actionSigns.replace,
  delete: actionSigns.delete,
  import: actionSigns.adopt,
  move: { sign: '>', tone: 'busy' },
  forget: actionSigns.forget,
  read: { sign: '?', tone: 'faint' },
  keep: actionSigns.keep,
};

/** Of what is replaced without a gap. */
export const createsFirstSign = { ...actionSigns.replace, sign: '+/-' };
