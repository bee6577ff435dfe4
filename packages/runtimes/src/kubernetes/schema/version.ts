// Which versions of Kubernetes to validate for: as people write them, and as the table counts them.
import { type Json, KonfigError, type Target } from '@konfig/core';
import { knownMinors } from './table';

/**
 * The versions that a text names, the oldest first: `1.34`, `v1.34.2`, or a range such as `1.30-1.36`. Fails with USAGE for those that Konfig does not
 * know.
 */
export function versionsOf(text: string): readonly string[] {
  const [first, last = first, ...more] = text.split('-').map(minorOf);
  const known = knownMinors();
  if (first === undefined || last === undefined || more.length > 0 || !known.includes(first) || !known.includes(last) || first > last)
    throw new KonfigError({
      code: 'USAGE',
      message: `${JSON.stringify(text)} is no version of Kubernetes that Konfig knows.`,
      hint: `It knows ${minorsText(known)}. Write --kubernetes 1.34, or a range: --kubernetes 1.30-1.36.`,
    });
  return known.filter((minor) => minor >= first && minor <= last).map((minor) => `1.${minor}`);
}

/** Versions in few words: `1.30`, `1.30–1.36`, `1.30, 1.33–1.36`. */
export function versionsText(versions: readonly string[]): string {
  return minorsText(versions.flatMap((version) => minorOf(version) ?? []));
}

function minorsText(minors: readonly number[]): string {
  const ranges: (readonly [from: number, to: number])[] = [];
  for (const minor of minors) {
    const last = ranges[ranges.length - 1];
    if (last?.[1] === minor - 1) ranges[ranges.length - 1] = [last[0], minor];
    else ranges.push([minor, minor]);
  }
  return ranges.map(([from, to]) => (from === to ? `1.${from}` : `1.${from}–1.${to}`)).join(', ');
}

/** The minor version that a target's config names; the newest where it names none that we know. */
export function minorOfTarget(target: Target | undefined): number {
  return knownMinor(target?.config.version) ?? (knownMinors().at(-1) as number);
}

/** The minor version itself, or the newest that we know, where it is newer or none at all. */
export function newestKnown(minor: number | undefined): number {
  const known = knownMinors();
  return minor !== undefined && known.includes(minor) ? minor : (known.at(-1) as number);
}

/** What to write instead, where a target's config names a version that we do not know. */
export function versionHint(version: Json | undefined): string | undefined {
  if (version === undefined || knownMinor(version) !== undefined) return undefined;
  return `Known are ${minorsText(knownMinors())}; its objects are checked for the newest.`;
}

function knownMinor(version: Json | undefined): number | undefined {
  const minor = typeof version === 'string' ? minorOf(version) : undefined;
  return minor !== undefined && knownMinors().includes(minor) ? minor : undefined;
}

function minorOf(text: string): number | undefined {
  const found = /^v?1\.(\d+)(\.\d+)?([+-].*)?$/.exec(text.trim());
  return found ? Number(found[1]) : undefined;
}
