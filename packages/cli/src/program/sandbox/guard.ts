// Puts the table of impure.ts in force in this process: whatever is loaded after that finds the guarded functions, by whatever way.

import Module, { syncBuiltinESMExports } from 'node:module';
import { KonfigError, type Problem, type SourceLine, sourceText } from '@konfig/core';
import { callers, directCaller, type Place } from './caller';
import { type Beginning, type FixedAnswers, fixedAnswers } from './fixed-answers';
import { type Guarded, guarded, subjects } from './impure';

export interface GuardOptions {
  readonly beginning: Beginning;
  /** The file that the program's code runs as. */
  readonly bundleFile: string;
  /** The line of the program or of a library in it; whether it is the program's own. */
  readonly locate: (place: Place) => { readonly line: SourceLine; readonly isOwn: boolean } | undefined;
  /** How a file outside of the bundle is called in messages. */
  readonly nameOf: (file: string) => string;
  /** Hears of each thing that counts, once for each place. */
  readonly note: (problem: Problem) => void;
}

/** These are loaded by no program that behaves, and cost time: they are guarded when somebody asks for them. */
const rare = new Set(['inspector', 'wasi', 'v8', 'worker_threads']);

/** More than this nobody reads. */
const mostNotes = 50;

type Call = (...args: unknown[]) => unknown;

/** Guards everything. To be called before any code of others is loaded. */
export function guard(options: GuardOptions): void {
  const guards = new Guards(options);
  const entries = entriesByModule();
  for (const [name, ofModule] of entries) if (!rare.has(name)) guards.install(name, ofModule);
  guards.watchLoading((name) => {
    const late = rare.has(name) ? entries.get(name) : undefined;
    if (!late) return;
    entries.delete(name);
    guards.install(name, late);
    syncBuiltinESMExports();
  });
  syncBuiltinESMExports();
}

function entriesByModule(): Map<string, Guarded[]> {
  const groups = new Map<string, Guarded[]>();
  for (const entry of guarded) groups.set(entry.in[0] as string, [...(groups.get(entry.in[0] as string) ?? []), entry]);
  return groups;
}

class Guards {
  readonly #answers: FixedAnswers;
  readonly #noted = new Set<string>();
  #loading = 0;

  constructor(readonly options: GuardOptions) {
    this.#answers = fixedAnswers(options.beginning);
  }

  install(module: string, entries: readonly Guarded[]): void {
    for (const entry of entries) {
      const holder = holderOf(module, entry.in.slice(1));
      if (!holder) continue;
      for (const name of namesIn(holder, entry)) this.#replace(holder, name, entry);
    }
  }

  /** Notes while packages are loaded, and tells which modules of Node somebody asks for, after they are there. */
  watchLoading(heard: (name: string) => void): void {
    const loader = Module as unknown as { _load: Call };
    const load = loader._load;
    loader._load = (...args) => {
      this.#loading++;
      try {
        return load.apply(loader, args);
      } finally {
        this.#loading--;
        heard(String(args[0]).replace(/^node:/, ''));
      }
    };
    const builtin = process.getBuiltinModule as Call | undefined;
    if (!builtin) return;
    (process as unknown as { getBuiltinModule: Call }).getBuiltinModule = (name) => {
      const found = builtin.call(process, name);
      heard(String(name).replace(/^node:/, ''));
      return found;
    };
  }

  #replace(holder: object, name: string, entry: Guarded): void {
    const found = Object.getOwnPropertyDescriptor(holder, name);
    if (!found?.configurable && !found?.writable) return;
    const said = [calledAs(entry), name].filter(Boolean).join('.');
    const value = found.get ? found.get.call.bind(found.get) : found.value;
    if (typeof found.value === 'function') {
      const guardedCall = this.#guardedCall(found.value, name, said, entry);
      Object.defineProperty(holder, name, { ...found, value: guardedCall });
      if (found.value.prototype?.constructor === found.value && name === 'Date') found.value.prototype.constructor = guardedCall;
      return;
    }
    const isEnvironment = entry.subject === 'environment';
    const read = isEnvironment ? () => this.#environment(entry) : this.#guardedValue(value, name, said, entry);
    Object.defineProperty(holder, name, {
      get: read,
      set: found.set ?? (() => {}),
      configurable: true,
      enumerable: found.enumerable ?? true,
    });
  }

  #guardedCall(original: Call, name: string, said: string, entry: Guarded): Call {
    // What hangs from a function, such as hrtime.bigint and realpathSync.native, is the same by another name.
    for (const [key, { value }] of Object.entries(Object.getOwnPropertyDescriptors(original)))
      if (
        typeof value === 'function' &&
        key !== 'prototype' &&
        key !== 'constructor' &&
        name !== 'Date' &&
        /^[a-z]/.test(key) &&
        /^[a-z]/.test(name)
      )
        this.#replace(original, key, { ...entry, called: said });
    const isFixed = entry.gives === 'a fixed answer';
    const answer = isFixed ? this.#answers[name] : undefined;
    const isMeant = (args: readonly unknown[]) => entry.without === undefined || lacks(args, entry.without);
    return new Proxy(original, {
      apply: (target, self, args) => {
        // Date(), called, minds no arguments.
        if (name !== 'Date' && !isMeant(args)) return Reflect.apply(target, self, args);
        this.#count(`${said}()`, entry);
        if (!answer) return Reflect.apply(target, self, args);
        return name === 'Date' ? String(new (target as unknown as DateConstructor)(answer() as number)) : answer(...args);
      },
      construct: (target, args, newTarget) => {
        if (!isMeant(args)) return Reflect.construct(target, args, newTarget);
        this.#count(`new ${said}()`, entry);
        return Reflect.construct(target, answer ? [answer()] : args, newTarget);
      },
    });
  }

  #guardedValue(value: unknown, name: string, said: string, entry: Guarded): (this: unknown) => unknown {
    const answer = entry.gives === 'a fixed answer' ? this.#answers[name] : undefined;
    const count = () => this.#count(said, entry);
    return function () {
      count();
      if (answer) return answer();
      return typeof value === 'function' ? value(this) : value;
    };
  }

  /** Empty, but for what the program itself puts there. */
  #environment(entry: Guarded): object {
    return new Proxy(environment, {
      get: (target, name) => this.#variable(target, name, entry),
      has: (target, name) => this.#variable(target, name, entry) !== undefined,
      ownKeys: (target) => {
        this.#count('process.env', entry);
        return Reflect.ownKeys(target);
      },
    });
  }

  #variable(target: object, name: string | symbol, entry: Guarded): unknown {
    if (typeof name === 'string') this.#count(`process.env.${name}`, entry);
    return Reflect.get(target, name);
  }

  /** Notes a use that counts; throws where the program cannot go on. */
  #count(said: string, entry: Guarded): void {
    const { counts, gives } = entry;
    if (counts === 'once loaded' && this.#loading > 0) return;
    if (counts === "the program's" && directCaller(true)?.file !== this.options.bundleFile) return;
    const problem = this.#problem(said, entry);
    const key = `${said} ${problem.source ? sourceText(problem.source) : ''}`;
    if (!this.#noted.has(key) && this.#noted.size < mostNotes) {
      this.#noted.add(key);
      this.options.note(problem);
    }
    if (gives === 'an exception') throw new KonfigError(problem);
  }

  #problem(said: string, { subject }: Guarded): Problem {
    const { bundleFile, locate, nameOf } = this.options;
    const { does, hint } = subjects[subject];
    const places = callers();
    const found = places.flatMap((place) => (place.file === bundleFile ? (locate(place) ?? []) : []));
    const source = (found.find(({ isOwn }) => isOwn) ?? found[0])?.line;
    const direct = places[0];
    const by =
      direct && direct.file !== bundleFile ? nameOf(direct.file) : found[0] && !found[0].isOwn ? sourceText(found[0].line) : undefined;
    const message = `The program ${does}: ${said}.${by && by !== (source && sourceText(source)) ? ` The call stands in ${by}.` : ''}`;
    return { code: 'PROGRAM_IMPURE', message, hint, ...(source && { source }) };
  }
}

function calledAs({ called, in: way }: Guarded): string {
  return called ?? way.filter((part) => part !== 'global' && part !== 'prototype').join('.');
}

const environment: { [name: string]: string } = {};

function lacks(args: readonly unknown[], what: NonNullable<Guarded['without']>): boolean {
  if (what === 'arguments') return args.length === 0;
  const locale = args[what === 'the first' ? 0 : 1];
  return locale === undefined || (Array.isArray(locale) && locale.length === 0);
}

/** `['Socket', 'prototype']` of a module; undefined where this Node has no such thing. */
function holderOf(module: string, way: readonly string[]): object | undefined {
  let here: unknown = module === 'global' ? globalThis : module === 'process' ? process : require(`node:${module}`);
  for (const part of way) here = (here as { [part: string]: unknown } | undefined)?.[part];
  return here === undefined || here === null ? undefined : (here as object);
}

function namesIn(holder: object, { names, but = [] }: Guarded): readonly string[] {
  const all = Object.getOwnPropertyDescriptors(holder);
  const functions = () =>
    Object.keys(all).filter((name) => typeof all[name]?.value === 'function' && /^[a-z]/.test(name) && name !== 'constructor');
  return names.flatMap((name) => (name === '*' ? functions() : name in all ? [name] : [])).filter((name) => !but.includes(name));
}
