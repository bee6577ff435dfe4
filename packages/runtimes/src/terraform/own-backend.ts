// States that lie in a backend of the program's own: what Konfig keeps of them is a copy, which may be older.
import { KonfigError } from '@konfig/core';
import { problemsIn } from './diagnostics';
import { closeFolder } from './folder';
import { type KeptStack, withState } from './kept';
import { runReading } from './process';
import { openRootModule, type RootModule } from './root-module';
import { lookAt, type Seen } from './seen';
import { hasOwnBackend, type StackWish } from './wish';
import type { TerraformWorld } from './world';

/** What is kept of a stack, with the state from where it lies. */
export async function lookInto(world: TerraformWorld, wish: StackWish, signal: AbortSignal): Promise<Seen> {
  const seen = await lookAt(world, wish.id);
  if (!hasOwnBackend(wish)) return seen;
  const module = await openRootModule(world, wish, signal);
  try {
    return { ...seen, kept: withPulled(seen.kept, await pullState(world, module, wish, signal)) };
  } finally {
    closeFolder(module.folder);
  }
}

/** A state as its backend gave it. Empty: there is none yet. */
export type Pulled = Pick<KeptStack, 'text' | 'state'>;

export function withPulled({ text: _, state: __, ...kept }: KeptStack, pulled: Pulled): KeptStack {
  return { ...kept, ...pulled };
}

export async function pullState(
  { binary }: TerraformWorld,
  { folder, env, text }: RootModule,
  wish: StackWish,
  stop: AbortSignal,
): Promise<Pulled> {
  const pulled = await runReading({ path: binary.path, args: ['state', 'pull'], folder, env, stop });
  stop.throwIfAborted();
  if (pulled.code !== 0) throw new KonfigError(problemsIn({ ...pulled, messages: [] }, { wish, binary, text }));
  return pulled.stdout.trim() === '' ? {} : withState(pulled.stdout);
}
