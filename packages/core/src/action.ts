// What a step does, and why: two closed lists.

/** What a step does to its resource. `keep` and `forget` change no object: one leaves it as it is, the other drops it from our inventory (it is gone or retained). */
export type Action = 'create' | 'update' | 'replace' | 'delete' | 'adopt' | 'keep' | 'forget';

/** Why a step has its action: a closed list. */
export type Reason =
  | 'not there yet'
  | 'fields differ'
  | 'no difference'
  | 'onRemoval differs'
  | 'immutable field'
  | 'not in the program any more'
  | 'stack is destroyed'
  | 'already gone'
  | 'retained'
  | 'owned by nobody'
  | 'owned by somebody else';
