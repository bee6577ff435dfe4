// What every command on a stack begins with: what it is made of (a program, or a folder of manifests), and the world that it goes to.
import { defaultSettings, isKonfigError, KonfigError, type Problem, type Spec, specVersion } from '@konfig/core';
import { readRelease, type World } from '@konfig/engine';
import { type FileArguments, type PlaceArguments, placesIn } from '../arguments/place-options';
import { severalOf } from '../arguments/several';
import { untilInterrupted } from '../interrupt';
import { findMonorepo, isInMonorepo, type Monorepo, rootOf } from '../program/monorepo';
import { type Program, type ReadOptions, readProgram } from '../program/read-program';
import { stacksBeside } from '../program/synth';
import { saidOf } from '../said';
import type { Shell } from '../shell';

export interface OpenStack extends Program {
  readonly world: World;
}

export type OpenOptions = ReadOptions & Partial<PlaceArguments> & FileArguments;

/** A stack may be named in front, or by `--stack`; it must be named. */
export function namedStack(stack: string | undefined): string {
  if (stack !== undefined) return stack;
  throw new KonfigError({
    code: 'USAGE',
    message: 'The name of a stack is missing: PROJECT/STACK, e.g. shop/dev.',
    hint: 'See konfig --help, or konfig COMMAND --help.',
  });
}

/** A stack as its program, or a folder of manifests, wishes it. */
export async function openStack(stack: string, shell: Shell, options: OpenOptions): Promise<OpenStack> {
  const files = severalOf(options.file);
  if (files) return openManifests(stack, files, { shell, options });
  refusePlace(stack, options);
  return openProgram(findMonorepo(shell.cwd), stack, shell, options);
}

/** Where a program's stack goes, its workspace says: to ignore another wish would change the wrong cluster. */
export function refusePlace(stack: string, options: OpenOptions): void {
  const wrong = saidOf(placesIn(options));
  if (wrong.length === 0) return;
  throw new KonfigError({
    code: 'USAGE',
    message: `${stack} goes where the workspace of its program says; ${wrong.join(' and ')} cannot change that.`,
    hint: 'Change the workspace, or give the stack another one. For a folder of manifests add -f.',
  });
}

async function openProgram(monorepo: Monorepo, stack: string, shell: Shell, options: OpenOptions): Promise<OpenStack> {
  const reading = readProgram(monorepo, stack, shell, options);
  // It is awaited below; what it fails with must not be unhandled until then.
  reading.catch(() => {});
  // The runtimes load while the program runs in its own process.
  const { openWorld } = require('../world') as typeof import('../world');
  return { ...(await reading), world: openWorld(monorepo.root, shell.env) };
}

interface Given {
  readonly shell: Shell;
  readonly options: OpenOptions;
}

async function openManifests(stack: string, files: readonly string[], { shell, options }: Given): Promise<OpenStack> {
  const { readManifestStack } = require('../program/read-manifests') as typeof import('../program/read-manifests');
  const { world, ...place } = await placeOf({ shell, options });
  const { project, name } = nameOf(stack);
  const { spec, sources, warnings } = await readManifestStack({ files, project, stack: name, ...place, shell });
  return { spec, sources, warnings, typesHold: Promise.resolve(), world };
}

/** What a stack is known by when only its records matter. */
export interface RecordedStack {
  /** Says which targets and store; for a stack that has left its program, what was released last. */
  readonly spec: Spec;
  readonly world: World;
}

/**
 * A stack as far as its records need it. One that has left its program, or never had one, is found where the options say (`--context`, `--via`), outside of any
 * monorepo in the current context, or where the other stacks of its project keep their records.
 */
export async function openRecorded(stack: string, shell: Shell, options: OpenOptions): Promise<RecordedStack> {
  const files = severalOf(options.file);
  if (files) return openManifests(stack, files, { shell, options });
  if (saidOf(placesIn(options)).length > 0 || !isInMonorepo(shell.cwd)) {
    const place = await placeOf({ shell, options });
    return recordedBeside(stack, { spec: emptySpec(stack, place), world: place.world }, shell);
  }
  try {
    return await openStack(stack, shell, withoutPlace(options));
  } catch (error) {
    return await recordedElsewhere(error, stack, shell, options);
  }
}

function withoutPlace({ synthTimeout }: OpenOptions): OpenOptions {
  return { typeCheck: false, ...(synthTimeout === undefined ? {} : { synthTimeout }) };
}

async function recordedElsewhere(error: unknown, stack: string, shell: Shell, options: OpenOptions): Promise<RecordedStack> {
  for (const other of stacksBeside(error, stack)) {
    const found = await openStack(other, shell, withoutPlace(options))
      .then((beside) => recordedBeside(stack, beside, shell))
      // Whatever is wrong with another stack is not what was asked.
      .catch(() => undefined);
    if (!found) continue;
    shell.stderr.write(`${stack} is not in its program any more: going by its last release, in the records of ${other}.\n`);
    return found;
  }
  if (isKonfigError(error)) throw new KonfigError(error.problems.map(withPlace), { cause: error });
  throw error;
}

function withPlace(problem: Problem): Problem {
  if (problem.code !== 'STACK_UNKNOWN' && problem.code !== 'PROGRAM_NOT_FOUND') return problem;
  const hint = 'For a stack without a program say where it is: --via PROJECT/STACK, --context NAME or --embedded.';
  return { ...problem, hint: problem.hint ? `${problem.hint} ${hint}` : hint };
}

/** The stack as it was released last, found by the targets and records of another one. */
async function recordedBeside(stack: string, beside: RecordedStack, shell: Shell): Promise<RecordedStack> {
  const { project, name } = nameOf(stack);
  const asked = { ...beside.spec, project, stack: name, resources: [] };
  const { spec } = await untilInterrupted(shell, (signal) => readRelease(asked, undefined, beside.world, signal));
  // Its kubeconfig may have been of another machine: what was asked for wins.
  return { world: beside.world, spec: { ...spec, targets: { ...spec.targets, ...beside.spec.targets }, records: beside.spec.records } };
}

function emptySpec(stack: string, { targets, records }: Pick<Spec, 'targets' | 'records'>): Spec {
  const { project, name } = nameOf(stack);
  return { version: specVersion, project, stack: name, workspace: 'none', targets, records, settings: defaultSettings, resources: [] };
}

interface Place extends Pick<Spec, 'targets' | 'records'> {
  readonly namespace?: string;
  readonly world: World;
}

/** Where the options say that a stack is that no program tells of; by default on the current cluster of the kubeconfig. */
async function placeOf({ shell, options }: Given): Promise<Place> {
  const { context, kubeconfig, namespace, embedded, via } = options;
  const inNamespace = namespace === undefined ? {} : { namespace };
  const clusters = saidOf({ '--embedded': embedded, '--via': via, '--context or --kubeconfig': context ?? kubeconfig });
  if (clusters.length > 1)
    throw new KonfigError({ code: 'USAGE', message: `${clusters.join(' and ')} name several clusters.`, hint: 'Say one of them.' });
  if (via !== undefined) {
    const { spec, world } = await openStack(via, shell, withoutPlace(options));
    return { targets: spec.targets, records: spec.records, world, ...inNamespace };
  }
  const { openWorld } = require('../world') as typeof import('../world');
  const config = embedded
    ? { embedded: true }
    : { ...(context === undefined ? {} : { context }), ...(kubeconfig === undefined ? {} : { kubeconfig }) };
  return {
    targets: { main: { runtime: 'kubernetes', config: { ...config, ...inNamespace } } },
    records: embedded ? { store: 'files' } : { store: 'kubernetes', target: 'main', namespace: 'konfig' },
    world: openWorld(rootOf(shell.cwd), shell.env),
    ...inNamespace,
  };
}

/** `shop/prod`; a single name is a project of one stack. */
function nameOf(stack: string): { readonly project: string; readonly name: string } {
  const [project, name = 'main', ...more] = stack.split('/');
  if (project && name && more.length === 0) return { project, name };
  throw new KonfigError({
    code: 'USAGE',
    message: `${JSON.stringify(stack)} is not the name of a stack.`,
    hint: 'Write PROJECT/STACK, e.g. shop/dev.',
  });
}
