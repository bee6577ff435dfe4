// The health rules that a target's config carries: a program wrote them, and they came as JSON.
import { KonfigError, type Problem, type Target } from '@konfig/core';
import type { HealthRule } from './rule';

/** What is wrong with them. */
export function targetRuleProblems(name: string, { config }: Target): readonly Problem[] {
  if (config.healthRules === undefined) return [];
  // The language that they are written in is loaded for those only who have some.
  const { ruleProblems } = require('./check') as typeof import('./check');
  return ruleProblems(config.healthRules).map((problem) => ({ ...problem, message: `Target ${name}: ${problem.message}` }));
}

/** The rules. Fails with all that is wrong with them. */
export function targetRules(name: string, target: Target): readonly HealthRule[] {
  const problems = targetRuleProblems(name, target);
  if (problems.length > 0) throw new KonfigError(problems);
  return (target.config.healthRules ?? []) as unknown as readonly HealthRule[];
}
