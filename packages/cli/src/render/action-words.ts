// What an action is called while it goes on and when it is over.
import type { Action, Counted } from '@konfig/core';

export const doingWords: { readonly [action in Action]: string } = {
  create: 'is being created',
  update: 'is being changed',
  replace: 'is being replaced',
  delete: 'is being deleted',
  adopt: 'is being taken over',
  abandon: 'is being given up',
  forget: 'is being forgotten',
  skip: 'is skipped',
  keep: 'is looked at',
};

export const doneWords: { readonly [counted in Counted]: string } = {
  create: 'created',
  update: 'changed',
  replace: 'replaced',
  delete: 'deleted',
  import: 'imported',
  move: 'moved',
  adopt: 'adopted',
  abandon: 'given up',
  forget: 'forgotten',
  skip: 'skipped',
  keep: 'unchanged',
};
