// What the API server refuses in a Service.
import { asLater, isObject } from '@konfig/core';
import { at, type Entry, entriesAt, list, objectAt } from '../../field';
import { type Fault, quoted } from '../fault';
import { neededFaults, portRefFaults, textFaults, twiceFaults } from '../limits';
import { isAddress, isLabelName, isNetwork, isSubdomain, labelHint, subdomainHint } from '../syntax';
import type { Rule } from './rule';
import { labelsFaults } from './selector';

export const service: Rule = (object, minor) => [...nameFaults(object, minor), ...specFaults(object)];

/** Since 1.36 it may begin with a digit: https://kep.k8s.io/5311 */
function nameFaults({ value }: Entry, minor: number): readonly Fault[] {
  const name = at(value, 'metadata', 'name');
  if (minor >= 36 || typeof name !== 'string' || !/^[0-9]/.test(name)) return [];
  return [
    { path: ['metadata', 'name'], message: `The name ${quoted(name)} of a Service must begin with a letter before Kubernetes 1.36.` },
  ];
}

function specFaults(object: Entry): readonly Fault[] {
  const [spec] = objectAt(object, 'spec');
  if (!spec) return isObject(object.value.spec) ? [] : [{ path: ['spec', 'ports'], message: 'spec.ports is missing.' }];
  return [
    ...portsFaults(spec),
    ...objectAt(spec, 'selector').flatMap(labelsFaults),
    ...textFaults(spec, 'clusterIP', {
      isOk: (text) => text === 'None' || isAddress(text),
      words: 'address',
      hint: 'Leave it out, or write None for a headless Service.',
    }),
    ...addressFaults(spec),
    ...externalNameFaults(spec),
  ];
}

function portsFaults(spec: Entry): readonly Fault[] {
  const ports = entriesAt(spec, 'ports');
  const { type, clusterIP } = spec.value;
  const isEmpty = !asLater(spec.value.ports) && list(spec.value.ports).length === 0;
  const isNeeded = !asLater(clusterIP) && !asLater(type) && type !== 'ExternalName' && clusterIP !== 'None';
  const unnamed = ports.length > 1 ? ports.filter(({ value }) => value.name === undefined || value.name === null || value.name === '') : [];
  return [
    ...(isEmpty && isNeeded
      ? [
          {
            path: [...spec.path, 'ports'],
            message: 'ports is missing.',
            hint: 'A Service without ports must be headless (clusterIP: None) or an ExternalName.',
          },
        ]
      : []),
    ...unnamed.map(({ value, path }) => ({
      path: [...path, 'name'],
      message: `The port ${quoted(value.port)} has no name, which each port needs where there are several.`,
      hint: 'Write name: http, for example.',
    })),
    ...twiceFaults(ports, 'name', 'The port'),
    ...ports.flatMap((port) => portEntryFaults(port, type)),
  ];
}

function portEntryFaults(port: Entry, type: unknown): readonly Fault[] {
  const { nodePort } = port.value;
  const isInside = type === undefined || type === null || type === '' || type === 'ClusterIP';
  return [
    ...portRefFaults(port, 'targetPort'),
    ...textFaults(port, 'name', { isOk: isLabelName, words: 'name of a port', hint: labelHint }),
    ...(isInside && typeof nodePort === 'number' && nodePort !== 0
      ? [
          {
            path: [...port.path, 'nodePort'],
            message: 'nodePort is there, but the Service is a ClusterIP.',
            hint: 'Leave it out, or write type: NodePort.',
          },
        ]
      : []),
  ];
}

function addressFaults({ value, path }: Entry): readonly Fault[] {
  const check = (field: string, isOk: (text: string) => boolean, words: string) =>
    list(value[field]).flatMap((one, i) =>
      typeof one === 'string' && !isOk(one.trim()) ? [{ path: [...path, field, i], message: `${quoted(one)} is no ${words}.` }] : [],
    );
  return [...check('externalIPs', isAddress, 'address'), ...check('loadBalancerSourceRanges', isNetwork, 'network such as 10.0.0.0/8')];
}

function externalNameFaults(spec: Entry): readonly Fault[] {
  if (spec.value.type !== 'ExternalName') return [];
  return [
    ...(asLater(spec.value.externalName) ? [] : neededFaults(spec, 'externalName')),
    ...textFaults(spec, 'externalName', { isOk: (name) => isSubdomain(name.replace(/\.$/, '')), words: 'DNS name', hint: subdomainHint }),
  ];
}
