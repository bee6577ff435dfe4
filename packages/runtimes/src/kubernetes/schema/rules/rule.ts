// What the API server refuses in one kind, beside its structure.
import type { Entry } from '../../field';
import type { Fault } from '../fault';

/** Looks at a whole object, in a minor version. What is not of the right type is passed over: the structure has told of it. */
export type Rule = (object: Entry, minor: number) => readonly Fault[];
