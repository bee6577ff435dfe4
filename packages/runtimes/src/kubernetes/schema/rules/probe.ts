// What the API server refuses in probes and hooks of a container.
import { type Entry, objectAt } from '../../field';
import type { Fault } from '../fault';
import { oneOfFaults, portRefFaults } from '../limits';
import { fieldsOf } from '../table';

/** Which of a pod's lists the container stands in. */
export type Role = 'container' | 'init' | 'ephemeral';

export function probesFaults(container: Entry, role: Role): readonly Fault[] {
  const probes = ['livenessProbe', 'readinessProbe', 'startupProbe'].flatMap((name) =>
    objectAt(container, name).map((entry) => ({ name, entry })),
  );
  const isSidecar = role === 'init' && container.value.restartPolicy === 'Always';
  const misplaced = role === 'container' || isSidecar ? [] : [...probes.map(({ entry }) => entry), ...objectAt(container, 'lifecycle')];
  const what = role === 'init' ? 'An init container' : 'An ephemeral container';
  return [
    ...misplaced.map(({ path }) => ({
      path,
      message: `${what} can have no ${String(path[path.length - 1])}.`,
      ...(role === 'init' ? { hint: 'With restartPolicy: Always it is a sidecar, which can.' } : {}),
    })),
    ...probes.flatMap(({ name, entry }) => probeFaults(entry, name)),
  ];
}

function probeFaults(probe: Entry, name: string): readonly Fault[] {
  const once = name !== 'readinessProbe' && typeof probe.value.successThreshold === 'number' && probe.value.successThreshold > 1;
  return [
    ...oneOfFaults(probe, ['exec', 'httpGet', 'tcpSocket', 'grpc'], { what: name, isNeeded: true }),
    ...portsFaults(probe),
    ...(once ? [{ path: [...probe.path, 'successThreshold'], message: `successThreshold of a ${name} must be 1.` }] : []),
  ];
}

/** What is done after a container's start and before its stop. */
export function hooksFaults(container: Entry, minor: number): readonly Fault[] {
  const handlers = [...fieldsOf('core.v1.LifecycleHandler', minor).keys()];
  return ['postStart', 'preStop'].flatMap((hook) =>
    objectAt(container, 'lifecycle', hook).flatMap((entry) => [
      ...oneOfFaults(entry, handlers, { what: hook, isNeeded: true }),
      ...portsFaults(entry),
    ]),
  );
}

function portsFaults(handler: Entry): readonly Fault[] {
  return ['httpGet', 'tcpSocket'].flatMap((kind) => objectAt(handler, kind).flatMap((entry) => portRefFaults(entry, 'port')));
}
