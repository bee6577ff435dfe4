// What the API server refuses in a container, beside its structure.
import { didYouMean } from '@konfig/core';
import { at, type Entry, entriesAt, list, objectAt } from '../../field';
import { type Fault, quoted } from '../fault';
import { isGiven, oneOfFaults, textFaults, twiceFaults } from '../limits';
import { isLabelName, isPortName, labelHint, portNameHint } from '../syntax';
import { fieldsOf } from '../table';
import { hooksFaults, probesFaults, type Role } from './probe';
import { resourceFaults } from './resources';

/** What a container stands in. */
export interface Around {
  readonly minor: number;
  readonly role: Role;
  /** Names of the pod's volumes; undefined where not all of them are known. */
  readonly volumes: readonly string[] | undefined;
  readonly isOnHostNetwork: boolean;
}

export function containerFaults(entry: Entry, around: Around): readonly Fault[] {
  return [
    ...textFaults(entry, 'name', { isOk: isLabelName, words: 'name of a container', hint: labelHint }),
    ...portsFaults(entry, around),
    ...entriesAt(entry, 'env').flatMap((variable) => variableFaults(variable, around.minor)),
    ...entriesAt(entry, 'envFrom').flatMap((source) =>
      oneOfFaults(source, ['configMapRef', 'secretRef'], { what: 'envFrom', isNeeded: true }),
    ),
    ...resourceFaults(entry),
    ...probesFaults(entry, around.role),
    ...hooksFaults(entry, around.minor),
    ...mountFaults(entry, around.volumes),
    ...objectAt(entry, 'securityContext').flatMap(securityFaults),
  ];
}

function portsFaults(container: Entry, { isOnHostNetwork }: Around): readonly Fault[] {
  const ports = entriesAt(container, 'ports');
  const names = ports.flatMap((port) => textFaults(port, 'name', { isOk: isPortName, words: 'name of a port', hint: portNameHint }));
  const moved = ports.filter(
    ({ value }) => isOnHostNetwork && typeof value.hostPort === 'number' && value.hostPort !== 0 && value.hostPort !== value.containerPort,
  );
  return [
    ...names,
    ...twiceFaults(ports, 'name', 'The port'),
    ...moved.map(({ path }) => ({
      path: [...path, 'hostPort'],
      message: 'hostPort must be the containerPort, since the pod is on hostNetwork.',
    })),
  ];
}

const strictName = /^[-._a-zA-Z][-._a-zA-Z0-9]*$/;
/** Since 1.32: https://kep.k8s.io/4369 */
const relaxedName = /^[ -<>-~]+$/;

function variableFaults(entry: Entry, minor: number): readonly Fault[] {
  const { value, valueFrom } = entry.value;
  const both = isGiven(value) && value !== '' && isGiven(valueFrom);
  return [
    ...textFaults(entry, 'name', {
      isOk: (name) => (minor >= 32 ? relaxedName : strictName).test(name),
      words: 'name of an environment variable',
      hint: minor >= 32 ? 'Use printable ASCII without =.' : 'Use letters, digits, -, _ and ., not beginning with a digit.',
    }),
    ...(both ? [{ path: [...entry.path, 'valueFrom'], message: 'value and valueFrom are both there, but only one of them may be.' }] : []),
    ...objectAt(entry, 'valueFrom').flatMap((from) =>
      oneOfFaults(from, [...fieldsOf('core.v1.EnvVarSource', minor).keys()], { what: 'valueFrom', isNeeded: true }),
    ),
    ...objectAt(entry, 'valueFrom', 'fieldRef').flatMap((ref) =>
      textFaults(ref, 'fieldPath', { isOk: (path) => fieldPath.test(path), words: 'field that a variable can have', hint: fieldPathHint }),
    ),
  ];
}

const fieldPath =
  /^(metadata\.(name|namespace|uid|(labels|annotations)\['.+'\])|spec\.(nodeName|serviceAccountName|host)|status\.(hostIPs?|podIPs?|phase))$/;
const fieldPathHint =
  "There are metadata.name, .namespace, .uid, .labels['…'], .annotations['…'], spec.nodeName, spec.serviceAccountName, status.hostIP, status.podIP.";

function mountFaults(container: Entry, volumes: readonly string[] | undefined): readonly Fault[] {
  const mounts = entriesAt(container, 'volumeMounts');
  const paths = mounts.flatMap(({ value, path }) =>
    typeof value.subPath === 'string' && isOutside(value.subPath)
      ? [{ path: [...path, 'subPath'], message: `subPath is ${quoted(value.subPath)}, but must stay inside of its volume.` }]
      : [],
  );
  return [...paths, ...[...mounts, ...entriesAt(container, 'volumeDevices')].flatMap((mount) => volumeFaults(mount, volumes))];
}

function isOutside(path: string): boolean {
  return path.startsWith('/') || path.split('/').includes('..');
}

function volumeFaults({ value, path }: Entry, volumes: readonly string[] | undefined): readonly Fault[] {
  const { name } = value;
  if (typeof name !== 'string' || !volumes || volumes.includes(name)) return [];
  const near = didYouMean(name, volumes).trim();
  const there = volumes.length === 0 ? 'The pod has no volumes: add it to volumes.' : `The pod has ${volumes.join(', ')}.`;
  return [
    { path: [...path, 'name'], message: `There is no volume ${quoted(name)} in this pod.`, hint: [near, there].filter(Boolean).join(' ') },
  ];
}

function securityFaults({ value, path }: Entry): readonly Fault[] {
  const isMore =
    value.privileged === true || list(at(value, 'capabilities', 'add')).some((one) => one === 'SYS_ADMIN' || one === 'CAP_SYS_ADMIN');
  if (value.allowPrivilegeEscalation !== false || !isMore) return [];
  return [
    {
      path: [...path, 'allowPrivilegeEscalation'],
      message: 'allowPrivilegeEscalation is false, but what the container asks for needs it (privileged or SYS_ADMIN).',
    },
  ];
}
