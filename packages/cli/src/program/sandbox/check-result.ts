// What a program's process gave is untrusted: it is looked at here before anything else reads it.
import {
  catalogue,
  isObject,
  type Json,
  KonfigError,
  type Problem,
  type SourceLine,
  type StackSettings,
  type SynthOutput,
  shapeProblems,
  withKnownLines,
} from '@konfig/core';
import type { Loaded } from '../loaded-files';
import type { ChildResult } from './message';
import { readSettings } from './read-settings';

export interface Expected {
  /** `shop/prod` */
  readonly stack: string;
  /** Is this a file of the program, or one that it declared to read? */
  readonly isKnown: (file: string) => boolean;
  /** The project's konfig.ts: where a line is missing, or one was told that cannot be. */
  readonly konfigFile: string;
}

export interface Checked {
  /** The output, where there is one. */
  readonly output?: SynthOutput & { readonly settings: StackSettings };
  /** In its place where something is wrong, as far as it came and if it can be looked at: never to be applied. */
  readonly draft?: SynthOutput;
  /** Also where something is wrong, if the program could tell them. */
  readonly settings?: StackSettings;
  readonly problems: readonly Problem[];
  /** What the program says its stacks are. */
  readonly stacks: readonly string[];
  /** What it says it loaded. */
  readonly loaded: Loaded;
}

const mostProblems = 1000;
const longestText = 10_000;

export function checkResult(result: ChildResult, { stack, isKnown, konfigFile }: Expected): Checked {
  const { stacks, problems, warnings, output, draft, settings, loaded, esModules } = result as { readonly [key: string]: unknown };
  const top = { file: konfigFile, line: 1, guess: true };
  const read = (list: unknown) => (Array.isArray(list) ? list : []).slice(0, mostProblems).map((one) => readProblem(one, isKnown, top));
  const told = [...read(problems), ...read(warnings).map((problem) => ({ ...problem, severity: 'warning' as const }))];
  const names = texts(stacks);
  const files: Loaded = { files: texts(loaded), esModules: texts(esModules) };
  if (problems !== undefined) {
    const known = settings === undefined ? {} : { settings: readSettings(settings, isKnown) };
    return { problems: told, stacks: names, loaded: files, ...known, ...readDraft(draft, isKnown, top) };
  }
  const wrong = shapeProblems(output as Json);
  if (wrong.length > 0)
    return { problems: [...told, ...wrong.map((problem) => withLine(problem, output, top))], stacks: names, loaded: files };
  const checked = withKnownLines(output as SynthOutput, isKnown, top);
  checkName(checked, stack, top);
  return { output: { ...checked, settings: readSettings(settings, isKnown) }, problems: told, stacks: names, loaded: files };
}

function texts(list: unknown): readonly string[] {
  return (Array.isArray(list) ? list : []).filter((one): one is string => typeof one === 'string');
}

function readDraft(draft: unknown, isKnown: Expected['isKnown'], top: SourceLine): Pick<Checked, 'draft'> {
  if (!isObject(draft) || shapeProblems(draft as Json).length > 0) return {};
  return { draft: withKnownLines(draft as unknown as SynthOutput, isKnown, top) };
}

/** A problem as the program's process told it; with the line of konfig.ts where it names a file that cannot be. */
export function readProblem(value: unknown, isKnown: (file: string) => boolean, top: SourceLine): Problem {
  const { code, message, hint, at, severity, source } = (isObject(value) ? value : {}) as { readonly [key: string]: unknown };
  const isCode = typeof code === 'string' && Object.hasOwn(catalogue, code);
  const line = readLine(source, isKnown);
  return {
    code: isCode ? (code as Problem['code']) : 'PROGRAM_OUTPUT',
    message: textOf(message) ?? 'The program told a problem that cannot be read.',
    ...(textOf(hint) !== undefined && { hint: textOf(hint) as string }),
    ...(textOf(at) !== undefined && { at: textOf(at) as string }),
    ...(severity === 'warning' && { severity }),
    ...((line || source !== undefined || code === 'PROGRAM_IMPURE') && { source: line ?? top }),
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value.slice(0, longestText) : undefined;
}

function readLine(value: unknown, isKnown: (file: string) => boolean): SourceLine | undefined {
  if (!isObject(value) || typeof value.file !== 'string' || !Number.isSafeInteger(value.line) || !isKnown(value.file)) return undefined;
  return { ...(value as unknown as SourceLine) };
}

/** The line of the resource that it is about, as far as the rest of the output can be trusted with that: it is checked like any other. */
function withLine(problem: Problem, output: unknown, top: SourceLine): Problem {
  if (problem.at === undefined) return problem;
  const { sources } = output as SynthOutput;
  const made = sources[problem.at.split(' ')[0] as string]?.made as SourceLine | undefined;
  return { ...problem, source: made && typeof made.file === 'string' && typeof made.line === 'number' ? { ...made, guess: true } : top };
}

function checkName({ spec }: SynthOutput, stack: string, top: SourceLine): void {
  const [folder, name] = stack.split('/');
  // A stack's records and ownership go by these names: two must never share one.
  if (spec.project !== folder) {
    throw new KonfigError({
      code: 'PROGRAM_INVALID',
      message: `The project in the folder ${folder} calls itself ${JSON.stringify(spec.project)}.`,
      hint: 'A project is named as its folder: rename one of the two.',
      source: top,
    });
  }
  if (spec.stack !== name) {
    const message = `The stack ${name} was asked for, but the program gave ${JSON.stringify(spec.stack)}.`;
    throw new KonfigError({
      code: 'PROGRAM_OUTPUT',
      message,
      hint: 'Take out what changes the stacks of the project while it runs.',
      source: top,
    });
  }
}
