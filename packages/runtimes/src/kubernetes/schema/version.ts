// Which versions of Kubernetes to validate for: as people write them, and as the table counts them.
import { KonfigError, type Target } from '@konfig/core';
import { knownMinors } from './table';

/** The minor versions of `1.34`, `v1.34.2`, `34`, `1.30-1.36`; the oldest first. Fails with USAGE for what is none of ours. */
export function minorsOf(text: string): readonly number[] {
  const [first, last = first, ...more] = text.split('-').map(minorOf);
  if (first === undefined || last === undefined || more.length > 0) throw unknownVersion(text);
  const found = knownMinors().filter((minor) => minor >= first && minor <= last);
  if (!found.includes(first) || !found.includes(last)) throw unknownVersion(text);
  return found;
}

/** The version that a target's config names; the newest where it names none, or none that we know. */
export function minorOfTarget(target: Target | undefined): number {
  const known = knownMinors();
  const newest = known[known.length - 1] as number;
  const version = target?.config.version;
  const minor = typeof version === 'string' ? minorOf(version) : undefined;
  return minor !== undefined && known.includes(minor) ? minor : newest;
}

/** What is wrong with the version that a target's config names, if anything. */
export function versionProblem(version: unknown): string | undefined {
  if (version === undefined) return undefined;
  const minor = typeof version === 'string' ? minorOf(version) : undefined;
  return minor !== undefined && knownMinors().includes(minor)
    ? undefined
    : `Known are ${rangeText(knownMinors())}; write one of them, as '1.34'.`;
}

/** `1.30`, `1.30–1.36`, `1.30, 1.33–1.36`. */
export function rangeText(minors: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const minor of minors) {
    const last = ranges[ranges.length - 1];
    if (last && last[1] === minor - 1) last[1] = minor;
    else ranges.push([minor, minor]);
  }
  return ranges.map(([from, to]) => (from === to ? `1.${from}` : `1.${from}–1.${to}`)).join(', ');
}

function minorOf(text: string): number | undefined {
  const found = /^v?1\.(\d+)(\.\d+)?([+-].*)?$/.exec(text.trim());
  return found ? Number(found[1]) : undefined;
}

function unknownVersion(text: string): KonfigError {
  return new KonfigError({
    code: 'USAGE',
    message: `${JSON.stringify(text)} is no version of Kubernetes that Konfig knows.`,
    hint: `It knows ${rangeText(knownMinors())}. Write --kubernetes 1.34, or a range: --kubernetes 1.30-1.36.`,
  });
}
