// What hangs from a custom resource: its operator says that it is not ready, and a Pod far below says why. One that says nothing at all is as what it owns.
import type { Finding } from '@konfig/core';
import { shortName } from '../address';
import type { KubeObject } from '../objects';
import { type Related, without } from '../related';
import { saysNothing } from './generic';
import { type Report, type Rule, waiting } from './report';

/** So many findings are told of all that hangs from one. */
const mostFindings = 10;

/** The report with what is wrong below, where it is not ready. None of it is beyond hope: an operator may still mend what it made; and no field of ours made it so. */
export function withDescendants(alone: Report, object: KubeObject, related: Related, healthOf: Rule): Report {
  const inside = without(object, related);
  const report = saysNothing(object) ? asItsOwn(alone, related.childrenOf(object), (one) => healthOf(one, inside)) : alone;
  if (report.health === 'ready' || report.health === 'suspended') return report;
  const below = [...new Set([...related.childrenOf(object), ...related.referredBy(object)])];
  const findings = below.flatMap((one) => healthOf(one, inside).findings).map(unsure);
  const all = [...report.findings, ...new Map(findings.map((finding) => [`${finding.code} ${finding.on}`, finding])).values()];
  const isStuck = all.some((finding) => finding.class !== 'transient');
  const health = report.health === 'progressing' && isStuck ? 'degraded' : report.health;
  return { ...report, health, findings: all.slice(0, Math.max(mostFindings, report.findings.length)) };
}

function asItsOwn(alone: Report, children: readonly KubeObject[], healthOf: (one: KubeObject) => Report): Report {
  const waited = children.find((one) => !['ready', 'suspended'].includes(healthOf(one).health));
  return waited ? waiting(`${shortName(waited)}: ${healthOf(waited).message}`) : alone;
}

function unsure({ field: _, ...finding }: Finding): Finding {
  return finding.class === 'terminal' ? { ...finding, class: 'likely', grace: 60 } : finding;
}
