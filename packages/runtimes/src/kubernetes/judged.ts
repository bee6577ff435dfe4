// What is judged outside of an operation: the rules of all kinds take a while to load, and nobody else must wait for it.
import type { Json, Problem, SourceLine } from '@konfig/core';
import type { Judge } from './health/judge';
import type { Report } from './health/report';
import type { HealthRule } from './health/rules/rule';
import type { KubeObject } from './objects';
import type { Related } from './related';

/** How an object is, by the rule of its kind; kinds without one go by their conditions. Pure: `related` is all that it asks. */
export function healthOf(object: KubeObject, related: Related): Report {
  return (require('./health') as typeof import('./health')).healthOf(object, related);
}

/** A judge of objects that come from anywhere but a watch. Events are no objects to judge: they tell about others. The rules go before all of ours. */
export function makeJudge(rules: readonly HealthRule[] = []): Judge {
  return (require('./health/judge') as typeof import('./health/judge')).makeJudge(rules);
}

/** What is wrong with a list of health rules that came from outside; nothing: it is one. */
export function ruleProblems(rules: Json | undefined, source?: SourceLine): readonly Problem[] {
  return (require('./health/rules/check') as typeof import('./health/rules/check')).ruleProblems(rules, source);
}
