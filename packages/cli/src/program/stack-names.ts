// The names of a project's stacks, without running any of them.
import { basename } from 'node:path';
import { isKonfigError, KonfigError } from '@konfig/core';
import type { Monorepo } from './monorepo';
import { type SynthOptions, stacksBeside, synthStack } from './synth';

/** No stack can be called so; the program answers with those that it has. */
const noName = '?';

/** `shop/dev`, `shop/prod`, as the program says. Fails with what is wrong with the program. */
export async function stacksOfProject(monorepo: Monorepo, project: string, options: SynthOptions): Promise<readonly string[]> {
  const asked = `${project}/${noName}`;
  try {
    const { output } = await synthStack(monorepo, asked, options);
    await output;
  } catch (error) {
    const isAnswer = isKonfigError(error) && error.problems.every(({ code }) => code === 'STACK_UNKNOWN') && error.cause !== undefined;
    if (!isAnswer) throw error;
    return stacksBeside(error, asked);
  }
  throw new KonfigError({ code: 'INTERNAL', message: `The program of ${project} took ${asked} for a stack.` });
}

/** The names of all projects, sorted. */
export function projectNames(monorepo: Monorepo): readonly string[] {
  return monorepo.projects.map((folder) => basename(folder)).sort();
}
