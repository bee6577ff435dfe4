// The same machine in every run, for packages while they are loaded and for whoever asks against the rules.
import { Readable } from 'node:stream';
import type { FixedAnswers } from './fixed-answers';

const gibibyte = 2 ** 30;

/** Answers by the name of the function or value. Another number is another machine. */
export function fixedMachine(number: number): FixedAnswers {
  const processors = 1 + (number % 8);
  const user = `user-${number}`;
  const memory = processors * gibibyte;
  const id = 1000 + number;
  const always =
    <T>(value: T) =>
    () =>
      value;
  return {
    hostname: always(`host-${number}`),
    cpus: () =>
      Array.from({ length: processors }, () => ({ model: 'processor', speed: 1000, times: { user: 0, nice: 0, sys: 0, idle: 0, irq: 0 } })),
    availableParallelism: always(processors),
    freemem: always(memory / 2),
    totalmem: always(memory),
    loadavg: () => [0, 0, 0],
    networkInterfaces: () => ({}),
    release: always(`${number}.0.0`),
    version: always(`#${number}`),
    homedir: always(`/home/${user}`),
    tmpdir: always('/tmp'),
    userInfo: () => ({ uid: id, gid: id, username: user, homedir: `/home/${user}`, shell: '/bin/sh' }),
    getPriority: always(0),
    getServers: () => [],

    pid: always(number),
    ppid: always(0),
    title: always('node'),
    stdin: () => Readable.from([]),
    argv: () => ['node', 'konfig'],
    execArgv: () => [],
    execPath: always('node'),
    debugPort: always(9229),
    config: () => ({ target_defaults: {}, variables: {} }),
    report: () => ({ getReport: () => ({ header: {}, sharedObjects: [] }) }),
    memoryUsage: () => ({ rss: memory / 4, heapTotal: memory / 8, heapUsed: memory / 16, external: 0, arrayBuffers: 0 }),
    rss: always(memory / 4),
    availableMemory: always(memory / 2),
    constrainedMemory: always(memory),
    cpuUsage: () => ({ user: 0, system: 0 }),
    threadCpuUsage: () => ({ user: 0, system: 0 }),
    resourceUsage: () => ({ userCPUTime: 0, systemCPUTime: 0, maxRSS: memory / 4 / 1024 }),
    getuid: always(id),
    geteuid: always(id),
    getgid: always(id),
    getegid: always(id),
    getgroups: () => [id],
    umask: always(0o22),
    _getActiveHandles: () => [],
    _getActiveRequests: () => [],
    getActiveResourcesInfo: () => [],
    moduleLoadList: () => [],
    executionAsyncId: always(1),
    triggerAsyncId: always(0),

    getHeapStatistics: () => ({
      total_heap_size: memory / 8,
      used_heap_size: memory / 16,
      heap_size_limit: memory / 2,
      malloced_memory: 0,
    }),
    getHeapSpaceStatistics: () => [],
    getHeapCodeStatistics: () => ({ code_and_metadata_size: 0, bytecode_and_metadata_size: 0, external_script_source_size: 0 }),
    getCppHeapStatistics: () => ({}),
    cachedDataVersionTag: always(0),
  };
}
