// One thing that an object's status says of it.
import type { Condition } from '../objects';
import type { Tone } from './words';

export interface Signal {
  readonly tone: Tone;
  /** For people, in one line. */
  readonly text: string;
  /** The condition that says it, where one does. */
  readonly condition?: Condition;
}
