// The running service's own view: its types with their schemas ready, its store, and a bell that rings at each change.
import { EventEmitter, setMaxListeners } from 'node:events';
import type { ResourceType, ServiceOptions } from './definition';
import type { JsonObject } from './json';
import { Refusal } from './problem';
import { type CheckedSchema, checkedSchema, writeOnlyFields } from './schema';
import { memoryStore, type Store, type StoredResource } from './store';

export interface KeptType extends ResourceType {
  readonly schema: CheckedSchema;
  readonly writeOnly: readonly string[];
}

export interface Kept {
  readonly options: ServiceOptions;
  readonly types: ReadonlyMap<string, KeptType>;
  readonly store: Store;
  /** Rings `change`. */
  readonly bell: EventEmitter;
  readonly onError: (error: unknown, doing: string) => void;
}

/** Throws where a schema or the name of a type is wrong. */
export function keep(options: ServiceOptions): Kept {
  const types = Object.entries(options.types).map(([name, type]) => {
    if (!/^[A-Z][A-Za-z0-9]*$/.test(name)) throw new Error(`The type ${JSON.stringify(name)} must be called like Entry or DnsRecord.`);
    return [name, { ...type, schema: checkedSchema(type.config), writeOnly: writeOnlyFields(type.config) }] as const;
  });
  const bell = new EventEmitter();
  setMaxListeners(0, bell);
  const onError = options.onError ?? ((error, doing) => process.stderr.write(`${options.name}: ${doing}: ${String(error)}\n`));
  return { options, types: new Map(types), store: options.store ?? memoryStore(), bell, onError };
}

export function typeOf({ types }: Kept, name: string): KeptType {
  const type = types.get(name);
  if (!type) throw new Refusal('not-found', `There is no type ${name}; there is ${[...types.keys()].join(', ')}.`);
  return type;
}

/** Writes what has changed, and rings. */
export async function save({ store, bell }: Kept, resource: StoredResource): Promise<StoredResource> {
  await store.put(resource);
  bell.emit('change');
  return resource;
}

export async function drop({ store, bell }: Kept, resource: StoredResource): Promise<void> {
  await store.remove(resource);
  bell.emit('change');
}

/** A resource as the protocol tells it; `secrets` only to those who ask for this very one. */
export function told(
  { type, name, uid, version, generation, owner, config, outputs, secrets, health, state }: StoredResource,
  how: 'whole' | 'without secrets',
): JsonObject {
  return {
    type,
    name,
    uid,
    version: String(version),
    generation,
    owner: owner ?? null,
    config,
    outputs,
    ...(how === 'whole' ? { secrets } : {}),
    deleting: state === 'deleting',
    health: health as unknown as JsonObject,
  };
}
