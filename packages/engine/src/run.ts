// Walks the steps of a plan side by side: starts what may start, waits until each is really up, journals it all.
import {
  type Applied,
  asideWarning,
  dateFindings,
  equalJson,
  type Halt,
  isCurrent,
  type Json,
  type KeptStamp,
  KonfigError,
  namesText,
  type Observation,
  type OperationResult,
  type Problem,
  problemsOf,
  type ResourceId,
  shortId,
  sourceOf,
  taskDigest,
} from '@konfig/core';
import { resolvedAtItsTurn } from './at-its-turn';
import { lostWhileApplying } from './lock';
import { maskProblems } from './masking';
import { countsFor, isOpen, isToldAlready, type Progress, secondsOf, speaksOf, watchedOf, withLoss } from './progress';
import { phaseOf } from './run-record';
import { hasFailed, masked, newRun, placed, type Run, type RunInput, setState, stepOf, verdictNow } from './run-state';
import { connectionOf } from './session';
import { type Carried, carryOut } from './step';
import { followLog } from './task-log';

/** Seconds that a call which was given up has to come back. */
const lastCall = 30;

export async function run(input: RunInput): Promise<OperationResult> {
  const run = newRun(input, wake);
  const { plan, log, lock, cancelled } = input;
  const onCancel = () => stop(run, 'cancelled');
  const onLost = () => stop(run, 'lock lost');
  log.emit({
    type: 'operation-started',
    stack: plan.stack,
    kind: plan.kind,
    release: run.number,
    steps: plan.steps.map(({ id, action, waitsFor }) => ({ id, action, waitsFor, ...countsFor(stepOf(run, id)) })),
    deadline: run.deadline,
  });
  try {
    await run.journal.begin();
    input.session.keeper.listen((id, kept) => noteKept(run, id, kept));
    await putAside(run);
    await watchTargets(run);
    skipUnreachable(run);
    cancelled.addEventListener('abort', onCancel, { once: true });
    lock.lost.addEventListener('abort', onLost, { once: true });
    if (cancelled.aborted) onCancel();
    if (lock.lost.aborted) onLost();
    run.alarm.set(run.deadline);
    advance(run);
    await run.over.promise;
    return await finish(run);
  } finally {
    run.alarm.cancel();
    run.cancelLastCall();
    run.watching.abort();
    cancelled.removeEventListener('abort', onCancel);
    lock.lost.removeEventListener('abort', onLost);
  }
}

/** What somebody has given up, since nobody can read it, is out of the way before anything is written in its place. */
async function putAside({ plan, session, problems }: Run): Promise<void> {
  const touched = plan.steps.filter(({ action }) => action !== 'skip' && action !== 'keep').map(({ id }) => id);
  for (const [id, place] of await session.keeper.putAside(new Set(touched))) problems.push(asideWarning(id, place));
}

/** That something is newer can be told by the next batch; that it goes, nobody could tell any more who finds nothing there. */
async function noteKept(run: Run, id: ResourceId, kept: KeptStamp | null): Promise<void> {
  const one = run.steps.get(id);
  if (!one) return;
  one.kept = kept;
  run.journal.note(id);
  if (!kept) await run.journal.write();
}

/** Watches begin before the first change, so that nothing is missed. */
async function watchTargets(run: Run): Promise<void> {
  const { plan, session, wished, watches, watching } = run;
  await Promise.all(
    [...session.connections].map(async ([target, connection]) => {
      const watched = plan.steps.filter((step) => step.target === target).map((step) => watchedOf(step, wished.get(step.id)));
      if (watched.length === 0) return;
      const goBlind = (error: unknown) => goBlindOn(run, target, problemsOf(error, `watch ${connection.description}`));
      try {
        const watch = await connection.watch(watched, (observation) => observe(run, observation), watching.signal);
        watches.set(target, watch);
        watch.ended.catch(goBlind);
      } catch (error) {
        goBlind(error);
      }
    }),
  );
}

/** What is waited for there fails now, what is in flight when it comes back, what is pending at its turn. */
function goBlindOn(run: Run, target: string, problems: readonly Problem[]): void {
  if (run.watching.signal.aborted) return;
  run.blind.set(target, problems);
  for (const one of run.steps.values()) if (one.step.target === target) judge(run, one);
  advance(run);
}

/** What cannot be reached fails the run, but nothing that does not need it. */
function skipUnreachable(run: Run): void {
  run.problems.push(...[...run.session.unreachable.values()].flat());
  for (const one of run.steps.values()) if (one.step.reason === 'target unreachable') skipStep(run, one, 'target unreachable');
}

/** Starts whatever may start; ends the operation when nothing is left. */
function advance(run: Run): void {
  // Steps that are done at once ask for the next while this goes on: the loop sees to it.
  if (run.isAdvancing) return;
  run.isAdvancing = true;
  for (;;) {
    const { start, skip, isOver } = run.schedule.next(run.halt);
    for (const { id, because } of skip) skipStep(run, stepOf(run, id), because);
    for (const id of start) begin(run, stepOf(run, id));
    if (isOver) run.over.end();
    // What was skipped may have taken more along.
    if (start.length === 0 && skip.length === 0) break;
  }
  run.isAdvancing = false;
}

function begin(run: Run, one: Progress): void {
  one.state = 'started';
  one.startedAt = run.world.clock.now();
  const blind = run.blind.get(one.step.target);
  if (blind) fail(run, one, blind);
  else if (one.step.action === 'keep') {
    if (one.step.live) one.uid = one.step.live.uid;
    // Its object may have gone since: what it did is done.
    if (one.step.reason === 'ran already') complete(run, one);
    else waitFor(run, one);
  } else void carry(run, one);
}

/** One change to the world. Its intent is saved before. */
async function carry(run: Run, one: Progress): Promise<void> {
  const { step } = one;
  try {
    run.journal.note(step.id);
    await run.journal.write().catch((error) => {
      if (!run.halt) throw error;
    });
    if (run.halt) {
      skipStep(run, one, run.halt);
      advance(run);
      return;
    }
    const resource = await resolvedAtItsTurn(run, one);
    run.log.emit({ type: 'step-started', step: step.id, action: step.action });
    // What the watch saw before does not speak of what is made now.
    const before = one.observation;
    delete one.observation;
    const carried = await carryOut(step, resource, run.plan.stack, connectionOf(run.session, step.target), {
      signal: run.inFlight.signal,
      cancelled: run.cancelled,
      tell: (progress) => tellProgress(run, one, progress),
      planned: (parts) => {
        one.planned = parts;
      },
    });
    settle(run, one, carried, before);
  } catch (error) {
    fail(run, one, placed(run, one, problemsOf(error, `${step.action} ${shortId(step.id)}`)));
  }
}

/** How a call goes that takes its time: nothing is decided by it. */
function tellProgress(run: Run, one: Progress, progress: Observation): void {
  if (one.state !== 'started') return;
  const { health, message, related } = masked(run, progress);
  one.parts = related;
  run.log.emit({ type: 'step-observed', step: one.step.id, health, message, findings: [], related });
}

function settle(run: Run, one: Progress, carried: Carried, before: Observation | undefined): void {
  // It was given up meanwhile.
  if (one.state !== 'started') return;
  switch (carried.state) {
    case 'failed':
      fail(run, one, run.halt === 'out of time' ? endedOutOfTime(run, one, carried.problems) : placed(run, one, carried.problems));
      break;
    case 'gone':
      complete(run, one);
      break;
    case 'deleting':
      if (one.step.live) one.uid = one.step.live.uid;
      tellApplied(run, one);
      waitFor(run, one);
      break;
    case 'applied':
      accept(run, one, carried.applied, before);
      tellApplied(run, one);
      followTask(run, one);
      waitFor(run, one);
      break;
  }
}

function accept(run: Run, one: Progress, applied: Applied, before: Observation | undefined): void {
  const { step } = one;
  const { uid, generation, warnings } = applied;
  const { mask } = run.preview.secrets;
  one.uid = uid;
  if (generation !== undefined) one.generation = generation;
  for (const warning of warnings) run.log.emit({ type: 'note', message: mask.text(warning), step: step.id });
  const answered = applied.observation ? masked(run, applied.observation) : applied.isUnchanged ? before : undefined;
  // The watch may have seen more than the answer to the apply says.
  if (answered && (!one.observation || !isCurrent(one, one.observation))) one.observation = answered;
  if (step.checked === 'server') return;
  // Its kind or namespace may not have been there when the watch began.
  run.watches
    .get(step.target)
    ?.add([watchedOf(step, run.wished.get(step.id))])
    .catch((error) => fail(run, one, placed(run, one, problemsOf(error, `watch ${shortId(step.id)}`))));
}

/** What a task prints is told while it runs. */
function followTask(run: Run, one: Progress): void {
  const { step } = one;
  const resource = run.wished.get(step.id);
  if (!resource?.runWhen) return;
  const { mask } = run.preview.secrets;
  one.log = followLog({
    connection: connectionOf(run.session, step.target),
    task: watchedOf(step, resource),
    clock: run.world.clock,
    tell: ({ from, text }) => run.log.emit({ type: 'step-log', step: step.id, from, text: mask.text(text) }),
  });
}

/** A task has come to its end: the rest of what it printed is told before its outcome. */
function afterLog(run: Run, one: Progress, settleIt: () => void): void {
  const { log } = one;
  if (!log) {
    settleIt();
    return;
  }
  one.isEnding = true;
  void log.end().then(() => {
    one.isEnding = false;
    delete one.log;
    if (one.state === 'applied' && !run.watching.signal.aborted) settleIt();
  });
}

function tellApplied(run: Run, { step }: Progress): void {
  run.log.emit({ type: 'step-applied', step: step.id, action: step.action });
}

/** From here on it is watched until it is as wished. */
function waitFor(run: Run, one: Progress): void {
  setState(run, one, 'applied');
  one.appliedAt = run.world.clock.now();
  one.changedAt = one.appliedAt;
  if (one.observation) take(run, one, one.observation);
  judge(run, one);
  advance(run);
}

/** Called by the watches, at any time. */
function observe(run: Run, observation: Observation): void {
  const one = run.steps.get(observation.id);
  if (!one || !isOpen(one) || run.watching.signal.aborted) return;
  const seen = masked(run, observation);
  if (one.state !== 'applied') {
    one.observation = seen;
    return;
  }
  if (seen.exists && isCurrent(one, seen)) one.isSeen = true;
  take(run, one, withLoss(one, seen));
  judge(run, one);
  advance(run);
}

function take(run: Run, one: Progress, observation: Observation): void {
  if (!speaksOf(one, observation)) return;
  const now = run.world.clock.now();
  one.observation = observation;
  one.findings = dateFindings(one.findings, observation.findings, now);
  if (isToldAlready(one, observation)) return;
  one.told = observation;
  one.changedAt = now;
  one.message = observation.message;
  const verdict = verdictNow(run, one);
  run.log.emit({
    type: 'step-observed',
    step: one.step.id,
    health: observation.health,
    message: observation.message,
    findings: one.findings,
    related: observation.related,
    ...(observation.serving === undefined ? {} : { serving: observation.serving }),
    ...(verdict.state === 'waiting' ? { failsAt: verdict.until } : {}),
  });
}

/** Is it done, has it failed, or when is that to be asked again? Gives that moment. `behind`: those that get ready through it, and have failed but for what is found out here. */
function judge(run: Run, one: Progress, behind: readonly Progress[] = []): number | undefined {
  if (one.state !== 'applied' || one.isEnding) return undefined;
  const verdict = verdictNow(run, one);
  const longer = verdict.state === 'failed' ? waitsThrough(run, one, [...behind, one]) : undefined;
  // It may have been left with what it gets ready through.
  if (one.state !== 'applied') return undefined;
  const blind = run.blind.get(one.step.target);
  const lost = one.observation?.through?.find((id) => hasFailed(run, id));
  if (verdict.state === 'done') afterLog(run, one, () => complete(run, one));
  else if (lost !== undefined) leave(run, one, lost);
  else if (blind) fail(run, one, blind);
  else if (verdict.state === 'failed' && longer === undefined) afterLog(run, one, () => fail(run, one, [verdict.problem]));
  else return askAgain(run, verdict.state === 'failed' ? longer : verdict.until);
  return undefined;
}

function askAgain(run: Run, at: number | undefined): number | undefined {
  if (at !== undefined) run.alarm.set(at);
  return at;
}

/** Until when that is waited for through which it gets ready: that is judged first, since it alone has something to tell. */
function waitsThrough(run: Run, { observation }: Progress, behind: readonly Progress[]): number | undefined {
  const others = (observation?.through ?? []).flatMap((id) => run.steps.get(id) ?? []).filter((other) => !behind.includes(other));
  const untils = others.flatMap((other) => judge(run, other, behind) ?? []);
  return untils.length > 0 && run.world.clock.now() < run.deadline ? Math.min(...untils) : undefined;
}

/** The alarm rings: some step may have waited long enough. */
function wake(run: Run): void {
  if (run.world.clock.now() >= run.deadline) stop(run, 'out of time');
  else run.alarm.set(run.deadline);
  for (const one of run.steps.values()) judge(run, one);
  advance(run);
}

function complete(run: Run, one: Progress): void {
  setState(run, one, 'done');
  const task = run.wished.get(one.step.id);
  if (task?.runWhen && one.step.reason !== 'ran already') one.ran = taskDigest(task);
  one.endedAt = run.world.clock.now();
  run.log.emit({ type: 'step-done', step: one.step.id, action: one.step.action, seconds: secondsOf(one), ...countsFor(one) });
  record(run, one);
  advance(run);
}

function fail(run: Run, one: Progress, why: readonly Problem[]): void {
  if (!isOpen(one)) return;
  const problems = maskProblems(why, run.preview.secrets);
  for (const problem of problems) if (!run.problems.some((known) => isSameProblem(known, problem))) run.problems.push(problem);
  const problem = problems[0] ?? { code: 'INTERNAL', message: `${one.step.id} failed without a word.` };
  setState(run, one, 'failed');
  one.endedAt = run.world.clock.now();
  one.message = problem.message;
  one.problems = problems;
  run.log.emit({ type: 'step-failed', step: one.step.id, action: one.step.action, problem, seconds: secondsOf(one), ...countsFor(one) });
  judgeThose(run, one);
  record(run, one);
  advance(run);
}

function isSameProblem(a: Problem, b: Problem): boolean {
  return equalJson(a as unknown as Json, b as unknown as Json);
}

/** It is there, but what it gets ready through has failed: waiting on would tell nothing new. */
function leave(run: Run, one: Progress, because: ResourceId): void {
  skipStep(run, one, because);
  one.endedAt = run.world.clock.now();
  record(run, one);
  advance(run);
}

function skipStep(run: Run, one: Progress, because: ResourceId | Halt | 'target unreachable'): void {
  one.log?.drop();
  setState(run, one, 'skipped');
  run.log.emit({ type: 'step-skipped', step: one.step.id, action: one.step.action, because });
  judgeThose(run, one);
}

/** What gets ready through one that will not come is not waited for. */
function judgeThose(run: Run, { step }: Progress): void {
  for (const other of run.steps.values()) if (other.observation?.through?.includes(step.id)) judge(run, other);
}

/** A result that cannot be written now is in the next batch; that the last save failed is said at the end. What was only looked at can wait. */
function record(run: Run, { step }: Progress): void {
  if (step.action !== 'keep') run.journal.write().catch(() => {});
}

/** Nothing new is started from here on. A cancel lets what is in flight finish. */
function stop(run: Run, why: Halt): void {
  if (run.halt === 'lock lost' || run.halt === why) return;
  run.halt = why;
  if (why === 'cancelled') run.log.emit({ type: 'cancelling' });
  if (why === 'lock lost') run.problems.push(lostWhileApplying(run.plan.stack));
  if (why !== 'cancelled') {
    run.inFlight.abort(givenUp(why));
    run.cancelLastCall = run.world.clock.after(lastCall * 1000, () => giveUp(run));
  }
  advance(run);
}

/** What a call that is given up fails with. */
function givenUp(why: 'lock lost' | 'out of time'): KonfigError {
  const message = `It was given up, since the ${why === 'lock lost' ? 'lock was lost' : 'operation had to end'}: whether it came through is not known.`;
  return new KonfigError({ code: why === 'lock lost' ? 'CANCELLED' : 'RESOURCE_TIMEOUT', message });
}

/** A call that does not even come back when it is given up must not hold the operation for ever. */
function giveUp(run: Run): void {
  for (const one of run.steps.values()) if (one.state === 'started') fail(run, one, [outOfTime(run, one)]);
}

/** A runtime that says `CANCELLED` has let what was under way come to its end. */
function endedOutOfTime(run: Run, one: Progress, problems: readonly Problem[]): readonly Problem[] {
  if (!problems.some(({ code }) => code === 'CANCELLED')) return [outOfTime(run, one)];
  const { step, parts = [] } = one;
  const waits = parts.filter(({ health }) => health === 'unknown').map(({ name }) => name);
  const named = waits.length > 0 ? namesText(waits) : 'the rest';
  const ended: Problem = {
    code: 'RESOURCE_TIMEOUT',
    message: `${shortId(step.id)}: its ${step.action} was stopped when the operation had to end. What was under way has come to its end; ${named} ${waits.length > 1 ? 'were' : 'was'} not begun.`,
    hint: "Apply again: it goes on where it stopped. If it needs longer, raise totalTimeout in the workspace's settings.",
    at: step.id,
  };
  return placed(run, one, [ended, ...problems.filter(({ code }) => code !== 'CANCELLED')]);
}

function outOfTime(run: Run, { step, parts = [] }: Progress): Problem {
  const source = sourceOf(run.preview.request.sources, step.id);
  const busy = parts.filter(({ health }) => health === 'progressing').map(({ name }) => name);
  const named = busy.length > 0 ? ` (${namesText(busy)})` : '';
  return {
    code: 'RESOURCE_TIMEOUT',
    message: `${shortId(step.id)}: its ${step.action} was still under way${named} when the operation had to end. Whether it came through is not known.`,
    hint: "Apply again to find out. If it needs longer, raise totalTimeout in the workspace's settings.",
    at: step.id,
    ...(source ? { source } : {}),
  };
}

/** Everything is said and done: the last phase is saved. */
async function finish(run: Run): Promise<OperationResult> {
  run.alarm.cancel();
  run.watching.abort();
  for (const one of run.steps.values()) one.log?.drop();
  const phase = phaseOf(run);
  if (run.halt !== 'lock lost') {
    await run.journal.finish(phase).catch((error) => {
      const problems = maskProblems(problemsOf(error, `record the end of release ${run.number}`), run.preview.secrets);
      // A step that could not be recorded has said so already.
      run.problems.push(...problems.filter((problem) => !run.problems.some((known) => known.message === problem.message)));
    });
  }
  return { phase: phaseOf(run), release: run.number, problems: [...run.problems] };
}
