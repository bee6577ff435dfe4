// Puts the table of impure.ts in force in this process: whatever is loaded after that finds the guarded functions, by whatever way.
import Module, { isBuiltin, syncBuiltinESMExports } from 'node:module';
import { isKnownModule } from './builtins';
import { correctionsBy } from './corrections';
import { type Beginning, fixedAnswers } from './fixed-answers';
import { fixedMachine } from './fixed-machine';
import { type Guarded, guarded, unknownModule } from './impure';
import { StandIns } from './stand-ins';
import { Witness, type WitnessOptions } from './witness';

/** What it tells is heard from the moment that somebody attends to it. Until then nothing that counts may happen. */
export interface Guard {
  attend(options: GuardOptions): void;
  /** Guards again what Node has put anew into a process that starts from a snapshot. */
  renew(): void;
  /** Nothing is minded until the answer is called: what happens meanwhile is Konfig's own, or Node's. */
  rest(): () => void;
  /** Loads packages, without Node's loader. */
  whileLoading<T>(load: () => T): T;
  /** As they were before they were guarded. */
  readonly kept: { readonly setImmediate: typeof setImmediate; readonly process: NodeJS.Process };
}

export interface GuardOptions extends WitnessOptions {
  /** Hears of each ES module that is required. */
  readonly esModule: (file: string) => void;
}

/** These are loaded by no program that behaves, and cost time: they are guarded when somebody asks for them. */
const rare = new Set([
  'dns',
  'inspector',
  'wasi',
  'v8',
  'worker_threads',
  'tty',
  'tls',
  'trace_events',
  'perf_hooks',
  'sqlite',
  'sea',
  'ffi',
  'test',
]);

type Call = (...args: unknown[]) => unknown;

/** Guards everything. To be called before any code of others is loaded. */
export function guard(beginning: Beginning): Guard {
  const { setImmediate, process } = globalThis;
  const witness = new Witness();
  const answers = { ...fixedMachine(beginning.machine), ...fixedAnswers(beginning) };
  const corrections = correctionsBy({ now: answers.now as () => number, time: beginning.time });
  const standIns = new StandIns({ witness, answers, corrections });
  for (const entry of guarded) if (!rare.has(entry.in[0] as string)) standIns.install(entry);
  const renew = () => {
    for (const entry of guarded) if (isPutAnew(entry)) standIns.install(entry);
  };
  const rareModules = rareOnes(standIns);
  watchLoading(witness, rareModules);
  let esModule: GuardOptions['esModule'] | undefined;
  watchEsModules((file) => {
    // It asks for Node's modules where nobody hears it.
    rareModules.guardAll();
    esModule?.(file);
  });
  syncBuiltinESMExports();
  const attend = (options: GuardOptions) => {
    witness.attend(options);
    esModule = options.esModule;
  };
  return {
    attend,
    renew,
    rest: () => witness.rest(),
    whileLoading: (load) => witness.whileLoading(load),
    kept: { setImmediate, process },
  };
}

/** Node makes the process, and what is global, ready at each start; its modules come as they were. */
function isPutAnew({ in: [module, ...way] }: Guarded): boolean {
  return module === 'process' || (module === 'global' && way.length === 0);
}

interface RareOnes {
  guard(module: string): void;
  guardAll(): void;
}

function rareOnes(standIns: StandIns): RareOnes {
  const waiting = new Set(rare);
  const guardOne = (name: string) => {
    // dns/promises is a part of dns.
    const [module = name] = name.split('/');
    // First, since to install them is to ask for the module.
    if (!waiting.delete(module)) return;
    for (const entry of guarded) if (entry.in[0] === module) standIns.install(entry);
    syncBuiltinESMExports();
  };
  return { guard: guardOne, guardAll: () => rare.forEach(guardOne) };
}

/** Tells the witness while packages are loaded, and guards the modules of Node that somebody asks for. */
function watchLoading(witness: Witness, rareModules: RareOnes): void {
  const withoutScheme = (name: unknown) => String(name).replace(/^node:/, '');
  const check = (name: unknown) => {
    if (isBuiltin(String(name)) && !isKnownModule(withoutScheme(name))) witness.saw(`require('${name}')`, unknownModule);
  };
  const loader = Module as unknown as { _load: Call };
  const { _load: load } = loader;
  loader._load = (...args) => {
    check(args[0]);
    const loaded = witness.whileLoading(() => load.apply(loader, args));
    rareModules.guard(withoutScheme(args[0]));
    return loaded;
  };
  const builtin = process.getBuiltinModule as Call | undefined;
  if (!builtin) return;
  (process as unknown as { getBuiltinModule: Call }).getBuiltinModule = (name) => {
    check(name);
    const found = builtin.call(process, name);
    rareModules.guard(withoutScheme(name));
    return found;
  };
}

function watchEsModules(heard: (file: string) => void): void {
  const { prototype } = Module as unknown as { prototype: { _compile: Call } };
  const { _compile: compile } = prototype;
  prototype._compile = function (...args) {
    const [, file, format] = args;
    if (format === 'module') heard(String(file));
    return compile.apply(this, args);
  };
}
