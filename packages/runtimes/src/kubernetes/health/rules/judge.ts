// How an object is by rules that are data. A rule never stops an engine: one that cannot be asked is a finding, and the object is as it is without it.
import type { Finding } from '@konfig/core';
import { clean } from '../../../clean';
import { inTime, isTooLong } from '../../../in-time';
import { groupOf, shortName } from '../../address';
import type { KubeObject } from '../../objects';
import { degraded, type Report, ready, suspended, waiting } from '../report';
import { firstLine, readExpressions, valuesFor } from './cel';
import type { HealthCase, HealthRule } from './rule';

/** By the first of the rules for this kind of which a case applies; otherwise as it is without them. */
export function judgedBy(rules: readonly HealthRule[], object: KubeObject, otherwise: Report): Report {
  const groupKind = groupOf(object);
  const faults: Finding[] = [];
  for (const rule of rules) {
    if (!isFor(rule, groupKind)) continue;
    const found = asked(rule, object, otherwise);
    if ('code' in found) faults.push(found);
    else if (found.report) return withFindings(found.report, faults);
  }
  return withFindings(otherwise, faults);
}

function withFindings(report: Report, faults: readonly Finding[]): Report {
  return faults.length === 0 ? report : { ...report, findings: [...report.findings, ...faults] };
}

/** `*.cert-manager.io` is every kind of that group, `*.*.crossplane.io` of every group below. */
export function isFor({ kind }: Pick<HealthRule, 'kind'>, groupKind: string): boolean {
  if (kind === groupKind) return true;
  const [own, group] = parted(kind);
  const [wanted, of] = parted(groupKind);
  if (own !== '*' && own !== wanted) return false;
  return group.startsWith('*.') ? of.endsWith(group.slice(1)) : group === of;
}

function parted(groupKind: string): readonly [kind: string, group: string] {
  const dot = groupKind.indexOf('.');
  return dot < 0 ? [groupKind, ''] : [groupKind.slice(0, dot), groupKind.slice(dot + 1)];
}

/** Rules that took too long once: asked again of each object, they would take all the time there is. */
const givenUp = new WeakSet<HealthRule>();

function asked(rule: HealthRule, object: KubeObject, { health: generic }: Report): Finding | { readonly report: Report | undefined } {
  if (givenUp.has(rule)) return fault(rule, 'it took too long before', object);
  let at = 'its object';
  try {
    readExpressions(rule.cases.map((one) => one.when));
    return inTime(() => {
      const value = valuesFor({ object, generic });
      for (const [i, one] of rule.cases.entries()) {
        at = `cases[${i}]`;
        const holds = value(one.when);
        if (typeof holds !== 'boolean') throw new Error(`${one.when} is neither true nor false`);
        if (holds) return { report: reportOf(one, object, value) };
      }
      return { report: undefined };
    });
  } catch (error) {
    const tookTooLong = isTooLong(error);
    if (tookTooLong) givenUp.add(rule);
    return fault(rule, tookTooLong ? `${at} took too long` : `${at}: ${firstLine(error)}`, object);
  }
}

function reportOf(one: HealthCase, object: KubeObject, value: (expression: string) => unknown): Report {
  const said = one.messageExpression === undefined ? (one.message ?? one.when) : String(value(one.messageExpression));
  const message = clean(said, 300);
  switch (one.health) {
    case 'ready':
      return ready(message);
    case 'progressing':
      return waiting(message);
    case 'suspended':
      return suspended(message);
    case 'degraded':
      return degraded(message, [{ code: 'Degraded', message, on: shortName(object), ...graceOf(one) }]);
  }
}

function graceOf({ class: sure = 'likely' }: HealthCase): Pick<Finding, 'class' | 'grace'> {
  return sure === 'likely' ? { class: sure, grace: 60 } : { class: sure };
}

function fault({ kind }: HealthRule, why: string, object: KubeObject): Finding {
  const message = clean(`the health rule for ${kind} cannot be asked: ${why}`, 300);
  return { code: 'HealthRuleFailed', class: 'transient', message, on: shortName(object) };
}
