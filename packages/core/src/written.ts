// What instrumenting a program tells of it: where each field of each object literal was written, and where its value may come from.
import type { SourceLine } from './problem';

/** A place in the bundle: line from 1, column from 0. */
export type Place = readonly [line: number, column: number];

/** One field as it was written, or one of the expressions that its value may come from. */
export interface WrittenField {
  readonly at: Place;
  /** The value, where it is written out. */
  readonly value?: string | number | boolean;
  /** Where its value may come from, the likeliest first. Nothing: it was written right here. */
  readonly from?: readonly Origin[];
  /** A caller gave it, who is not known. */
  readonly isGiven?: true;
}

/** Where a value may come from: a field of a value that the running program hands over, or another expression. */
export type Origin = OriginField | OriginLiteral | WrittenField;

/** `props.container.image`: the root is the number of a value that is handed over with the site. */
export interface OriginField {
  readonly root: number;
  readonly path: readonly OriginStep[];
}

/** A key; one that the running program says; or the element that is the root of that number. */
export type OriginStep = string | { readonly key: WrittenKey } | { readonly element: number };

/** The root of that number, or texts and numbers of roots that make a key together: `` `app-${name}` ``. */
export type WrittenKey = number | readonly (string | number)[];

/** A key as text, where that asks nothing of the program: to turn anything but texts and numbers into text is to ask it. */
export function writtenKeyText(key: WrittenKey, roots: readonly unknown[]): string | undefined {
  const parts = typeof key === 'number' ? [roots[key]] : key.map((part) => (typeof part === 'number' ? roots[part] : part));
  return parts.every((part) => typeof part === 'string' || typeof part === 'number') ? parts.join('') : undefined;
}

/** `...(isPublic && { port: 80 })`: what is spread has these fields. */
export interface OriginLiteral {
  readonly fields: WrittenFields;
}

/** Fields by their names. */
export interface WrittenFields {
  readonly [key: string]: WrittenField;
}

/** One object literal, list literal or assignment. */
export interface WrittenSite {
  readonly at: Place;
  /** An assignment has one, named ''. */
  readonly fields: WrittenFields;
  /** Fields whose keys the running program says. */
  readonly computed?: readonly (WrittenField & { readonly key: WrittenKey })[];
  /** What is spread into it, in this order. */
  readonly spreads?: readonly WrittenField[];
  /** What an assignment gives a value to: the field of that object. */
  readonly target?: OriginField & { readonly field: OriginStep };
}

/** What was noted of an object while the program ran. */
export interface Note {
  readonly site: WrittenSite;
  /** The values that were handed over, by their numbers. */
  readonly roots: readonly unknown[];
  /** It tells of this field alone, which was given a value later. */
  readonly key?: string;
}

/** The notes of a program's objects, and the lines that their places stand for. */
export interface Notes {
  /** The earliest first; undefined where nothing is known of it. */
  of(object: object): readonly Note[] | undefined;
  /** The object or list that the program wrote last: while a construct is made, what it was told, if that is written right in its call. */
  last(): object | undefined;
  /** Undefined where the place is none of the program's. */
  lineAt(place: Place): SourceLine | undefined;
}
