// States that lie in a backend of the program's own: what Konfig keeps of them is a copy, which may be older.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { KonfigError, type Problem, type ResourceId, shortId } from '@konfig/core';
import type { ServedState } from './backend';
import { type Binary, binaryName } from './binary';
import { problemsIn } from './diagnostics';
import { openLeft } from './encrypted';
import { closeFolder, erroredState } from './folder';
import { learnState, maskSaid } from './held-secrets';
import { type KeptStack, withState } from './kept';
import { runReading } from './process';
import type { Rescued } from './rescue';
import { openRootModule, type RootModule } from './root-module';
import { lookAt, type Seen } from './seen';
import { hasOwnBackend, type StackWish, waitsFor } from './wish';
import type { TerraformWorld } from './world';

/** What is kept of a stack, with the state from where it lies. */
export async function lookInto(world: TerraformWorld, wish: StackWish, signal: AbortSignal): Promise<Seen> {
  const seen = await lookAt(world, wish.id);
  if (!hasOwnBackend(wish)) return seen;
  // A backend takes no value that is known only later.
  const module = await openRootModule(world, waitsFor(wish) === undefined ? wish : { ...wish, inputs: {} }, signal);
  try {
    return { ...seen, kept: await pullOver(world, wish, { module, ...seen }, signal) };
  } finally {
    closeFolder(module.folder);
  }
}

interface Copy extends Pick<Seen, 'kept' | 'rescued'> {
  readonly module: RootModule;
}

/** What is kept, with the state as its backend has it. Throws where that is older than what was made. */
export async function pullOver(
  world: TerraformWorld,
  wish: StackWish,
  { module, kept, rescued }: Copy,
  stop: AbortSignal,
): Promise<KeptStack> {
  const pulled = await pullState(world, module, wish, stop);
  if (isBehind(pulled, kept))
    throw new KonfigError(pulled.state || rescued ? behindProblem(world, wish, kept, rescued) : emptyProblem(world, wish, kept));
  const { text: _, state: __, ...rest } = kept;
  learnState(world, { ...rest, ...pulled });
  return { ...rest, ...pulled };
}

/** One of another lineage was made anew since. */
function isBehind({ state: theirs }: Pulled, { state: ours }: KeptStack): boolean {
  if (!ours || !theirs) return ours !== undefined && ours.addresses.length > 0;
  return ours.lineage === theirs.lineage && ours.serial > theirs.serial;
}

interface Ended {
  readonly module: RootModule;
  /** Takes the copy. */
  readonly state: ServedState;
}

/** After a run: hands over what Terraform could not save, and copies what the backend has then. True where there was something to hand over. */
export async function settle(world: TerraformWorld, wish: StackWish, { module, state }: Ended, stop: AbortSignal): Promise<boolean> {
  const left = join(module.folder, erroredState);
  const isLeft = existsSync(left);
  if (isLeft) {
    await openLeft(world, module, stop);
    // If the backend takes it no more than before, the copy tells every later run so. That the backend takes it counts more than the copy.
    await state.write(readFileSync(left, 'utf8')).catch(() => undefined);
    await askBackend(world, module, wish, { args: ['push', erroredState], stop });
    rmSync(left);
  }
  const { text } = await pullState(world, module, wish, stop);
  if (text !== undefined) await state.write(text);
  return isLeft;
}

/** The backend takes no state: it lies where Terraform has left it, in clear. */
export function unpushedProblem({ binary }: TerraformWorld, id: ResourceId, file: string): Problem {
  return {
    code: 'RECORD_WRITE',
    message: `${shortId(id)} was changed, and its own backend did not take the state. ${binaryName[binary.kind]} has left it as ${file}.`,
    hint: `Do not remove that file. ${pushHint(binary, file)}`,
    at: id,
  };
}

function behindProblem(world: TerraformWorld, wish: StackWish, { state }: KeptStack, rescued: Rescued | undefined): Problem {
  const { id } = wish;
  // Where it lies open, one step is enough.
  const isOpen = rescued !== undefined && basename(rescued.file) === erroredState;
  const push = isOpen ? pushHint(world.binary, rescued.file) : `Bring it there, and preview again: ${bringHint(world, id)}.`;
  return {
    code: 'RECORD_OUTDATED',
    message: `The last run of ${shortId(id)} has made a state (serial ${state?.serial}) that its own backend does not have.`,
    hint: `${push} To go on from what the backend has instead, push that once more with a higher serial.`,
    at: id,
  };
}

/** Lost there, or never brought there: the copy that Konfig keeps is whole, and counts where the program has no backend. */
function emptyProblem(world: TerraformWorld, { id }: StackWish, { state }: KeptStack): Problem {
  return {
    code: 'RECORD_OUTDATED',
    message: `The backend that the program writes for ${shortId(id)} has no state, and Konfig has one (serial ${state?.serial}, ${state?.addresses.length} resources): what is there would be made once more.`,
    hint: `Is it the right backend, and reached as the right user? Then bring the state there (if the last run named an ${erroredState}, that one): ${bringHint(world, id)}. Without the backend in the program, Konfig goes on from its own.`,
    at: id,
  };
}

/** From the copy that Konfig keeps. */
function bringHint({ stack, binary: { kind } }: TerraformWorld, id: ResourceId): string {
  const pull = `konfig state pull ${stack} ${shortId(id)} --out FILE gives it out`;
  const synth = `konfig synth ${stack} --format terraform --to FOLDER writes the configuration`;
  return `${pull}, ${synth}, and in the folder of this one it is ${kind} init, then ${kind} state push FILE`;
}

/** Configuration and backend lie ready beside it. */
function pushHint({ kind }: Binary, file: string): string {
  return `When the backend is back: cd ${dirname(file)} && ${kind} state push ${basename(file)}. Is it locked by that run still: ${kind} force-unlock there first, with the first ID that it names. Then preview again.`;
}

/** A state as its backend gave it. Empty: there is none yet. */
type Pulled = Pick<KeptStack, 'text' | 'state'>;

async function pullState(world: TerraformWorld, module: RootModule, wish: StackWish, stop: AbortSignal): Promise<Pulled> {
  const text = await askBackend(world, module, wish, { args: ['pull'], stop });
  if (text.trim() === '') return {};
  const pulled = withState(text);
  // What a remote backend without a state gives: one that was never written.
  return pulled.state.lineage === '' ? {} : pulled;
}

interface Question {
  readonly args: readonly string[];
  readonly stop: AbortSignal;
}

async function askBackend(
  world: TerraformWorld,
  { folder, env, text }: RootModule,
  wish: StackWish,
  { args, stop }: Question,
): Promise<string> {
  const { binary, stack } = world;
  const said = await runReading({ path: binary.path, args: ['state', ...args], folder, env, stop });
  stop.throwIfAborted();
  if (said.code !== 0) throw new KonfigError(problemsIn(maskSaid(world, { ...said, messages: [] }), { wish, binary, stack, text }));
  return said.stdout;
}
