// What is noted of a construct of Terraform while it is made.
import type { Notes, SourceLine } from '@konfig/core';
import type { IConstruct } from 'constructs';
import { className, type SourceReader } from '../source';
import { bindingsOf, tokenMap } from './library';

const told = new WeakMap<IConstruct, object>();

interface Reading {
  readonly reader: SourceReader;
  readonly notes: Notes | undefined;
}

/**
 * The line of the call that makes a construct of Terraform; undefined for any other one. The bindings of a provider are code of the program as any other
 * where they lie in its folders, and say nothing to anybody: what counts is who calls them.
 */
export function lineOfTerraform(construct: IConstruct, { reader, notes }: Reading): SourceLine | undefined {
  if (!tokenMap() || !bindingsOf(construct)) return undefined;
  const last = notes?.last();
  if (last) told.set(construct, last);
  return reader.here(classesOf(construct));
}

/** What the program wrote last before a construct came into the tree: what it was told, or, where the bindings lie in the program, what they made of that. */
export function toldTo(construct: IConstruct): object | undefined {
  return told.get(construct);
}

function classesOf(construct: IConstruct): ReadonlySet<string> {
  const names = new Set<string>();
  for (let type: unknown = construct.constructor; typeof type === 'function' && type.name !== ''; type = Object.getPrototypeOf(type)) {
    names.add(className(type.name));
  }
  return names;
}
