// An open service, as all work on it needs it.
import type { ServiceClient } from './client';
import type { Description } from './protocol';

/** An open service. */
export interface ServiceWorld {
  /** The target's name. */
  readonly target: string;
  readonly client: ServiceClient;
  readonly description: Description;
}

/** Whose a resource is, as services keep it. */
export function ownerText(stack: string): string {
  return `konfig stack ${stack}`;
}
