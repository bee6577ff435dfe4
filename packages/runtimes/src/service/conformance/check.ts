// One thing that a service must do.
import type { Subject } from './subject';

export interface Check {
  /** A sentence: `An old version is refused`. */
  readonly name: string;
  /** Throws `Failed`; `not here`: the service has nothing that it could be asked of. */
  readonly run: (subject: Subject) => Promise<undefined | 'not here'>;
}

export const notHere = 'not here';

export const check = (name: string, run: (subject: Subject) => Promise<unknown>): Check => ({
  name,
  run: async (subject) => ((await run(subject)) === notHere ? notHere : undefined),
});
