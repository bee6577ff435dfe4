// CustomResourceDefinitions that a monorepo keeps in its folder crds/, for kinds that no program of it brings.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject, Problem } from '@konfig/core';

export interface KnownDefinitions {
  readonly definitions: readonly JsonObject[];
  /** What is wrong with the files. */
  readonly problems: readonly Problem[];
}

const folder = 'crds';
const read = new Map<string, KnownDefinitions>();

/** Those of the monorepo with this root; read once, since they may be megabytes. */
export function knownDefinitions(root: string): KnownDefinitions {
  const known = read.get(root) ?? readDefinitions(root);
  read.set(root, known);
  return known;
}

function readDefinitions(root: string): KnownDefinitions {
  const path = join(root, folder);
  if (!existsSync(path)) return { definitions: [], problems: [] };
  // The SDK takes a tenth of a second to load.
  const { manifestFiles, readManifests } = require('@konfig/sdk') as typeof import('@konfig/sdk');
  const { files, problems } = manifestFiles(path, folder);
  const found = files.map(({ text, file }) => readManifests(text, file));
  return {
    definitions: found.flatMap(({ objects }) => objects.map(({ manifest }) => manifest)),
    problems: [...problems, ...found.flatMap((one) => one.problems)],
  };
}
