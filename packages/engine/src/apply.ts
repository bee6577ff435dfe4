// Carries out a plan: takes the lock, makes sure that the plan still stands on what it was made of, walks its steps, records them.
import {
  type Event,
  equalJson,
  isDamage,
  isError,
  type Json,
  KonfigError,
  type Lock,
  type OperationResult,
  type Plan,
  type Problem,
  problemsOf,
  type Release,
  type StackRecord,
  specDigest,
} from '@konfig/core';
import { type EventLog, eventLog } from './event-log';
import { cancelledBefore, takeLock } from './lock';
import { maskProblems } from './masking';
import type { Preview } from './preview';
import { run } from './run';
import type { Session } from './session';
import { wasUnderWay } from './under-way';
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

/** How to apply; everything has a default. */
export interface ApplyOptions {
  /** Seconds to wait for a lock that another run holds. Default 0: fail at once. */
  readonly lockWait?: number;
}

/** Applies exactly the plan of this preview; closes its session at the end. */
export function apply(preview: Preview, world: World, options: ApplyOptions = {}): Operation {
  const log = eventLog(world.who.run, world.clock);
  const stop = new AbortController();
  const result = operate(preview, world, options, log, stop.signal)
    .catch((error) => failure(preview, error))
    .then(async (outcome) => {
      await preview.close().catch((error) => note({ log, preview }, 'The connections could not be closed', error));
      log.emit({ type: 'operation-finished', ...outcome });
      log.close();
      return outcome;
    });
  return { events: () => log.read(), result, cancel: () => stop.abort() };
}

async function operate(
  preview: Preview,
  world: World,
  options: ApplyOptions,
  log: EventLog,
  cancelled: AbortSignal,
): Promise<OperationResult> {
  const { plan, session } = preview;
  const errors = preview.problems.filter(isError);
  if (!plan || !session || errors.length > 0) return { phase: 'failed', release: plan?.baseRelease ?? 0, problems: errors };
  const lock = await takeLock({ stack: plan.stack, store: session.store, lockWait: options.lockWait ?? 0, world, log, cancelled });
  session.keeper.hold(lock);
  try {
    const record = await session.store.readRecord(plan.stack);
    if (wasUnderWay(preview)) throw stale(`Another run was changing ${plan.stack} when this plan was made.`);
    checkBinding(plan, preview.request.spec, session, record);
    const last = record && (await lastRelease(record, { log, preview, plan, session }));
    await settleLastRelease(last, session, { world, lock, record });
    if (cancelled.aborted) throw cancelledBefore(plan.stack);
    return await run({ preview, plan, session, world, commit: await world.commit(), log, lock, record, last, cancelled });
  } finally {
    session.keeper.hold(undefined);
    await lock
      .release()
      .catch((error) => note({ log, preview }, `The lock of ${plan.stack} could not be given back; it ends with this process`, error));
  }
}

function failure(preview: Preview, error: unknown): OperationResult {
  const { plan, request } = preview;
  const problems = maskProblems(problemsOf(error, `${request.kind} ${plan?.stack}`), preview.secrets);
  const isCancelled = problems.every((problem) => problem.code === 'CANCELLED');
  return { phase: isCancelled ? 'cancelled' : 'failed', release: plan?.baseRelease ?? 0, problems };
}

interface Telling {
  readonly log: EventLog;
  readonly preview: Preview;
}

function note({ log, preview }: Telling, what: string, error: unknown): void {
  const why = preview.secrets.mask.text(error instanceof Error ? error.message : String(error));
  log.emit({ type: 'note', message: `${what}: ${why}` });
}

/** The plan holds only for the Spec, the targets and the record that it was made of. */
function checkBinding(plan: Plan, spec: Preview['request']['spec'], session: Session, record: StackRecord | undefined): void {
  if (plan.specDigest !== specDigest(spec)) throw stale(`This plan of ${plan.stack} was made of another program.`);
  for (const [target, connection] of session.connections) {
    if (plan.targets[target] === connection.identity) continue;
    throw new KonfigError({
      code: 'TARGET_CHANGED',
      message: `The target ${target} is ${connection.identity} (${connection.description}), but the plan was made for ${plan.targets[target] ?? 'none of that name'}.`,
      hint: 'Preview again.',
    });
  }
  const release = record?.lastRelease ?? 0;
  if (release !== plan.baseRelease) {
    throw stale(`${plan.stack} is at release ${release} by now; this plan was made at release ${plan.baseRelease}.`);
  }
  // A run that was under way at the preview may have ended since, under the same number.
  if (!equalJson(asJson(record), asJson(session.record))) {
    throw stale(`Release ${release} of ${plan.stack} was still being applied when this plan was made.`);
  }
}

function stale(message: string): KonfigError {
  return new KonfigError({ code: 'PLAN_STALE', message, hint: 'Preview again.' });
}

function asJson(record: StackRecord | undefined): Json | undefined {
  return record as unknown as Json | undefined;
}

/**
 * A last release that cannot be read stands in nobody's way: what the stack owns is in the record. Only who minds some resources needs to know how the
 * others were.
 */
async function lastRelease(
  record: StackRecord,
  { plan, session, ...telling }: Telling & { readonly plan: Plan; readonly session: Session },
): Promise<Release | undefined> {
  try {
    return await session.store.readRelease(plan.stack, record.lastRelease);
  } catch (error) {
    if (!isDamage(error) || plan.options.only) throw error;
    note(telling, `Release ${record.lastRelease} cannot be read, and is left as it is`, error);
    return undefined;
  }
}

/** A release that a dead run left as «applying» is closed truthfully before the next one begins. */
async function settleLastRelease(
  last: Release | undefined,
  session: Session,
  { world, lock, record }: { readonly world: World; readonly lock: Lock; readonly record: StackRecord | undefined },
): Promise<void> {
  if (!record || last?.phase !== 'applying') return;
  await session.store.save(lock, record, closed(last, new Date(world.clock.now())));
}

function closed(last: Release, now: Date): Release {
  const problem: Problem = {
    code: 'CANCELLED',
    message: `The run of ${last.by} ended without a word; release ${last.number + 1} goes on from there.`,
  };
  return { ...last, phase: 'failed', endedAt: now.toISOString(), problems: [...last.problems, problem] };
}
