// What the containers behind resources say: all that was said until now by time, then, if asked, each line as it comes.
import { isKonfigError, KonfigError, type LogLine, type LogRequest, type Problem, type ResourceId } from '@konfig/core';
import { clean } from '../clean';
import { inParallel } from '../in-parallel';
import { reasonOf } from '../reason-of';
import { type Behind, behindOf, type PodRunner, podRunners } from './behind';
import { listAll, startFeed } from './feed';
import { type Bookmark, type LogPart, type LogPlace, makeBookmark, type OpenLog, openLog, type TimedLine } from './log-stream';
import type { ContainerStatus, Pod } from './objects';
import type { World } from './world';

export async function readLogs(world: World, request: LogRequest, onLine: (line: LogLine) => void, signal: AbortSignal): Promise<void> {
  const isFollowed = request.follow && !request.previous;
  try {
    await readThem(world, { ...request, follow: isFollowed }, onLine, signal);
  } catch (error) {
    // Whoever follows ends it this way.
    if (!isFollowed || !signal.aborted) throw error;
  }
}

async function readThem(world: World, request: LogRequest, onLine: (line: LogLine) => void, signal: AbortSignal): Promise<void> {
  const runners = await podRunners(world, request.resources, signal);
  const reading: Reading = { world, request, onLine, behind: behindOf(world, runners, signal) };
  const namespaces = namespacesOf(runners);
  const logs = (await Promise.all(namespaces.map((namespace) => logsIn(reading, namespace, signal)))).flat();
  const problems = await readAll(reading, request.previous ? logs.filter((log) => restartsOf(log) > 0) : logs, signal);
  // Whoever follows tries again what could not be read.
  const lasting = request.follow ? problems.filter(({ code }) => code !== 'CONNECTION_LOST') : problems;
  if (lasting.length > 0) throw new KonfigError(lasting);
  if (request.follow) await followAll(reading, { namespaces, logs }, signal);
}

interface Reading {
  readonly world: World;
  readonly request: LogRequest;
  readonly behind: Behind;
  onLine(line: LogLine): void;
}

/** The log of one container, and how far it was read. */
interface Log {
  readonly id: ResourceId;
  readonly place: LogPlace;
  readonly pod: Pod;
  readonly bookmark: Bookmark;
  /** Of what was there when reading began, only as much as was asked for. */
  readonly part: LogPart;
}

const pods = { group: '', version: 'v1', kind: 'Pod', plural: 'pods', namespaced: true, verbs: [] };

/** Undefined is every namespace: a kind without namespaces may run Pods anywhere. */
function namespacesOf(runners: readonly PodRunner[]): readonly (string | undefined)[] {
  const all = new Set(runners.map(({ address }) => address.namespace));
  return all.has(undefined) ? [undefined] : [...all];
}

async function logsIn(reading: Reading, namespace: string | undefined, signal: AbortSignal): Promise<readonly Log[]> {
  const { objects } = await listAll(reading.world.client, { served: pods, namespace, metadataOnly: false }, signal);
  const { tail, since, previous } = reading.request;
  const part: LogPart = {
    ...(tail === undefined ? {} : { tailLines: tail }),
    ...(since === undefined ? {} : { sinceSeconds: Math.max(1, Math.ceil(since)) }),
    ...(previous ? { previous } : {}),
  };
  const logs = await inParallel(objects, 12, (pod) => logsOf(reading, pod as Pod, part));
  return logs.flat();
}

async function logsOf({ behind, request }: Reading, pod: Pod, part: LogPart): Promise<readonly Log[]> {
  const id = await behind(pod);
  if (id === undefined) return [];
  const { name, namespace = '' } = pod.metadata;
  return containersOf(pod)
    .filter((container) => request.container === undefined || container === request.container)
    .map((container) => ({
      id,
      place: { namespace, pod: name, container },
      pod,
      bookmark: makeBookmark(part.tailLines !== undefined),
      part,
    }));
}

function containersOf({ spec }: Pod): readonly string[] {
  const { initContainers = [], containers = [], ephemeralContainers = [] } = spec ?? {};
  return [...initContainers, ...containers, ...ephemeralContainers].map(({ name }) => name);
}

function statusIn({ status }: Pod, container: string): ContainerStatus | undefined {
  const { initContainerStatuses = [], containerStatuses = [], ephemeralContainerStatuses = [] } = status ?? {};
  return [...initContainerStatuses, ...containerStatuses, ...ephemeralContainerStatuses].find(({ name }) => name === container);
}

function restartsOf({ pod, place }: Pick<Log, 'pod' | 'place'>): number {
  return statusIn(pod, place.container)?.restartCount ?? 0;
}

function hasBegun(status: ContainerStatus | undefined): boolean {
  return status?.state?.running !== undefined || status?.state?.terminated !== undefined || (status?.restartCount ?? 0) > 0;
}

/** So many logs are merged at a time; one line of each is in memory. */
const mergedAtOnce = 50;

async function readAll(reading: Reading, logs: readonly Log[], signal: AbortSignal): Promise<readonly Problem[]> {
  const begun = logs.filter(({ pod, place }) => hasBegun(statusIn(pod, place.container)));
  const problems: Problem[] = [];
  for (let i = 0; i < begun.length; i += mergedAtOnce)
    problems.push(...(await readMerged(reading, begun.slice(i, i + mergedAtOnce), signal)));
  return problems;
}

interface Head {
  readonly log: Log;
  readonly rest: AsyncGenerator<TimedLine>;
  readonly line: TimedLine;
}

/** The lines of several logs by their time. What is wrong with single logs is told when all others were read. */
async function readMerged(reading: Reading, logs: readonly Log[], signal: AbortSignal): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  const heads: Head[] = [];
  const attempt = async <T>(log: Log, work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      signal.throwIfAborted();
      problems.push(isKonfigError(error) ? (error.problems[0] as Problem) : unreadable(log, reasonOf(error)));
      return undefined;
    }
  };
  const advance = async (log: Log, rest: AsyncGenerator<TimedLine>) => {
    const next = await attempt(log, () => rest.next());
    if (next && !next.done) heads.push({ log, rest, line: next.value });
  };
  const stop = new AbortController();
  try {
    const until = AbortSignal.any([signal, stop.signal]);
    const open = (log: Log) => attempt(log, () => openLog(reading.world.client, log.place, log.part, until));
    for (const [i, opened] of (await inParallel(logs, mergedAtOnce, open)).entries()) {
      const log = logs[i] as Log;
      if (opened && 'lines' in opened) await advance(log, opened.lines);
      else if (opened && !isNothingYet(opened)) problems.push(refusal(log, opened));
    }
    for (let head = takeFirst(heads); head; head = takeFirst(heads)) {
      tell(reading, head.log, head.line);
      await advance(head.log, head.rest);
    }
    return problems;
  } finally {
    stop.abort();
  }
}

function takeFirst(heads: Head[]): Head | undefined {
  let first = 0;
  for (let i = 1; i < heads.length; i++) if ((heads[i] as Head).line.time < (heads[first] as Head).line.time) first = i;
  return heads.splice(first, 1)[0];
}

function tell({ onLine }: Reading, { id, place, bookmark }: Log, line: TimedLine): boolean {
  if (!bookmark.isNew(line)) return false;
  const { time, text } = line;
  onLine({ id, from: `${place.pod}/${place.container}`, ...(time === '' ? {} : { time }), text });
  return true;
}

type Refusal = Exclude<OpenLog, { readonly lines: unknown }>;

/** The container has not begun, or its pod is gone. */
function isNothingYet({ status }: Refusal): boolean {
  return status === 400 || status === 404;
}

function refusal(log: Log, { status, refusal: { message = '' } }: Refusal): Problem {
  if (status !== 403) return unreadable(log, `${status}: ${clean(message)}`);
  const { id, place } = log;
  const hint = `Ask for the verb get on pods/log in namespace ${place.namespace}.`;
  return {
    code: 'PERMISSION_MISSING',
    message: `The log of ${place.pod}/${place.container} cannot be read: ${clean(message)}`,
    hint,
    at: id,
  };
}

function unreadable({ id, place }: Log, why: string): Problem {
  return { code: 'CONNECTION_LOST', message: `The log of ${place.pod}/${place.container} cannot be read: ${why}`, at: id };
}

/** A Pod as it is now, for those who follow its containers. */
interface Followed {
  pod: Pod;
  isGone: boolean;
  /** Counts what was heard of it. */
  news: number;
  heard(): void;
  /** Settles when there is more news than this, or after so many milliseconds. */
  after(news: number, milliseconds?: number): Promise<void>;
}

interface Start {
  readonly namespaces: readonly (string | undefined)[];
  readonly logs: readonly Log[];
}

async function followAll(reading: Reading, { namespaces, logs }: Start, signal: AbortSignal): Promise<void> {
  const failure = new AbortController();
  const stop = AbortSignal.any([signal, failure.signal]);
  const followed = new Map<string, Followed>();
  const running = new Set<string>();
  const begun = new Map(logs.map((log) => [logKey(log), log]));
  const look = async (pod: Pod) => {
    const uid = pod.metadata.uid ?? '';
    const known = followed.get(uid);
    const here = known ?? makeFollowed(pod);
    followed.set(uid, here);
    here.pod = pod;
    here.heard();
    for (const log of await logsOf(reading, pod, {})) {
      const key = logKey(log);
      if (running.has(key)) continue;
      running.add(key);
      follow(reading, begun.get(key) ?? log, here, stop)
        .catch((error) => failure.abort(error))
        .finally(() => running.delete(key));
    }
  };
  const listener = {
    all: (objects: readonly unknown[]) => {
      const now = new Set((objects as readonly Pod[]).map(({ metadata }) => metadata.uid ?? ''));
      for (const [uid, one] of followed) if (!now.has(uid)) forget(uid, one);
      for (const pod of objects as readonly Pod[]) look(pod).catch((error) => failure.abort(error));
    },
    put: (pod: unknown) => void look(pod as Pod).catch((error) => failure.abort(error)),
    gone: (pod: unknown) => {
      const uid = (pod as Pod).metadata.uid ?? '';
      const one = followed.get(uid);
      if (one) forget(uid, one);
    },
  };
  const forget = (uid: string, one: Followed) => {
    followed.delete(uid);
    one.isGone = true;
    one.heard();
  };
  for (const namespace of namespaces) {
    const feed = startFeed(reading.world.client, { served: pods, namespace, metadataOnly: false }, listener, stop);
    feed.ended.catch((error) => failure.abort(error));
  }
  await aborted(stop);
  for (const one of followed.values()) one.heard();
  if (!signal.aborted) throw failure.signal.reason;
}

function logKey({ pod, place }: Log): string {
  return `${pod.metadata.uid}/${place.container}`;
}

function makeFollowed(pod: Pod): Followed {
  const waiting = new Set<() => void>();
  const here: Followed = {
    pod,
    isGone: false,
    news: 0,
    heard: () => {
      here.news++;
      for (const wake of [...waiting]) wake();
    },
    after: (news, milliseconds) =>
      new Promise((resolve) => {
        if (here.news !== news) return resolve();
        const timer = milliseconds === undefined ? undefined : setTimeout(() => wake(), milliseconds);
        const wake = () => {
          clearTimeout(timer);
          waiting.delete(wake);
          resolve();
        };
        waiting.add(wake);
      }),
  };
  return here;
}

/** Each run of one container to its end, from where it was left, until its Pod is gone. */
async function follow(reading: Reading, log: Log, here: Followed, signal: AbortSignal): Promise<void> {
  let run = restartsOf(log);
  let ended = -1;
  let failures = 0;
  while (!signal.aborted) {
    const { news, isGone } = here;
    const status = statusIn(here.pod, log.place.container);
    const restarts = status?.restartCount ?? 0;
    if (isGone) return;
    if (!hasBegun(status) || ended === restarts) {
      await here.after(news);
      continue;
    }
    // What the last run said after we lost it.
    if (restarts > run) await readOn(reading, log, { previous: true }, signal);
    run = restarts;
    const outcome = await readOn(reading, log, { follow: true }, signal);
    if (outcome === 'ended' && status?.state?.terminated) ended = restarts;
    failures = outcome === 'told' ? 0 : failures + 1;
    // An end that the Pod does not know of yet: the connection broke, or its status is on the way.
    if (ended !== restarts && !signal.aborted) await here.after(news, waitAfter(failures));
  }
}

/** 0.1 s, then doubling to 10 s. */
function waitAfter(failures: number): number {
  return Math.min(10_000, 100 * 2 ** Math.min(failures, 10));
}

/** Reads until the log ends: were there new lines, none, or did it break off? */
async function readOn(reading: Reading, log: Log, part: LogPart, signal: AbortSignal): Promise<'told' | 'ended' | 'broken'> {
  let isTold = false;
  try {
    const from = log.bookmark.reopened();
    // While nothing was read, still only as much as was asked for at the beginning.
    const open = await openLog(reading.world.client, log.place, { ...('sinceTime' in from ? from : log.part), ...part }, signal);
    if (!('lines' in open)) {
      if (open.status === 403) throw new KonfigError(refusal(log, open));
      return 'broken';
    }
    for await (const line of open.lines) isTold = tell(reading, log, line) || isTold;
    return isTold ? 'told' : 'ended';
  } catch (error) {
    if (isKonfigError(error) && error.problems.some(({ code }) => code !== 'CONNECTION_LOST')) throw error;
    return isTold ? 'told' : 'broken';
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
