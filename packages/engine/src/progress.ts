// One step while it is under way: what is known of it, and what that means for records and verdicts.
import {
  type Counts,
  countsOf,
  type DatedFinding,
  doneOf,
  equalJson,
  type Finding,
  isCurrent,
  type JournalEntry,
  type Json,
  type KeptStamp,
  type Observation,
  type PlannedPart,
  type Problem,
  type RelatedNode,
  type Resource,
  type Step,
  type StepRecord,
  type StepState,
  shortId,
  type Waiting,
  type Watched,
} from '@konfig/core';
import type { TaskLog } from './task-log';

export interface Progress {
  readonly step: Step;
  state: StepState;
  uid?: string;
  generation?: number;
  /** The newest one, whether it speaks of what was applied or not. */
  observation?: Observation;
  /** The one that readers were told of. */
  told?: Observation;
  /** The watch has told of what was applied: that it is not there is no old news from now on. */
  isSeen?: boolean;
  findings: readonly DatedFinding[];
  /** Milliseconds since the epoch. */
  startedAt?: number;
  appliedAt?: number;
  changedAt?: number;
  endedAt?: number;
  message?: string;
  /** Why it failed. */
  problems?: readonly Problem[];
  /** What its system has told of its parts while the call lasted. */
  parts?: readonly RelatedNode[];
  /** What becomes of its parts after all, where the plan could only list them. */
  planned?: readonly PlannedPart[];
  /** What a task prints, as long as it is followed. */
  log?: TaskLog;
  /** Its outcome is known, the rest of its log is being read. */
  isEnding?: boolean;
  /** Of a task that has succeeded: the digest of what it did. */
  ran?: string;
  /** What its runtime has kept of it by now; null: that is about to go. */
  kept?: KeptStamp | null;
}

export function progressOf(step: Step): Progress {
  return { step, state: 'pending', findings: [] };
}

export function isOpen(one: Progress): boolean {
  return one.state === 'pending' || one.state === 'started' || one.state === 'applied';
}

/** A delete looks at whatever stands there; everything else only at what it has applied, or at its having gone. */
export function speaksOf(one: Progress, observation: Observation): boolean {
  return one.step.action === 'delete' || !observation.exists || isCurrent(one, observation);
}

/** The observation, and that what was applied, and seen, has gone: nobody makes it again, and another one in its place is not what was applied. */
export function withLoss(one: Progress, observation: Observation): Observation {
  const isThere = observation.exists && (one.uid === undefined || observation.uid === one.uid);
  if (one.step.action === 'delete' || !one.isSeen || isThere) return observation;
  const message = observation.exists
    ? 'was deleted and made again while it was waited for: what is there is not what was applied'
    : 'was deleted while it was waited for';
  const loss: Finding = { code: 'Deleted', class: 'likely', grace: 10, message, on: shortId(one.step.id) };
  return { id: observation.id, exists: false, health: 'unknown', message: 'is not there', findings: [loss], related: [] };
}

/** Were readers told just this already? */
export function isToldAlready(one: Progress, observation: Observation): boolean {
  return one.told !== undefined && equalJson(newsOf(one.told), newsOf(observation));
}

/** What is asked of `verdictOf` for a step that was applied. */
export function waitingOf(one: Progress, deadline: number): Waiting {
  return {
    id: one.step.id,
    wish: one.step.action === 'delete' ? 'gone' : 'ready',
    ...(one.uid === undefined ? {} : { uid: one.uid }),
    ...(one.generation === undefined ? {} : { generation: one.generation }),
    ...(one.observation === undefined ? {} : { observation: one.observation }),
    findings: one.findings,
    appliedAt: one.appliedAt ?? 0,
    changedAt: one.changedAt ?? 0,
    deadline,
  };
}

export function watchedOf(step: Step, resource: Resource | undefined): Watched {
  return { id: step.id, type: step.type, ...(resource ? { attributes: resource.attributes } : {}) };
}

export function stepRecord(one: Progress): StepRecord {
  return {
    id: one.step.id,
    action: one.step.action,
    state: one.state,
    ...(one.endedAt === undefined ? {} : { seconds: secondsOf(one) }),
    ...(one.observation ? { health: one.observation.health } : {}),
    ...(one.message === undefined ? {} : { message: one.message }),
    ...countsFor(one),
  };
}

/** For what is made of parts alone: everything else is one of its action. */
export function countsFor({ step, state, parts = [], planned = step.parts }: Progress): { readonly counts?: Counts } {
  if (!planned) return {};
  const counted = { action: step.action, parts: planned };
  return { counts: state === 'failed' ? doneOf(counted, parts) : countsOf(counted) };
}

/** What the journal says of it. */
export function journalEntry(one: Progress): JournalEntry {
  const { action: _, ...record } = stepRecord(one);
  return {
    ...record,
    ...(one.uid === undefined ? {} : { uid: one.uid }),
    ...(one.ran === undefined ? {} : { ran: one.ran }),
    ...(one.kept === undefined ? {} : { kept: one.kept }),
    ...(one.problems === undefined ? {} : { problems: one.problems }),
  };
}

/** How long it took, to a tenth. */
export function secondsOf({ startedAt, endedAt }: Progress): number {
  return startedAt === undefined || endedAt === undefined ? 0 : Math.round((endedAt - startedAt) / 100) / 10;
}

/** What makes an observation worth telling: not its generation. */
function newsOf({ exists, uid, health, message, findings, related, serving }: Observation): Json {
  return {
    exists,
    uid: uid ?? null,
    health,
    message,
    serving: serving ?? null,
    findings: findings as unknown as Json,
    related: related as unknown as Json,
  };
}
