// Names of Kubernetes objects: derived from the construct's place, and checked.
import { digest } from '@konfig/core';
import type { IConstruct } from 'constructs';

const scopeBrand = Symbol.for('konfig/NameScope');
const longestName = 63;

/** From here on down, ids become part of object names: a Stack, an AppConfig. */
export function startNames(construct: IConstruct): void {
  Object.defineProperty(construct, scopeBrand, { value: true });
}

/**
 * The name of an object that was given none: the ids from below its AppConfig (or Stack) down to it, joined with `-`.
 *
 * `Default` and `Resource` are left out, repeated ids are named once, other characters than a-z, 0-9 and `-` are dropped. Over
 * `longest` characters it is cut and ends in a hash of the whole. The stack's name is no part of it, so dev and prod have equal names.
 */
export function derivedName(construct: IConstruct, longest: number = longestName): string {
  const scopes = construct.node.scopes;
  const start = scopes.findLastIndex((scope) => scopeBrand in scope && scope !== construct);
  const ids = scopes.slice(start + 1).map((scope) => scope.node.id);
  const parts = ids.filter((id) => !/^(default|resource)$/i.test(id)).map((id) => id.toLowerCase().replace(/[^a-z0-9-]/g, ''));
  const used = parts.filter((part, i) => part !== '' && part !== parts[i - 1]);
  const name = (used.length > 0 ? used : [scopes[start]?.node.id.toLowerCase() ?? 'object']).join('-').replace(/^-+|-+$/g, '');
  if (name.length <= longest) return name;
  return `${name.slice(0, longest - 9).replace(/-+$/, '')}-${digest(name).slice(0, 8)}`;
}

/** What is wrong with the name of an object of this kind, as the end of a sentence; undefined when nothing is. */
export function badName(kind: string, name: string): string | undefined {
  if (/^(Role|ClusterRole|RoleBinding|ClusterRoleBinding)$/.test(kind)) {
    return name === '' || /[/%]/.test(name) ? 'must not be empty nor contain / or %' : undefined;
  }
  const isLabel = kind === 'Service' || kind === 'Namespace';
  const longest = kind === 'CronJob' ? 52 : kind === 'Job' || isLabel ? 63 : 253;
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
