// An open Terraform target, as all work on it needs it.
import type { GrowingMask, Keeper, Observation, PartImport, PlannedPart, ProcessIdentity, ResourceId } from '@konfig/core';
import type { Backend } from './backend';
import type { Binary } from './binary';
import type { Marks } from './held-secrets';
import type { Rescue } from './rescue';
import type { TerraformTarget } from './target';

/** What the runtime needs of the world around. */
export interface TerraformOptions {
  /** The monorepo: states that could not be kept are saved below its `.konfig/terraform/rescued`. */
  readonly root: string;
  /** `KONFIG_TERRAFORM` names the binary; the rest goes to providers, but for what steers Terraform itself. */
  readonly env: NodeJS.ProcessEnv;
  readonly process: ProcessIdentity;
  /** Has a process surely ended? What its run has left is then taken up. */
  readonly hasEnded: (process: ProcessIdentity) => boolean;
}

/** An open target. */
export interface TerraformWorld {
  /** Its name. */
  readonly name: string;
  readonly config: TerraformTarget;
  readonly binary: Binary;
  readonly env: NodeJS.ProcessEnv;
  /** Besides, where the program has a backend of its own. */
  readonly backendEnv: NodeJS.ProcessEnv;
  readonly backend: Backend;
  readonly rescue: Rescue;
  /** The monorepo, and this process. */
  readonly root: string;
  readonly process: ProcessIdentity;
  readonly hasEnded: TerraformOptions['hasEnded'];
  /** Undefined while the store of releases was not handed over. */
  readonly keeper: () => Keeper | undefined;
  /** Undefined: nobody masks. */
  readonly mask: () => GrowingMask | undefined;
  /** `shop/prod`, once it was planned. */
  stack: string;
  /** Plans that were shown, each until it is carried out or made anew. They hold secrets, and lie nowhere else. */
  readonly saved: Map<ResourceId, SavedPlan>;
  /** What is to be imported, for stacks that are planned at their turn. */
  readonly imports: Map<ResourceId, readonly PartImport[]>;
  /** Who wants to hear of changes that are made here. */
  readonly listeners: Set<(observation: Observation) => void>;
}

/** What Terraform wrote by `plan -out`, with what was shown of it. */
export interface SavedPlan {
  readonly bytes: Uint8Array;
  /** Of the wish and of the state it was made for. */
  readonly madeFor: string;
  /** The state as Terraform has seen it, and is to see it again. */
  readonly view?: string;
  readonly parts: readonly PlannedPart[];
  /** What it says to be sensitive. */
  readonly marks: Marks;
  /** Terraform has nothing to do, not even to an output. */
  readonly isEmpty: boolean;
}
