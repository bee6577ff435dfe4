// The stack that a command names, read from the user's program, with the compiler's opinion beside it.
import { isKonfigError, KonfigError, type Problem, shortId } from '@konfig/core';
import { keepResources } from '../completion/names';
import type { Shell } from '../shell';
import type { Monorepo } from './monorepo';
import { type SynthesisOutput, type SynthOptions, synthStack } from './synth';
import { errorsIn, typeErrors } from './type-check';

export interface Program extends SynthesisOutput {
  /** Fails with every type error in the files of this program. Await it before the world is changed. */
  readonly typesHold: Promise<void>;
}

export interface ReadOptions {
  /** Ask the compiler too. Default true. */
  readonly typeCheck?: boolean;
  /** What the compiler says of the whole monorepo, where somebody has asked it already. */
  readonly types?: Promise<readonly Problem[]>;
  /** Seconds. */
  readonly synthTimeout?: number;
  /** Note the lines of fields? Default true. */
  readonly provenance?: boolean;
}

/** Synthesises the stack. Types are checked at the same time: what does not hold is told by `typesHold`, or here if synth fails too. */
export async function readProgram(monorepo: Monorepo, stack: string, shell: Shell, options: ReadOptions): Promise<Program> {
  const types = options.types ?? (options.typeCheck === false ? Promise.resolve([]) : typeErrors(monorepo));
  const synthOptions: SynthOptions = {
    env: shell.env,
    print: (text) => shell.stderr.write(text),
    ...(options.synthTimeout === undefined ? {} : { timeout: options.synthTimeout }),
    ...(options.provenance === undefined ? {} : { provenance: options.provenance }),
  };
  const { files, output } = await synthStack(monorepo, stack, synthOptions).catch(async (error) => {
    // Without a bundle its files are not known: what the compiler says of the project's folder must do.
    throw isOfProgram(error) ? withTypes(error, (await types).filter(isNews(error, stack))) : error;
  });
  const ownTypes = types.then((found) => errorsIn(found, files));
  const typesHold = ownTypes.then(failOn);
  // Whoever awaits it hears of it; a command that fails earlier must not die of an unhandled rejection.
  typesHold.catch(() => {});
  const { warnings, ...given } = await output.catch(async (error) => {
    throw isKonfigError(error) ? withTypes(error, await ownTypes) : error;
  });
  keepResources(
    monorepo.root,
    stack,
    given.spec.resources.map(({ id }) => shortId(id)),
  );
  return { ...given, warnings, typesHold };
}

function isOfProgram(error: unknown): error is KonfigError {
  return isKonfigError(error) && error.problems[0]?.code === 'PROGRAM_INVALID';
}

/** Is this an error in the stack's project, on a line that was not told already? The bundler and the compiler say syntax errors alike. */
function isNews({ problems }: KonfigError, stack: string): (error: Problem) => boolean {
  const project = stack.split('/')[0] as string;
  const told = new Set(problems.map(({ source }) => `${source?.file}:${source?.line}`));
  return ({ source }) => source?.file.split('/').includes(project) === true && !told.has(`${source.file}:${source.line}`);
}

function withTypes(error: KonfigError, types: readonly Problem[]): KonfigError {
  return new KonfigError([...error.problems, ...types], { cause: error });
}

function failOn(problems: readonly Problem[]): void {
  if (problems.length > 0) throw new KonfigError(problems);
}
