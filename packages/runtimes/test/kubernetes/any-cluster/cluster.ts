import type { Connection, JsonObject, PlannedRow, Problem, Resource } from '@konfig/core';
import type { AnyWorld } from '../world';

/** What the tests of every subject are given. */
export interface AnyCluster {
  readonly world: AnyWorld;
  readonly isReal: boolean;
  /** The problems of what must fail. */
  failure(work: Promise<unknown>): Promise<readonly Problem[]>;
  apply(wished: Resource, action: 'create' | 'update' | 'adopt' | 'replace', row?: PlannedRow): ReturnType<Connection['apply']>;
  answers(path: string, isIt: (answer: { readonly status: number; readonly body: JsonObject }) => boolean): Promise<void>;
  served(path: string): Promise<void>;
  gone(resource: Pick<Resource, 'id' | 'type'>): Promise<void>;
}
