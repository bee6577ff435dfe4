// Names of Kubernetes objects: derived from the construct's place, shortened where Kubernetes wants it, and checked. The rule: docs/names.md.
import { digest } from '@konfig/core';
import type { IConstruct } from 'constructs';
import { namingIds } from './former-path';

/** What Kubernetes takes at most, by kind: what becomes a host name or a label of Pods is shorter than the others. */
const longestNames: { readonly [kind: string]: number } = { CronJob: 52, Job: 63, Service: 63, Namespace: 63 };
const longestOther = 253;
/** Derived names become labels too. */
const longestLabel = 63;

/**
 * The name of an object that was given none: the ids from below its AppConfig (or Stack) down to it, joined with `-`; of what was moved, those of its former
 * place. `Default` and `Resource` are left out, repeated ids are named once, other characters than a-z, 0-9 and `-` are dropped. The stack's name is no
 * part of it, so dev and prod have equal names.
 */
export function derivedName(construct: IConstruct, kind = ''): string {
  const { inside, ids } = namingIds(construct);
  const parts = ids.filter((id) => !/^(default|resource)$/i.test(id)).map(namePart);
  const used = parts.filter((part, i) => part !== '' && part !== parts[i - 1]);
  const name = used.length > 0 ? used.join('-') : namePart(inside);
  return shortened(name.replace(/^-+|-+$/g, ''), Math.min(longestLabel, longestName(kind)));
}

/** The name of an object that belongs to another one: `web-files`. */
export function nameBeside(name: string, part: string, kind: string): string {
  return shortened(`${name}-${namePart(part)}`, longestName(kind));
}

/** The name of one version of an object, by the digest of what is in it. */
export function nameOfVersion(name: string, content: string): string {
  return `${name.slice(0, longestOther - 11)}-${content.slice(0, 10)}`;
}

function longestName(kind: string): number {
  return Object.hasOwn(longestNames, kind) ? (longestNames[kind] as number) : longestOther;
}

function namePart(id: string): string {
  return id.toLowerCase().replace(/[^a-z0-9-]/g, '');
}

/** What is too long is cut and ends in a hash of the whole: as stable as the name itself, and another one for another name. */
function shortened(name: string, longest: number): string {
  if (name.length <= longest) return name;
  return `${name.slice(0, longest - 9).replace(/-+$/, '')}-${digest(name).slice(0, 8)}`;
}

/** What is wrong with the name of an object of this kind, as the end of a sentence; undefined when nothing is. */
export function badName(kind: string, name: string): string | undefined {
  if (/^(Role|ClusterRole|RoleBinding|ClusterRoleBinding)$/.test(kind)) {
    return name === '' || /[/%]/.test(name) ? 'must not be empty nor contain / or %' : undefined;
  }
  const isLabel = kind === 'Service' || kind === 'Namespace';
  const longest = longestName(kind);
  if (name.length > longest) return `is longer than the ${longest} characters that Kubernetes allows for a ${kind}`;
  const part = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
  if (kind === 'Service') return /^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(name) ? undefined : `must be a-z, 0-9 and -, beginning with a letter`;
  if (isLabel) return new RegExp(`^${part}$`).test(name) ? undefined : 'must be a-z, 0-9 and -';
  return new RegExp(`^${part}(\\.${part})*$`).test(name)
    ? undefined
    : 'must be a-z, 0-9, - and ., beginning and ending with a letter or digit';
}

/** What is wrong with a label, as the end of a sentence; undefined when nothing is. */
export function badLabel(key: string, value: unknown): string | undefined {
  const slash = key.lastIndexOf('/');
  if (!/^[A-Za-z0-9]([-._A-Za-z0-9]{0,61}[A-Za-z0-9])?$/.test(key.slice(slash + 1)) || slash > 253) {
    return 'has a key that Kubernetes does not take: at most 63 of A-Z, a-z, 0-9, -, _ and ., perhaps behind a domain and /';
  }
  if (typeof value !== 'string') return typeof value === 'object' ? undefined : `is the ${typeof value} ${value}, and must be a string`;
  if (value.length > 63) return `is longer than the 63 characters that Kubernetes allows: '${value}'`;
  const isGood = value === '' || /^[A-Za-z0-9]([-._A-Za-z0-9]*[A-Za-z0-9])?$/.test(value);
  return isGood ? undefined : `is '${value}', and must be A-Z, a-z, 0-9, -, _ and ., beginning and ending with a letter or digit`;
}
