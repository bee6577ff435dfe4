import type { Fault } from './fault';

/** How the simulated nodes behave; faults may change while the cluster runs. */
export interface Settings {
  faults: readonly Fault[];
  readonly nodes: number;
  readonly podStartMillis: number;
  readonly readyMillis: number;
  /** From the start of a container that is meant to end until it does. */
  readonly runMillis: number;
  readonly stopMillis: number;
  /** The first wait after a failed pull or a second crash; it doubles each time. */
  readonly backOffMillis: number;
  readonly maxBackOffMillis: number;
}
