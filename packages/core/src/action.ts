// What a step does, and why: two closed lists.

/**
 * What a step does to its resource. `abandon` takes our mark from the object and leaves it; `keep`, `forget` and `skip` change no object: one leaves it as it is,
 * one drops it from our inventory (it is gone, or not ours any
 * more), one cannot be done now.
 */
export type Action = 'create' | 'update' | 'replace' | 'delete' | 'adopt' | 'abandon' | 'keep' | 'forget' | 'skip';

/** Why a step has its action: a closed list. */
export type Reason =
  | 'not there yet'
  | 'fields differ'
  | 'no difference'
  | 'onRemoval differs'
  | 'lost state accepted'
  | 'immutable field'
  | 'not in the program any more'
  | 'stack is destroyed'
  | 'already gone'
  | 'another object by now'
  | 'being deleted'
  | 'retained'
  | 'kept unless asked'
  | 'holds what stays'
  | 'still used'
  | 'holds data'
  | 'runs always'
  | 'ran already'
  | 'target unreachable'
  | 'could not be planned'
  | 'needs what is skipped'
  | 'not in the record'
  | 'owned by nobody'
  | 'owned by somebody else';
