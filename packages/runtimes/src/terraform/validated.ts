// What is wrong with a stack that waits for a value of another: it cannot be planned yet, but what Terraform finds without any value need not wait for its turn.
import { isKonfigError, isObject, type Json, latersIn, type Problem } from '@konfig/core';
import { problemsIn } from './diagnostics';
import { closeFolder } from './folder';
import { maskSaid } from './held-secrets';
import { type Message, readMessage } from './messages';
import { runReading } from './process';
import { openRootModule, type RootModule } from './root-module';
import type { StackWish } from './wish';
import type { TerraformWorld } from './world';

/** By `terraform validate`, which wants no values. */
export async function validated(world: TerraformWorld, wish: StackWish, signal: AbortSignal): Promise<readonly Problem[]> {
  if (latersIn(wish.configuration).length > 0) return [];
  const { binary, stack } = world;
  let module: RootModule;
  try {
    module = await openRootModule(world, { ...wish, inputs: {} }, signal);
  } catch (error) {
    // Its providers cannot be had, say: it is listed all the same.
    if (signal.aborted || !isKonfigError(error)) throw error;
    return error.problems;
  }
  try {
    const args = ['validate', '-json', '-no-color'];
    const ended = await runReading({ path: binary.path, args, folder: module.folder, env: module.env, stop: signal });
    signal.throwIfAborted();
    return problemsIn(maskSaid(world, { ...ended, messages: messagesIn(ended.stdout) }), { wish, binary, stack, text: module.text });
  } finally {
    closeFolder(module.folder);
  }
}

/** It says all at the end, in one object. */
function messagesIn(stdout: string): readonly Message[] {
  const said = parsed(stdout);
  const diagnostics = isObject(said) && Array.isArray(said.diagnostics) ? said.diagnostics : [];
  return diagnostics.flatMap((diagnostic: Json) => readMessage(JSON.stringify({ type: 'diagnostic', diagnostic })) ?? []);
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return null;
  }
}
