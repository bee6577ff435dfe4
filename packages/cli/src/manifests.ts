// A Spec as plain manifests, for kubectl and for GitOps repositories. What is known only later cannot be in there, and that is said.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type JsonObject,
  KonfigError,
  latersIn,
  type Problem,
  pathText,
  type Resource,
  type SourceTable,
  type Spec,
  shortId,
  sourceOf,
  toYaml,
  toYamlStream,
} from '@konfig/core';
import { shownSpec } from './literal-secret';
import { withLaterText } from './render/later-text';
import { isTerraform } from './terraform-files';

/** Every object in the order of the Spec, as one stream of YAML documents. Terraform stacks are none. */
export function manifestStream(spec: Spec, sources: SourceTable): string {
  checkComplete(spec, sources);
  return toYamlStream(objectsOf(spec).map(manifestOf));
}

/** The same for reading only: a value that no file holds is told in words. */
export function shownManifests(spec: Spec): string {
  return toYamlStream(shownSpec(spec).resources.map((resource) => withLaterText(manifestOf(resource)) as JsonObject));
}

/** Writes one file an object into the folder, and removes files of objects that are no more. Gives the names. */
export function writeManifests(spec: Spec, sources: SourceTable, folder: string): readonly string[] {
  checkComplete(spec, sources);
  const files = new Map(objectsOf(spec).map((resource) => [fileName(resource), toYaml(manifestOf(resource))]));
  mkdirSync(folder, { recursive: true });
  for (const old of readdirSync(folder)) if (old.endsWith(ending) && !files.has(old)) rmSync(join(folder, old));
  for (const [name, text] of files) writeFileSync(join(folder, name), text);
  return [...files.keys()];
}

const ending = '.k8s.yaml';

/** All but what Terraform makes, which has files of its own. */
function objectsOf(spec: Spec): readonly Resource[] {
  return spec.resources.filter((resource) => !isTerraform(resource));
}

/** apiVersion, kind and metadata first, as people write them. What is of another system, only for reading, by its id. */
function manifestOf(resource: Resource): JsonObject {
  if (resource.runtime !== 'kubernetes') return { resource: resource.id, ...resource.attributes };
  const { apiVersion, kind, metadata, ...rest } = resource.attributes;
  return {
    ...(apiVersion === undefined ? {} : { apiVersion }),
    ...(kind === undefined ? {} : { kind }),
    ...(metadata === undefined ? {} : { metadata }),
    ...rest,
  };
}

function fileName(resource: Resource): string {
  return `${resource.id.replace(/[^\w.-]+/g, '-').toLowerCase()}${ending}`;
}

/** A `$ref` or `$secret` has no place in a file that is applied as it is, nor what no cluster keeps. */
function checkComplete(spec: Spec, sources: SourceTable): void {
  const others = spec.resources.filter(({ runtime }) => runtime !== 'kubernetes');
  const problems = objectsOf(spec).flatMap((resource) =>
    others.includes(resource)
      ? [ofAnotherSystem(resource, sources)]
      : latersIn(resource.attributes)
          .slice(0, 1)
          .map(({ path, later }): Problem => {
            const source = sourceOf(sources, resource.id, pathText(path));
            const isSecret = '$secret' in later || '$base64' in later || '$hash' in later;
            return {
              code: 'SPEC_REFERENCE',
              message: `${shortId(resource.id)} has ${isSecret ? 'a secret' : 'a value that is known only after an apply'} in ${pathText(path)}; a plain manifest cannot hold it.`,
              hint: 'Write the Spec instead (--format spec), or apply with konfig apply.',
              at: resource.id,
              ...(source ? { source } : {}),
            };
          }),
  );
  if (problems.length > 0) throw new KonfigError(problems);
}

function ofAnotherSystem({ id, runtime }: Resource, sources: SourceTable): Problem {
  const source = sourceOf(sources, id);
  return {
    code: 'SPEC_REFERENCE',
    message: `${shortId(id)} is kept by a ${runtime}, not by a cluster; no plain manifest makes it.`,
    hint: 'Write the Spec instead (--format spec), or apply with konfig apply.',
    at: id,
    ...(source ? { source } : {}),
  };
}
