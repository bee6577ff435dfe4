// Has Terraform make a plan, and reads what it shows.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KonfigError } from '@konfig/core';
import { checkVersion } from './binary';
import { configurationFile } from './configuration';
import { problemsIn, type Said } from './diagnostics';
import { planFile } from './folder';
import { learnPlan, learnValues, maskSaid } from './held-secrets';
import type { KeptStack } from './kept';
import { readMessage } from './messages';
import { markModuleSecrets } from './module-secrets';
import { parseNumbers } from './number-text';
import type { PlanJson } from './plan-json';
import { type Reading, runReading } from './process';
import type { RootModule } from './root-module';
import type { Mode } from './seen';
import { whileWaiting } from './waiting-for';
import { hasOwnBackend, type StackWish } from './wish';
import type { TerraformWorld } from './world';

interface Making {
  readonly mode: Mode;
  /** The state as Terraform is to see it. */
  readonly view: string | undefined;
  readonly kept: KeptStack;
  readonly signal: AbortSignal;
}

interface Made {
  readonly plan: PlanJson;
  readonly bytes: Uint8Array;
  readonly said: Said;
}

/** It says so when the plan lies in its file, and then takes some milliseconds to end its providers. */
const isWritten = '"type":"change_summary"';

/** Made once more where Terraform has to be told what a module holds secret, which only a plan tells us. */
export async function makePlan(world: TerraformWorld, wish: StackWish, module: RootModule, making: Making): Promise<Made> {
  const made = await runPlan(world, wish, module, making);
  const isForgetful = world.binary.kind === 'terraform' && making.mode === 'apply';
  const marked = isForgetful ? markModuleSecrets(module.text, made.plan) : undefined;
  if (marked === undefined) return made;
  writeFileSync(join(module.folder, configurationFile), marked);
  return runPlan(world, wish, module, making);
}

async function runPlan(world: TerraformWorld, wish: StackWish, module: RootModule, { mode, view, kept, signal }: Making): Promise<Made> {
  const { binary, backend, config } = world;
  const served = await backend.serve({ read: async () => view, write: () => Promise.reject(new Error('A plan writes no state.')) });
  const { folder } = module;
  try {
    // What leads to us is nothing for a backend of the program's own: one of type `http` would take up our password.
    const env = { ...module.env, ...(hasOwnBackend(wish) ? {} : served.env) };
    const args = [
      'plan',
      '-input=false',
      '-json',
      `-out=${planFile}`,
      // What we serve is the state as it stands, and a plan writes none; a backend of the program's own may have others at it.
      ...(hasOwnBackend(wish) ? [] : ['-lock=false']),
      ...(mode === 'destroy' ? ['-destroy'] : []),
      ...(config.parallelism === undefined ? [] : [`-parallelism=${config.parallelism}`]),
    ];
    const show = (...what: string[]) => runReading({ path: binary.path, args: ['show', '-json', ...what], folder, env, stop: signal });
    let early: Promise<Reading> | undefined;
    const ended = await runReading({ path: binary.path, args, folder, env, stop: signal }, (piece) => {
      if (piece.includes(isWritten)) early ??= show(planFile);
    });
    const shownEarly = await early;
    const said = { ...ended, messages: ended.stdout.split('\n').flatMap((line) => readMessage(line) ?? []) };
    if (signal.aborted) throw whileWaiting(signal.reason, said.messages);
    checkVersion(world.name, binary, said.messages);
    if (ended.code !== 0 && view !== undefined) learnValues(world, await show());
    const about = { wish, binary, stack: world.stack, text: module.text };
    const problems = problemsIn(maskSaid(world, said), about);
    if (problems.length > 0) throw new KonfigError(problems);
    const shown = shownEarly ?? (await show(planFile));
    signal.throwIfAborted();
    if (shown.code !== 0) throw new KonfigError(problemsIn(maskSaid(world, { ...shown, messages: [] }), about));
    const plan = parseNumbers(shown.stdout) as PlanJson;
    learnPlan(world, plan, { wish, kept });
    return { plan, bytes: readFileSync(join(folder, planFile)), said: maskSaid(world, said) };
  } finally {
    served.end();
    // It holds every secret of the stack in clear.
    rmSync(join(folder, planFile), { force: true });
  }
}
