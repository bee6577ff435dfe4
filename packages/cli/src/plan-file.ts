// Plan files on disk.
import { randomUUID } from 'node:crypto';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  isError,
  KonfigError,
  makePlanFile,
  type Plan,
  type PlanFile,
  type Problem,
  parsePlanFile,
  planFileText,
  shortId,
  sourceOf,
} from '@konfig/core';
import { type Preview, secretHashes, type World } from '@konfig/engine';
import { holdsLiterals } from './literal-secret';
import type { Shell } from './shell';
import { ownVersion } from './version';

/** Is this argument the name of a plan file, and not of a stack? */
export function isPlanFile(argument: string): boolean {
  return /\.json$/i.test(argument);
}

/** What is written must be found again: a name that does not look like a plan file is a USAGE error. */
export function checkPlanName(file: string): void {
  if (isPlanFile(file)) return;
  throw new KonfigError({
    code: 'USAGE',
    message: `${JSON.stringify(file)} does not end in .json, by which konfig apply tells a plan file from a stack.`,
    hint: `Name it ${file}.json.`,
  });
}

/** Reads a plan file. PLAN_INVALID says what is wrong with it. */
export function readPlanFile(file: string, shell: Shell): PlanFile {
  let text: string;
  try {
    text = readFileSync(resolve(shell.cwd, file), 'utf8');
  } catch (error) {
    throw new KonfigError(
      {
        code: 'PLAN_INVALID',
        message: `${file} cannot be read: ${(error as Error).message}.`,
        hint: 'konfig preview STACK -o FILE writes one.',
      },
      { cause: error },
    );
  }
  return parsePlanFile(text, file);
}

/** What was shown, to be kept. */
export interface Shown {
  readonly made: Preview;
  readonly plan: Plan;
  readonly problems: readonly Problem[];
  /** Of the program. */
  readonly commit: string | undefined;
}

/** Keeps a plan, whole or not at all. A plan with errors is no plan to apply: it is not written, and the answer is false. */
export function writePlanFile(
  file: string,
  { made, plan, problems, commit }: Shown,
  { world, shell }: { readonly world: World; readonly shell: Shell },
): boolean {
  if (problems.some(isError)) return false;
  const { spec, sources } = made.request;
  refuseSecrets(made.request);
  const content = makePlanFile({
    konfig: ownVersion(),
    by: world.who.name,
    ...(commit === undefined ? {} : { commit }),
    at: new Date(world.clock.now()).toISOString(),
    plan,
    problems,
    spec,
    sources,
    ...secretHashes(made),
  });
  const path = resolve(shell.cwd, file);
  const part = `${path}.${randomUUID()}.part`;
  try {
    writeFileSync(part, planFileText(content), { flag: 'wx' });
    renameSync(part, path);
    return true;
  } catch (error) {
    rmSync(part, { force: true });
    throw new KonfigError(
      {
        code: 'RECORD_WRITE',
        message: `write ${file}: ${(error as Error).message}`,
        hint: 'Nothing was changed. Name another file, or make room.',
      },
      { cause: error },
    );
  }
}

/** Plan files are passed around: what calls itself a secret must not stand in one. */
function refuseSecrets({ spec, sources }: Preview['request']): void {
  const exposed = spec.resources.filter(({ type, attributes }) => holdsLiterals(type, attributes));
  if (exposed.length === 0) return;
  const problems = exposed.map(({ id }): Problem => {
    const source = sourceOf(sources, id);
    return {
      code: 'SPEC_SECRET_EXPOSED',
      message: `${shortId(id)} has its values written out, and a plan file would hold them too.`,
      hint: 'In a program, name them by secret.env or secret.file; a stack of manifests that holds a Secret is applied without a plan file.',
      at: id,
      ...(source ? { source } : {}),
    };
  });
  throw new KonfigError(problems);
}
