// One apply or destroy, from the saved plan to what is kept of it.
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ApplyRequest, KonfigError, type Problem, type ResourceId } from '@konfig/core';
import { reasonOf } from '../reason-of';
import type { ServedState } from './backend';
import { cancelled, problemsIn, type Said, warningsIn } from './diagnostics';
import { closeFolder, erroredState, leaveFolder, planFile } from './folder';
import { maskSaid } from './held-secrets';
import { type KeptStack, withState } from './kept';
import { inputsToKeep } from './kept-inputs';
import { type Ledger, openLedger } from './ledger';
import { leftOpen, type Mark, markOf } from './mark';
import { type Message, readMessage } from './messages';
import { settle, unpushedProblem } from './own-backend';
import { runChanging } from './process';
import { type Progress, progressOf } from './progress';
import { leftProblem, lostProblem, rescuedProblem } from './rescue';
import { openRootModule } from './root-module';
import type { Mode, Seen } from './seen';
import { whyUnread } from './unread-left';
import { configurationDigest, hasOwnBackend, type StackWish } from './wish';
import type { SavedPlan, TerraformWorld } from './world';

/** What is told and asked while it lasts; `signal` gives it up. */
export type Meanwhile = Pick<ApplyRequest, 'tell' | 'planned' | 'cancelled'> & { readonly signal: AbortSignal };

/** What is to be carried out. */
export interface Work {
  readonly mode: Mode;
  readonly seen: Seen;
  readonly plan: SavedPlan;
}

/** What has become of it. */
export interface Done {
  readonly kept: KeptStack;
  readonly nodes: ReturnType<Progress['nodes']>;
  readonly warnings: readonly string[];
}

/** Throws where anything of it has failed; what was done by then is kept. */
export async function carryOut(world: TerraformWorld, wish: StackWish, { mode, seen, plan }: Work, meanwhile: Meanwhile): Promise<Done> {
  const { outputs, protected: held, retained } = wish;
  const { mark: _, ...kept } = {
    ...seen.kept,
    ...(plan.view === undefined ? {} : withState(plan.view)),
    ...(mode === 'apply'
      ? {
          outputs,
          protected: held,
          retained,
          configuration: configurationDigest(wish),
          inputs: inputsToKeep(wish, world),
        }
      : {}),
  };
  const ledger = openLedger(world, seen, { first: kept, marks: plan.marks });
  if (plan.isEmpty) {
    await ledger.end();
    return { kept: ledger.kept(), nodes: new Map(), warnings: [] };
  }
  if (meanwhile.cancelled?.aborted) throw new KonfigError(cancelled(wish.id));
  await ledger.begin(markOf(plan.parts, world.keeper()?.writer ?? 'nobody'));
  const progress = progressOf(wish.id, plan.parts);
  const onMessage = (message: Message) => {
    if (message.type === 'apply_complete' && message.hook?.action === 'create') ledger.made(message.hook.address);
    if (progress.take(message)) meanwhile.tell?.(progress.observation());
  };
  const run = runApply(world, wish, plan, { state: ledger.served, kept: ledger.kept(), meanwhile, onMessage });
  const carried = await run.catch(async (error) => {
    // What could not be begun has made nothing; what was given up may still be at work. Whatever fails now, the first error tells more.
    if (!meanwhile.signal.aborted) await ledger.end().catch(() => undefined);
    throw error;
  });
  // By now the last state is in hand, with all that was made.
  const said = maskSaid(world, carried);
  const problems = problemsIn(said, { wish, binary: world.binary, stack: world.stack, text: said.text });
  const place = await keepLast(ledger, leftOpen(ledger.kept().mark, said), wish.id);
  // Terraform has said so too, while it was so.
  const isKept = place.length > 0 || said.isPushed || !hasOwnBackend(wish);
  const told = [...place, ...problems.filter(({ code }) => code !== 'RECORD_WRITE' || !isKept)];
  if (told.length > 0) throw new KonfigError(told);
  return { kept: ledger.kept(), nodes: progress.nodes(), warnings: warningsIn(said) };
}

/** What is to be told of where the state lies by now: nothing, where that is the store. */
async function keepLast(ledger: Ledger, open: Mark | undefined, id: ResourceId): Promise<readonly Problem[]> {
  try {
    await ledger.end(open);
  } catch (error) {
    return [lostProblem(id, reasonOf(error))];
  }
  const rescued = ledger.rescued();
  return rescued ? [rescuedProblem(id, rescued.file, rescued.why)] : [];
}

interface Applying {
  readonly state: ServedState;
  readonly kept: KeptStack;
  readonly meanwhile: Meanwhile;
  readonly onMessage: (message: Message) => void;
}

interface Carried extends Said {
  /** The configuration as it was written. */
  readonly text: string;
  /** The program's own backend has taken the state in the end, though not from Terraform itself. */
  readonly isPushed: boolean;
}

async function runApply(
  world: TerraformWorld,
  wish: StackWish,
  { bytes }: SavedPlan,
  { state, kept, meanwhile, onMessage }: Applying,
): Promise<Carried> {
  const { binary, backend, config } = world;
  const { signal, cancelled = never } = meanwhile;
  signal.throwIfAborted();
  const { folder, env, text } = await openRootModule(world, wish, signal, kept);
  const left = join(folder, erroredState);
  const served = await backend.serve(state);
  const messages: Message[] = [];
  try {
    writeFileSync(join(folder, planFile), bytes, { mode: 0o600 });
    const onLine = (line: string) => {
      const message = readMessage(line);
      if (!message) return;
      // It was read by then, and holds every secret of the stack in clear.
      if (message.hook) rmSync(join(folder, planFile), { force: true });
      messages.push(message);
      onMessage(message);
    };
    const args = [
      'apply',
      '-input=false',
      '-json',
      ...(config.parallelism === undefined ? [] : [`-parallelism=${config.parallelism}`]),
      planFile,
    ];
    const led = hasOwnBackend(wish) ? env : { ...env, ...served.env };
    const ended = await runChanging({ path: binary.path, args, folder, env: led, stop: cancelled }, onLine, signal);
    let isPushed = false;
    if (hasOwnBackend(wish)) isPushed = await settle(world, wish, { module: { folder, env, text }, state }, signal);
    else await takeUp(left, state);
    closeFolder(folder);
    return { ...ended, messages, text, isPushed };
  } catch (error) {
    const isLeft = existsSync(left) && statSync(left).size > 0;
    // It may still be at work there, or have left what nobody else has.
    if (signal.aborted || isLeft) leaveFolder(folder);
    else closeFolder(folder);
    if (!isLeft) throw error;
    throw new KonfigError(hasOwnBackend(wish) ? unpushedProblem(world, wish.id, left) : leftProblem(wish.id, left), { cause: error });
  } finally {
    served.end();
  }
}

/** What Terraform could not hand over. On a full disk that is cut off: what it has handed over before is in hand, and written once more in the end. */
async function takeUp(left: string, state: ServedState): Promise<void> {
  const text = existsSync(left) ? readFileSync(left, 'utf8') : undefined;
  if (text !== undefined && whyUnread(text) !== 'damaged') await state.write(text);
}

const never = new AbortController().signal;
