// The field behind a finding, as exactly as the system's words tell it, and the other objects of the program that its value comes from.
import { asLater, type Finding, isObject, type Json, type Lead, type Path, pathText, type ResourceId, type Watched } from '@konfig/core';
import { fieldRefused } from './cause-refused';
import { at, type Entry, entriesAt, objectAt } from './field';
import { containersOf, podsIn } from './references';
import { isWord, wordsOf } from './spoken';

/** The program's object of this kind and name beside another one; of the kinds that belong to a namespace, in the same. */
export type Beside = (kind: string, name: string) => Watched | undefined;

type Cause = Pick<Finding, 'field' | 'leads' | 'details'>;
type Trace = (finding: Finding, pod: Entry, beside: Beside) => Cause | undefined;

/** The finding with what is found out about its cause; as it is where nothing is. */
export function traced(finding: Finding, { attributes }: Watched, beside: Beside): Finding {
  const trace = Object.hasOwn(traces, finding.code) ? traces[finding.code] : undefined;
  const [pod] = attributes && trace && finding.field !== undefined ? podsIn({ value: attributes, path: [] }) : [];
  const cause = pod && trace?.(finding, pod.spec, beside);
  return cause ? { ...finding, ...cause } : finding;
}

/** What a workload gets ready through, by what is wrong with it: the claims whose volumes its Pods wait for. */
export function throughOf(findings: readonly Finding[]): readonly ResourceId[] {
  return findings.filter(({ code }) => code === 'Unschedulable').flatMap(({ leads = [] }) => leads.map(({ id }) => id));
}

/** By the finding's code. */
const traces: { readonly [code: string]: Trace } = {
  CrashLoopBackOff: spokenOf,
  ContainerFailed: spokenOf,
  CreateContainerConfigError: leadsNowhere,
  FailedMount: mounted,
  FailedAttachVolume: mounted,
  Unschedulable: asksTooMuch,
  FailedCreate: refused,
};

/** The last lines of a container that crashed name a variable of its environment, or its value. */
function spokenOf({ field, details = [] }: Finding, pod: Entry, beside: Beside): Cause | undefined {
  const variables = containersNamed(field, pod).flatMap((container) => variablesOf(container, beside));
  for (const line of [...details].reverse()) {
    const spoken =
      variables.find(({ name }) => isWord(name, line)) ?? variables.find(({ value }) => wordsOf(value).some((word) => isWord(word, line)));
    if (!spoken) continue;
    const { name, value, place, leads } = spoken;
    const said = typeof value === 'string' ? [`env ${name} is ${JSON.stringify(value)}`] : [];
    return { field: place, leads, details: [...details, ...said] };
  }
  return undefined;
}

/** `couldn't find key port in ConfigMap shop/settings`, `secret "web" not found` */
function leadsNowhere({ field, message, details = [] }: Finding, pod: Entry, beside: Beside): Cause | undefined {
  const [, key, keyKind, keyName] = /couldn't find key (\S+) in (ConfigMap|Secret) (?:[^\s/]+\/)?([^\s/]+)/.exec(message) ?? [];
  const [, word, wordName] = /\b(configmap|secret) "([^"]+)" not found/.exec(message) ?? [];
  const kind = keyKind ?? (word && kinds[word]);
  const name = keyName ?? wordName;
  const container = field?.replace(/\.env$/, '');
  const variable = containersNamed(container, pod)
    .flatMap((one) => variablesOf(one, beside))
    .find(({ from }) => from && from.kind === kind && from.name === name && (key === undefined || from.key === key));
  if (!variable) return undefined;
  const there = kind && name && key ? beside(kind, name) : undefined;
  if (!there) return { field: variable.place };
  const keys = ['data', 'stringData', 'binaryData'].flatMap((part) => Object.keys(objectIn(there.attributes?.[part])));
  return {
    field: variable.place,
    leads: [{ id: there.id, field: 'data' }],
    details: [
      ...details,
      `${kind}/${name} has ${keys.length === 0 ? 'no keys' : `the ${keys.length === 1 ? 'key' : 'keys'} ${keys.join(', ')}`}`,
    ],
  };
}

const kinds: { readonly [word: string]: string } = { configmap: 'ConfigMap', secret: 'Secret' };

/** `MountVolume.SetUp failed for volume "certs"`, `unmounted volumes=[certs]` */
function mounted({ message }: Finding, pod: Entry): Cause | undefined {
  const [, quoted, listed] = /\bfor volume "([^"]+)"|\bunmounted volumes=\[([^\]\s,]+)/.exec(message) ?? [];
  const volume = entriesAt(pod, 'volumes').find(({ value }) => value.name === (quoted ?? listed));
  return volume && { field: pathText(volume.path) };
}

/** `0/3 nodes are available: 3 Insufficient cpu`, `persistentvolumeclaim "data" not found`; only what one container, or one volume, can be meant by. */
function asksTooMuch({ message }: Finding, pod: Entry, beside: Beside): Cause | undefined {
  const [, resource] = /\bInsufficient ([\w./-]*\w)/.exec(message) ?? [];
  if (resource !== undefined) {
    const [asks, ...more] = containersOf(pod).flatMap((container) =>
      objectAt(container, 'resources', 'requests').filter(({ value }) => Object.hasOwn(value, resource)),
    );
    return asks && more.length === 0 ? { field: pathText([...asks.path, resource]) } : undefined;
  }
  if (!/persistentvolumeclaim/i.test(message)) return undefined;
  const [, name] = /persistentvolumeclaim "([^"]+)"/i.exec(message) ?? [];
  const [claim, ...more] = entriesAt(pod, 'volumes')
    .flatMap((volume) => objectAt(volume, 'persistentVolumeClaim'))
    .filter(({ value }) => name === undefined || value.claimName === name);
  if (!claim || more.length > 0) return undefined;
  const there = beside('PersistentVolumeClaim', String(claim.value.claimName));
  return { field: pathText([...claim.path, 'claimName']), ...(there ? { leads: [{ id: there.id, field: 'spec' }] } : {}) };
}

/** `exceeded quota: team, requested: pods=1, used: pods=4, limited: pods=4`, `failed quota: team: must specify …` */
function refused(finding: Finding, pod: Entry, beside: Beside): Cause | undefined {
  const [, name = ''] = /\b(?:exceeded|failed) quota: ([^\s,:]+)/.exec(finding.message) ?? [];
  const quota = beside('ResourceQuota', name);
  const field = fieldRefused(finding, pod);
  return { ...(field ? { field } : {}), ...(quota ? { leads: [{ id: quota.id, field: 'spec.hard' }] } : {}) };
}

function containersNamed(field: string | undefined, pod: Entry): readonly Entry[] {
  return containersOf(pod).filter(({ path }) => pathText(path) === field);
}

/** A variable of a container's environment. */
interface Variable {
  readonly name: string;
  /** Undefined where only the cluster knows it. */
  readonly value: Json | undefined;
  /** Of the field that gives it. */
  readonly place: string;
  /** The key of another object that it is read from. */
  readonly from?: { readonly kind: string; readonly name: string; readonly key: string };
  readonly leads: readonly Lead[];
}

function variablesOf(container: Entry, beside: Beside): readonly Variable[] {
  const single = entriesAt(container, 'env').flatMap((variable) => {
    const name = String(variable.value.name);
    const reads = (['ConfigMap', 'Secret'] as const).flatMap((kind) => {
      const [ref] = objectAt(variable, 'valueFrom', kind === 'ConfigMap' ? 'configMapKeyRef' : 'secretKeyRef');
      return ref ? [readFrom({ kind, name: String(ref.value.name), key: String(ref.value.key) }, name, variable.path, beside)] : [];
    });
    const { value } = variable.value;
    return reads.length > 0 ? reads : [{ name, value, place: pathText(variable.path), leads: leadsOf(value) }];
  });
  const whole = entriesAt(container, 'envFrom').flatMap((source) =>
    (['ConfigMap', 'Secret'] as const).flatMap((kind) =>
      objectAt(source, kind === 'ConfigMap' ? 'configMapRef' : 'secretRef').flatMap((ref) => {
        const from = { kind, name: String(ref.value.name) };
        const there = beside(from.kind, from.name)?.attributes ?? {};
        const keys = [...Object.keys(objectIn(there.data)), ...Object.keys(objectIn(there.stringData))];
        const prefix = typeof source.value.prefix === 'string' ? source.value.prefix : '';
        // Of one that is not of this program no key is known, but it may be the one that is missing.
        const named = keys.map((key) => readFrom({ ...from, key }, `${prefix}${key}`, source.path, beside));
        return named.length > 0 ? named : [readFrom({ ...from, key: '' }, '', source.path, beside)];
      }),
    ),
  );
  return [...single, ...whole];
}

function readFrom(from: Required<Variable>['from'], name: string, path: Path, beside: Beside): Variable {
  const there = beside(from.kind, from.name);
  const part = there && ['stringData', 'data'].find((one) => Object.hasOwn(objectIn(there.attributes?.[one]), from.key));
  const value = part === undefined ? undefined : at(there?.attributes, part, from.key);
  const leads = there && part !== undefined ? [{ id: there.id, field: pathText([part, from.key]) }, ...leadsOf(value)] : [];
  return { name, value: from.kind === 'Secret' ? undefined : value, place: pathText(path), from, leads };
}

/** What other resource tells a value. */
function leadsOf(value: Json | undefined): readonly Lead[] {
  const later = asLater(value);
  if (!later) return [];
  if ('$ref' in later) return [{ id: later.$ref.resource, field: pathText(later.$ref.path) }];
  const parts = '$concat' in later ? later.$concat : '$base64' in later ? [later.$base64] : '$json' in later ? [later.$json] : [];
  return parts.flatMap(leadsOf);
}

function objectIn(value: Json | undefined): { readonly [key: string]: Json } {
  return isObject(value) && !asLater(value) ? value : {};
}
