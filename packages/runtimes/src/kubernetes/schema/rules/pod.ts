// What the API server refuses in a pod, beside its structure.
import { asLater, isObject, type Json } from '@konfig/core';
import { at, type Entry, entriesAt, list, objectAt } from '../../field';
import { type Fault, quoted } from '../fault';
import { oneOfFaults, textFaults } from '../limits';
import { isAddress, isLabelName, isSubdomain, labelHint, subdomainHint } from '../syntax';
import { fieldsOf } from '../table';
import { type Around, containerFaults } from './container';
import { labelsFaults } from './selector';
import { claimFaults } from './storage';

export interface PodAround {
  readonly minor: number;
  /** How its kind lets containers be restarted; the first is what a pod says that says nothing. */
  readonly restartPolicies: readonly string[];
  /** Volumes that its kind adds. */
  readonly claims?: readonly Json[];
}

/** Of the spec of a pod, wherever it stands. */
export function podFaults(pod: Entry, around: PodAround): readonly Fault[] {
  const containers = [...entriesAt(pod, 'containers'), ...entriesAt(pod, 'initContainers'), ...entriesAt(pod, 'ephemeralContainers')];
  return [
    ...restartFaults(pod, around),
    ...twiceAcross(containers),
    ...containersFaults(pod, around),
    ...volumesFaults(pod, around.minor),
    ...textFaults(pod, 'serviceAccountName', { isOk: isSubdomain, words: 'name of a ServiceAccount', hint: subdomainHint }),
    ...['hostname', 'subdomain'].flatMap((field) => textFaults(pod, field, { isOk: isLabelName, words: 'DNS label', hint: labelHint })),
    ...dnsFaults(pod),
    ...objectAt(pod, 'nodeSelector').flatMap(labelsFaults),
    ...entriesAt(pod, 'hostAliases').flatMap((alias) => textFaults(alias, 'ip', { isOk: isAddress, words: 'address' })),
    ...entriesAt(pod, 'tolerations').flatMap(tolerationFaults),
  ];
}

function restartFaults({ value, path }: Entry, { restartPolicies }: PodAround): readonly Fault[] {
  const given =
    value.restartPolicy === undefined || value.restartPolicy === null || value.restartPolicy === '' ? 'Always' : value.restartPolicy;
  if (typeof given !== 'string' || restartPolicies.includes(given)) return [];
  const said = value.restartPolicy ? `restartPolicy is ${given}` : `restartPolicy is missing, which means ${given}`;
  return [
    {
      path: [...path, 'restartPolicy'],
      message: `${said}, but here it must be ${restartPolicies.join(' or ')}.`,
      hint: `Write restartPolicy: ${restartPolicies[0]}.`,
    },
  ];
}

/** Within one list the structure says so. */
function twiceAcross(containers: readonly Entry[]): readonly Fault[] {
  const isSame = (a: Entry, b: Entry) => a !== b && a.value.name === b.value.name && typeof a.value.name === 'string';
  const listOf = ({ path }: Entry) => path[path.length - 2];
  return containers
    .filter((one, i) => containers.slice(0, i).some((other) => isSame(one, other) && listOf(one) !== listOf(other)))
    .map(({ value, path }) => ({
      path: [...path, 'name'],
      message: `Two containers of this pod are called ${quoted(value.name)}.`,
      hint: 'Give each a name of its own.',
    }));
}

function containersFaults(pod: Entry, { minor, claims = [] }: PodAround): readonly Fault[] {
  const around = { minor, volumes: volumeNames(pod, claims), isOnHostNetwork: pod.value.hostNetwork === true };
  const roles: readonly (readonly [string, Around['role']])[] = [
    ['containers', 'container'],
    ['initContainers', 'init'],
    ['ephemeralContainers', 'ephemeral'],
  ];
  return roles.flatMap(([field, role]) => entriesAt(pod, field).flatMap((entry) => containerFaults(entry, { ...around, role })));
}

/** Undefined where one of them is not known yet. */
function volumeNames({ value }: Entry, claims: readonly Json[]): readonly string[] | undefined {
  if (asLater(value.volumes)) return undefined;
  const names = [...list(value.volumes).map((volume) => at(volume, 'name')), ...claims.map((claim) => at(claim, 'metadata', 'name'))];
  const texts = names.filter((name): name is string => typeof name === 'string');
  return names.some((name) => isObject(name)) || list(value.volumes).some((volume) => asLater(volume)) ? undefined : texts;
}

function volumesFaults(pod: Entry, minor: number): readonly Fault[] {
  const sources = [...fieldsOf('core.v1.Volume', minor).keys()].filter((field) => field !== 'name');
  return entriesAt(pod, 'volumes').flatMap((volume) => [
    ...textFaults(volume, 'name', { isOk: isLabelName, words: 'name of a volume', hint: labelHint }),
    ...oneOfFaults(volume, sources, { what: 'The volume' }),
    ...objectAt(volume, 'ephemeral', 'volumeClaimTemplate', 'spec').flatMap(claimFaults),
    ...itemsFaults(volume),
    ...objectAt(volume, 'hostPath').flatMap(hostPathFaults),
  ]);
}

/** Files of a ConfigMap or Secret stay inside of its volume. */
function itemsFaults(volume: Entry): readonly Fault[] {
  const items = [...entriesAt(volume, 'configMap', 'items'), ...entriesAt(volume, 'secret', 'items')];
  return [...items].flatMap(({ value, path }) =>
    typeof value.path === 'string' && (value.path.startsWith('/') || value.path.split('/').includes('..'))
      ? [{ path: [...path, 'path'], message: `path is ${quoted(value.path)}, but must stay inside of its volume.` }]
      : [],
  );
}

function hostPathFaults(source: Entry): readonly Fault[] {
  const isOk = (text: string) => !text.split('/').includes('..');
  const hint = 'Write where it leads to, without .. in it.';
  return textFaults(source, 'path', { isOk, words: 'path that a node lets be mounted', hint });
}

function dnsFaults({ value, path }: Entry): readonly Fault[] {
  if (value.dnsPolicy !== 'None' || list(at(value, 'dnsConfig', 'nameservers')).length > 0) return [];
  if (asLater(value.dnsConfig) || asLater(at(value, 'dnsConfig', 'nameservers'))) return [];
  return [{ path: [...path, 'dnsConfig', 'nameservers'], message: 'dnsConfig.nameservers is missing, which dnsPolicy: None needs.' }];
}

function tolerationFaults({ value, path }: Entry): readonly Fault[] {
  const { key, operator, value: wanted } = value;
  const faults: Fault[] = [];
  if (!key && operator !== 'Exists')
    faults.push({ path: [...path, 'operator'], message: 'A toleration without a key must have operator: Exists.' });
  if (operator === 'Exists' && typeof wanted === 'string' && wanted !== '')
    faults.push({ path: [...path, 'value'], message: 'A toleration with operator: Exists has no value.' });
  return faults;
}
