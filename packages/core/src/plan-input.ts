// What a plan is made from, and what comes of it.
import type { DependencyEdge } from './graph';
import type { Plan, PlanOptions } from './plan';
import type { Problem } from './problem';
import type { StackRecord } from './release';
import type { PlannedRow } from './runtime';
import type { SourceTable, Spec } from './spec';

/** All that a plan is decided from. */
export interface PlanInput {
  readonly kind: 'apply' | 'destroy';
  readonly spec: Spec;
  readonly sources: SourceTable;
  /** Undefined: the stack was never applied. */
  readonly record: StackRecord | undefined;
  /** `Connection.identity` of every target, by its name. */
  readonly identities: { readonly [target: string]: string };
  /** What the runtimes found out, one row for each wished or removed resource. */
  readonly planned: readonly PlannedRow[];
  /** Those of `edgesOf`. */
  readonly edges: readonly DependencyEdge[];
  /** Targets that could not be opened: what goes there is skipped, and what needs that. */
  readonly unreachable?: ReadonlySet<string>;
  readonly options?: PlanOptions;
}

/** A plan with all that is wrong with it; a problem of severity error forbids to apply it. */
export type PlanResult = { readonly plan: Plan; readonly problems: readonly Problem[] };
