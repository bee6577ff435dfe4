// What a program must not depend on, as one table: what it is called, whose calls count, what such a call gives.
// A guard against accidents. What holds against malice is the process around it: docs/security.md.
import type { Correction } from './corrections';
import type { Subject } from './subjects';

/**
 * Whose calls count.
 * - `always`: everybody's.
 * - `once loaded`: everybody's, but for those of a package while it is loaded. That one is given the same clock and the same chance each time.
 * - `the program's`: only calls that stand in the program or in a Konfig library. What packages ask for here is the same in every run: their
 *   checks of `process.platform` or of an empty environment harm nobody.
 */
export type Counts = 'always' | 'once loaded' | "the program's";

/**
 * What a call gives. `a fixed answer` (fixed-answers.ts, fixed-machine.ts) goes to everybody, so that a package finds the same whenever it is loaded. An
 * exception is thrown at calls that count, after they were noted, or to all: also to a package that tries it out while it is loaded, without a word.
 * Where a program can go on it does, and everything is told at once.
 */
export type Gives = 'an exception' | 'an exception to all' | 'a fixed answer' | 'what it gives';

/** Only calls that lack this count. The first or the second argument would name a locale or a date. */
export type Without = 'the first' | 'the second' | 'lastModified';

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
  readonly without?: Without;
  /** What is put right in what it gives, to whoever gets it. */
  readonly corrects?: Correction;
  /** A getter hands them out, and they count when they are called. */
  readonly handsOut?: true;
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

const fixedOfMachine = [
  'hostname',
  'cpus',
  'availableParallelism',
  'freemem',
  'totalmem',
  'loadavg',
  'networkInterfaces',
  'release',
  'version',
].concat(['homedir', 'tmpdir', 'userInfo', 'getPriority']);
const stats = ['stat', 'lstat', 'fstat', 'statSync', 'lstatSync', 'fstatSync'];
const listings = ['readdir', 'readdirSync'];
const fileClasses = ['ReadStream', 'WriteStream', 'FileReadStream', 'FileWriteStream', 'Utf8Stream', 'Dir'];
const keyMakers = ['ECDH', 'DiffieHellman', 'DiffieHellmanGroup'];
const harmlessOfV8 = ['serialize', 'deserialize', 'isStringOneByteRepresentation'].concat([
  'getHeapStatistics',
  'getHeapSpaceStatistics',
  'getHeapCodeStatistics',
  'getCppHeapStatistics',
  'cachedDataVersionTag',
]);
const ofResolver = ['getServers', 'getDefaultResultOrder', 'setDefaultResultOrder'];

export const guarded: readonly Guarded[] = [
  { ...clock, in: ['global'], names: ['Date'] },
  { ...clock, in: ['global', 'Date'], names: ['now'] },
  { ...clock, in: ['global', 'Temporal', 'Now'], names: ['*'], gives: 'an exception' },
  { ...clock, in: ['global', 'Performance', 'prototype'], called: 'performance', names: ['now', 'timeOrigin'] },
  { ...clock, in: ['global', 'Performance', 'prototype'], called: 'performance', names: ['mark', 'measure'], gives: 'what it gives' },
  {
    ...clock,
    in: ['global', 'Performance', 'prototype'],
    called: 'performance',
    names: ['toJSON', 'nodeTiming', 'eventLoopUtilization', 'timerify'],
  },
  { ...clock, in: ['global', 'PerformanceEntry', 'prototype'], names: ['startTime', 'duration', 'toJSON'] },
  { ...clock, in: ['perf_hooks'], names: ['eventLoopUtilization', 'timerify', 'monitorEventLoopDelay'] },
  { ...clock, in: ['global', 'Event', 'prototype'], names: ['timeStamp'] },
  { ...clock, in: ['process'], names: ['hrtime', 'uptime'] },
  { ...clock, in: ['os'], names: ['uptime'] },
  // Packages try out with it whether a zone or a locale is known, and throw away what it says.
  {
    ...clock,
    in: ['global', 'Intl', 'DateTimeFormat', 'prototype'],
    counts: "the program's",
    names: ['format'],
    without: 'the first',
    corrects: 'the date',
    handsOut: true,
  },
  {
    ...clock,
    in: ['global', 'Intl', 'DateTimeFormat', 'prototype'],
    counts: "the program's",
    names: ['formatToParts'],
    without: 'the first',
    corrects: 'the date',
  },
  { ...clock, in: ['global'], names: ['File'], without: 'lastModified', corrects: 'lastModified', handsOut: true },
  { ...clock, in: ['buffer'], names: ['File'], without: 'lastModified', corrects: 'lastModified', handsOut: true },

  { ...chance, in: ['global', 'Math'], names: ['random'], gives: 'a fixed answer' },
  {
    ...chance,
    in: ['crypto'],
    names: ['randomBytes', 'pseudoRandomBytes', 'randomUUID', 'randomUUIDv7', 'randomInt', 'randomFillSync', 'getRandomValues'],
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
  { ...chance, in: ['crypto'], names: ['rng', 'prng'], gives: 'a fixed answer', handsOut: true },
  {
    ...chance,
    counts: 'always',
    in: ['crypto'],
    names: ['randomFill', 'generateKey', 'generateKeySync', 'generateKeyPair', 'generateKeyPairSync', 'generatePrime', 'generatePrimeSync'],
  },
  { ...chance, in: ['crypto'], names: ['publicEncrypt', 'sign', 'createSign', 'Sign', 'encapsulate', 'createECDH', 'createDiffieHellman'] },
  ...keyMakers.map((type): Guarded => ({ ...chance, counts: 'always', in: ['crypto', type, 'prototype'], names: ['generateKeys'] })),
  { ...chance, in: ['tls', 'Server', 'prototype'], names: ['getTicketKeys'] },

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
  { ...machine, in: ['process'], names: ['cwd', 'argv0', 'platform', 'arch', 'version', 'versions', 'release', 'features', 'permission'] },
  {
    ...machine,
    in: ['process'],
    names: ['argv', 'execArgv', 'execPath', 'pid', 'ppid', 'title', 'debugPort', 'config', 'report', 'moduleLoadList'],
    gives: 'a fixed answer',
  },
  {
    ...machine,
    in: ['process'],
    names: ['memoryUsage', 'cpuUsage', 'threadCpuUsage', 'resourceUsage', 'availableMemory', 'constrainedMemory'],
    gives: 'a fixed answer',
  },
  { ...machine, in: ['process'], names: ['getuid', 'geteuid', 'getgid', 'getegid', 'getgroups', 'umask'], gives: 'a fixed answer' },
  { ...machine, in: ['process'], names: ['_getActiveHandles', '_getActiveRequests', 'getActiveResourcesInfo'], gives: 'a fixed answer' },
  { ...machine, in: ['global'], names: ['navigator', 'localStorage', 'sessionStorage'] },
  { ...machine, counts: 'once loaded', in: ['os'], names: fixedOfMachine, gives: 'a fixed answer' },
  { ...machine, counts: 'once loaded', in: ['os'], names: ['*'], but: ['uptime', ...fixedOfMachine] },
  { ...machine, in: ['async_hooks'], names: ['executionAsyncId', 'triggerAsyncId'], gives: 'a fixed answer' },
  { ...machine, in: ['dns'], names: ['getServers'], gives: 'a fixed answer' },
  { ...machine, in: ['dns', 'promises'], names: ['getServers'], gives: 'a fixed answer' },
  { ...machine, in: ['dns', 'Resolver', 'prototype'], names: ['getServers'], gives: 'a fixed answer' },
  { ...machine, in: ['dns', 'promises', 'Resolver', 'prototype'], names: ['getServers'], gives: 'a fixed answer' },
  {
    ...machine,
    in: ['v8'],
    names: ['getHeapStatistics', 'getHeapSpaceStatistics', 'getHeapCodeStatistics', 'getCppHeapStatistics', 'cachedDataVersionTag'],
    gives: 'a fixed answer',
  },
  { ...machine, in: ['tls'], names: ['getCACertificates', 'rootCertificates'] },

  { ...files, in: ['fs'], names: stats, corrects: 'the times of a file' },
  { ...files, in: ['fs', 'promises'], names: stats, corrects: 'the times of a file' },
  { ...files, in: ['fs'], names: listings, corrects: 'the order of a folder' },
  { ...files, in: ['fs', 'promises'], names: listings, corrects: 'the order of a folder' },
  { ...files, in: ['fs'], names: fileClasses, handsOut: true },
  { ...files, in: ['fs'], names: ['*'], but: [...stats, ...listings] },
  { ...files, in: ['fs', 'promises'], names: ['*'], but: [...stats, ...listings] },
  { ...files, in: ['sqlite'], names: ['*', 'DatabaseSync', 'StatementSync'] },
  { ...files, in: ['sea'], names: ['*'] },
  // An ES module that imports node:process is given all of it, without having asked.
  { ...files, in: ['process'], names: ['stdin'], gives: 'a fixed answer' },
  { ...files, in: ['process'], names: ['chdir', 'loadEnvFile', 'openStdin'] },

  { ...processes, in: ['child_process'], names: ['*'] },
  { ...processes, in: ['child_process', 'ChildProcess', 'prototype'], names: ['spawn'] },
  { ...processes, in: ['worker_threads'], names: ['Worker'] },
  {
    ...processes,
    subject: 'ending',
    in: ['process'],
    names: [
      'exit',
      'reallyExit',
      'abort',
      'kill',
      '_kill',
      '_debugProcess',
      '_debugEnd',
      '_startProfilerIdleNotifier',
      'setuid',
      'setgid',
      'execve',
    ],
  },

  // Whatever speaks HTTP or TLS goes through these; so Node loads no more of itself than it would have without us.
  { ...network, in: ['net', 'Socket', 'prototype'], names: ['connect'] },
  { ...network, in: ['net', 'Server', 'prototype'], names: ['listen'] },
  { ...network, in: ['net'], names: ['_createServerHandle'] },
  { ...network, in: ['dgram', 'Socket', 'prototype'], names: ['bind', 'connect', 'send'] },
  { ...network, in: ['dns'], names: ['*'], but: ofResolver },
  { ...network, in: ['dns', 'promises'], names: ['*'], but: ofResolver },
  { ...network, in: ['dns', 'Resolver', 'prototype'], names: ['*'], but: ofResolver },
  { ...network, in: ['dns', 'promises', 'Resolver', 'prototype'], names: ['*'], but: ofResolver },
  { ...network, in: ['global'], names: ['fetch', 'WebSocket', 'EventSource'] },

  { ...waiting, in: ['global'], names: timers },
  { ...waiting, in: ['timers'], names: timers },
  { ...waiting, in: ['timers', 'promises'], names: timers },
  { ...waiting, in: ['global', 'Atomics'], names: ['wait', 'waitAsync'], gives: 'an exception' },

  { subject: 'collector', in: ['global'], names: ['WeakRef', 'FinalizationRegistry'], counts: "the program's", gives: 'what it gives' },

  // By it a socket takes over a file descriptor that is open, such as the one on which this process speaks.
  { ...code, in: ['process', 'stdout', '_handle', 'constructor', 'prototype'], called: 'net.Socket', names: ['open'] },
  { ...code, in: ['tty'], names: ['ReadStream', 'WriteStream'] },
  // Packages try these out while they are loaded, and go on without.
  { ...code, counts: 'once loaded', gives: 'an exception to all', in: ['process'], names: ['binding', '_linkedBinding', 'dlopen'] },
  { ...code, in: ['process'], names: ['_rawDebug'] },
  { ...code, in: ['vm'], names: ['*', 'Script', 'SourceTextModule', 'SyntheticModule'], but: ['isContext', 'measureMemory'] },
  { ...code, in: ['module'], names: ['register', 'registerHooks'] },
  { ...code, in: ['inspector'], names: ['open', 'url', 'waitForDebugger', 'Session'] },
  {
    ...code,
    in: ['v8'],
    names: ['*', 'GCProfiler'],
    but: harmlessOfV8,
  },
  { ...code, in: ['wasi'], names: ['WASI'] },
  { ...code, in: ['ffi'], names: ['*', 'DynamicLibrary'] },
  { ...code, in: ['trace_events'], names: ['createTracing'] },
  { ...code, in: ['crypto'], names: ['setEngine', 'setFips'] },
];

/** A module of a Node that is newer than this table. */
export const unknownModule: Guarded = { ...code, in: [], names: [] };
