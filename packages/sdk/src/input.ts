// What a program declares to read from outside: the only way for the environment and for files into a synth.

import { dirname, relative, resolve, sep } from 'node:path';
import { isCredentialName, KonfigError, type Problem } from '@konfig/core';
import { shown } from './shape';
import { activeSynth, type Synth } from './synth';

/** What an input is when nobody gave one. */
export interface InputOptions<T> {
  /** Default: it must be given, INPUT_MISSING otherwise. */
  readonly otherwise?: T;
}

/** More about a number. */
export interface NumberInputOptions extends InputOptions<number> {
  /** The smallest that is allowed. Default: none. */
  readonly min?: number;
  /** The largest that is allowed. Default: none. */
  readonly max?: number;
}

/**
 * Values from outside, declared where they are read, so that the same inputs always give the same Spec. Read them inside a stack's function; what
 * was read becomes part of the stack's key. Secrets are none of these: `secret.env`, `secret.file`.
 *
 * Each reports INPUT_MISSING with this line where there is no value and no `otherwise`, INPUT_INVALID where the value does not fit, and gives a
 * plausible one so that what follows is checked too.
 * @throws KonfigError INPUT_MISSING when called outside of a stack's function.
 */
export const input = {
  /** An environment value as text: `input.env('RELEASE')`. */
  env(name: string, options: InputOptions<string> = {}): string {
    return environmentValue({ name, call: 'env', otherwise: options.otherwise, meanwhile: 'missing', read: (text) => ({ value: text }) });
  },

  /** An environment value as number, whole or decimal: `input.number('REPLICAS', { otherwise: 2, min: 1 })`. Not in hex, no exponent, no unit. */
  number(name: string, options: NumberInputOptions = {}): number {
    const { otherwise, min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = options;
    const read = (text: string): Reading<number> => {
      const value = Number(text);
      if (!/^-?\d+(\.\d+)?$/.test(text)) return { wrong: 'which is no number', hint: 'Write digits: 3 or 0.5.' };
      if (value >= min && value <= max) return { value };
      return { wrong: `which is not ${boundsText(min, max)}`, hint: 'Give one in these bounds.' };
    };
    return environmentValue({ name, call: 'number', otherwise, meanwhile: Number.isFinite(min) ? min : 1, read });
  },

  /** An environment value that is `true` or `false`, or `1` or `0`: `input.boolean('CANARY', { otherwise: false })`. */
  boolean(name: string, options: InputOptions<boolean> = {}): boolean {
    const values: { readonly [text: string]: boolean } = { true: true, '1': true, false: false, '0': false };
    const read = (text: string): Reading<boolean> => {
      const value = Object.hasOwn(values, text) ? values[text] : undefined;
      return value === undefined ? { wrong: 'which is neither true nor false', hint: 'Give true or false.' } : { value };
    };
    return environmentValue({ name, call: 'boolean', otherwise: options.otherwise, meanwhile: false, read });
  },

  /** An environment value out of a list: `input.choice('SIZE', ['small', 'large'])`, typed as one of them. */
  choice<const T extends string>(name: string, choices: readonly [T, ...T[]], options: InputOptions<T> = {}): T {
    const read = (text: string): Reading<T> => {
      const value = choices.find((choice) => choice === text);
      return value === undefined ? { wrong: 'which is none of its choices', hint: `Give one of ${choices.join(', ')}.` } : { value };
    };
    return environmentValue({ name, call: 'choice', otherwise: options.otherwise, meanwhile: choices[0], read });
  },

  /**
   * The text of a file of the monorepo, in UTF-8: `input.file('dashboard.json')`. The path counts from the file that calls, then from the project's
   * folder, then from the monorepo's root. Not hidden, not called as credentials are, at most 16 MiB.
   */
  file(path: string): string {
    const synth = runningSynth(`input.file('${path}')`);
    const text = fileText(path, synth);
    if (typeof text === 'string') return text;
    synth.problems.push(text);
    return '';
  },

  /**
   * A JSON file of the monorepo, parsed: `input.json('limits.json')`.
   * @param check turns what was read into a typed value, or throws; what it throws is INPUT_INVALID with this line.
   */
  json: ((path: string, check?: (value: unknown) => unknown) => parsedFile(path, 'json', JSON.parse, check)) as ParsedInput,

  /** A YAML file of the monorepo that holds one document, parsed by YAML 1.2: `input.yaml('limits.yaml')`. `check` as of `input.json`. */
  yaml: ((path: string, check?: (value: unknown) => unknown) => parsedFile(path, 'yaml', parseYaml, check)) as ParsedInput,
};

interface ParsedInput {
  (path: string): unknown;
  <T>(path: string, check: (value: unknown) => T): T;
}

type Reading<T> = { readonly value: T } | { readonly wrong: string; readonly hint: string };

interface EnvironmentInput<T> {
  readonly name: string;
  /** The function of `input`. */
  readonly call: string;
  readonly otherwise: T | undefined;
  /** What the program goes on with when there is no value. */
  readonly meanwhile: T;
  readonly read: (text: string) => Reading<T>;
}

function environmentValue<T>({ name, call, otherwise, meanwhile, read }: EnvironmentInput<T>): T {
  const synth = runningSynth(`input.${call}('${name}')`);
  const text = synth.env[name];
  if (text === undefined) {
    if (otherwise !== undefined) return otherwise;
    synth.problems.push(here(synth, missingValue(name, call)));
    return meanwhile;
  }
  const reading = read(text);
  if ('value' in reading) return reading.value;
  const message = `The environment value ${name} is ${shown(text)}, ${reading.wrong}.`;
  synth.problems.push(here(synth, { code: 'INPUT_INVALID', message, hint: reading.hint }));
  return otherwise ?? meanwhile;
}

function missingValue(name: string, call: string): Problem {
  const isRefused = isCredentialName(name);
  const message = isRefused
    ? `The program reads the environment value ${name}, which is called as credentials are, and never given to a program.`
    : `The program reads the environment value ${name}, which is not set.`;
  const fallback = `give a value to fall back on: input.${call}('${name}', { otherwise: … })`;
  const hint = isRefused
    ? `For a secret: secret.env('${name}'). Else call it differently.`
    : `Set it (${name}=… konfig …), or ${fallback}.`;
  return { code: 'INPUT_MISSING', message, hint };
}

function runningSynth(call: string): Synth {
  const synth = activeSynth();
  if (synth) return synth;
  throw new KonfigError({
    code: 'INPUT_MISSING',
    message: `${call} was read outside of a stack's function.`,
    hint: 'Call it inside the function given to .stack(…), where Konfig knows the values of this synth.',
  });
}

/** What it holds, or why that cannot be read. */
function fileText(path: string, synth: Synth): string | Problem {
  try {
    const bytes = synth.files.read(locatedFile(path, synth));
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    return here(synth, unreadable(path, error));
  }
}

function parsedFile(
  path: string,
  call: string,
  parse: (text: string) => unknown,
  check: (value: unknown) => unknown = (value) => value,
): unknown {
  const synth = runningSynth(`input.${call}('${path}')`);
  const text = fileText(path, synth);
  // Nothing is plausible in its place.
  if (typeof text !== 'string') throw new KonfigError(text);
  try {
    return check(parse(text));
  } catch (error) {
    const why = (error instanceof Error ? error.message : String(error)).replace(/\.$/, '');
    const message = `${path} is not what is wished for: ${why}.`;
    throw new KonfigError(here(synth, { code: 'INPUT_INVALID', message, hint: 'Correct the file, or what checks it.' }));
  }
}

/** Loaded by the programs that have such a file only. */
function parseYaml(text: string): unknown {
  const { parse } = require('yaml') as typeof import('yaml');
  return parse(text);
}

/** From the file that calls, else from the project's, else from the working directory, which is the monorepo's root. */
function locatedFile(path: string, synth: Synth): string {
  const callers = [synth.reader.here(), synth.stackLine].flatMap((line) => (line ? [line.file] : []));
  const candidates = [...callers.map((file) => resolve(dirname(file), path)), resolve(path)];
  const found = candidates.find((candidate) => synth.files.kindOf(candidate) === 'file') ?? (candidates[0] as string);
  const fromHere = relative(process.cwd(), found);
  return fromHere.startsWith('..') ? found : fromHere.split(sep).join('/');
}

function unreadable(path: string, error: unknown): Problem {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT')
    return {
      code: 'INPUT_MISSING',
      message: `There is no file ${path}.`,
      hint: "Correct the path: it counts from this file, from the project's folder or from the monorepo's root.",
    };
  if (code === 'ERR_ACCESS_DENIED')
    return {
      code: 'INPUT_INVALID',
      message: `The file ${path} may not be read by a program: ${message}.`,
      hint: 'A program reads what lies in its monorepo and is no secret. For a secret: secret.file.',
    };
  return { code: 'INPUT_INVALID', message: `The file ${path} cannot be read as text: ${message}.`, hint: 'Give a text file in UTF-8.' };
}

function boundsText(min: number, max: number): string {
  if (min === Number.NEGATIVE_INFINITY) return `at most ${max}`;
  return max === Number.POSITIVE_INFINITY ? `at least ${min}` : `from ${min} to ${max}`;
}

/** The problem with the line that asked. */
function here(synth: Synth, problem: Problem): Problem {
  const source = synth.reader.here();
  return { ...problem, ...(source && { source }) };
}
