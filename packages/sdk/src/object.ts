// A Kubernetes object in the tree: cdk8s' ApiObject, with outputs.
import type { JsonObject } from '@konfig/core';
import { ApiObject } from 'cdk8s';
import { type Output, outputOf } from './output';

/**
 * Any Kubernetes object, written as its manifest. Being a cdk8s ApiObject, it takes `addJsonPatch(JsonPatch.replace('/spec/…', …))`.
 *
 * ```ts
 * new KubernetesObject(this, 'config', { apiVersion: 'v1', kind: 'ConfigMap', data: { LEVEL: 'info' } });
 * ```
 */
export class KubernetesObject extends ApiObject {
  /**
   * A field of the object as it is once applied, for use in other resources, which then wait for it.
   *
   * ```ts
   * web.service.output('status.loadBalancer.ingress[0].ip')
   * ```
   * @throws KonfigError PROPS_INVALID when the path cannot be read.
   */
  output<T = string>(path: string): Output<T> {
    return outputOf<T>(this, path);
  }
}

/** The manifest without what is undefined, null or an empty map: for metadata, where an empty map says nothing. */
export function withoutEmpty(manifest: { readonly [key: string]: unknown }): JsonObject {
  return Object.fromEntries(
    Object.entries(manifest).filter(([, value]) => {
      if (value === undefined || value === null) return false;
      return typeof value !== 'object' || Array.isArray(value)
        ? !(Array.isArray(value) && value.length === 0)
        : Object.keys(value).length > 0;
    }),
  ) as JsonObject;
}
