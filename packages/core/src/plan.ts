// The plan: exactly what an apply would do, as data.
import type { Action, Reason } from './action';
import { pathText } from './json';
import type { FieldChange, LiveIdentity, PlannedPart } from './runtime';
import type { Dependency, ResourceId } from './spec';

/** The format of plans that this Konfig makes. */
export const planVersion = 'konfig.dev/plan/v1';

/** What an operation would do: every step, and what the plan was made of. */
export interface Plan {
  readonly version: typeof planVersion;
  readonly kind: 'apply' | 'destroy';
  readonly stack: string;
  readonly specDigest: string;
  /** The last release's number when the plan was made. */
  readonly baseRelease: number;
  /** The identity of every target that the plan touches and that could be reached. */
  readonly targets: { readonly [name: string]: string };
  /** What it may do beyond the usual, and what it leaves out. */
  readonly options: PlanOptions;
  /** In an order that respects what waits for what. */
  readonly steps: readonly Step[];
  readonly notes: readonly string[];
}

/** One piece of work; its id is its resource's. */
export interface Step {
  readonly id: ResourceId;
  readonly target: string;
  readonly runtime: string;
  readonly type: string;
  readonly action: Action;
  readonly reason: Reason;
  /** What must be so before it starts. */
  readonly waitsFor: readonly Dependency[];
  /** Who has it until now, where it is to be taken over from somebody. */
  readonly owner?: string;
  /** The object that stood there when the plan was made. */
  readonly live?: LiveIdentity;
  readonly changes: readonly FieldChange[];
  /** What becomes of each of the things that it is made of. */
  readonly parts?: readonly PlannedPart[];
  /** What holds data and goes with it, and nobody has said beforehand that it may: names of its parts, else its own. */
  readonly loses?: readonly string[];
  /** Paths of the changed fields that force a replace. */
  readonly immutable: readonly string[];
  /** Objects of others that its delete takes along, by short id, with their owner where one is known. */
  readonly takesAlong?: readonly string[];
  /** `server`: dry run; `offline`: by schema; `none`: not checked. */
  readonly checked: 'server' | 'offline' | 'none';
  readonly notes: readonly string[];
}

/** What a plan may do beyond the usual, and what it leaves out. */
export interface PlanOptions {
  /** Take over resources that another tool owns. Default false. */
  readonly adopt?: boolean;
  /** Replace these although that loses their data: ids or short ids, `PersistentVolumeClaim/disk`. */
  readonly replace?: readonly string[];
  /** Take over things that are in the world already as parts of resources. */
  readonly imports?: readonly Import[];
  /** Mind only these and what they need, by the names that `selectResources` knows. Default: all. */
  readonly only?: readonly string[];
  /** The Spec is that of this older release: what holds data stays, though that release did not have it. */
  readonly rollbackTo?: number;
  /**
   * Of these, ids or short ids, go on from what is kept, though the releases tell of something newer, or of something where there is nothing: what only that knew
   * stays in the world, and is nobody's.
   */
  readonly acceptState?: readonly string[];
  /** In a rollback, also delete what holds data. Default false. */
  readonly includeData?: boolean;
}

/** A part of a resource that is in the world already, and what its system knows it by. */
export interface Import {
  /** `aws_db_instance.main` */
  readonly part: string;
  /** As the system wants it: `my-database`. */
  readonly id: string;
  /** Id or short id of the resource, where several have such a part: `Terraform/database`. */
  readonly resource?: string;
}

/** Does the plan change anything in the world or in our inventory? */
export function isEmpty(plan: Plan): boolean {
  return plan.steps.every((step) => step.action === 'keep' && step.reason !== 'onRemoval differs');
}

/** The path of a change as people write it (`spec.replicas`), also to look up its source line. */
export function changePath(change: FieldChange): string {
  return pathText(change.path);
}
