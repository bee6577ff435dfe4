// The stack that a command names, read from the user's program, with the compiler's opinion beside it.
import { isKonfigError, KonfigError, type Problem, type SynthOutput } from '@konfig/core';
import type { Shell } from '../shell';
import type { Monorepo } from './monorepo';
import { type SynthOptions, synthStack } from './synth';
import { errorsIn, typeErrors } from './type-check';

export interface Program extends SynthOutput {
  /** Fails with every type error in the files of this program. Await it before the world is changed. */
  readonly typesHold: Promise<void>;
}

export interface ReadOptions {
  /** Ask the compiler too. Default true. */
  readonly typeCheck?: boolean;
  /** Seconds. */
  readonly synthTimeout?: number;
}

/** Synthesises the stack. Types are checked at the same time: what does not hold is told by `typesHold`, or here if synth fails too. */
export async function readProgram(monorepo: Monorepo, stack: string, shell: Shell, options: ReadOptions): Promise<Program> {
  const types = options.typeCheck === false ? Promise.resolve([]) : typeErrors(monorepo);
  const synthOptions: SynthOptions = {
    env: shell.env,
    print: (text) => shell.stderr.write(text),
    ...(options.synthTimeout === undefined ? {} : { timeout: options.synthTimeout }),
  };
  try {
    const { files, output } = await synthStack(monorepo, stack, synthOptions);
    const ownTypes = types.then((found) => errorsIn(found, files));
    try {
      const typesHold = ownTypes.then(failOn);
      // Whoever awaits it hears of it; a command that fails earlier must not die of an unhandled rejection.
      typesHold.catch(() => {});
      return { ...(await output), typesHold };
    } catch (error) {
      if (!isKonfigError(error)) throw error;
      throw new KonfigError([...error.problems, ...(await ownTypes)], { cause: error });
    }
  } catch (error) {
    // What esbuild does not understand, the compiler often says better; it is told only for files of this project.
    const isSyntax =
      isKonfigError(error) && error.problems[0]?.code === 'PROGRAM_INVALID' && error.cause instanceof Error && !isKonfigError(error.cause);
    if (!isSyntax) throw error;
    const known = new Set(error.problems.map((problem) => `${problem.source?.file}:${problem.source?.line}`));
    const own = (await types).filter(
      ({ source }) => source?.file.includes(`${stack.split('/')[0]}/`) && !known.has(`${source.file}:${source.line}`),
    );
    throw new KonfigError([...error.problems, ...own], { cause: error });
  }
}

function failOn(problems: readonly Problem[]): void {
  if (problems.length > 0) throw new KonfigError(problems);
}
