// What is deployed together, and its stacks. The default export of a `konfig.ts`.
import {
  isError,
  isKonfigError,
  type Notes,
  type Problem,
  type SourceLine,
  type StackSettings,
  type SynthOutput,
  thrownProblem,
} from '@konfig/core';
import type { DefaultsOption } from './defaults';
import type { InputFiles } from './input-files';
import { lower } from './lower/lower';
import { checkMoves } from './moved';
import type { SettingOverride } from './settings/declared';
import { settingsOf } from './settings/tell';
import { type Locate, SourceReader, stackText, withDeepStacks } from './source';
import { Stack, type StackOptions } from './stack';
import { Synth } from './synth';
import { type Team, team } from './team';
import type { Workspace } from './workspace';

const brand = Symbol.for('konfig/Project');

/** More about a project. */
export interface ProjectOptions {
  /** Who to ask: shown in previews and kept in releases. A team, or its name. */
  readonly owner?: Team | string;
  /** What is overridden of the platform's settings for all of its stacks, over the workspace's and the team's. Default: nothing. */
  readonly settings?: readonly SettingOverride[];
}

/** What a synth is given from outside of the program. */
export interface SynthOptions {
  /** Maps positions in a bundle to lines of the user's code. Default: the running file itself, unless it is in a library. */
  readonly locate?: Locate;
  /** The file that the program's code runs as, where that is one: others need not be asked for. */
  readonly code?: string;
  /** What `input.env` reads. Default: nothing. */
  readonly env?: { readonly [name: string]: string };
  /** What was noted of the program's objects, for the lines of their fields. Default: nothing; then a field has its construct's line. */
  readonly notes?: Notes;
  /** What `input.file`, `Manifest` and their like read. Default: the disk. */
  readonly files?: InputFiles;
  /** Defaults over the stack's, for this synth: `'none'` shows what was written and nothing else. */
  readonly defaults?: DefaultsOption;
}

/** What a synth gives: the Spec with its source lines, the settings that went into it and, where there are some, warnings; or everything that is wrong. */
export type SynthResult =
  | {
      readonly output: SynthOutput;
      readonly settings: StackSettings;
      readonly warnings?: readonly Problem[];
      readonly problems?: undefined;
    }
  | {
      readonly problems: readonly Problem[];
      readonly output?: undefined;
      /** The Spec as far as it came, where it did: to look for more that is wrong, and for nothing else. */
      readonly draft?: SynthOutput;
      /** Beside it. */
      readonly settings?: StackSettings;
    };

interface StackDefinition {
  readonly name: string;
  readonly workspace: Workspace;
  readonly fill: (stack: Stack) => unknown;
  readonly options: StackOptions;
  readonly definedAt: string;
}

/** What is deployed together: `shop`. Made by {@link project}. */
export class Project {
  readonly name: string;
  readonly owner: string | undefined;
  readonly #team: Team | undefined;
  readonly #settings: readonly SettingOverride[] | undefined;
  readonly #stacks: StackDefinition[] = [];

  /** @internal Write `project('shop')`. */
  constructor(name: string, options: ProjectOptions) {
    this.name = name;
    this.#team = typeof options.owner === 'string' ? team(options.owner) : options.owner;
    this.owner = this.#team?.name;
    this.#settings = options.settings;
    Object.defineProperty(this, brand, { value: true });
  }

  /** The names of its stacks, in the order of the program. */
  get stackNames(): readonly string[] {
    return this.#stacks.map((stack) => stack.name);
  }

  /**
   * Adds a stack, a deployment of the project. The function fills it, and runs only when this stack is asked for.
   * @param name unique in the project, of a-z, 0-9 and `-`: `'prod'`.
   */
  stack(name: string, workspace: Workspace, fill: (stack: Stack) => unknown, options: StackOptions = {}): this {
    this.#stacks.push({ name, workspace, fill, options, definedAt: stackText() });
    return this;
  }

  /** Runs the function of one stack and lowers what it made. Never throws for an error of the program: it comes back as a Problem. */
  synth(name: string, options: SynthOptions = {}): SynthResult {
    const reader = new SourceReader(options.locate, options.code);
    const definition = this.#stacks.find((stack) => stack.name === name);
    if (!definition) return { problems: [this.#unknownStack(name)] };
    const problems = this.#badDefinitions(reader);
    if (problems.length > 0) return { problems };
    const line = reader.inText(definition.definedAt) ?? { file: this.name, line: 1, guess: true };
    return this.#run(definition, new Synth(`${this.name}/${name}`, reader, options.env ?? {}, line, options), options);
  }

  #run(definition: StackDefinition, synth: Synth, options: SynthOptions): SynthResult {
    const { workspace } = definition;
    synth.problems.push(...workspace.problems.map((problem) => ({ source: synth.stackLine, ...problem })));
    const place = {
      project: this.name,
      owner: this.#team,
      settings: this.#settings,
      stack: definition.name,
      workspace,
      defaults: options.defaults,
    };
    try {
      // Made before the watch: what the stack itself makes, its namespace, is the work of the line of .stack(…).
      const stack = new Stack(synth, place, definition.options);
      const returned = synth.watch(() => withDeepStacks(() => definition.fill(stack)));
      if (isPromise(returned)) synth.problems.push(asyncStack(place, synth));
      const output = synth.watch(() => withDeepStacks(() => lower(stack, synth)));
      const settings = settingsOf(stack, synth);
      checkMoves(stack, synth);
      // What a promise adds from here on would be lost: it fails instead.
      stack.node.lock();
      if (synth.problems.some(isError)) return { problems: synth.problems, draft: output, settings };
      return { output, settings, ...(synth.problems.length > 0 && { warnings: synth.problems }) };
    } catch (error) {
      return { problems: [...synth.problems, ...thrownProblems(error, synth)] };
    }
  }

  #unknownStack(name: string): Problem {
    const known = this.stackNames.length > 0 ? `its stacks are ${this.stackNames.join(', ')}` : 'it has none';
    const near = this.stackNames.find((other) => other.startsWith(name.slice(0, 2)) || name.startsWith(other));
    return {
      code: 'STACK_UNKNOWN',
      message: `Project '${this.name}' has no stack '${name}'; ${known}.`,
      hint: near ? `Did you mean ${this.name}/${near}?` : `Add it to the project: .stack('${name}', workspace, (stack) => …).`,
      at: `${this.name}/${name}`,
    };
  }

  #badDefinitions(reader: SourceReader): readonly Problem[] {
    const problem = (code: 'PROPS_INVALID' | 'SPEC_DUPLICATE', message: string, hint: string, source?: SourceLine): Problem => {
      return { code, message, hint, at: this.name, ...(source && { source }) };
    };
    const problems: Problem[] = [];
    const isName = (name: string) => /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name) && name.length <= 63;
    const firstLine = () => reader.inText(this.#stacks[0]?.definedAt);
    if (!isName(this.name)) {
      problems.push(problem('PROPS_INVALID', `The project is called '${this.name}'.`, 'Use a-z, 0-9 and -, at most 63.', firstLine()));
    }
    this.#stacks.forEach(({ name, definedAt }, i) => {
      const line = reader.inText(definedAt);
      if (!isName(name)) problems.push(problem('PROPS_INVALID', `A stack is called '${name}'.`, 'Use a-z, 0-9 and -, at most 63.', line));
      const first = this.#stacks.slice(0, i).find((other) => other.name === name);
      if (!first) return;
      const before = reader.inText(first.definedAt);
      const where = before ? ` the first at ${before.file}:${before.line}.` : '';
      problems.push(problem('SPEC_DUPLICATE', `Two stacks are called '${name}',${where}`, 'Rename one of them.', line));
    });
    return problems;
  }
}

/**
 * Names what is deployed together, then its stacks:
 *
 * ```ts
 * export default project('shop', { owner: 'team-shop' })
 *   .stack('dev', dev, (stack) => new Shop(stack, { replicas: 1 }))
 *   .stack('prod', prod, (stack) => new Shop(stack, { replicas: 6 }));
 * ```
 */
export function project(name: string, options: ProjectOptions = {}): Project {
  return new Project(name, options);
}

/** Recognises a Project across several copies of this package. */
export function isProject(value: unknown): value is Project {
  return typeof value === 'object' && value !== null && brand in value;
}

function thrownProblems(error: unknown, synth: Synth): readonly Problem[] {
  const source = isErrorLike(error) ? synth.reader.inText(error.stack) : undefined;
  if (isKonfigError(error)) return error.problems.map((problem) => ({ ...(source && { source }), ...problem }));
  const problem = thrownProblem(error, source);
  return [source ? problem : { ...problem, source: { ...synth.stackLine, guess: true } }];
}

// An error from another realm (a test's sandbox) is no instance of our Error.
function isErrorLike(error: unknown): error is Error {
  return typeof error === 'object' && error !== null && 'message' in error && 'name' in error;
}

function asyncStack(place: { readonly project: string; readonly stack: string }, synth: Synth): Problem {
  return {
    code: 'PROGRAM_THREW',
    message: `The function of stack '${place.stack}' is async; what it makes after an await would be lost.`,
    hint: 'Make it a plain function. A program may not wait: values from outside come in by input.env, secrets by secret.env.',
    at: `${place.project}/${place.stack}`,
    source: synth.stackLine,
  };
}

function isPromise(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'then' in value;
}
