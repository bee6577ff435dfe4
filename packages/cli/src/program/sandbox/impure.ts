// What a program must not depend on, as one table: what it is called, whose calls count, what such a call gives, what to write instead.
// A guard against accidents. What holds against malice is the process around it: docs/security.md.

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
}

export const subjects: { readonly [S in Subject]: About } = {
  clock: {
    does: 'reads the clock',
    hint: "A time comes in as an input: input.env('RELEASED_AT'). new Date('2026-01-01T00:00:00Z'), with a value, is fine.",
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

/**
 * Whose calls count.
 * - `always`: everybody's.
 * - `once loaded`: everybody's, but for those of a package while it is loaded. That one is given the same clock and the same chance each time.
 * - `the program's`: only calls that stand in the program or in a Konfig library. What packages ask for here is the same in every run: their
 *   checks of `process.platform` or of an empty environment harm nobody.
 */
export type Counts = 'always' | 'once loaded' | "the program's";

/**
 * What a call gives. `a fixed answer` (fixed-answers.ts) goes to everybody, so that a package finds the same whenever it is loaded. An exception is thrown
 * at calls that count, after they were noted; where a program can go on it does, and everything is told at once.
 */
export type Gives = 'an exception' | 'a fixed answer' | 'what it gives';

export interface Guarded {
  readonly subject: Subject;
  /** A module of Node, or `global`; then the way from there: `['global', 'Date']`. */
  readonly in: readonly string[];
  /** How people call that. Default: the way itself, without `global` and `prototype`. */
  readonly called?: string;
  /** Names of functions, or of values that are read. `*`: every function there whose name begins with a small letter. */
  readonly names: readonly string[];
  readonly counts: Counts;
  readonly gives: Gives;
  /** Only calls without this argument count: it would name a locale. */
  readonly without?: 'the first' | 'the second';
  /** These give what they give to everyone. */
  readonly but?: readonly string[];
}

const timers = ['setTimeout', 'setInterval', 'setImmediate'];
const dateToText = ['toLocaleString', 'toLocaleDateString', 'toLocaleTimeString'];
const formats = [
  'Collator',
  'DateTimeFormat',
  'DisplayNames',
  'DurationFormat',
  'ListFormat',
  'NumberFormat',
  'PluralRules',
  'RelativeTimeFormat',
  'Segmenter',
];

const clock = { subject: 'clock', counts: 'once loaded', gives: 'a fixed answer' } as const;
const chance = { subject: 'chance', counts: 'once loaded', gives: 'an exception' } as const;
const locale = { subject: 'locale', counts: "the program's", gives: 'what it gives' } as const;
const machine = { subject: 'machine', counts: "the program's", gives: 'what it gives' } as const;
const files = { subject: 'files', counts: 'once loaded', gives: 'an exception' } as const;
const processes = { subject: 'processes', counts: 'always', gives: 'an exception' } as const;
const network = { subject: 'network', counts: 'always', gives: 'an exception' } as const;
const waiting = { subject: 'waiting', counts: 'once loaded', gives: 'what it gives' } as const;
const code = { subject: 'code', counts: 'always', gives: 'an exception' } as const;

export const guarded: readonly Guarded[] = [
  { ...clock, in: ['global'], names: ['Date'] },
  { ...clock, in: ['global', 'Date'], names: ['now'] },
  { ...clock, in: ['global', 'Temporal', 'Now'], names: ['*'], gives: 'an exception' },
  { ...clock, in: ['global', 'Performance', 'prototype'], called: 'performance', names: ['now', 'timeOrigin'] },
  {
    ...clock,
    in: ['global', 'Performance', 'prototype'],
    called: 'performance',
    names: ['mark', 'measure', 'toJSON', 'eventLoopUtilization'],
    gives: 'what it gives',
  },
  { ...clock, in: ['global', 'Event', 'prototype'], names: ['timeStamp'] },
  { ...clock, in: ['process'], names: ['hrtime', 'uptime'], gives: 'an exception' },
  { ...clock, in: ['os'], names: ['uptime'] },

  { ...chance, in: ['global', 'Math'], names: ['random'], gives: 'a fixed answer' },
  {
    ...chance,
    in: ['crypto'],
    names: ['randomBytes', 'pseudoRandomBytes', 'randomUUID', 'randomInt', 'randomFillSync', 'getRandomValues'],
    gives: 'a fixed answer',
  },
  {
    ...chance,
    in: ['crypto', 'webcrypto', 'constructor', 'prototype'],
    called: 'crypto',
    names: ['getRandomValues', 'randomUUID'],
    gives: 'a fixed answer',
  },
  {
    ...chance,
    in: ['crypto', 'webcrypto', 'subtle', 'constructor', 'prototype'],
    called: 'crypto.subtle',
    names: ['generateKey', 'encrypt', 'sign'],
  },
  { ...chance, in: ['crypto'], names: ['randomFill', 'generateKey', 'generateKeySync', 'generateKeyPair', 'generateKeyPairSync'] },
  {
    ...chance,
    in: ['crypto'],
    names: ['generatePrime', 'generatePrimeSync', 'publicEncrypt', 'sign', 'createSign', 'createECDH', 'createDiffieHellman'],
  },

  { ...locale, in: ['global', 'Intl'], names: formats, without: 'the first' },
  { ...locale, in: ['global', 'String', 'prototype'], names: ['localeCompare'], without: 'the second' },
  { ...locale, in: ['global', 'String', 'prototype'], names: ['toLocaleLowerCase', 'toLocaleUpperCase'], without: 'the first' },
  ...['Number', 'BigInt', 'Array'].map(
    (type): Guarded => ({
      ...locale,
      in: ['global', type, 'prototype'],
      names: ['toLocaleString'],
      without: 'the first',
    }),
  ),
  { ...locale, in: ['global', 'Date', 'prototype'], names: dateToText, without: 'the first' },

  { ...machine, subject: 'environment', in: ['process'], names: ['env'] },
  {
    ...machine,
    in: ['process'],
    names: ['argv', 'execArgv', 'execPath', 'cwd', 'pid', 'ppid', 'title', 'platform', 'arch', 'version', 'versions', 'release', 'config'],
  },
  {
    ...machine,
    in: ['process'],
    names: [
      'memoryUsage',
      'cpuUsage',
      'resourceUsage',
      'availableMemory',
      'constrainedMemory',
      'getuid',
      'geteuid',
      'getgid',
      'getegid',
      'getgroups',
      'umask',
    ],
  },
  { ...machine, in: ['process'], names: ['_getActiveHandles', '_getActiveRequests', 'getActiveResourcesInfo', 'report', 'moduleLoadList'] },
  { ...machine, in: ['global'], names: ['navigator'] },
  { ...machine, counts: 'once loaded', in: ['os'], names: ['*'], but: ['uptime'] },

  { ...files, in: ['fs'], names: ['*', 'ReadStream', 'WriteStream', 'FileReadStream', 'FileWriteStream', 'Utf8Stream', 'Dir'] },
  { ...files, in: ['fs', 'promises'], names: ['*'] },
  { ...files, in: ['process'], names: ['stdin', 'chdir', 'loadEnvFile'] },

  { ...processes, in: ['child_process'], names: ['*'] },
  { ...processes, in: ['child_process', 'ChildProcess', 'prototype'], names: ['spawn'] },
  { ...processes, in: ['worker_threads'], names: ['Worker'] },
  {
    ...processes,
    subject: 'ending',
    in: ['process'],
    names: ['exit', 'reallyExit', 'abort', 'kill', '_kill', '_debugProcess', '_debugEnd', '_startProfilerIdleNotifier', 'setuid', 'setgid'],
  },

  // Whatever speaks HTTP or TLS goes through these; so Node loads no more of itself than it would have without us.
  { ...network, in: ['net', 'Socket', 'prototype'], names: ['connect'] },
  { ...network, in: ['net', 'Server', 'prototype'], names: ['listen'] },
  { ...network, in: ['net'], names: ['_createServerHandle'] },
  { ...network, in: ['dgram', 'Socket', 'prototype'], names: ['bind', 'connect', 'send'] },
  { ...network, in: ['dns'], names: ['*'], but: ['getServers', 'getDefaultResultOrder', 'setDefaultResultOrder'] },
  { ...network, in: ['dns', 'promises'], names: ['*'], but: ['getServers', 'getDefaultResultOrder', 'setDefaultResultOrder'] },
  { ...network, in: ['dns', 'Resolver', 'prototype'], names: ['*'] },
  { ...network, in: ['dns', 'promises', 'Resolver', 'prototype'], names: ['*'] },
  { ...network, in: ['global'], names: ['fetch', 'WebSocket', 'EventSource'] },

  { ...waiting, in: ['global'], names: timers },
  { ...waiting, in: ['timers'], names: timers },
  { ...waiting, in: ['timers', 'promises'], names: timers },
  { ...waiting, in: ['global', 'Atomics'], names: ['wait', 'waitAsync'], gives: 'an exception' },

  { subject: 'collector', in: ['global'], names: ['WeakRef', 'FinalizationRegistry'], counts: "the program's", gives: 'what it gives' },

  // By it a socket takes over a file descriptor that is open, such as the one on which this process speaks.
  { ...code, in: ['process', 'stdout', '_handle', 'constructor', 'prototype'], called: 'net.Socket', names: ['open'] },
  { ...code, in: ['tty'], names: ['ReadStream', 'WriteStream'] },
  { ...code, in: ['process'], names: ['binding', '_linkedBinding', 'dlopen', '_rawDebug'] },
  { ...code, in: ['vm'], names: ['*', 'Script', 'SourceTextModule', 'SyntheticModule'], but: ['isContext', 'measureMemory'] },
  { ...code, in: ['module'], names: ['register', 'registerHooks'] },
  { ...code, in: ['inspector'], names: ['open', 'url', 'waitForDebugger', 'Session'] },
  {
    ...code,
    in: ['v8'],
    names: ['setFlagsFromString', 'getHeapSnapshot', 'writeHeapSnapshot', 'setHeapSnapshotNearHeapLimit', 'takeCoverage', 'queryObjects'],
  },
  { ...code, in: ['wasi'], names: ['WASI'] },
];
