// What every command on a stack begins with: its program read, and the world that it goes to.
import type { World } from '@konfig/engine';
import { findMonorepo } from '../program/monorepo';
import { type Program, type ReadOptions, readProgram } from '../program/read-program';
import type { Shell } from '../shell';

export interface OpenStack extends Program {
  readonly world: World;
}

export async function openStack(stack: string, shell: Shell, options: ReadOptions): Promise<OpenStack> {
  const monorepo = findMonorepo(shell.cwd);
  const reading = readProgram(monorepo, stack, shell, options);
  // It is awaited below; what it fails with must not be unhandled until then.
  reading.catch(() => {});
  // The runtimes load while the program runs in its own process.
  const { openWorld } = await import('../world.js');
  return { ...(await reading), world: openWorld(monorepo.root, shell.env) };
}
