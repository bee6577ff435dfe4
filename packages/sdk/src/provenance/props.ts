// What constructs were told, and which of it each field of their objects follows.
import type { IConstruct } from 'constructs';
import type { PropRules } from './rules';

/** How the fields of an object follow from the props of the component that made it. */
export interface Following {
  readonly rules: PropRules;
  /** A partial manifest that was laid over the object. */
  readonly over?: object | undefined;
}

const told = new WeakMap<IConstruct, object>();
const following = new WeakMap<IConstruct, Following>();

/** Notes the props that a construct was given, as they were given. */
export function noteProps(construct: IConstruct, props: unknown): void {
  if (typeof props === 'object' && props !== null) told.set(construct, props);
}

/** The props that a construct was given; undefined where nobody noted them. */
export function propsOf(construct: IConstruct): object | undefined {
  return told.get(construct);
}

/** Says by which rules an object follows the props of the component right above it. */
export function follow<T extends IConstruct>(object: T, rules: PropRules, over?: object): T {
  following.set(object, { rules, over });
  return object;
}

/** The rules of an object; undefined for one that no component of the SDK made. */
export function followingOf(object: IConstruct): Following | undefined {
  return following.get(object);
}
