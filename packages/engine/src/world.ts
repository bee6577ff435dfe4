// Everything outside that the engine touches, handed in by whoever runs it. The engine itself opens nothing, prints nothing, reads no clock.
import type { Connection, Mask, ProcessIdentity, ReleaseStore, Runtime, SecretAnswer, SecretSource, Spec } from '@konfig/core';

/** Everything outside that an operation touches. */
export interface World {
  /** By the name that targets use: `kubernetes`. */
  readonly runtimes: { readonly [name: string]: Runtime };
  /** Opens the store that the Spec's `records` names; secrets in there are filled in. */
  openStore(spec: Spec, connections: ReadonlyMap<string, Connection>): Promise<ReleaseStore>;
  /**
   * Reads secrets side by side, each within a time limit: one answer for each source, in their order. What a user can mend is an answer; it rejects only when
   * the signal aborts.
   */
  readSecrets(sources: readonly SecretSource[], request: SecretRequest): Promise<readonly SecretAnswer[]>;
  readonly clock: Clock;
  readonly who: Who;
  /** The commit of the program; `+` at its end: with changes that were not committed. Undefined outside a repository. Found out once; never rejects. */
  commit(): Promise<string | undefined>;
}

/** What secrets are read for. */
export interface SecretRequest {
  /** The workspace's: a secret may lie in one of them. */
  readonly targets: Spec['targets'];
  readonly signal: AbortSignal;
  /** Says what is known to be secret already. */
  readonly mask: Pick<Mask, 'text'>;
}

/** The time and timers, in milliseconds. Tests bring one that they turn by hand. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls `run` once after so many milliseconds; the answer cancels it. */
  after(milliseconds: number, run: () => void): () => void;
}

/** Who runs this operation: shown in locks and releases. */
export interface Who {
  /** Unique to this run. */
  readonly run: string;
  /** `anna@laptop` */
  readonly name: string;
  /** `pid 4711`, a CI job's address. */
  readonly place: string;
  /** Lets another run on this machine see that this one has ended. */
  readonly process?: ProcessIdentity;
}

/** The clock of this machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(milliseconds, run) {
    const timer = setTimeout(run, Math.min(milliseconds, 0x7fffffff));
    return () => clearTimeout(timer);
  },
};
