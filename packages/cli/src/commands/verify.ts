import { isError, isKonfigError, KonfigError, type Problem } from '@konfig/core';
import type { OutputArguments } from '../arguments/stack-options';
import { areEqual, type Digests, differences, digestsOf, type Synthesised } from '../determinism';
import { exitCodeOf, exitCodes } from '../exit-code';
import { inParallel, processesAtOnce } from '../in-parallel';
import { printProblems, styleOf, widthOf } from '../print';
import { printJson } from '../print-json';
import { type Change, changes, conditionsWith } from '../program/conditions';
import { type Copy, copyMonorepo } from '../program/copy-monorepo';
import { findMonorepo, type Monorepo } from '../program/monorepo';
import { projectNames, stacksOfProject } from '../program/stack-names';
import { synthStack } from '../program/synth';
import { verificationText } from '../render/verification-text';
import type { Shell } from '../shell';

export interface VerifyArguments extends OutputArguments {
  readonly stacks?: readonly string[] | undefined;
  readonly all: boolean;
  readonly determinism: boolean;
  /** Seconds. */
  readonly synthTimeout: number;
}

/** What was found of one stack. */
export interface Verified {
  readonly stack: string;
  /** Undefined where the program gave no Spec. */
  readonly digests?: Digests;
  readonly isSame: boolean;
  readonly problems: readonly Problem[];
}

interface Verifying {
  readonly monorepo: Monorepo;
  readonly copy: Copy;
  readonly synth: (stack: string, changed: readonly Change[]) => Promise<Synthesised>;
}

export async function verify(args: VerifyArguments, shell: Shell): Promise<number> {
  if (!args.determinism) {
    throw new KonfigError({
      code: 'USAGE',
      message: 'It is not said what to verify.',
      hint: 'Write konfig verify --determinism, with stacks or --all.',
    });
  }
  const monorepo = findMonorepo(shell.cwd);
  const stacks = await wantedStacks(monorepo, args, shell);
  const copy = copyMonorepo(monorepo);
  const remove = () => copy.remove();
  process.once('exit', remove);
  try {
    const verifying = { monorepo, copy, synth: synthWith({ monorepo, copy }, args, shell) };
    return tell(await inParallel(stacks, processesAtOnce(), (stack) => verifyStack(stack, verifying)), args, shell);
  } finally {
    process.off('exit', remove);
    remove();
  }
}

async function wantedStacks(
  monorepo: Monorepo,
  { all, stacks = [], synthTimeout }: VerifyArguments,
  shell: Shell,
): Promise<readonly string[]> {
  if (!all && stacks.length === 0)
    throw new KonfigError({ code: 'USAGE', message: 'No stack is named.', hint: 'Name stacks or projects, or say --all.' });
  const names = all ? projectNames(monorepo) : [...new Set(stacks)];
  const options = { env: shell.env, print: () => {}, timeout: synthTimeout };
  const found = await inParallel(names, processesAtOnce(), async (name) =>
    name.includes('/') ? [name] : stacksOfProject(monorepo, name, options),
  );
  return [...new Set(found.flat())];
}

function synthWith({ monorepo, copy }: Pick<Verifying, 'monorepo' | 'copy'>, args: VerifyArguments, shell: Shell): Verifying['synth'] {
  return async (stack, changed) => {
    const place = changed.some(({ elsewhere }) => elsewhere) ? copy.monorepo : monorepo;
    const { output } = await synthStack(place, stack, {
      env: shell.env,
      timeout: args.synthTimeout,
      conditions: conditionsWith(changed),
      print: (text) => changed.length === 0 && shell.stderr.write(text),
    });
    return output;
  };
}

async function verifyStack(stack: string, { synth }: Verifying): Promise<Verified> {
  try {
    const usual = await synth(stack, []);
    const digests = digestsOf(usual);
    const problems = await whatDiffers(stack, usual, synth, changes);
    if (problems.length === 0) return { stack, digests, isSame: true, problems };
    for (const one of changes) {
      const found = await whatDiffers(stack, usual, synth, [one]);
      if (found.length > 0) return { stack, digests, isSame: false, problems: found };
    }
    return { stack, digests, isSame: false, problems };
  } catch (error) {
    if (!isKonfigError(error)) throw error;
    return { stack, isSame: false, problems: error.problems };
  }
}

async function whatDiffers(
  stack: string,
  usual: Synthesised,
  synth: Verifying['synth'],
  changed: readonly Change[],
): Promise<readonly Problem[]> {
  const how = changed.length === 1 ? (changed[0] as Change).name : 'with everything else changed';
  try {
    const other = await synth(stack, changed);
    return areEqual(digestsOf(usual), digestsOf(other)) ? [] : differences(usual, other, how);
  } catch (error) {
    if (!isKonfigError(error)) throw error;
    return [
      { code: 'PROGRAM_VARIES', message: `${stack} gives no Spec ${how}.`, hint: 'What went wrong there is told below.' },
      ...error.problems,
    ];
  }
}

function tell(found: readonly Verified[], { output }: VerifyArguments, shell: Shell): number {
  const problems = found.flatMap((one) => one.problems);
  if (output === 'json') printJson({ stacks: found }, 'json', shell);
  else if (output === 'ndjson') for (const one of found) printJson(one, 'ndjson', shell);
  else {
    shell.stdout.write(verificationText(found, { ...styleOf(shell), width: widthOf(shell) }));
    if (problems.length > 0) printProblems(problems, 'text', shell);
  }
  return problems.some(isError) ? exitCodeOf(problems) : exitCodes.done;
}
