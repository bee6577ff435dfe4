import type { Kind } from '../kinds/kind';
import type { Store } from '../store/store';
import type { Kinds } from '../world';
import { conditionHolds, type Definition, definitions } from './definition';
import { kindsOf } from './kind';

/** The built-in kinds and those of the definitions in the store, as they are at this moment. */
export function withCustomKinds(builtIn: Kinds, store: Store): Kinds {
  let custom: Custom | undefined;
  // A restored store tells no changes, but is restored before anybody asks.
  store.listen(({ resource }) => {
    if (resource === definitions) custom = undefined;
  });
  const now = (): Custom => {
    custom ??= readDefinitions(store);
    return custom;
  };
  return {
    get all() {
      const { served } = now();
      return served.length === 0 ? builtIn.all : [...builtIn.all, ...served];
    },
    byResource: (resource) => builtIn.byResource(resource) ?? now().byResource.get(resource),
    byName: (apiVersion, kind) => builtIn.byName(apiVersion, kind) ?? now().byName.get(`${apiVersion}/${kind}`),
    byPath: (group, version, plural) => builtIn.byPath(group, version, plural) ?? now().byPath.get(`${group}/${version}/${plural}`),
  };
}

interface Custom {
  readonly served: readonly Kind[];
  readonly byResource: ReadonlyMap<string, Kind>;
  readonly byName: ReadonlyMap<string, Kind>;
  readonly byPath: ReadonlyMap<string, Kind>;
}

const known = new WeakMap<object, ReturnType<typeof kindsOf>>();

function readDefinitions(store: Store): Custom {
  const found = (store.list(definitions) as Definition[]).filter((one) => conditionHolds(one, 'Established')).map(cached);
  const served = found.flatMap((kinds) => kinds.filter((one) => one.served).map((one) => one.kind));
  // Objects are kept in the storage version, also where it is not served.
  const stored = found.flatMap(([first]) => (first ? [first.kind] : []));
  return {
    served,
    byResource: new Map(stored.map((kind) => [kind.resource, kind])),
    byName: new Map(served.map((kind) => [`${kind.apiVersion}/${kind.kind}`, kind])),
    byPath: new Map(served.map((kind) => [`${kind.group}/${kind.version}/${kind.plural}`, kind])),
  };
}

function cached(definition: Definition): ReturnType<typeof kindsOf> {
  const kinds = known.get(definition) ?? kindsOf(definition);
  known.set(definition, kinds);
  return kinds;
}
