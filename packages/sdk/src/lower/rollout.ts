// Pods are replaced when a ConfigMap or a Secret of the program that they use changes: an annotation of their template holds a hash of what is in it.
import { asLater, isObject, type Json, type JsonObject } from '@konfig/core';
import { concat, fingerprint } from '../put-together';
import { usedBy } from './pod-references';
import { podTemplateOf, withPodTemplate } from './pod-spec';

/** An object on its way, as far as its pods mind it. */
interface Used {
  readonly target: string;
  readonly manifest: JsonObject;
  /** It is named by its content, so pods that use it change with its name. */
  readonly versioned: boolean;
  /** Are its pods replaced when what they use changes? */
  readonly rolloutOnChange: boolean;
}

const annotations = { ConfigMap: 'konfig.dev/config-hash', Secret: 'konfig.dev/secret-hash' } as const;

/** The objects; those that ask for it with hashes of what their pods use. An annotation that is there already stays. */
export function withHashes<T extends Used>(objects: readonly T[]): readonly T[] {
  const contents = new Map(objects.filter(({ versioned }) => !versioned).flatMap(contentOf));
  return objects.map((object) => {
    const template = object.rolloutOnChange ? podTemplateOf(object.manifest) : undefined;
    if (!isObject(template?.spec)) return object;
    const used = [...usedBy(template.spec)].sort();
    const hashes = Object.entries(annotations).flatMap(([kind, annotation]) => {
      const content = used.filter((one) => one.startsWith(`${kind}/`)).flatMap((one) => contents.get(placeOf(object, one)) ?? []);
      return content.length > 0 ? [[annotation, fingerprint(concat(content))] as const] : [];
    });
    return hashes.length > 0 ? { ...object, manifest: withPodTemplate(object.manifest, (one) => annotated(one, hashes)) } : object;
  });
}

function annotated(template: JsonObject, hashes: readonly (readonly [string, Json])[]): JsonObject {
  const metadata = isObject(template.metadata) ? template.metadata : {};
  const there = isObject(metadata.annotations) ? metadata.annotations : {};
  return { ...template, metadata: { ...metadata, annotations: { ...Object.fromEntries(hashes), ...there } } };
}

/** By its place, what is in a ConfigMap or a Secret, as pieces of one text. */
function contentOf(object: Used): readonly (readonly [string, readonly Json[]])[] {
  const { apiVersion, kind, metadata, data, stringData, binaryData } = object.manifest;
  if (apiVersion !== 'v1' || (kind !== 'ConfigMap' && kind !== 'Secret') || !isObject(metadata)) return [];
  const entries = [data, binaryData, stringData].flatMap((values) => (isObject(values) ? Object.entries(values) : []));
  const pieces = entries.flatMap(([key, value]) => [`${key}=`, inText(value), '\n']);
  return pieces.length > 0 ? [[placeOf(object, `${kind}/${metadata.name}`), pieces]] : [];
}

/** What is encoded is as good as what it is made of, and shorter. */
function inText(value: Json): Json {
  const later = asLater(value);
  return later && '$base64' in later ? later.$base64 : value;
}

function placeOf({ target, manifest: { metadata } }: Used, name: string): string {
  return JSON.stringify([target, (isObject(metadata) && metadata.namespace) || '', name]);
}
