// Whether a version of Kubernetes has a kind, and what to write where it has not.
import { apiVersionOf, type Kind, kindOf, typeOf } from '../address';
import type { Fault } from './fault';
import { type Removed, removedKind } from './removed';
import { enumHint } from './suggest';
import { type BuiltIn, builtIn, builtIns } from './table';

/** A built-in kind that this version has; what is wrong with it, if it has not; or `other`: it is not for Kubernetes itself to know. */
export type KindFound =
  | { readonly is: 'known'; readonly kind: BuiltIn; readonly faults: readonly Fault[] }
  | { readonly is: 'wrong'; readonly faults: readonly Fault[] }
  | { readonly is: 'other' };

export function findKind(type: string, minor: number): KindFound {
  const kind = builtIn(type);
  if (kind && minor >= kind.from && minor <= kind.to) return { is: 'known', kind, faults: offByDefault(kind) };
  const wanted = kindOf(type);
  if (kind) return { is: 'wrong', faults: [minor < kind.from ? notYet(kind, minor) : noLonger(kind, minor)] };
  const removed = removedKind(apiVersionOf(wanted), wanted.kind);
  if (removed) return { is: 'wrong', faults: [removedFault(wanted, removed)] };
  return missingKind(wanted, minor);
}

const apiVersion = ['apiVersion'] as const;

/** Before these two words became a promise, some were on. https://kubernetes.io/docs/reference/using-api/#api-versioning */
const onByDefault = new Set(['flowcontrol.apiserver.k8s.io/v1beta3']);

function offByDefault({ type }: BuiltIn): readonly Fault[] {
  const version = apiVersionOf(kindOf(type));
  if (!/(alpha|beta)\d+$/.test(version) || onByDefault.has(version)) return [];
  const message = `${version} is served only where the cluster switches it on (--runtime-config=${version}=true).`;
  return [{ path: apiVersion, message, severity: 'warning' }];
}

function notYet(kind: BuiltIn, minor: number): Fault {
  const { kind: name } = kindOf(kind.type);
  const older = versionsOf(kindOf(kind.type), minor)[0];
  const message = `${kind.type} comes with Kubernetes 1.${kind.from}.`;
  return { path: apiVersion, message, hint: older ? `Until then ${name} is in ${older}.` : `Go to Kubernetes 1.${kind.from} first.` };
}

function noLonger(kind: BuiltIn, minor: number): Fault {
  const newer = versionsOf(kindOf(kind.type), minor)[0];
  const message = `${kind.type} is gone since Kubernetes 1.${kind.to + 1}.`;
  return { path: apiVersion, message, hint: newer ? useInstead(newer) : 'It has no successor.' };
}

function removedFault(kind: Kind, { in: minor, use, hint }: Removed): Fault {
  const message = `${typeOf(apiVersionOf(kind), kind.kind)} is gone since Kubernetes 1.${minor}.`;
  return { path: apiVersion, message, hint: [use === undefined ? [] : useInstead(use), hint ?? []].flat().join(' ') };
}

function useInstead(version: string): string {
  return `Use apiVersion: ${version}.`;
}

/** The apiVersions of a group that have this kind, the stable ones first. */
function versionsOf({ group, kind }: Pick<Kind, 'group' | 'kind'>, minor: number): readonly string[] {
  return builtIns()
    .filter((one) => one.from <= minor && one.to >= minor)
    .map((one) => kindOf(one.type))
    .filter((one) => one.group === group && one.kind === kind)
    .map(apiVersionOf)
    .sort((a, b) => stability(b) - stability(a));
}

function stability(version: string): number {
  return version.includes('alpha') ? 0 : version.includes('beta') ? 1 : 2;
}

function missingKind(wanted: Kind, minor: number): KindFound {
  const here = builtIns()
    .filter((one) => one.from <= minor && one.to >= minor)
    .map((one) => kindOf(one.type));
  const isOurs = here.some(({ group }) => group === wanted.group);
  // A group of a custom kind has a dot in it: https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/
  if (!isOurs && wanted.group.includes('.')) return { is: 'other' };
  const said = typeOf(apiVersionOf(wanted), wanted.kind);
  const same = versionsOf(wanted, minor)[0];
  if (same) return { is: 'wrong', faults: [{ path: apiVersion, message: `Kubernetes has no ${said}.`, hint: useInstead(same) }] };
  const elsewhere = here.find(({ kind, version }) => kind === wanted.kind && stability(version) === 2);
  if (elsewhere)
    return {
      is: 'wrong',
      faults: [{ path: apiVersion, message: `Kubernetes has no ${said}.`, hint: useInstead(apiVersionOf(elsewhere)) }],
    };
  const names = [...new Set(here.filter(({ group }) => !isOurs || group === wanted.group).map(({ kind }) => kind))];
  const all = [...new Set(here.map(({ kind }) => kind))];
  const hint = enumHint(wanted.kind, names) ?? enumHint(wanted.kind, all) ?? 'Check apiVersion and kind.';
  return { is: 'wrong', faults: [{ path: ['kind'], message: `Kubernetes has no ${said}.`, hint }] };
}
