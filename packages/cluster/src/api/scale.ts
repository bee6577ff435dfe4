import type { Kind } from '../kinds/kind';
import type { KubeObject, LabelSelector } from '../objects';
import { decode } from '../schema/decode';
import { schemas } from '../schema/schemas';
import { isObject, type JsonObject } from '../schema/type';
import { printSelector } from '../store/selector';
import type { World } from '../world';
import { badRequest, invalid, notFound, problem } from './failure';
import { applyPatch, type PatchKind } from './patch';
import { read, update, type Writing } from './write';

/** The replicas of a workload, as the `scale` subresource shows them. */
export function scaleOf(live: KubeObject): JsonObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = live.metadata;
  const spec = live.spec as { replicas?: number; selector?: LabelSelector };
  const status = live.status as { replicas?: number };
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { ...(spec.replicas ? { replicas: spec.replicas } : {}) },
    status: { replicas: status.replicas ?? 0, selector: printSelector(spec.selector) },
  };
}

export function patchScale(
  world: World,
  kind: Kind,
  live: KubeObject | undefined,
  name: string,
  change: { readonly kind: PatchKind; readonly body: unknown },
  writing: Writing,
): JsonObject {
  if (!live) throw notFound(kind, name);
  return writeScale(world, kind, live, applyPatch(undefined, scaleOf(live), change), writing);
}

export function replaceScale(
  world: World,
  kind: Kind,
  live: KubeObject | undefined,
  name: string,
  body: unknown,
  writing: Writing,
): JsonObject {
  if (!live) throw notFound(kind, name);
  return writeScale(world, kind, live, body, writing);
}

function writeScale(world: World, kind: Kind, live: KubeObject, body: unknown, writing: Writing): JsonObject {
  if (!isObject(body)) throw badRequest('the scale is no object');
  const scale = decode(schemas.scale.type('Scale'), body) as unknown as {
    metadata: { resourceVersion?: string };
    spec: { replicas: number };
  };
  const replicas = scale.spec.replicas ?? 0;
  if (replicas < 0)
    throw invalid({ group: 'autoscaling', kind: 'Scale' }, live.metadata.name, [
      problem.invalid('spec.replicas', replicas, 'must be greater than or equal to 0'),
    ]);
  const { resourceVersion: _, ...metadata } = live.metadata;
  const { resourceVersion } = scale.metadata;
  const next = {
    ...live,
    metadata: { ...metadata, ...(resourceVersion && { resourceVersion }) },
    spec: { ...(live.spec as object), replicas },
  };
  const decoded = read(kind, next as unknown as JsonObject, writing);
  return scaleOf(update(world, kind, live, decoded, { ...writing, subresource: 'scale' }));
}
