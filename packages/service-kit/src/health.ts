// How a resource is, in Konfig's words.

/** How a resource is. Default: ready, `is there`. */
export interface Health {
  /** `degraded`: something is in the way that will hardly mend by itself; `suspended`: at rest because it was wished so. */
  readonly status: 'ready' | 'progressing' | 'degraded' | 'suspended' | 'unknown';
  /** One line for people: `2 of 3 replicas`. */
  readonly message: string;
  /** Why it is not ready. */
  readonly findings?: readonly Finding[];
}

/** Why a resource is not ready. */
export interface Finding {
  /** A word of the service's own: `QuotaExceeded`. */
  readonly code: string;
  /** `terminal`: will not mend by itself, a deployment fails now; `likely`: it fails after a minute; `transient`: shown and waited for. */
  readonly class: 'terminal' | 'likely' | 'transient';
  readonly message: string;
  /** JSON pointer into the config of the field that most likely causes it. */
  readonly field?: string;
}

export const isThere: Health = { status: 'ready', message: 'is there' };
