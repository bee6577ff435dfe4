// A Job: done when complete, degraded when failed; a running one is progressing.
import type { Finding } from '@konfig/core';
import { clean } from '../../clean';
import { shortName } from '../address';
import type { Condition, Job, KubeObject, Pod } from '../objects';
import type { Related } from '../related';
import { createFailures } from './events';
import { podFindings } from './pod';
import { conditionOf, degraded, isTrue, type Report, ready, suspended, waiting } from './report';

export function jobHealth(object: KubeObject, related: Related): Report {
  const job = object as Job;
  const { spec = {}, status = {} } = job;
  const { active = 0, succeeded = 0, failed = 0 } = status;
  const failure = [conditionOf(status.conditions, 'Failed'), conditionOf(status.conditions, 'FailureTarget')].find(isTrue);
  if (failure) return degraded(clean(`${failure.reason ?? 'failed'}, ${failed} failed`), jobFailed(job, failure, related));
  if (isTrue(conditionOf(status.conditions, 'Complete'))) return ready(`complete, ${succeeded} succeeded`);
  if (spec.suspend || isTrue(conditionOf(status.conditions, 'Suspended'))) return suspended('suspended');
  const wished = spec.completions ?? spec.parallelism ?? 1;
  const retries = failed > 0 ? `, ${failed} of ${spec.backoffLimit ?? 6} retries` : '';
  const text = status.startTime ? `${succeeded} of ${wished} succeeded, ${active} running${retries}` : 'is not started yet';
  return waiting(text, [...createFailures(job, related), ...podsOf(job, related).flatMap((pod) => runningFindings(pod, related))]);
}

function podsOf(job: Job, related: Related): readonly Pod[] {
  return related.childrenOf(job, 'Pod') as readonly Pod[];
}

/** A Job has retries of its own, so a crash or a failed Pod is only shown; what cannot even start is as bad as anywhere. */
function runningFindings(pod: Pod, related: Related): readonly Finding[] {
  return podFindings(pod, related, 'spec.template.spec').map((finding) =>
    ['CrashLoopBackOff', 'ContainerFailed', 'OOMKilled'].includes(finding.code) ? { ...finding, class: 'transient' } : finding,
  );
}

function jobFailed(job: Job, failure: Condition, related: Related): readonly Finding[] {
  const code = clean(failure.reason ?? 'JobFailed', 80);
  const field = { BackoffLimitExceeded: 'spec.backoffLimit', DeadlineExceeded: 'spec.activeDeadlineSeconds' }[code];
  const causes = podsOf(job, related).flatMap((pod) => podFindings(pod, related, 'spec.template.spec'));
  const cause = causes.at(-1);
  const details = cause ? [cause.message, ...(cause.details ?? [])] : [];
  // Its last words are being read.
  const isSilent = cause !== undefined && cause.details === undefined;
  return [
    {
      code,
      class: 'terminal',
      ...(isSilent ? { grace: 1 } : {}),
      message: clean(failure.message ?? code, 300),
      on: shortName(job),
      ...(cause?.field ? { field: cause.field } : field ? { field } : {}),
      ...(details.length > 0 ? { details } : {}),
    },
  ];
}
