import { valueAt } from '../custom/kind';
import type { Kind } from '../kinds/kind';
import type { KubeObject, LabelSelector } from '../objects';
import { schemas } from '../schema/schemas';
import { isObject, type JsonObject } from '../schema/type';
import { printSelector } from '../store/selector';
import type { World } from '../world';
import { failure, invalid, notFound, problem } from './failure';
import { applyPatch, type PatchKind, readPatched } from './patch';
import { type BodyKind, bodyOf, read, requirePlace } from './read';
import { requireSameObject, update } from './write';
import type { Writing } from './writing';

/** The replicas of a workload, as the `scale` subresource shows them. */
export function scaleOf(kind: Kind, live: KubeObject): JsonObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = live.metadata;
  const { wished, counted, selector } = countsOf(kind, live);
  return {
    apiVersion: 'autoscaling/v1',
    kind: 'Scale',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { ...(wished ? { replicas: wished } : {}) },
    status: { replicas: counted ?? 0, ...(selector && { selector }) },
  };
}

interface Counts {
  readonly wished: number | undefined;
  readonly counted: number | undefined;
  readonly selector: string | undefined;
}

function countsOf(kind: Kind, live: KubeObject): Counts {
  const paths = kind.rules.scale;
  if (typeof paths === 'object') {
    const wished = valueAt(live, paths.specReplicasPath) as number | undefined;
    if (wished === undefined)
      throw failure(
        500,
        'InternalError',
        `Internal error occurred: the spec replicas field ${JSON.stringify(paths.specReplicasPath)} does not exist`,
      );
    const selector = paths.labelSelectorPath && (valueAt(live, paths.labelSelectorPath) as string | undefined);
    return { wished, counted: valueAt(live, paths.statusReplicasPath) as number | undefined, selector };
  }
  const spec = live.spec as { replicas?: number; selector?: LabelSelector };
  return { wished: spec.replicas, counted: (live.status as { replicas?: number }).replicas, selector: printSelector(spec.selector) };
}

/** What the subresource takes. */
export const scaleBody: BodyKind = {
  group: 'autoscaling',
  version: 'v1',
  apiVersion: 'autoscaling/v1',
  kind: 'Scale',
  type: schemas.autoscalingV1.type('Scale'),
  rules: {},
};

export function patchScale(
  world: World,
  kind: Kind,
  live: KubeObject | undefined,
  name: string,
  change: { readonly kind: PatchKind; readonly body: unknown },
  writing: Writing,
): JsonObject {
  if (!live) throw notFound(kind, name);
  const patched = applyPatch(scaleBody.type, scaleOf(kind, live), change);
  return writeScale(world, kind, live, readPatched(scaleBody, patched, live, writing), writing);
}

export function replaceScale(
  world: World,
  kind: Kind,
  live: KubeObject | undefined,
  name: string,
  body: unknown,
  writing: Writing,
): JsonObject {
  const scale = read(scaleBody, bodyOf(scaleBody, body), writing);
  if (!live) throw notFound(kind, name);
  requirePlace(scale, live.metadata.namespace ?? '', name);
  return writeScale(world, kind, live, scale, writing);
}

function writeScale(world: World, kind: Kind, live: KubeObject, scale: KubeObject, writing: Writing): JsonObject {
  requireSameObject(kind, live, scale.metadata.uid);
  const { replicas = 0 } = scale.spec as { replicas?: number };
  if (replicas < 0 && !kind.custom)
    throw invalid(scaleBody, live.metadata.name, [problem.invalid('spec.replicas', replicas, 'must be greater than or equal to 0')]);
  const { resourceVersion: _, ...metadata } = live.metadata;
  const { resourceVersion } = scale.metadata;
  const next = { ...withReplicas(kind, live, replicas), metadata: { ...metadata, ...(resourceVersion && { resourceVersion }) } };
  const decoded = read(kind, next as unknown as JsonObject, { manager: writing.manager });
  return scaleOf(kind, update(world, kind, live, decoded, { ...writing, subresource: 'scale' }));
}

function withReplicas(kind: Kind, live: KubeObject, replicas: number): object {
  const path = typeof kind.rules.scale === 'object' ? kind.rules.scale.specReplicasPath : '.spec.replicas';
  return setAt(live, path.split('.').slice(1), replicas);
}

function setAt(object: unknown, [key = '', ...rest]: readonly string[], value: unknown): JsonObject {
  const known = isObject(object) ? object : {};
  return { ...known, [key]: rest.length === 0 ? value : setAt(known[key], rest, value) };
}
