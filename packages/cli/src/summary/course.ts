// What is known of a run so far: collected while it goes on, so that something can be told however it ends.
import { emptyView, type Plan, type Problem, reduce, type SourceTable, type View } from '@konfig/core';
import type { Operation } from '@konfig/engine';

/** A plan as the course of a run tells it; undefined where none could be made. */
export interface MadePlan {
  readonly plan: Plan | undefined;
  readonly sources: SourceTable;
  readonly problems: readonly Problem[];
}

/** Told by a command of what it does. */
export interface Course {
  /** The plan that counts now: what was known of an older one is forgotten. */
  planned(made: MadePlan): void;
  /** The plan is being carried out. */
  began(operation: Operation): void;
}

/** Of whom nobody wants to know. */
export const untold: Course = { planned() {}, began() {} };

/** What was heard. */
export interface Heard {
  readonly made?: MadePlan;
  /** Of the operation, if one began. */
  readonly view?: View;
}

/** A course that is listened to. */
export interface HeardCourse extends Course {
  /** At any moment. */
  heard(): Heard;
  /** Once all events of an operation that has ended are in. */
  settled(): Promise<void>;
}

export function listen(): HeardCourse {
  let heard: Heard = {};
  let following = Promise.resolve();
  const follow = async (operation: Operation) => {
    for await (const event of operation.events()) heard = { ...heard, view: reduce(heard.view ?? emptyView, event) };
  };
  return {
    planned(made) {
      heard = { made };
    },
    began(operation) {
      following = follow(operation);
    },
    heard: () => heard,
    settled: () => following,
  };
}
