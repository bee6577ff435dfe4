// What must make no difference to a program, one thing after the other: `konfig verify` changes all of it, and names the one that makes one.
import { type Conditions, usualConditions } from './sandbox/sandbox';

export interface Change {
  /** As problems say it: «under another time zone». */
  readonly name: string;
  readonly change: (conditions: Conditions) => Conditions;
  /** The monorepo lies elsewhere. */
  readonly elsewhere?: boolean;
}

const withEnv = (conditions: Conditions, env: Conditions['env']): Conditions => ({ ...conditions, env: { ...conditions.env, ...env } });

export const changes: readonly Change[] = [
  { name: 'in another folder', change: (conditions) => conditions, elsewhere: true },
  { name: 'under another time zone', change: (conditions) => withEnv(conditions, { TZ: 'Pacific/Kiritimati' }) },
  { name: 'under another locale', change: (conditions) => withEnv(conditions, { LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' }) },
  { name: 'with folders listed backwards', change: (conditions) => ({ ...conditions, reversed: true }) },
  {
    name: 'with another order of hashes',
    change: (conditions) => ({ ...conditions, nodeOptions: [...conditions.nodeOptions, '--hash-seed=12345', '--random-seed=54321'] }),
  },
  {
    name: 'at another time, with other random values',
    change: (conditions) => ({ ...conditions, beginning: { ...conditions.beginning, time: Date.UTC(2031, 5, 15, 12), seed: 4711 } }),
  },
  {
    name: 'on another machine',
    change: (conditions) => ({ ...conditions, beginning: { ...conditions.beginning, machine: 4711 } }),
  },
  {
    name: 'with the environment in another order',
    change: (conditions) => ({ ...conditions, env: Object.fromEntries(Object.entries(conditions.env).reverse()) }),
  },
];

/** The usual conditions with these changes. */
export function conditionsWith(changed: readonly Change[]): Conditions {
  return changed.reduce((conditions, { change }) => change(conditions), usualConditions);
}
