// How the objects of a kind are, told as data: conditions in CEL and what they mean. No code: a Spec carries rules, and so does a file.
import type { Health } from '@konfig/core';

/** How the objects of one kind are. */
export interface HealthRule {
  /** Kind and group: `Certificate.cert-manager.io`; `*.cert-manager.io` is every kind of a group, `*.*.crossplane.io` of every group that ends so. */
  readonly kind: string;
  /** Where the operator's documentation says so. */
  readonly from?: string;
  /** The first that applies decides; where none does, whoever would judge without this rule. */
  readonly cases: readonly HealthCase[];
}

/** What an object is when something holds of it. */
export interface HealthCase {
  /**
   * An expression in CEL that is true or false. It is given `self`, the object; `spec`, `status` and `metadata`, empty where there is none; `generic`, how the object is without this rule;
   * `condition('Ready')` and `reason('Ready')`, the status and the reason of a condition, empty texts where there is none.
   */
  readonly when: string;
  readonly health: Exclude<Health, 'unknown'>;
  /** One line for people. Default: what was true. */
  readonly message?: string;
  /** The same as an expression that is a text. */
  readonly messageExpression?: string;
  /** How sure it is that something degraded stays so: `terminal` fails now, `likely` after a minute, `transient` is shown and waited for. Default `likely`. */
  readonly class?: 'terminal' | 'likely' | 'transient';
}
