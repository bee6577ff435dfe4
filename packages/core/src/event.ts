// What an operation says while it runs: one closed list of plain-JSON events, folded by every renderer.

import type { Action } from './action';
import type { CountedStep, Counts } from './counts';
import type { DatedFinding, Health, RelatedNode } from './health';
import type { Problem } from './problem';
import type { Holder, Phase } from './release';
import type { Dependency, ResourceId } from './spec';

interface Base {
  /** The operation's run id. */
  readonly operation: string;
  /** From 1, without gaps. */
  readonly sequence: number;
  /** Milliseconds since the epoch. */
  readonly time: number;
}

/** Something that an operation says while it runs, with its place in the order and its time. */
export type Event = Base & EventBody;

/** What happened, by `type`. `seconds` are since the step started, `release` is the number of the release being made. */
export type EventBody =
  | {
      readonly type: 'operation-started';
      readonly stack: string;
      readonly kind: 'apply' | 'destroy';
      readonly release: number;
      readonly steps: readonly BegunStep[];
      /** Milliseconds since the epoch. */
      readonly deadline: number;
    }
  /** Another run holds the lock: said once, before we wait for it or give up. */
  | { readonly type: 'lock-held'; readonly holder: Holder }
  | { readonly type: 'step-started'; readonly step: ResourceId; readonly action: Action }
  /** The system took it; it need not be ready yet. */
  | { readonly type: 'step-applied'; readonly step: ResourceId; readonly action: Action }
  | {
      readonly type: 'step-observed';
      readonly step: ResourceId;
      readonly health: Health;
      readonly message: string;
      readonly findings: readonly DatedFinding[];
      readonly related: readonly RelatedNode[];
      /** What of it serves meanwhile, where it is not ready. */
      readonly serving?: string;
      /** When the worst finding, the step's own timeout or a standstill will fail it; milliseconds since the epoch. */
      readonly failsAt?: number;
    }
  /** A line that a task of this step printed. */
  | { readonly type: 'step-log'; readonly step: ResourceId; readonly from: string; readonly text: string }
  | {
      readonly type: 'step-done';
      readonly step: ResourceId;
      readonly action: Action;
      readonly seconds: number;
      /** Where it is made of parts: what was done. It may be more than the plan could tell. */
      readonly counts?: Counts;
    }
  | {
      readonly type: 'step-failed';
      readonly step: ResourceId;
      readonly action: Action;
      readonly problem: Problem;
      readonly seconds: number;
      /** Where it is made of parts: what was done by then. */
      readonly counts?: Counts;
    }
  | {
      readonly type: 'step-skipped';
      readonly step: ResourceId;
      readonly action: Action;
      /** The step it waited for that failed or was skipped, or what stopped the operation. */
      readonly because: ResourceId | 'cancelled' | 'lock lost' | 'out of time' | 'target unreachable';
    }
  /** First ^C: nothing new is started. */
  | { readonly type: 'cancelling' }
  | { readonly type: 'note'; readonly message: string; readonly step?: ResourceId }
  /** Nothing else was said for a while. */
  | { readonly type: 'heartbeat' }
  | {
      readonly type: 'operation-finished';
      readonly phase: Exclude<Phase, 'applying'>;
      readonly release: number;
      readonly problems: readonly Problem[];
    };

/** A step of the operation that begins. */
export interface BegunStep extends CountedStep {
  readonly id: ResourceId;
  readonly waitsFor: readonly Dependency[];
}

/** How an operation ended. */
export interface OperationResult {
  readonly phase: Exclude<Phase, 'applying'>;
  /** Number of the release that it made; of the last one before, when it made none. */
  readonly release: number;
  readonly problems: readonly Problem[];
}
