// What takes the place of a guarded function or value: it tells the witness, and gives what the table says.
import { isBuiltin } from 'node:module';
import type { Correct } from './corrections';
import type { FixedAnswers } from './fixed-answers';
import type { Guarded, Without } from './impure';
import type { Witness } from './witness';

type Call = (...args: unknown[]) => unknown;

export interface Given {
  readonly witness: Witness;
  readonly answers: FixedAnswers;
  readonly corrections: { readonly [correction: string]: Correct };
}

export class StandIns {
  readonly #made = new WeakMap<object, object>();
  /** All that were put in a place. */
  readonly #installed = new WeakSet<object>();

  constructor(readonly given: Given) {}

  install(entry: Guarded): void {
    const holder = holderOf(entry.in);
    if (!holder) return;
    for (const name of namesIn(holder, entry)) this.#replace(holder, name, entry);
  }

  #replace(holder: object, name: string, entry: Guarded): void {
    const found = Object.getOwnPropertyDescriptor(holder, name);
    if (!found?.configurable && !found?.writable) return;
    if (this.#isInstalled(found)) return;
    const said = [calledAs(entry), name].filter(Boolean).join('.');
    if (typeof found.value === 'function') {
      const call = found.value === Date ? this.#date(entry) : this.#call(found.value, said, entry);
      this.#installed.add(call);
      Object.defineProperty(holder, name, { ...found, value: call });
    } else {
      const get = this.#getter(found, said, entry);
      this.#installed.add(get);
      Object.defineProperty(holder, name, { get, set: found.set ?? (() => {}), configurable: true, enumerable: found.enumerable ?? true });
    }
  }

  #isInstalled({ get, value }: PropertyDescriptor): boolean {
    return this.#installed.has((get ?? value) as object);
  }

  #call(original: Call, said: string, entry: Guarded): Call {
    this.#parts(original, said, entry);
    const { witness } = this.given;
    const answer = this.#answerTo(said, entry);
    const correct = this.#correctionOf(entry);
    const counts = (args: readonly unknown[]) => entry.without === undefined || lacks(args, entry.without);
    const call = new Proxy(original, {
      apply: (target, self, args) => {
        const run: Call = (...given) => Reflect.apply(target, self, given);
        if (!counts(args)) return run(...args);
        witness.saw(`${said}()`, entry);
        if (answer) return answer(...args);
        return correct ? correct(run, args) : run(...args);
      },
      construct: (target, args, newTarget) => {
        const run: Call = (...given) => Reflect.construct(target, given, newTarget);
        if (!counts(args)) return run(...args) as object;
        witness.saw(`new ${said}()`, entry);
        return (correct ? correct(run, args) : run(...args)) as object;
      },
    });
    leadBack(original, call);
    return call;
  }

  /** What hangs from a function, as hrtime.bigint and realpathSync.native do, is the same by another name. */
  #parts(original: Call, said: string, entry: Guarded): void {
    if (original.prototype !== undefined && /^[A-Z]/.test(original.name)) return;
    for (const [part, { value }] of Object.entries(Object.getOwnPropertyDescriptors(original)))
      if (typeof value === 'function' && /^[a-z]/.test(part)) this.#replace(original, part, { ...entry, called: said });
  }

  /** Called, it minds no arguments; made without any, it is the time. */
  #date(entry: Guarded): DateConstructor {
    const { witness, answers } = this.given;
    const now = answers.now as () => number;
    const date = new Proxy(Date, {
      apply: (target) => {
        witness.saw('Date()', entry);
        return new target(now()).toString();
      },
      construct: (target, args, newTarget) => {
        if (args.length > 0) return Reflect.construct(target, args, newTarget);
        witness.saw('new Date()', entry);
        return Reflect.construct(target, [now()], newTarget);
      },
    });
    leadBack(Date, date);
    return date;
  }

  #getter(found: PropertyDescriptor, said: string, entry: Guarded): (this: unknown) => unknown {
    if (entry.subject === 'environment') return () => this.#environment(entry);
    if (entry.handsOut) return this.#handedOut(found, said, entry);
    const answer = this.#answerTo(said, entry);
    const { witness } = this.given;
    return function () {
      witness.saw(said, entry);
      if (answer) return answer();
      return found.get ? found.get.call(this) : found.value;
    };
  }

  #handedOut({ get }: PropertyDescriptor, said: string, entry: Guarded): (this: unknown) => unknown {
    const made = this.#made;
    const standIn = (original: Call) => this.#call(original, said, entry);
    return function () {
      const original = get?.call(this) as unknown;
      if (typeof original !== 'function') return original;
      const known = made.get(original) ?? standIn(original as Call);
      made.set(original, known);
      return known;
    };
  }

  #answerTo(said: string, { gives }: Guarded): FixedAnswers[string] | undefined {
    return gives === 'a fixed answer' ? this.given.answers[said.slice(said.lastIndexOf('.') + 1)] : undefined;
  }

  #correctionOf({ corrects }: Guarded): Correct | undefined {
    return corrects && this.given.corrections[corrects];
  }

  /** Empty, but for what the program itself puts there. */
  #environment(entry: Guarded): object {
    const saw = (name: string | symbol) => typeof name === 'string' && this.given.witness.saw(`process.env.${name}`, entry);
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
        this.given.witness.saw('process.env', entry);
        return Reflect.ownKeys(target);
      },
    });
  }
}

const environment: { [name: string]: string } = {};

/** What is made by a class leads to it. */
function leadBack(original: Call | DateConstructor, standIn: unknown): void {
  const prototype = original.prototype as object | undefined;
  const found = prototype && Object.getOwnPropertyDescriptor(prototype, 'constructor');
  if (prototype && found?.value === original && found?.configurable)
    Object.defineProperty(prototype, 'constructor', { ...found, value: standIn });
}

function calledAs({ called, in: way }: Guarded): string {
  return called ?? way.filter((part) => part !== 'global' && part !== 'prototype').join('.');
}

const isMissing: { readonly [W in Without]: (args: readonly unknown[]) => boolean } = {
  'the first': ([first]) => first === undefined || (Array.isArray(first) && first.length === 0),
  'the second': ([, second]) => second === undefined || (Array.isArray(second) && second.length === 0),
  lastModified: ([, , options]) => (options as { readonly lastModified?: unknown } | undefined)?.lastModified === undefined,
};

function lacks(args: readonly unknown[], what: Without): boolean {
  return isMissing[what](args);
}

/** Undefined where this Node has no such thing. */
function holderOf([module, ...way]: readonly string[]): object | undefined {
  let here: unknown = module === 'global' ? globalThis : module === 'process' ? process : builtin(module as string);
  for (const part of way) here = (here as { [part: string]: unknown } | undefined)?.[part];
  return here === undefined || here === null ? undefined : (here as object);
}

function builtin(module: string): unknown {
  return isBuiltin(`node:${module}`) ? require(`node:${module}`) : undefined;
}

function namesIn(holder: object, { names, but = [] }: Guarded): readonly string[] {
  const all = Object.getOwnPropertyDescriptors(holder);
  const functions = () =>
    Object.keys(all).filter((name) => typeof all[name]?.value === 'function' && /^[a-z]/.test(name) && name !== 'constructor');
  return names.flatMap((name) => (name === '*' ? functions() : name in all ? [name] : [])).filter((name) => !but.includes(name));
}
