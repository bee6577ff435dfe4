// Who an object belongs to, and what to do when a field is somebody else's.
import type { Json, JsonObject, Owner } from '@konfig/core';
import { isObject } from '@konfig/core';
import { unionOf } from './field-set';
import type { Cause, KubeObject, ManagedFields } from './objects';

/** The mark that we put on everything we apply. */
export const stackAnnotation = 'konfig.dev/stack';
export const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** Who says that this object is theirs; undefined when it is this stack. */
export function ownerOf(object: KubeObject, stack: string): Owner | undefined {
  const { annotations = {}, labels = {} } = object.metadata;
  const mark = annotations[stackAnnotation];
  if (mark !== undefined) return mark === stack ? undefined : { name: `Konfig stack ${mark}`, kind: 'konfig' };
  const release = annotations['meta.helm.sh/release-name'];
  if (release !== undefined && labels['app.kubernetes.io/managed-by'] === 'Helm') return { name: `Helm release ${release}`, kind: 'helm' };
  const application = annotations['argocd.argoproj.io/tracking-id']?.split(':')[0] ?? labels['argocd.argoproj.io/instance'];
  if (application !== undefined) return { name: `Argo CD application ${application}`, kind: 'argocd' };
  const kustomization = labels['kustomize.toolkit.fluxcd.io/name'];
  if (kustomization !== undefined) return { name: `Flux kustomization ${kustomization}`, kind: 'flux' };
  const helmRelease = labels['helm.toolkit.fluxcd.io/name'];
  if (helmRelease !== undefined) return { name: `Flux Helm release ${helmRelease}`, kind: 'flux' };
  return { name: 'nobody', kind: 'nobody' };
}

/** One field that another manager owns with another value. */
export interface Conflict {
  /** `.spec.replicas` */
  readonly field: string;
  readonly manager: string;
  readonly subresource?: string;
}

/** What the causes of a 409 say: `conflict with "kubectl" with subresource "scale" using apps/v1`. */
export function conflictsOf(causes: readonly Cause[]): readonly Conflict[] {
  return causes
    .filter((cause) => cause.reason === 'FieldManagerConflict')
    .map((cause) => {
      const found = /conflict with "((?:[^"\\]|\\.)*)"(?: with subresource "([^"]*)")?/.exec(cause.message ?? '');
      return {
        field: cause.field ?? '',
        manager: found?.[1] ?? 'another manager',
        ...(found?.[2] ? { subresource: found[2] } : {}),
      };
    });
}

/**
 * A controller keeps the field (an autoscaler's replicas); a person's edit is drift, which the plan shows and takes back;
 * another tool would fight with us for ever, so that is for people to decide.
 */
export function sideOf(conflict: Conflict): 'controller' | 'person' | 'tool' {
  if (
    /^kubectl($|-)|^(k9s|[Oo]pen[Ll]ens|[Ll]ens|freelens|headlamp|before-first-apply|Mozilla|node-fetch|dashboard)$/.test(conflict.manager)
  )
    return 'person';
  if (/^(kube-controller-manager|vpa-|keda-|cluster-autoscaler|karpenter|horizontal-pod-autoscaler)/.test(conflict.manager))
    return 'controller';
  return conflict.subresource === 'scale' ? 'controller' : 'tool';
}

const clientSide = 'kubectl-client-side-apply';

/** Was it made by `kubectl apply` without `--server-side`? */
export function isClientSide(object: KubeObject): boolean {
  return (object.metadata.managedFields ?? []).some(isClientSideEntry);
}

/**
 * What belongs to somebody else changes hands as a whole or not at all, so its owner's fields are no conflict; the same holds for
 * what a person made with `kubectl apply`.
 */
export function changesHands(live: KubeObject, owner: Owner | undefined): boolean {
  return owner !== undefined && (owner.kind !== 'nobody' || isClientSide(live));
}

/**
 * The managers with those of client-side apply folded into ours, so that a field that goes from the program really disappears.
 * https://kubernetes.io/docs/reference/using-api/server-side-apply/#upgrading-from-client-side-apply-to-server-side-apply
 */
export function foldManagers(entries: readonly ManagedFields[], manager: string, apiVersion: string): readonly ManagedFields[] {
  const isOurs = (entry: ManagedFields) => entry.manager === manager && entry.operation === 'Apply' && entry.apiVersion === apiVersion;
  const folded = entries.filter((entry) => isOurs(entry) || (isClientSideEntry(entry) && entry.apiVersion === apiVersion));
  const ours: ManagedFields = {
    manager,
    operation: 'Apply',
    apiVersion,
    fieldsType: 'FieldsV1',
    fieldsV1: unionOf(folded.map((entry) => entry.fieldsV1 ?? {})),
  };
  return [...entries.filter((entry) => !folded.includes(entry)), ours];
}

export function isClientSideEntry(entry: ManagedFields): boolean {
  return entry.manager === clientSide && entry.operation === 'Update' && !entry.subresource;
}

/** What `kubectl apply` was given last; undefined when it did not say or it cannot be read. */
export function lastAppliedOf(object: KubeObject): JsonObject | undefined {
  try {
    const value = JSON.parse(object.metadata.annotations?.[lastApplied] ?? 'null') as Json;
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
