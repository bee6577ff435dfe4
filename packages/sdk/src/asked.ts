// What components ask of Konfig for single objects, noted beside the object: it must not stand in its manifest.
import type { Resource } from '@konfig/core';
import type { IConstruct } from 'constructs';

/** What a component asks for one of its objects. */
export interface Asked {
  readonly target?: string;
  readonly runWhen?: Resource['runWhen'];
  /** Is it named by its content? */
  readonly versioned?: boolean;
  /** Are its pods replaced when a ConfigMap or a Secret of the program that they use changes? */
  readonly rolloutOnChange?: boolean;
}

const asked = new WeakMap<IConstruct, Asked>();

/** Notes what a component asks for one of its objects. */
export function ask(object: IConstruct, wishes: Asked): void {
  asked.set(object, { ...asked.get(object), ...wishes });
}

/** What was asked for an object. */
export function askedFor(object: IConstruct): Asked {
  return asked.get(object) ?? {};
}
