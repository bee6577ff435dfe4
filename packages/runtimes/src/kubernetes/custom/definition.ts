// CustomResourceDefinitions, as far as we read them: what a kind is called, which versions it has, and their schemas.
import { isObject, type Json, type JsonObject } from '@konfig/core';
import { type Kind, kindOf } from '../address';
import { objectOf } from '../answer';
import { objectPath, type ServedKind } from '../discovery';
import { asJson } from '../objects';
import type { World } from '../world';

/** What a CustomResourceDefinition says, in the cluster or in a program. */
export interface Definition {
  /** `lamps.home.example` */
  readonly name: string;
  readonly group: string;
  readonly kind: string;
  readonly plural: string;
  readonly scope: string;
  readonly versions: readonly DefinedVersion[];
  /** Versions in which objects may be stored, by the cluster's word; empty in a program. */
  readonly storedVersions: readonly string[];
}

export interface DefinedVersion {
  readonly name: string;
  readonly served: boolean;
  readonly storage: boolean;
  readonly schema: JsonObject | undefined;
  /** Has a status of its own path, which its controller writes. */
  readonly hasStatus: boolean;
}

/** Undefined: it is none, or not well formed, which the server will say. */
export function definitionOf(attributes: JsonObject): Definition | undefined {
  const { kind, metadata, spec, status } = attributes;
  if (kind !== 'CustomResourceDefinition' || !isObject(spec) || !isObject(spec.names) || !Array.isArray(spec.versions)) return undefined;
  const { group, scope, names } = spec;
  if (typeof group !== 'string' || typeof names.kind !== 'string' || typeof names.plural !== 'string') return undefined;
  const stored = isObject(status) ? status.storedVersions : undefined;
  return {
    name: isObject(metadata) ? String(metadata.name) : '',
    group,
    kind: names.kind,
    plural: names.plural,
    scope: String(scope),
    versions: spec.versions.flatMap(versionOf),
    storedVersions: Array.isArray(stored) ? stored.map(String) : [],
  };
}

function versionOf(version: Json): readonly DefinedVersion[] {
  if (!isObject(version) || typeof version.name !== 'string') return [];
  const schema = isObject(version.schema) ? version.schema.openAPIV3Schema : undefined;
  return [
    {
      name: version.name,
      served: version.served === true,
      storage: version.storage === true,
      schema: isObject(schema) ? schema : undefined,
      hasStatus: isObject(version.subresources) && isObject(version.subresources.status),
    },
  ];
}

export const definitionKind: Kind = kindOf('apiextensions.k8s.io/v1/CustomResourceDefinition');

/** The definition behind a kind that the cluster serves; undefined for kinds that are not custom, or where it may not be read. */
export async function readDefinition(world: World, { group, plural }: ServedKind, signal: AbortSignal): Promise<Definition | undefined> {
  if (!group.includes('.')) return undefined;
  const served = await world.discovery.find(definitionKind, signal);
  if (!served) return undefined;
  const live = objectOf(await world.client.request({ method: 'GET', path: objectPath(served, { name: `${plural}.${group}` }) }, signal));
  return live && definitionOf(asJson(live));
}
