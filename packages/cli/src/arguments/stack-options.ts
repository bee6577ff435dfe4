// Options that several commands on a stack share.
import type { Argv } from 'yargs';
import type { Several } from './several';
import { type NotifyArguments, notifyOptions } from './summary-options';

export interface ProgramArguments {
  readonly stack: string;
  /** Seconds, by the time a command runs. */
  readonly synthTimeout: number;
}

/** Of every command that reads a stack's program. */
export function programOptions<T>(args: Argv<T>): Argv<T & ProgramArguments> {
  const named = args.positional('stack', { type: 'string', demandOption: true, describe: 'PROJECT/STACK, e.g. shop/dev' });
  return synthTimeoutOption(named) as unknown as Argv<T & ProgramArguments>;
}

/** Of commands that name stacks in another way. */
export function synthTimeoutOption<T>(args: Argv<T>): Argv<T & Pick<ProgramArguments, 'synthTimeout'>> {
  return args.option('synth-timeout', { type: 'string', default: '60s', describe: 'How long the program may run' }) as unknown as Argv<
    T & Pick<ProgramArguments, 'synthTimeout'>
  >;
}

export interface OutputArguments {
  readonly output: 'text' | 'json' | 'ndjson';
}

/** Of every command that tells something. */
export function outputOption<T>(args: Argv<T>): Argv<T & OutputArguments> {
  return args.option('output', {
    choices: ['text', 'json', 'ndjson'] as const,
    default: 'text' as const,
    describe: 'For people, or for scripts',
  }) as unknown as Argv<T & OutputArguments>;
}

export interface TypeCheckArguments {
  readonly typeCheck: boolean;
}

/** Of every command for which a type error is a reason to stop. */
export function typeCheckOption<T>(args: Argv<T>): Argv<T & TypeCheckArguments> {
  return args.option('type-check', { type: 'boolean', default: true, describe: 'Also ask the TypeScript compiler' }) as unknown as Argv<
    T & TypeCheckArguments
  >;
}

export interface ChangeArguments extends ProgramArguments, OutputArguments, NotifyArguments {
  readonly yes: boolean;
  /** Seconds, by the time a command runs. */
  readonly lockWait: number;
  readonly allowMassDelete: boolean;
  readonly includeData: boolean;
  readonly allowOrphans: boolean;
}

/** Of every command that changes a stack. */
export function changeOptions<T>(args: Argv<T>): Argv<T & ChangeArguments> {
  return notifyOptions(outputOption(programOptions(args)))
    .option('yes', { alias: 'y', type: 'boolean', default: false, describe: 'Do not ask' })
    .option('allow-mass-delete', { type: 'boolean', default: false, describe: 'With --yes: even if that deletes most of the stack' })
    .option('include-data', { type: 'boolean', default: false, describe: 'With --yes: even if that deletes or replaces what holds data' })
    .option('allow-orphans', {
      type: 'boolean',
      default: false,
      describe: 'With --yes: even if a run that died may have left what no record knows',
    })
    .option('lock-wait', {
      type: 'string',
      default: '0s',
      describe: 'How long to wait for a lock that another run holds',
    }) as unknown as Argv<T & ChangeArguments>;
}

export interface TargetArguments {
  /** Names of resources. */
  readonly target?: Several;
}

/** Of every command that can mind some resources only. */
export function targetOption<T>(args: Argv<T>): Argv<T & TargetArguments> {
  return args.option('target', {
    type: 'string',
    requiresArg: true,
    describe: 'Mind only these and what they need: Deployment/web, a kind, or the path of a construct',
  }) as unknown as Argv<T & TargetArguments>;
}

export interface StateArguments {
  /** Names of resources. */
  readonly acceptState?: Several;
}

/** Of every command that goes by what is kept of a stack. */
export function stateOption<T>(args: Argv<T>): Argv<T & StateArguments> {
  return args.option('accept-state', {
    type: 'string',
    requiresArg: true,
    describe: 'Go on from the state that is there, though a newer one is lost or it cannot be read: Terraform/cloud',
  }) as unknown as Argv<T & StateArguments>;
}

export interface PlanArguments extends TargetArguments, StateArguments {
  readonly adopt: boolean;
  /** Names of resources. */
  readonly replace?: Several;
}

/** Of every command that plans what the program wishes. */
export function planOptions<T>(args: Argv<T>): Argv<T & PlanArguments> {
  return stateOption(targetOption(args))
    .option('adopt', { type: 'boolean', default: false, describe: 'Take over resources that somebody else owns' })
    .option('replace', {
      type: 'string',
      requiresArg: true,
      describe: 'Replace these although that loses their data: PersistentVolumeClaim/disk',
    }) as unknown as Argv<T & PlanArguments>;
}
