// A Pod: its containers' states, why they do not run, and how sure that is.
import type { Finding } from '@konfig/core';
import { clean } from '../../clean';
import { shortName } from '../address';
import type { ContainerStatus, KubeObject, Pod } from '../objects';
import type { Related } from '../related';
import { findingsOfEvents, killingProbe, probeField } from './pod-events';
import { conditionOf, degraded, isTrue, type Report, ready, waiting } from './report';
import { unscheduled } from './unscheduled';

/** Where a Pod's spec stands in the wished resource: `spec`, `spec.template.spec`. */
export type PodField = string;

export function podHealth(object: KubeObject, related: Related): Report {
  return podReport(object as Pod, related, 'spec');
}

export function podReport(pod: Pod, related: Related, field: PodField): Report {
  const status = pod.status ?? {};
  const findings = podFindings(pod, related, field);
  switch (status.phase) {
    case 'Succeeded':
      return ready('succeeded');
    case 'Failed':
      return degraded(failedText(pod), findings.length > 0 ? findings : [failed(pod, field)]);
    case 'Running':
      if (isTrue(conditionOf(status.conditions, 'Ready'))) return ready('ready');
      return waiting(findings[0]?.message ?? readyText(pod), findings);
    default:
      return waiting(findings[0]?.message ?? startingText(pod), findings);
  }
}

/** What is wrong with a Pod that is not ready, the gravest first. */
export function podFindings(pod: Pod, related: Related, field: PodField): readonly Finding[] {
  if (pod.status?.phase === 'Succeeded' || isTrue(conditionOf(pod.status?.conditions, 'Ready'))) return [];
  const ofContainers = statusesOf(pod).flatMap(({ status, list }) =>
    containerFindings({ pod, status, related, field: `${field}.${list}[name=${status.name}]` }),
  );
  const findings = [...unscheduled(pod, related, field), ...ofContainers, ...initializing(pod, field)];
  const all = findings.length > 0 ? findings : findingsOfEvents(pod, related, field);
  const gravity = { terminal: 0, likely: 1, transient: 2 };
  return [...all].sort((a, b) => gravity[a.class] - gravity[b.class]);
}

function statusesOf(pod: Pod): readonly { readonly status: ContainerStatus; readonly list: 'containers' | 'initContainers' }[] {
  return [
    ...(pod.status?.initContainerStatuses ?? []).map((status) => ({ status, list: 'initContainers' as const })),
    ...(pod.status?.containerStatuses ?? []).map((status) => ({ status, list: 'containers' as const })),
  ];
}

interface Seen {
  readonly pod: Pod;
  readonly status: ContainerStatus;
  readonly related: Related;
  readonly field: string;
}

function containerFindings(seen: Seen): readonly Finding[] {
  const { pod, status, field } = seen;
  const waits = status.state?.waiting;
  const on = shortName(pod);
  const said = waits?.message ? `: ${clean(waits.message, 300)}` : '';
  switch (waits?.reason) {
    case 'InvalidImageName':
    case 'ErrImageNeverPull':
      return [{ code: waits.reason, class: 'terminal', message: `${status.name}: ${waits.reason}${said}`, on, field: `${field}.image` }];
    case 'ErrImagePull':
    case 'ImagePullBackOff':
    case 'RegistryUnavailable':
    case 'ImageInspectError':
      // One code for both, or each back-off would start the grace anew.
      return [
        {
          code: 'ImagePullBackOff',
          class: 'likely',
          grace: 60,
          message: `${status.name}: ${imageText(seen)}${pullReason(waits.message)}`,
          on,
          field: `${field}.image`,
        },
      ];
    case 'CreateContainerConfigError':
    case 'CreateContainerError':
    case 'RunContainerError':
      return [configError(seen, waits.reason, waits.message ?? '')];
    default:
      return crashed(seen);
  }
}

function imageText({ pod, status }: Seen): string {
  const containers = [...(pod.spec?.containers ?? []), ...(pod.spec?.initContainers ?? [])];
  const image = containers.find((container) => container.name === status.name)?.image ?? status.image ?? '';
  return `cannot pull image "${clean(image, 200)}"`;
}

/**
 * `: not found` out of «Back-off pulling image "…": ErrImagePull: rpc error: code = NotFound desc = failed to pull and unpack image "…":
 * failed to resolve reference "…": …: not found». The kubelet's two messages take turns; this is what they have in common.
 */
function pullReason(message = ''): string {
  const reason = clean(message, 2000)
    .replace(/^Back-off pulling image "[^"]*"(: |$)/, '')
    .replace(/^ErrImagePull: /, '')
    .replace(/^rpc error: code = \w+ desc = /, '')
    .replace(/^(failed to (pull and unpack image|pull image|resolve reference|resolve image) "[^"]*": )+/i, '')
    .replace(/^[^\s"]+[:@][^\s":]+: (?=not found$)/, '');
  return reason ? `: ${clean(reason, 200)}` : '';
}

function configError({ pod, status, field }: Seen, code: string, message: string): Finding {
  const isKeyMissing = /couldn't find key/.test(message);
  const isConfig = code === 'CreateContainerConfigError';
  return {
    code,
    // A ConfigMap that is not there may still come; a key missing from one that is there will not.
    class: isKeyMissing ? 'terminal' : 'likely',
    message: `${status.name}: ${clean(message, 300) || code}`,
    on: shortName(pod),
    field: isConfig ? `${field}.env` : field,
    grace: isKeyMissing ? 10 : 30,
  };
}

function crashed(seen: Seen): readonly Finding[] {
  const { pod, status, related, field } = seen;
  const certainty = crashClass(pod, status);
  const { state, lastState, restartCount = 0 } = status;
  const isBackingOff = state?.waiting?.reason === 'CrashLoopBackOff';
  const ended = state?.terminated ?? lastState?.terminated ?? (isBackingOff ? {} : undefined);
  // A container that ends well but should not end at all is restarted as one that crashed.
  if (!ended || status.ready || (ended.exitCode === 0 && !isBackingOff)) return [];
  const log = related.logOf(pod, status.name) ?? [];
  const isOutOfMemory = ended.reason === 'OOMKilled';
  const exit = isOutOfMemory ? 'out of memory' : ended.signal ? `signal ${ended.signal}` : `exit ${ended.exitCode ?? 'unknown'}`;
  const code = isOutOfMemory ? 'OOMKilled' : restartCount > 0 || state?.waiting ? 'CrashLoopBackOff' : 'ContainerFailed';
  const probe = killingProbe(pod, status.name, related);
  const details = [
    ...(probe ? [clean(probe.message ?? '', 300)] : []),
    ...(ended.message ? [clean(ended.message, 300)] : []),
    ...log.map((line) => `log  ${clean(line, 300)}`),
  ];
  return [
    {
      code,
      class: certainty,
      message: `${status.name}: ${code}, ${exit}, ${restartCount} ${restartCount === 1 ? 'restart' : 'restarts'}`,
      on: shortName(pod),
      field: isOutOfMemory ? `${field}.resources` : probe ? `${field}${probeField(probe)}` : field,
      ...(certainty === 'likely' ? { grace: 60 } : {}),
      ...retry(status),
      ...(details.length > 0 ? { details } : {}),
    },
  ];
}

/** «back-off 2m40s restarting failed container=…», counted from its last end. */
function retry({ state, lastState }: ContainerStatus): { readonly retriesAt?: number } {
  const [, minutes, seconds] = /^back-off (?=\d)(?:(\d{1,3})m)?(?:(\d{1,3})s)? /.exec(state?.waiting?.message ?? '') ?? [];
  const wait = Number(minutes ?? 0) * 60 + Number(seconds ?? 0);
  const endedAt = Date.parse(lastState?.terminated?.finishedAt ?? '');
  return wait > 0 && Number.isFinite(endedAt) ? { retriesAt: endedAt + wait * 1000 } : {};
}

const restartsUntilSure = 3;

function crashClass(pod: Pod, status: ContainerStatus): Finding['class'] {
  if (pod.spec?.restartPolicy === 'Never') return 'terminal';
  if ((status.restartCount ?? 0) < restartsUntilSure) return 'transient';
  return status.state?.running ? 'likely' : 'terminal';
}

/** The container whose last words would tell more. */
export function crashesOf(pod: Pod): readonly { readonly container: string; readonly restarts: number }[] {
  return statusesOf(pod).flatMap(({ status }) => {
    const ended = status.state?.terminated ?? status.lastState?.terminated;
    return ended && ended.exitCode !== 0 && !status.ready ? [{ container: status.name, restarts: status.restartCount ?? 0 }] : [];
  });
}

/** While one of these runs, no other container begins; one that is restarted always is a sidecar, and lets them. */
function initializing(pod: Pod, field: PodField): readonly Finding[] {
  const statuses = pod.status?.initContainerStatuses ?? [];
  const at = statuses.findIndex(({ name, state }) => state?.running && !isSidecar(pod, name));
  const status = statuses[at];
  if (!status) return [];
  const message = `${status.name}: has not ended, as an init container has to before the others start (${at + 1} of ${statuses.length})`;
  const place = `${field}.initContainers[name=${status.name}]`;
  return [{ code: 'PodInitializing', class: 'transient', message, on: shortName(pod), field: place }];
}

function isSidecar(pod: Pod, name: string): boolean {
  return pod.spec?.initContainers?.find((one) => one.name === name)?.restartPolicy === 'Always';
}

function failed(pod: Pod, field: PodField): Finding {
  return {
    code: pod.status?.reason ? clean(pod.status.reason, 80) : 'PodFailed',
    class: 'terminal',
    message: failedText(pod),
    on: shortName(pod),
    field,
  };
}

function failedText(pod: Pod): string {
  const { reason, message } = pod.status ?? {};
  return clean(['failed', reason, message].filter(Boolean).join(': '), 300);
}

function readyText(pod: Pod): string {
  const statuses = pod.status?.containerStatuses ?? [];
  return `${statuses.filter((status) => status.ready).length} of ${statuses.length} containers ready`;
}

function startingText(pod: Pod): string {
  const waits = statusesOf(pod).find(({ status }) => status.state?.waiting)?.status;
  if (waits) return `${waits.name}: ${clean(waits.state?.waiting?.reason ?? 'waits', 80)}`;
  return pod.spec?.nodeName ? 'starting' : 'waits for a node';
}
