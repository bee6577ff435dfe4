// What a health rule answers, and the few phrases that all rules share.
import type { Finding, Health } from '@konfig/core';
import type { Condition, KubeObject } from '../objects';
import type { Related } from '../related';

export interface Report {
  readonly health: Health;
  readonly message: string;
  readonly findings: readonly Finding[];
  /** Ids of what it gets ready through. */
  readonly through?: readonly string[];
}

/** How one kind is: pure on the full object. Deletion and old generations are settled before a rule is asked. */
export type Rule = (object: KubeObject, related: Related) => Report;

export const ready = (message: string, findings: readonly Finding[] = []): Report => ({ health: 'ready', message, findings });

export const suspended = (message: string): Report => ({ health: 'suspended', message, findings: [] });

/** Not there yet; degraded when something is in the way that will hardly mend by itself. */
export function waiting(message: string, findings: readonly Finding[] = []): Report {
  return { health: findings.some((finding) => finding.class !== 'transient') ? 'degraded' : 'progressing', message, findings };
}

export const degraded = (message: string, findings: readonly Finding[] = []): Report => ({ health: 'degraded', message, findings });

export function conditionOf(conditions: readonly Condition[] | undefined, type: string): Condition | undefined {
  return conditions?.find((condition) => condition.type === type);
}

export function isTrue(condition: Condition | undefined): boolean {
  return condition?.status === 'True';
}
