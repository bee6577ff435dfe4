// Providers where Terraform looks for them, so that no `init` is needed: links into a mirror, or into what one `init` has fetched for all.
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { digest, type Json } from '@konfig/core';
import { cacheFolder } from './places';
import type { Requirement } from './requirements';
import { byAge, fits } from './version';

const platform = `${{ win32: 'windows' }[process.platform as string] ?? process.platform}_${{ x64: 'amd64', ia32: '386' }[process.arch as string] ?? process.arch}`;

/** Lock file and links for what a mirror has; false where it lacks one, or has it packed. Nothing is written then. */
export function linkFromMirror(folder: string, requirements: readonly Requirement[], mirror: string): boolean {
  const chosen = requirements.map(({ address, constraints }) => ({ address, version: newest(join(mirror, address), constraints) }));
  if (chosen.some(({ version }) => version === undefined)) return false;
  for (const { address, version } of chosen) {
    const link = join(folder, '.terraform', 'providers', address, version as string, platform);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(mirror, address, version as string, platform), link);
  }
  // Without hashes nothing is verified: who can write to the mirror can write a lock file too, and to hash a large provider takes 0.1 s each time.
  const entries = chosen.map(({ address, version }) => `provider "${address}" {\n  version = "${version}"\n}\n`);
  if (entries.length > 0) writeFileSync(join(folder, lockFile), entries.join('\n'));
  return true;
}

export const lockFile = '.terraform.lock.hcl';

function newest(folder: string, constraints: readonly string[]): string | undefined {
  const names = (below: string) => {
    try {
      return readdirSync(below);
    } catch {
      return [];
    }
  };
  const versions = names(folder).filter((name) => /^\d/.test(name) && fits(name, constraints));
  return versions.sort(byAge).find((version) => names(join(folder, version)).includes(platform));
}

/** What was fetched for these requirements before, or is fetched now. */
export interface Fetch {
  readonly requirements: readonly Requirement[];
  /** What else decides which providers are fetched: the binary, its CLI configuration. */
  readonly by: Json;
  readonly env: NodeJS.ProcessEnv;
  /** Runs `init` in a folder that holds a configuration of nothing but these requirements. */
  readonly init: (folder: string) => Promise<void>;
}

const underWay = new Map<string, Promise<string>>();

/** Links lock file and providers of a shared folder that is written once and then only read: two `init` never work in one. */
export async function linkFetched(folder: string, fetch: Fetch): Promise<void> {
  if (fetch.requirements.length === 0) return;
  const place = join(cacheFolder(fetch.env), digest({ requirements: fetch.requirements, by: fetch.by } as unknown as Json));
  const fetched = underWay.get(place) ?? fetchInto(place, fetch).finally(() => underWay.delete(place));
  underWay.set(place, fetched);
  const lock = await fetched;
  mkdirSync(join(folder, '.terraform'), { recursive: true });
  symlinkSync(join(place, '.terraform', 'providers'), join(folder, '.terraform', 'providers'));
  writeFileSync(join(folder, lockFile), lock);
}

/** Gives the text of the lock file. */
async function fetchInto(place: string, { requirements, init }: Fetch): Promise<string> {
  const kept = await readFile(join(place, lockFile), 'utf8').catch(() => undefined);
  if (kept !== undefined) return kept;
  const own = `${place}.${process.pid}.${randomBytes(4).toString('hex')}`;
  await mkdir(own, { recursive: true, mode: 0o700 });
  try {
    const providers = requirements.map(({ address, constraints }, i) => [
      `p${i}`,
      { source: address, ...(constraints.length === 0 ? {} : { version: constraints.join(', ') }) },
    ]);
    writeFileSync(
      join(own, 'main.tf.json'),
      JSON.stringify({ terraform: { required_providers: Object.fromEntries(providers) } }, undefined, 2),
    );
    await init(own);
    renameSync(own, place);
  } catch (error) {
    rmSync(own, { recursive: true, force: true });
    // Another process was faster.
    const theirs = await readFile(join(place, lockFile), 'utf8').catch(() => undefined);
    if (theirs === undefined) throw error;
    return theirs;
  }
  return readFile(join(place, lockFile), 'utf8');
}
