// konfig validate: everything that can be wrong with stacks and be seen without a cluster, all of it at once.
import { isError, isKonfigError, KonfigError, type Problem, specVersion } from '@konfig/core';
import { checkOffline, edgesFor } from '@konfig/engine';
import { versionsOf } from '@konfig/runtimes';
import type { FileArguments, PlaceArguments } from '../arguments/place-options';
import { type Several, severalOf } from '../arguments/several';
import type { OutputArguments, TypeCheckArguments } from '../arguments/stack-options';
import { knownDefinitions } from '../definitions';
import { exitCodeOf, exitCodes } from '../exit-code';
import { inParallel, processesAtOnce } from '../in-parallel';
import { printProblems, styleOf, widthOf } from '../print';
import { printJson } from '../print-json';
import { findMonorepo, type Monorepo, rootOf } from '../program/monorepo';
import { projectNames, stacksOfProject } from '../program/stack-names';
import { draftBehind } from '../program/synth';
import { typeErrors } from '../program/type-check';
import { validationText } from '../render/validation-text';
import type { Shell } from '../shell';
import { type Checked, withUnread } from '../unread-settings';
import { validateVersions } from '../validate-versions';
import type { Validated } from '../validated';
import { problemsIn } from './change';
import { openStack } from './open-stack';

export interface ValidateArguments extends OutputArguments, TypeCheckArguments, PlaceArguments, FileArguments {
  readonly stacks?: readonly string[] | undefined;
  /** Named by `--stack`. */
  readonly stack?: Several;
  readonly all: boolean;
  /** Versions and ranges of versions, as they were typed. */
  readonly kubernetes?: Several;
  /** Seconds. */
  readonly synthTimeout: number;
}

export async function validate({ stack, ...given }: ValidateArguments, shell: Shell): Promise<number> {
  const args = { ...given, stacks: [...(given.stacks ?? []), ...(severalOf(stack) ?? [])] };
  const versions = [...new Set((severalOf(args.kubernetes) ?? []).flatMap(versionsOf))];
  const checked = args.file === undefined ? await checkPrograms(args, versions, shell) : await checkManifests(args, versions, shell);
  // Every stack is checked by the definitions in crds/: none holds while these do not.
  const { problems: ofDefinitions } = knownDefinitions(rootOf(shell.cwd));
  const found = checked.map((one) => ({ ...one, problems: distinct([...ofDefinitions, ...one.problems]) }));
  const problems = distinct([...ofDefinitions, ...found.flatMap((one) => one.problems)]);
  if (args.output === 'json') printJson({ stacks: found }, 'json', shell);
  else if (args.output === 'ndjson') for (const one of found) printJson(one, 'ndjson', shell);
  else {
    shell.stdout.write(validationText(found, { ...styleOf(shell), width: widthOf(shell) }));
    if (problems.length > 0) printProblems(problems, 'text', shell);
  }
  return problems.some(isError) ? exitCodeOf(problems) : exitCodes.done;
}

interface Checking {
  readonly args: ValidateArguments;
  readonly versions: readonly string[];
  readonly types: Promise<readonly Problem[]>;
  readonly shell: Shell;
}

async function checkPrograms(args: ValidateArguments, versions: readonly string[], shell: Shell): Promise<readonly Validated[]> {
  const monorepo = findMonorepo(shell.cwd);
  // The compiler looks at the whole monorepo: asked once, its errors are told where they belong.
  const types = args.typeCheck ? typeErrors(monorepo) : Promise.resolve([]);
  const checking = { args, versions, types, shell };
  const named = await inParallel(wantedNames(monorepo, args), processesAtOnce(), (name) => stacksOf(name, monorepo, checking));
  const checked = await inParallel(named.flat(), processesAtOnce(), async (one): Promise<Checked> => {
    return typeof one === 'string' ? checkStack(one, checking) : { validated: one };
  });
  const projects = wantedNames(monorepo, args).filter((name) => !name.includes('/'));
  return withUnread(checked, { projects, all: args.all });
}

/** A folder of manifests is one stack, and needs neither a program nor a monorepo. */
async function checkManifests(args: ValidateArguments, versions: readonly string[], shell: Shell): Promise<readonly Validated[]> {
  const [stack, ...others] = args.stacks ?? [];
  if (stack !== undefined && others.length === 0 && !args.all)
    return [(await checkStack(stack, { args, versions, types: Promise.resolve([]), shell })).validated];
  const message = stack === undefined ? 'The stack that the manifests are has no name.' : 'Manifests are one stack, but several are named.';
  throw new KonfigError({ code: 'USAGE', message, hint: 'Write konfig validate PROJECT/STACK -f PATH.' });
}

function wantedNames(monorepo: Monorepo, { all, stacks = [] }: ValidateArguments): readonly string[] {
  if (all) return projectNames(monorepo);
  if (stacks.length > 0) return [...new Set(stacks)];
  throw new KonfigError({
    code: 'USAGE',
    message: 'No stack is named.',
    hint: `Name stacks (${projectNames(monorepo)[0] ?? 'shop'}/dev) or projects (${projectNames(monorepo)[0] ?? 'shop'}), or say --all.`,
  });
}

/** The stacks of a project; a program that does not even say them is told in their place. */
async function stacksOf(name: string, monorepo: Monorepo, { args, shell, types }: Checking): Promise<readonly (string | Validated)[]> {
  if (name.includes('/')) return [name];
  const options = { env: shell.env, print: (text: string) => shell.stderr.write(text), timeout: args.synthTimeout };
  try {
    return await stacksOfProject(monorepo, name, options);
  } catch (error) {
    if (!isKonfigError(error)) throw error;
    const isOfProject = ({ source }: Problem) => source?.file.split('/').includes(name) === true;
    return [{ stack: name, problems: distinct([...error.problems, ...(await types).filter(isOfProject)]) }];
  }
}

async function checkStack(stack: string, { args, versions, types, shell }: Checking): Promise<Checked> {
  try {
    const program = await openStack(stack, shell, { ...args, types });
    const { spec, world, settings } = program;
    const edges = spec.version === specVersion ? edgesFor(spec, world) : [];
    const typeProblems = await problemsIn(program.typesHold);
    const validated = spec.version === specVersion ? validateVersions(program, world, versions) : [];
    const problems = [...program.warnings, ...typeProblems, ...checkOffline(program, edges, world), ...validated];
    return { validated: { stack, resources: spec.resources.length, problems }, ...(settings && { settings }) };
  } catch (error) {
    if (!isKonfigError(error)) throw error;
    return { validated: { stack, problems: [...error.problems, ...(await draftProblems(error, versions, shell))] } };
  }
}

/**
 * What is wrong with the objects of a program that failed for something else: not on the same lines, which may be the same, and no
 * warnings, which may come of what is not there because of that.
 */
async function draftProblems(error: KonfigError, versions: readonly string[], shell: Shell): Promise<readonly Problem[]> {
  const draft = draftBehind(error);
  if (draft?.spec.version !== specVersion) return [];
  const { openWorld } = require('../world') as typeof import('../world');
  const placeOf = ({ source, at }: Problem) => (source ? `${source.file}:${source.line}` : at);
  const told = new Set(error.problems.map(placeOf));
  return validateVersions(draft, openWorld(rootOf(shell.cwd), shell.env), versions).filter(
    (one) => isError(one) && !told.has(placeOf(one)),
  );
}

/** Stacks of one project share their files, and so what is wrong with these. */
function distinct(problems: readonly Problem[]): readonly Problem[] {
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()];
}
