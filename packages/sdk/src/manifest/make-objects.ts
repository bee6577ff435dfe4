// Manifests that were read, as objects in the tree.
import { isObject, type Json, type JsonObject, type SourceLine } from '@konfig/core';
import type { Component } from '../component';
import { KubernetesObject } from '../object';
import { shown } from '../shape';
import { report, synthOf } from '../synth';
import { overridden } from '../workload/override';
import type { ManifestObject } from './read-manifests';
import { withoutServed } from './served';

/** A Kubernetes object as it stands in a manifest. */
export interface KubernetesManifest extends JsonObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly [field: string]: Json };
}

/** A manifest or a part of one: JSON, with Outputs wherever a value is known only later. */
export interface ManifestFields {
  readonly [field: string]: unknown;
}

/** An object that was read. */
export interface ReadObject {
  readonly manifest: JsonObject;
  /** Unknown for objects of the program's own. */
  readonly source?: ManifestObject['source'] | undefined;
}

/** How objects are changed before they stand in the tree. */
export interface Changes {
  readonly namespace?: string;
  readonly override?: { readonly [object: string]: ManifestFields };
  readonly transform?: (object: KubernetesManifest) => ManifestFields | undefined;
  /** The call that asks for it. */
  readonly line?: SourceLine | undefined;
}

/** Makes the objects under the owner. */
export function makeObjects(owner: Component, read: readonly ReadObject[], changes: Changes): readonly KubernetesObject[] {
  const ids = new Map<string, number>();
  return read.flatMap((one) => {
    const { manifest: before, left } = withoutServed(one.manifest);
    if (left.length > 0) {
      const message = `${nameOf(before)} was printed by a cluster: ${left.join(', ')} are left out.`;
      const hint = 'Take them out of the file.';
      report(owner, { code: 'MANIFEST_INVALID', message, hint, severity: 'warning' }, one.source?.made);
    }
    // A transform may change what it is given.
    const read = changes.transform ? structuredClone(before) : before;
    const manifest = changed(owner, before, changes);
    if (!manifest) return [];
    const name = nameOf(manifest);
    const count = (ids.get(name) ?? 0) + 1;
    ids.set(name, count);
    // Two of one name are told where all objects of the stack are known.
    const object = new KubernetesObject(owner, `${name.replaceAll('/', '-')}${count > 1 ? `-${count}` : ''}`, manifest);
    if (one.source) synthOf(owner)?.noteRead(object, { source: one.source, manifest: read });
    return [object];
  });
}

function changed(owner: Component, before: JsonObject, { override, transform, namespace, line }: Changes): KubernetesManifest | undefined {
  const over = overridden(before, override?.[nameOf(before)]);
  const wished = transform ? transform(over as KubernetesManifest) : over;
  if (wished === undefined) return undefined;
  if (!isManifest(wished)) {
    const message = `transform made ${shown(wished)} of ${nameOf(before)}.`;
    const hint = 'Give back an object with apiVersion, kind and metadata.name, or undefined to leave it out.';
    report(owner, { code: 'PROPS_INVALID', message, hint, at: 'transform' }, line);
    return undefined;
  }
  const { namespace: own, ...metadata } = wished.metadata;
  const place = own || namespace;
  return { ...wished, metadata: { ...metadata, ...(place !== undefined && { namespace: place }) } };
}

/** Has it what every object has? */
export function isManifest(value: unknown): value is KubernetesManifest {
  if (!isObject(value) || !isObject(value.metadata)) return false;
  return [value.apiVersion, value.kind, value.metadata.name].every((text) => typeof text === 'string' && text !== '');
}

/** `Deployment/web` */
export function nameOf({ kind, metadata }: JsonObject): string {
  return `${kind}/${isObject(metadata) ? metadata.name : ''}`;
}
