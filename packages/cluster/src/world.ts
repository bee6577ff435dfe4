import type { Admission } from './admission/admission';
import type { Kind } from './kinds/kind';
import type { Usage } from './kinds/usage';
import type { Store } from './store/store';

/** What every request and every controller works on: the store, the kinds it knows, what is used, and the time. */
export interface World {
  readonly store: Store;
  readonly kinds: Kinds;
  /** What quotas count. */
  readonly usage: Usage;
  /** By whom webhooks are asked about writes; without it, nobody asks them. */
  readonly admission?: Admission;
  /** Milliseconds since 1970. */
  now(): number;
}

export interface Kinds {
  readonly all: readonly Kind[];
  /** By the key in the store, as `deployments.apps`. */
  byResource(resource: string): Kind | undefined;
  /** By apiVersion and kind, as an owner reference names it. */
  byName(apiVersion: string, kind: string): Kind | undefined;
  byPath(group: string, version: string, plural: string): Kind | undefined;
}

export function timestamp(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}
