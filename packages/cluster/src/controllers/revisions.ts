import { sameJson } from '../fields/atom';
import type { KubeObject, Labels, PodTemplate } from '../objects';
import type { Actor } from './actor';
import { controllerReference } from './controller';
import { contentHash } from './hash';

const resource = 'controllerrevisions.apps';

/** Whose templates are remembered, and by which label a remembered one carries its hash. */
export interface Remembered extends KubeObject {
  readonly spec: { readonly template: PodTemplate; readonly revisionHistoryLimit: number };
}

/** Keeps the template of an object as a ControllerRevision, and gives back its hash; a template that comes back is the newest again. */
export function recordRevision(actor: Actor, owner: Remembered, hashLabel: string, collisions: number | undefined): string {
  const namespace = owner.metadata.namespace ?? '';
  const { template } = owner.spec;
  const hash = contentHash(template, collisions);
  const known = actor.owned(resource, owner);
  const newest = Math.max(0, ...known.map(numberOf));
  const data = { spec: { template: { ...template, $patch: 'replace' } } };
  const same = known.find((one) => one.metadata.name === `${owner.metadata.name}-${hash}`);
  if (same) {
    if (numberOf(same) < newest) actor.change(resource, same, { revision: newest + 1 });
    return hash;
  }
  const annotations = withoutApplied(owner.metadata.annotations);
  actor.create(resource, namespace, {
    metadata: {
      name: `${owner.metadata.name}-${hash}`,
      labels: { ...template.metadata.labels, [hashLabel]: hash },
      ...(annotations && { annotations }),
      ownerReferences: [controllerReference(owner)],
    },
    data,
    revision: newest + 1,
  });
  return hash;
}

function withoutApplied(annotations: Labels | undefined): Labels | undefined {
  if (!annotations) return undefined;
  const { 'kubectl.kubernetes.io/last-applied-configuration': _, ...rest } = annotations;
  return sameJson(rest, {}) ? undefined : rest;
}

/** Forgets the oldest templates that no pod is of, beyond the owner's limit. */
export function forgetRevisions(actor: Actor, owner: Remembered, isUsed: (revision: KubeObject) => boolean): void {
  const unused = actor
    .owned(resource, owner)
    .filter((one) => !isUsed(one))
    .sort((a, b) => numberOf(a) - numberOf(b));
  for (const one of unused.slice(0, Math.max(0, unused.length - owner.spec.revisionHistoryLimit))) actor.remove(resource, one);
}

function numberOf(revision: KubeObject): number {
  return Number(revision.revision ?? 0);
}
