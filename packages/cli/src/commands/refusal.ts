// Why a plan is not carried out though it could be: it does what --yes alone does not confirm, or nobody can be asked.
import type { Problem, ProblemCode } from '@konfig/core';
import type { OutputArguments } from '../arguments/stack-options';
import { unconfirmed } from '../confirm';
import type { Shell } from '../shell';

/** What was said of how to confirm. */
export interface Confirmation extends OutputArguments {
  readonly yes: boolean;
  /** With `yes`: also when most of the stack would be deleted. */
  readonly allowMassDelete: boolean;
  /** With `yes`: also when what holds data is deleted or replaced. */
  readonly includeData: boolean;
  /** With `yes`: also when a run that died may have left what no record knows. */
  readonly allowOrphans: boolean;
}

/** What takes more than --yes. */
interface Guard {
  readonly codes: readonly ProblemCode[];
  readonly option: 'allowMassDelete' | 'includeData' | 'allowOrphans';
  readonly refusal: Problem;
}

const guards: readonly Guard[] = [
  {
    codes: ['PLAN_RISKY', 'RESOURCE_HOLDS_OTHERS'],
    option: 'allowMassDelete',
    refusal: {
      code: 'USAGE',
      message: 'Nothing was changed: --yes alone deletes neither most of a stack nor what is not of it.',
      hint: 'If it is meant, add --allow-mass-delete.',
    },
  },
  {
    codes: ['PLAN_LOSES_DATA'],
    option: 'includeData',
    refusal: {
      code: 'USAGE',
      message: 'Nothing was changed: --yes alone neither deletes nor replaces what holds data.',
      hint: 'If that data may go, add --include-data.',
    },
  },
  {
    codes: ['PLAN_ORPHANS'],
    option: 'allowOrphans',
    refusal: {
      code: 'USAGE',
      message: 'Nothing was changed: --yes alone does not go on where a run that died may have left what no record knows.',
      hint: 'Take over what is there by konfig import, or delete it. If nothing is there, add --allow-orphans.',
    },
  },
];

/** None: it may be carried out, or somebody is asked. */
export function refusalsOf(problems: readonly Problem[], options: Confirmation, shell: Shell): readonly Problem[] {
  if (options.yes) {
    const met = guards.filter(({ codes, option }) => !options[option] && problems.some(({ code }) => codes.includes(code)));
    return met.map(({ refusal }) => refusal);
  }
  return options.output !== 'text' || !shell.ask ? [unconfirmed('Look at the plan, then pass --yes.')] : [];
}
