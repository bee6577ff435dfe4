// What a program must not depend on: how a problem says it, and what it tells to write instead.

/** What a program would depend on beside its inputs. */
export type Subject =
  | 'clock'
  | 'chance'
  | 'locale'
  | 'environment'
  | 'machine'
  | 'files'
  | 'processes'
  | 'ending'
  | 'network'
  | 'waiting'
  | 'collector'
  | 'code';

interface About {
  /** `reads the clock` */
  readonly does: string;
  readonly hint: string;
  /** What to do where a package does it. */
  readonly hintOfPackage?: string;
}

export const subjects: { readonly [S in Subject]: About } = {
  clock: {
    does: 'reads the clock',
    hint: "A time comes in as an input: input.env('RELEASED_AT'). new Date('2026-01-01T00:00:00Z'), with a value, is fine.",
    hintOfPackage:
      'Give the package a time to work with. One that reads the clock at each call may take another: luxon Settings.now = () => 0.',
  },
  chance: {
    does: 'asks for a random value',
    hint: 'Derive it from a name, e.g. by a hash (node:crypto createHash). A password comes in as a secret: secret.env, secret.file.',
  },
  locale: {
    does: 'depends on the locale of the machine',
    hint: "Name one: a.localeCompare(b, 'en'), value.toLocaleString('en-GB'). To sort by code unit: a < b ? -1 : 1.",
  },
  environment: { does: 'reads the environment', hint: "Declare it: input.env('NAME'). For a secret: secret.env('NAME')." },
  machine: {
    does: 'asks about the machine that it runs on',
    hint: "Let the workspace say it, or declare it as an input: input.env('NAME').",
  },
  files: {
    does: 'uses the file system',
    hint: "Declare what it reads: input.file('dashboard.json'), input.json, input.yaml. Programs write nothing.",
  },
  processes: { does: 'reaches for a process', hint: 'Run it before konfig, and give in what it found: input.file, input.env.' },
  ending: { does: 'ends or signals a process', hint: 'Throw an Error to say that something is wrong.' },
  network: {
    does: 'uses the network',
    hint: 'Fetch it before konfig, and give it in: input.file, input.env. What a target knows comes as an Output.',
  },
  waiting: { does: 'waits for something', hint: 'A program runs from top to bottom: what comes after a wait would be lost.' },
  collector: {
    does: 'watches what the garbage collector does',
    hint: 'Use a plain Map, a WeakMap or a variable: when memory is freed differs from run to run.',
  },
  code: {
    does: 'reaches around Konfig for the inside of Node',
    hint: 'Do without it: a program needs no more than the language, its packages and its inputs.',
  },
};
