// Carries out a plan: takes the lock, saves what may come, walks the steps side by side, waits until each is really up, records it.
import {
  type Applied,
  type Connection,
  type DatedFinding,
  dateFindings,
  type Event,
  edgesOf,
  equalJson,
  type Finding,
  type Halt,
  inventoryAfter,
  inventoryBefore,
  isCurrent,
  isError,
  isKonfigError,
  type Json,
  KonfigError,
  type Lock,
  latersIn,
  type Observation,
  type OperationResult,
  type Plan,
  type Problem,
  pathText,
  problemsOf,
  type Release,
  type Resource,
  type ResourceId,
  recordVersion,
  type StackRecord,
  type Step,
  type StepRecord,
  schedule,
  shortId,
  sourceOf,
  verdictOf,
  type Watch,
} from '@konfig/core';
import { type EventLog, eventLog } from './event-log';
import { type Journal, openJournal } from './journal';
import type { Preview } from './preview';
import { resolveResource } from './resolve';
import { connectionOf, type Session } from './session';
import { type Carried, carryOut } from './step';
import type { World } from './world';

/** A run that can be watched and stopped. */
export interface Operation {
  /** Every event from the first on, however late one asks. */
  events(): AsyncIterable<Event>;
  /** Never rejects: what went wrong is in its problems. */
  readonly result: Promise<OperationResult>;
  /** Starts nothing new, lets what is in flight finish, writes a truthful record, releases the lock. */
  cancel(): void;
}

export interface ApplyOptions {
  /** Seconds to wait for a lock that another run holds. Default 0: fail at once. */
  readonly lockWait?: number;
}

/** Applies exactly the plan of this preview; closes its session at the end. */
export function apply(preview: Preview, world: World, options: ApplyOptions = {}): Operation {
  const log = eventLog(world.who.run, world.clock);
  const { plan, session } = preview;
  if (!plan || !session || preview.problems.some(isError)) {
    const problems = preview.problems.filter(isError);
    log.close();
    const result = preview.close().then((): OperationResult => ({ phase: 'failed', release: 0, problems }));
    return { events: () => log.read(), result, cancel: () => {} };
  }
  const stop = new AbortController();
  const result = operate(preview, plan, session, world, options, log, stop.signal)
    .catch(
      (error): OperationResult => ({
        phase: 'failed',
        release: plan.baseRelease,
        problems: mask(preview, problemsOf(error, `${plan.kind} ${plan.stack}`)),
      }),
    )
    .then(async (outcome) => {
      await session.close();
      log.emit({ type: 'operation-finished', ...outcome });
      log.close();
      return outcome;
    });
  return { events: () => log.read(), result, cancel: () => stop.abort() };
}

async function operate(
  preview: Preview,
  plan: Plan,
  session: Session,
  world: World,
  options: ApplyOptions,
  log: EventLog,
  cancelled: AbortSignal,
): Promise<OperationResult> {
  const lock = await takeLock(plan, session, world, options, log, cancelled);
  try {
    const base = await settleLastRelease(plan, session, world, lock);
    return await run(preview, plan, session, world, log, lock, base, cancelled);
  } finally {
    await lock.release();
  }
}

/** Takes the lock, waiting as long as was asked for. */
async function takeLock(
  plan: Plan,
  session: Session,
  world: World,
  options: ApplyOptions,
  log: EventLog,
  cancelled: AbortSignal,
): Promise<Lock> {
  const holder = { run: world.who.run, who: `${world.who.name}, ${world.who.place}`, since: new Date(world.clock.now()).toISOString() };
  const until = world.clock.now() + (options.lockWait ?? 0) * 1000;
  for (let told = false; ; told = true) {
    try {
      return await session.store.lock(plan.stack, holder);
    } catch (error) {
      const held = isKonfigError(error) && error.problems[0]?.code === 'LOCK_HELD';
      if (!held || world.clock.now() >= until) throw error;
      if (!told) log.emit({ type: 'note', message: error.problems[0]?.message ?? '' });
      await pause(1000, world, cancelled);
      if (cancelled.aborted)
        throw new KonfigError({ code: 'CANCELLED', message: `Cancelled while waiting for the lock of ${plan.stack}.` });
    }
  }
}

function pause(milliseconds: number, world: World, cancelled: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const stop = world.clock.after(milliseconds, resolve);
    cancelled.addEventListener(
      'abort',
      () => {
        stop();
        resolve();
      },
      { once: true },
    );
  });
}

/** The plan must stand on the last release; one that a dead run left as «applying» is closed truthfully first. */
async function settleLastRelease(plan: Plan, session: Session, world: World, lock: Lock): Promise<StackRecord | undefined> {
  const record = await session.store.readRecord(plan.stack);
  if ((record?.lastRelease ?? 0) !== plan.baseRelease) {
    throw new KonfigError({
      code: 'PLAN_STALE',
      message: `${plan.stack} is at release ${record?.lastRelease ?? 0} by now; this plan was made at release ${plan.baseRelease}.`,
      hint: 'Preview again.',
    });
  }
  const last = record && (await session.store.readRelease(plan.stack, record.lastRelease));
  if (record && last?.phase === 'applying') {
    const problem: Problem = {
      code: 'CANCELLED',
      message: `The run of ${last.by} ended without a word; release ${last.number + 1} goes on from there.`,
    };
    await session.store.save(lock, record, {
      ...last,
      phase: 'failed',
      endedAt: new Date(world.clock.now()).toISOString(),
      problems: [...last.problems, problem],
    });
  }
  return record;
}

/** One step while it is under way. */
interface Progress {
  readonly step: Step;
  state: StepRecord['state'];
  uid?: string;
  generation?: number;
  observation?: Observation;
  findings: readonly DatedFinding[];
  startedAt: number;
  appliedAt: number;
  changedAt: number;
  endedAt?: number;
  message?: string;
}

function run(
  preview: Preview,
  plan: Plan,
  session: Session,
  world: World,
  log: EventLog,
  lock: Lock,
  base: StackRecord | undefined,
  cancelled: AbortSignal,
): Promise<OperationResult> {
  const { spec, sources } = preview.request;
  const { clock } = world;
  const settings = spec.settings;
  const number = plan.baseRelease + 1;
  const startedAt = clock.now();
  const deadline = startedAt + settings.totalTimeout * 1000;
  const wished = new Map(spec.resources.map((resource) => [resource.id, resource]));
  const before = inventoryBefore(base, spec, plan, edgesOf(spec.resources, derivedEdges(spec.resources, world)));
  const progress = new Map(
    plan.steps.map((step): [ResourceId, Progress] => [
      step.id,
      { step, state: 'pending', findings: [], startedAt: 0, appliedAt: 0, changedAt: 0 },
    ]),
  );
  const problems: Problem[] = [];
  const watching = new AbortController();
  const watches = new Map<string, Watch>();
  let stopped: Halt | undefined;
  let cancelTimer = () => {};
  let finish: (result: OperationResult) => void = () => {};
  let finishing = false;
  const done = new Promise<OperationResult>((resolve) => {
    finish = resolve;
  });

  const journal: Journal = openJournal(session.store, lock, () => ({ record: recordNow(), release: releaseNow('applying') }));

  function recordNow(): StackRecord {
    return {
      version: recordVersion,
      stack: plan.stack,
      lastRelease: number,
      hashKey: preview.hashKey,
      inventory: inventoryAfter(before, plan, progress),
    };
  }

  function releaseNow(phase: Release['phase']): Release {
    return {
      version: recordVersion,
      stack: plan.stack,
      number,
      kind: plan.kind,
      phase,
      by: world.who.name,
      ...(world.who.commit === undefined ? {} : { commit: world.who.commit }),
      startedAt: new Date(startedAt).toISOString(),
      ...(phase === 'applying' ? {} : { endedAt: new Date(clock.now()).toISOString() }),
      specDigest: plan.specDigest,
      spec,
      steps: [...progress.values()].map(stepRecord),
      problems,
    };
  }

  async function start(): Promise<OperationResult> {
    log.emit({
      type: 'operation-started',
      stack: plan.stack,
      kind: plan.kind,
      release: number,
      steps: plan.steps.map(({ id, action, waitsFor }) => ({ id, action, waitsFor })),
      deadline,
    });
    await journal.save();
    await startWatches();
    cancelled.addEventListener('abort', () => halt('cancelled'), { once: true });
    lock.lost.addEventListener('abort', () => halt('lock lost'), { once: true });
    if (cancelled.aborted) halt('cancelled');
    if (lock.lost.aborted) halt('lock lost');
    advance();
    return done;
  }

  /** Watches begin before the first change, so that nothing is missed. */
  async function startWatches(): Promise<void> {
    await Promise.all(
      [...session.connections].map(async ([target, connection]) => {
        const watched = plan.steps.filter((step) => step.target === target).map((step) => watchedOf(step, wished.get(step.id)));
        if (watched.length === 0) return;
        const watch = await connection.watch(watched, observe, watching.signal);
        watches.set(target, watch);
        watch.ended.catch((error) => fail([...progress.values()].filter(isOpen), problemsOf(error, `watch ${connection.description}`)));
      }),
    );
  }

  /** Starts whatever may start; ends the operation when nothing is left. */
  function advance(): void {
    if (finishing) return;
    const next = schedule(plan.steps, new Map([...progress].map(([id, one]) => [id, one.state])), settings.concurrency, stopped);
    for (const { id, because } of next.skip) skip(progressOf(id), because);
    for (const id of next.start) begin(progressOf(id));
    if (next.isOver) void end();
    else arm();
  }

  function progressOf(id: ResourceId): Progress {
    return progress.get(id) as Progress;
  }

  function begin(one: Progress): void {
    one.state = 'started';
    one.startedAt = clock.now();
    one.changedAt = one.startedAt;
    if (one.step.action === 'keep') {
      if (one.step.live) one.uid = one.step.live.uid;
      queueMicrotask(() => applied(one));
      return;
    }
    log.emit({ type: 'step-started', step: one.step.id, action: one.step.action });
    void change(one);
  }

  /** The intent is saved before the world is changed. */
  async function change(one: Progress): Promise<void> {
    const { step } = one;
    try {
      await journal.save();
    } catch (error) {
      fail([one], problemsOf(error, `record the start of ${shortId(step.id)}`));
      return;
    }
    const resource = wished.get(step.id);
    const resolved = resource && resolveResource(resource, preview.live, preview.secrets, preview.hashKey);
    const unknown = resolved && step.action !== 'delete' ? unknownProblem(resolved) : undefined;
    if (unknown || lock.lost.aborted) {
      fail([one], [unknown ?? lockLost(plan)]);
      return;
    }
    // A cancel lets what is in flight finish: only a lost lock cuts it off.
    settle(one, await carryOut(step, resolved, plan.stack, connectionOf(session, step.target), lock.lost));
  }

  function settle(one: Progress, carried: Carried): void {
    switch (carried.state) {
      case 'failed':
        fail([one], carried.problems);
        break;
      case 'gone':
        one.state = 'applied';
        finishStep(one);
        break;
      case 'deleting':
        if (one.step.live) one.uid = one.step.live.uid;
        applied(one);
        break;
      case 'applied':
        accept(one, carried.applied);
        applied(one);
        break;
    }
  }

  function accept(one: Progress, { uid, generation, live, observation, warnings }: Applied): void {
    const { step } = one;
    one.uid = uid;
    if (generation !== undefined) one.generation = generation;
    preview.live.set(step.id, live);
    for (const warning of warnings) log.emit({ type: 'note', message: preview.secrets.mask.text(warning), step: step.id });
    // The watch may have seen more than the answer to the apply says.
    if (!one.observation || !isCurrent(one, one.observation)) one.observation = observation;
    if (step.checked !== 'none') return;
    // Its kind or namespace may not have been there when the watch began.
    watches
      .get(step.target)
      ?.add([watchedOf(step, wished.get(step.id))])
      .catch((error) => fail([one], problemsOf(error, `watch ${shortId(step.id)}`)));
  }

  function applied(one: Progress): void {
    if (one.state !== 'started') return;
    one.state = 'applied';
    one.appliedAt = clock.now();
    one.changedAt = one.appliedAt;
    if (one.step.action !== 'keep') log.emit({ type: 'step-applied', step: one.step.id, action: one.step.action });
    if (one.observation) take(one, one.observation);
    judge(one);
    advance();
  }

  /** Called by the watches, at any time. */
  function observe(observation: Observation): void {
    const one = progress.get(observation.id);
    if (!one || one.state === 'done' || one.state === 'failed' || one.state === 'skipped') return;
    const masked = preview.secrets.mask.json(observation as unknown as Json) as unknown as Observation;
    if (one.state !== 'applied') {
      one.observation = masked;
      return;
    }
    if (one.step.action !== 'delete' && !isCurrent(one, masked)) return;
    take(one, masked);
    judge(one);
    advance();
  }

  function take(one: Progress, observation: Observation): void {
    const isNews = !one.observation || one.observation === observation || !equalJson(newsOf(one.observation), newsOf(observation));
    one.observation = observation;
    if (one.step.action !== 'delete' && !isCurrent(one, observation)) return;
    one.findings = dateFindings(one.findings, observation.findings as readonly Finding[], clock.now());
    if (!isNews) return;
    one.changedAt = clock.now();
    one.message = observation.message;
    const verdict = verdictOf(waitingOf(one), settings, sources, clock.now());
    log.emit({
      type: 'step-observed',
      step: one.step.id,
      health: observation.health,
      message: observation.message,
      findings: one.findings,
      related: observation.related,
      ...(verdict.state === 'waiting' ? { failsAt: verdict.until } : {}),
    });
  }

  function judge(one: Progress): void {
    if (one.state !== 'applied') return;
    if (clock.now() >= deadline) {
      fail([one], [totalTimeout(one, settings.totalTimeout)]);
      return;
    }
    const verdict = verdictOf(waitingOf(one), settings, sources, clock.now());
    if (verdict.state === 'done') finishStep(one);
    else if (verdict.state === 'failed') fail([one], [verdict.problem]);
  }

  /** One timer for the whole operation: the earliest moment at which some step fails by itself. */
  function arm(): void {
    cancelTimer();
    const waiting = [...progress.values()].filter((one) => one.state === 'applied');
    const times = waiting
      .map((one) => verdictOf(waitingOf(one), settings, sources, clock.now()))
      .map((verdict) => (verdict.state === 'waiting' ? verdict.until : clock.now()));
    cancelTimer = clock.after(Math.max(0, Math.min(deadline, ...times) - clock.now()), () => {
      for (const one of waiting) judge(one);
      advance();
    });
  }

  function finishStep(one: Progress): void {
    one.state = 'done';
    one.endedAt = clock.now();
    log.emit({ type: 'step-done', step: one.step.id, action: one.step.action, seconds: secondsOf(one) });
    void save();
    advance();
  }

  function fail(steps: readonly Progress[], why: readonly Problem[]): void {
    const masked = withPlace(mask(preview, why), steps[0]?.step.id, preview);
    for (const problem of masked)
      if (!problems.some((known) => equalJson(known as unknown as Json, problem as unknown as Json))) problems.push(problem);
    for (const one of steps) {
      one.state = 'failed';
      one.endedAt = clock.now();
      const problem = masked[0] ?? { code: 'INTERNAL' as const, message: `${one.step.id} failed without a word.` };
      one.message = problem.message;
      log.emit({ type: 'step-failed', step: one.step.id, action: one.step.action, problem, seconds: secondsOf(one) });
    }
    void save();
    advance();
  }

  function skip(one: Progress, because: ResourceId | Halt): void {
    one.state = 'skipped';
    log.emit({ type: 'step-skipped', step: one.step.id, action: one.step.action, because });
  }

  function halt(why: Halt): void {
    if (stopped) return;
    stopped = why;
    if (why === 'cancelled') log.emit({ type: 'cancelling' });
    else problems.push(lockLost(plan));
    advance();
  }

  /** A result that could not be saved is said at the end; the next save holds it too. */
  let lastSaveError: unknown;
  async function save(): Promise<void> {
    try {
      await journal.save();
      lastSaveError = undefined;
    } catch (error) {
      lastSaveError = error;
    }
  }

  async function end(): Promise<void> {
    if (finishing) return;
    finishing = true;
    cancelTimer();
    watching.abort();
    await save();
    if (lastSaveError !== undefined && stopped !== 'lock lost') problems.push(...problemsOf(lastSaveError, `record release ${number}`));
    const failed = [...progress.values()].some((one) => one.state === 'failed') || problems.some(isError);
    const phase = failed ? 'failed' : stopped === 'cancelled' ? 'cancelled' : 'succeeded';
    if (stopped !== 'lock lost') {
      await session.store
        .save(lock, recordNow(), releaseNow(phase))
        .catch((error) => problems.push(...problemsOf(error, `record the end of release ${number}`)));
    }
    finish({ phase: problems.some(isError) ? 'failed' : phase, release: number, problems });
  }

  return start().finally(() => {
    cancelTimer();
    watching.abort();
  });
}

function derivedEdges(resources: readonly Resource[], world: World): Parameters<typeof edgesOf>[1] {
  return new Map(
    Object.entries(world.runtimes).flatMap(([name, runtime]) => [
      ...runtime.references(resources.filter((resource) => resource.runtime === name)),
    ]),
  );
}

function isOpen(one: Progress): boolean {
  return one.state === 'started' || one.state === 'applied' || one.state === 'pending';
}

function waitingOf(one: Progress): Parameters<typeof verdictOf>[0] {
  return {
    id: one.step.id,
    wish: one.step.action === 'delete' ? 'gone' : 'ready',
    ...(one.uid === undefined ? {} : { uid: one.uid }),
    ...(one.generation === undefined ? {} : { generation: one.generation }),
    ...(one.observation === undefined ? {} : { observation: one.observation }),
    findings: one.findings,
    appliedAt: one.appliedAt,
    changedAt: one.changedAt,
  };
}

function watchedOf(step: Step, resource: Resource | undefined): Parameters<Connection['observe']>[0][number] {
  return { id: step.id, type: step.type, ...(resource ? { attributes: resource.attributes } : {}) };
}

/** What makes an observation worth telling: not its times. */
function newsOf({ exists, uid, health, message, findings, related }: Observation): Json {
  return JSON.parse(JSON.stringify({ exists, uid: uid ?? null, health, message, findings, related })) as Json;
}

function stepRecord(one: Progress): StepRecord {
  return {
    id: one.step.id,
    action: one.step.action,
    state: one.state,
    ...(one.endedAt === undefined || one.startedAt === 0 ? {} : { seconds: secondsOf(one) }),
    ...(one.observation ? { health: one.observation.health } : {}),
    ...(one.message === undefined ? {} : { message: one.message }),
  };
}

function secondsOf(one: Progress): number {
  return Math.round(((one.endedAt ?? one.startedAt) - one.startedAt) / 100) / 10;
}

/** A resource whose values are still not known when its turn has come. */
function unknownProblem(resource: Resource): Problem | undefined {
  const found = latersIn(resource.attributes).find(({ later }) => '$unknown' in later);
  if (!found || !('$unknown' in found.later)) return undefined;
  const { resource: from, path } = found.later.$unknown;
  return {
    code: 'SPEC_REFERENCE',
    message: `${shortId(resource.id)} needs ${pathText(path)} of ${shortId(from)} in ${pathText(found.path)}, but that is ready and does not have it.`,
    hint: 'Refer to a field that the resource really gets.',
    at: resource.id,
  };
}

function totalTimeout(one: Progress, seconds: number): Problem {
  return {
    code: 'RESOURCE_TIMEOUT',
    message: `${shortId(one.step.id)} is not ready and the whole operation may last ${seconds} s: ${one.observation?.message ?? 'nothing was observed of it'}`,
    hint: "If it needs longer, raise totalTimeout in the workspace's settings.",
    at: one.step.id,
  };
}

function lockLost(plan: Plan): Problem {
  return {
    code: 'LOCK_LOST',
    message: `The lock of ${plan.stack} was lost while applying: nothing more was started or written.`,
    hint: `Look with konfig status ${plan.stack}, then apply again.`,
  };
}

function mask(preview: Preview, problems: readonly Problem[]): readonly Problem[] {
  return problems.map((problem) => preview.secrets.mask.json(problem as unknown as Json) as unknown as Problem);
}

function withPlace(problems: readonly Problem[], id: ResourceId | undefined, preview: Preview): readonly Problem[] {
  const source = id === undefined ? undefined : sourceOf(preview.request.sources, id);
  return problems.map((problem) => ({
    ...problem,
    ...(problem.at === undefined && id !== undefined ? { at: id } : {}),
    ...(problem.source === undefined && source ? { source } : {}),
  }));
}
