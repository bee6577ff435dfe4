// A bundle is kept with all that it was made of. While nothing of that has changed, it is not made again: commands on the same commit, and
// the stacks of one project, share it.
import { readFileSync } from 'node:fs';
import { extname, join, resolve } from 'node:path';
import { ownVersion } from '../version';
import { writeWhole } from '../write-whole';
import type { Bundle, BundleOptions } from './bundle';
import { stampsOf } from './source-stamps';
import { areAsStamped, changedSince, shortName, stampOf } from './stamp';

interface Kept {
  readonly version: string;
  readonly bundle: Bundle;
  /** By path: when it was changed and its size, or that it is not there. */
  readonly stamps: { readonly [path: string]: string };
}

/** The bundle of a project, made anew where anything has changed. Fails as `bundleProject` does. */
export async function bundleOf(project: string, root: string, options: BundleOptions): Promise<Bundle> {
  const kept = keptBundle(project, root, options);
  if (kept) return kept;
  const { bundleProject } = require('./bundle') as typeof import('./bundle');
  const began = Date.now();
  const { bundle, inputs, packages, absent } = await bundleProject(project, root, options);
  const stamps = stampsOf([
    ...inputs.map((input) => resolve(root, input)),
    ...packages.map((folder) => join(folder, 'package.json')),
    ...absent,
  ]);
  if (!changedSince(stamps, began)) keep(fileOf(project, root, options), { version: versionOf(), bundle, stamps });
  return bundle;
}

/** The bundle that was kept, where nothing has changed since. */
export function keptBundle(project: string, root: string, options: BundleOptions): Bundle | undefined {
  const kept = readKept(fileOf(project, root, options));
  return kept && areAsStamped(kept.stamps) ? kept.bundle : undefined;
}

function fileOf(project: string, root: string, { isInstrumented }: BundleOptions): string {
  return join(root, '.konfig', 'cache', `bundle-${shortName(project)}${isInstrumented ? '' : '-plain'}.json`);
}

/** Konfig's own, and in its repository that of the files which make bundles. */
function versionOf(): string {
  const files = ['bundle', 'instrument', 'line-table', 'provider-imports', 'scopes'].map((name) =>
    join(__dirname, `${name}${extname(__filename)}`),
  );
  return [ownVersion(), ...files.map(stampOf)].join(' ');
}

function readKept(file: string): Kept | undefined {
  try {
    const kept = JSON.parse(readFileSync(file, 'utf8')) as Kept;
    const isWhole = typeof kept.bundle.code === 'string' && Array.isArray(kept.bundle.lines?.stretches) && typeof kept.stamps === 'object';
    return isWhole && kept.version === versionOf() ? kept : undefined;
  } catch {
    // Not there, or cut off: it is made anew.
    return undefined;
  }
}

function keep(file: string, kept: Kept): void {
  try {
    writeWhole(file, JSON.stringify(kept), 0o600);
  } catch {
    // A folder that may not be written to: the next command makes it again.
  }
}
