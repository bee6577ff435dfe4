// What was done: releases, the inventory of what we own, the lock. One record, no second truth.

import type { Action } from './action';
import { type Counts, countsOfSteps } from './counts';
import type { Health } from './health';
import type { Kept, KeptStamp } from './keeper';
import type { Plan } from './plan';
import type { Problem } from './problem';
import type { Resource, ResourceId, SourceTable, Spec } from './spec';

/** The format of records and releases that this Konfig reads and writes. */
export const recordVersion = 'konfig.dev/record/v1';

/** What a stack has in the world, and the number of its last release. Deletes come only from here. */
export interface StackRecord {
  readonly version: typeof recordVersion;
  readonly stack: string;
  readonly lastRelease: number;
  /** Key of the stack's keyed hashes, 32 bytes in hex. */
  readonly hashKey: string;
  readonly inventory: readonly InventoryEntry[];
}

/** One resource that is ours, or may be: it is entered before the first change. */
export interface InventoryEntry {
  readonly id: ResourceId;
  readonly target: string;
  readonly runtime: string;
  readonly type: string;
  /** Undefined while it is not known to exist. */
  readonly uid?: string;
  /** Ids that must outlive it. */
  readonly dependsOn: readonly ResourceId[];
  readonly onRemoval?: Resource['onRemoval'];
  /** Of a task that has succeeded: the digest of what it did. It counts as done even when its object is gone. */
  readonly ran?: string;
  /** What its runtime keeps of it is this, or newer. Undefined: nothing was kept as far as is known. */
  readonly kept?: KeptStamp;
}

/** Where a release stands. `applying` is also what a run that died leaves behind: the next one finishes its work. */
export type Phase = 'applying' | 'succeeded' | 'failed' | 'cancelled';

/** What a list of releases tells of each. */
export interface ReleaseSummary {
  readonly number: number;
  readonly kind: 'apply' | 'destroy';
  /** `interrupted`: it says `applying`, but nobody holds the lock, or another one came after it. Its run died, and the next one went or goes on from it. */
  readonly phase: Phase | 'interrupted';
  /** `anna@laptop` */
  readonly by: string;
  /** The commit of the program, where it was known; `+` at the end: with changes that were not committed. */
  readonly commit?: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly specDigest: string;
  /** The Spec is that of this older release. */
  readonly rollbackTo?: number;
  /** What the steps that were begun did, counted, `keep` left out; of one that failed and is made of parts, those that were done by then. */
  readonly counts: Counts;
}

/** One run and its record. Immutable once its phase is final. */
export interface Release extends Omit<ReleaseSummary, 'counts' | 'phase'> {
  readonly phase: Phase;
  readonly version: typeof recordVersion;
  readonly stack: string;
  /** What is wished of the stack from this release on: where only some resources were minded, the others as they were before. */
  readonly spec: Spec;
  /** What was shown and confirmed, without secrets. */
  readonly plan?: Plan;
  /** The lines behind the Spec of the program. */
  readonly sources?: SourceTable;
  readonly steps: readonly StepRecord[];
  readonly problems: readonly Problem[];
}

/** The journal of one step: intent (`started`), then result. */
export interface StepRecord {
  readonly id: ResourceId;
  readonly action: Action;
  readonly state: 'pending' | 'started' | 'applied' | 'done' | 'failed' | 'skipped';
  readonly seconds?: number;
  readonly health?: Health;
  readonly message?: string;
  /** What it does, counted, where it is made of parts; of one that has failed, what was done by then. Default: its action, once. */
  readonly counts?: Counts;
}

/** What has become of a step since its release was saved whole: written before its change (`started`) and after it. */
export interface JournalEntry extends Omit<StepRecord, 'action'> {
  /** Of the object that stands there now. */
  readonly uid?: string;
  /** Of a task that has succeeded: the digest of what it did. */
  readonly ran?: string;
  /** What its runtime has kept of it by now; null: that is about to go. */
  readonly kept?: KeptStamp | null;
  /** Why it failed. */
  readonly problems?: readonly Problem[];
}

/** Entries for the journal of a release that is being applied. */
export interface JournalBatch {
  readonly stack: string;
  readonly number: number;
  readonly entries: readonly JournalEntry[];
}

/** The releases that a store has of a stack, and what it cannot read of them. */
export interface ReleaseList {
  /** Newest first. */
  readonly releases: readonly ReleaseSummary[];
  /** RECORD_CORRUPT, one for each release that is damaged, with what to do. */
  readonly problems: readonly Problem[];
}

/** The entry of a release in the list of releases. */
export function summaryOf(release: Omit<Release, 'spec' | 'plan' | 'sources'>): ReleaseSummary {
  const begun = release.steps.filter(({ state }) => state !== 'pending' && state !== 'skipped');
  const { keep: _, ...counts } = countsOfSteps(begun);
  return {
    number: release.number,
    kind: release.kind,
    phase: release.phase,
    by: release.by,
    ...(release.commit === undefined ? {} : { commit: release.commit }),
    startedAt: release.startedAt,
    ...(release.endedAt === undefined ? {} : { endedAt: release.endedAt }),
    specDigest: release.specDigest,
    ...(release.rollbackTo === undefined ? {} : { rollbackTo: release.rollbackTo }),
    counts,
  };
}

/** Who holds a lock: shown to whoever waits for it. */
export interface Holder {
  /** Unique to the run. */
  readonly run: string;
  /** `anna@laptop, pid 4711` */
  readonly who: string;
  /** ISO 8601. */
  readonly since: string;
  /** Lets another run on the same machine see that it has ended. */
  readonly process?: ProcessIdentity;
}

/** A process, told from every other one, on this machine and elsewhere. */
export interface ProcessIdentity {
  readonly machine: string;
  readonly pid: number;
  /** When it started, in the system's own words: a pid may be used again. */
  readonly born?: string;
}

/** A lock that is held. It is kept alive until released; when that fails, `lost` aborts and nothing more may be written. */
export interface Lock {
  readonly holder: Holder;
  /** Grows with every new holder; a store refuses writes with an older one. */
  readonly fence: number;
  readonly lost: AbortSignal;
  release(): Promise<void>;
}

/** One write of what a runtime keeps. */
export interface KeptWrite {
  readonly name: string;
  readonly bytes: Uint8Array | undefined;
  readonly before: string | undefined;
}

/** Where records and locks are kept. One contract, whatever keeps them. */
export interface ReleaseStore {
  /** `Secrets in namespace shop of https://…`, `files in /home/anna/konfig/.konfig/records`. */
  readonly description: string;
  /** With what the journal of its last release says. Undefined when there is none yet. RECORD_CORRUPT names what cannot be read. */
  readRecord(stack: string): Promise<StackRecord | undefined>;
  /** With its journal. Undefined when there is none of this number. RECORD_CORRUPT as above. */
  readRelease(stack: string, number: number): Promise<Release | undefined>;
  /** Those that can be read, and what is wrong with the others. RECORD_CORRUPT only where nothing can be told of any. */
  listReleases(stack: string): Promise<ReleaseList>;
  /** Names of all stacks that have a record here. */
  listStacks(): Promise<readonly string[]>;
  /**
   * Takes the lock, or fails at once with LOCK_HELD naming the holder, who is also the error's cause. A holder that died (its process, or its time to live
   * without a heartbeat) is taken over.
   */
  lock(stack: string, holder: Holder): Promise<Lock>;
  /** Who holds the lock; undefined when nobody does, or whoever did has surely ended. */
  holder(stack: string): Promise<Holder | undefined>;
  /**
   * Takes the lock away from whoever holds it, who can write nothing from then on, and answers who that was. LOCK_HELD when it is another run than this one,
   * LOCK_LOST when nobody holds it.
   */
  unlock(stack: string, run: string): Promise<Holder>;
  /**
   * Saves record and release whole and together, if the lock still holds: LOCK_LOST, RECORD_CONFLICT or RECORD_WRITE otherwise. What its journal has is in
   * them: it begins anew.
   */
  save(lock: Lock, record: StackRecord, release: Release): Promise<void>;
  /** Adds to the journal of the release that this lock saved last: LOCK_LOST or RECORD_WRITE otherwise. What was added before stays as it is. */
  append(lock: Lock, batch: JournalBatch): Promise<void>;
  /** What a runtime keeps under this name. Undefined when there is nothing. */
  readKept(stack: string, name: string): Promise<Kept | undefined>;
  /**
   * Puts these bytes in the place of what has the version `before` (undefined: nothing is there), and gives the new version; without bytes it goes. LOCK_LOST,
   * RECORD_CONFLICT or RECORD_WRITE otherwise.
   */
  writeKept(lock: Lock, stack: string, kept: KeptWrite): Promise<string>;
  /**
   * Takes what is kept under this name out of the way without reading it, and keeps it as `asideName` says; tells people where it lies. Undefined: nothing is there.
   * LOCK_LOST or RECORD_WRITE otherwise.
   */
  putKeptAside(lock: Lock, stack: string, name: string): Promise<string | undefined>;
}
