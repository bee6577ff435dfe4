// Puts the table of impure.ts in force in this process: whatever is loaded after that finds the guarded functions, by whatever way.
import Module, { syncBuiltinESMExports } from 'node:module';
import { type Beginning, type FixedAnswers, fixedAnswers } from './fixed-answers';
import { type Guarded, guarded } from './impure';
import { Witness, type WitnessOptions } from './witness';

export interface GuardOptions extends WitnessOptions {
  readonly beginning: Beginning;
}

/** These are loaded by no program that behaves, and cost time: they are guarded when somebody asks for them. */
const rare = new Set(['inspector', 'wasi', 'v8', 'worker_threads', 'tty']);

type Call = (...args: unknown[]) => unknown;

/** Guards everything. To be called before any code of others is loaded. */
export function guard(options: GuardOptions): void {
  const witness = new Witness(options);
  const guards = new Guards(witness, fixedAnswers(options.beginning));
  const later = new Map<string, Guarded[]>();
  for (const entry of guarded) {
    const module = entry.in[0] as string;
    if (rare.has(module)) later.set(module, [...(later.get(module) ?? []), entry]);
    else guards.install(entry);
  }
  watchLoading(witness, (module) => {
    const entries = later.get(module);
    if (!entries) return;
    // First, since to install them is to ask for the module.
    later.delete(module);
    for (const entry of entries) guards.install(entry);
    syncBuiltinESMExports();
  });
  syncBuiltinESMExports();
}

/** Tells the witness while packages are loaded, and which modules of Node somebody asks for, when these are there. */
function watchLoading(witness: Witness, heard: (module: string) => void): void {
  const withoutScheme = (name: unknown) => String(name).replace(/^node:/, '');
  const loader = Module as unknown as { _load: Call };
  const load = loader._load;
  loader._load = (...args) => {
    const loaded = witness.whileLoading(() => load.apply(loader, args));
    heard(withoutScheme(args[0]));
    return loaded;
  };
  const builtin = process.getBuiltinModule as Call | undefined;
  if (!builtin) return;
  (process as unknown as { getBuiltinModule: Call }).getBuiltinModule = (name) => {
    const found = builtin.call(process, name);
    heard(withoutScheme(name));
    return found;
  };
}

class Guards {
  constructor(
    readonly witness: Witness,
    readonly answers: FixedAnswers,
  ) {}

  install(entry: Guarded): void {
    const holder = holderOf(entry.in);
    if (!holder) return;
    for (const name of namesIn(holder, entry)) this.#replace(holder, name, entry);
  }

  #replace(holder: object, name: string, entry: Guarded): void {
    const found = Object.getOwnPropertyDescriptor(holder, name);
    if (!found?.configurable && !found?.writable) return;
    const said = [calledAs(entry), name].filter(Boolean).join('.');
    if (typeof found.value === 'function') {
      const guardedCall = found.value === Date ? this.#guardedDate(entry) : this.#guardedCall(found.value, said, entry);
      Object.defineProperty(holder, name, { ...found, value: guardedCall });
    } else {
      const get = entry.subject === 'environment' ? () => this.#environment(entry) : this.#guardedValue(found, said, entry);
      Object.defineProperty(holder, name, { get, set: found.set ?? (() => {}), configurable: true, enumerable: found.enumerable ?? true });
    }
  }

  #guardedCall(original: Call, said: string, entry: Guarded): Call {
    this.#guardParts(original, said, entry);
    const answer = this.#answerTo(said, entry);
    const counts = (args: readonly unknown[]) => entry.without === undefined || lacks(args, entry.without);
    return new Proxy(original, {
      apply: (target, self, args) => {
        if (!counts(args)) return Reflect.apply(target, self, args);
        this.witness.saw(`${said}()`, entry);
        return answer ? answer(...args) : Reflect.apply(target, self, args);
      },
      construct: (target, args, newTarget) => {
        if (counts(args)) this.witness.saw(`new ${said}()`, entry);
        return Reflect.construct(target, args, newTarget);
      },
    });
  }

  /** What hangs from a function, as hrtime.bigint and realpathSync.native do, is the same by another name. */
  #guardParts(original: Call, said: string, entry: Guarded): void {
    if (original.prototype !== undefined && /^[A-Z]/.test(original.name)) return;
    for (const [part, { value }] of Object.entries(Object.getOwnPropertyDescriptors(original)))
      if (typeof value === 'function' && /^[a-z]/.test(part)) this.#replace(original, part, { ...entry, called: said });
  }

  /** Called, it minds no arguments; made without any, it is the time; and each date leads back to its constructor. */
  #guardedDate(entry: Guarded): DateConstructor {
    const now = this.answers.now as () => number;
    const guardedDate = new Proxy(Date, {
      apply: (target) => {
        this.witness.saw('Date()', entry);
        return new target(now()).toString();
      },
      construct: (target, args, newTarget) => {
        if (args.length > 0) return Reflect.construct(target, args, newTarget);
        this.witness.saw('new Date()', entry);
        return Reflect.construct(target, [now()], newTarget);
      },
    });
    Object.defineProperty(Date.prototype, 'constructor', { value: guardedDate, writable: true, configurable: true });
    return guardedDate;
  }

  #guardedValue(found: PropertyDescriptor, said: string, entry: Guarded): (this: unknown) => unknown {
    const answer = this.#answerTo(said, entry);
    const { witness } = this;
    return function () {
      witness.saw(said, entry);
      if (answer) return answer();
      return found.get ? found.get.call(this) : found.value;
    };
  }

  #answerTo(said: string, { gives }: Guarded): FixedAnswers[string] | undefined {
    return gives === 'a fixed answer' ? this.answers[said.slice(said.lastIndexOf('.') + 1)] : undefined;
  }

  /** Empty, but for what the program itself puts there. */
  #environment(entry: Guarded): object {
    const saw = (name: string | symbol) => typeof name === 'string' && this.witness.saw(`process.env.${name}`, entry);
    return new Proxy(environment, {
      get: (target, name) => {
        saw(name);
        return Reflect.get(target, name);
      },
      has: (target, name) => {
        saw(name);
        return Reflect.has(target, name);
      },
      ownKeys: (target) => {
        this.witness.saw('process.env', entry);
        return Reflect.ownKeys(target);
      },
    });
  }
}

const environment: { [name: string]: string } = {};

function calledAs({ called, in: way }: Guarded): string {
  return called ?? way.filter((part) => part !== 'global' && part !== 'prototype').join('.');
}

function lacks(args: readonly unknown[], what: NonNullable<Guarded['without']>): boolean {
  const locale = args[what === 'the first' ? 0 : 1];
  return locale === undefined || (Array.isArray(locale) && locale.length === 0);
}

/** Undefined where this Node has no such thing. */
function holderOf([module, ...way]: readonly string[]): object | undefined {
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
