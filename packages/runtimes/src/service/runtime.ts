// A company's own system behind the interface that every runtime has. docs/services.md is the protocol that it speaks.
import { asLater, type Connection, type HeldSecret, isObject, type Json, type JsonObject, type Path, type Runtime } from '@konfig/core';
import { pathOf } from './address';
import { checkBySchema, checkForm } from './check';
import type { Limits } from './client';
import type { ServiceWorld } from './world';

/** How patient Konfig is with services. */
export interface ServiceOptions {
  /** In milliseconds and bytes. Default: 30 s for an answer, 60 s of silence in a stream, 16 MiB. */
  readonly limits?: Partial<Limits>;
}

/**
 * The runtime of resources that a self-built service keeps; `type` is the service's own: `Entry`. Attributes are `config`, and in `sensitive` the fields of it that
 * the service never tells again. What is read of it has `config`, `outputs` and `secrets`: all that stands in `secrets` is one.
 */
export function serviceRuntime({ limits = {} }: ServiceOptions = {}): Runtime {
  return {
    name: 'service',
    check: checkForm,
    validate: (resources, targets) => (resources.length > 0 ? checkBySchema(resources, targets) : []),
    references: () => new Map(),
    rank: () => 0,
    isSecret: (_type, path) => path[0] === 'secrets',
    secretsIn: (_type, attributes) => heldSecrets(attributes),
    async connect(name, target, signal) {
      // Loaded only for those who have a service: JSON Schema takes a while.
      const { openService } = require('./connect') as typeof import('./connect');
      const { defaultLimits } = require('./client') as typeof import('./client');
      return connectionTo(await openService(name, target, { ...defaultLimits, ...limits }, signal));
    },
  };
}

function connectionTo(world: ServiceWorld): Connection {
  const { client, description } = world;
  const { planResources } = require('./plan') as typeof import('./plan');
  const { applyResource, deleteResource, disownResource, readResource } = require('./apply') as typeof import('./apply');
  const { liveOf } = require('./observation') as typeof import('./observation');
  const { observeResources, watchResources } = require('./watch') as typeof import('./watch');
  return {
    identity: description.identity,
    description: client.url,
    maskWith: (mask) => client.maskWith(mask),
    plan: (request, signal) => planResources(world, request, signal),
    // A service tells what a token may not do when it is asked to plan it.
    missingPermissions: async () => [],
    apply: (request, signal) => applyResource(world, request, signal),
    delete: (request, signal) => deleteResource(world, request, signal),
    abandon: (request, signal) => disownResource(world, request, signal),
    // Nothing behind a service prints lines that Konfig could read.
    logs: async () => {},
    observe: (resources, signal) => observeResources(world, resources, signal),
    read: async (id, _type, signal) => {
      const told = await readResource(world, id, signal);
      return told && liveOf(told);
    },
    watch: (resources, onChange, signal) => watchResources(world, resources, onChange, signal),
    close: () => client.close(),
  };
}

/** What a service keeps secret of a resource, and what is given to it to be kept so. */
function heldSecrets({ secrets, sensitive, config }: JsonObject): readonly HeldSecret[] {
  const given = (Array.isArray(sensitive) ? sensitive : []).map((pointer: Json) => pathOf(String(pointer), config));
  return [...leaves(['secrets'], secrets), ...given.flatMap((path) => leaves(path, valueBelow(config, path.slice(1))))];
}

function valueBelow(value: Json | undefined, path: Path): Json | undefined {
  return path.reduce<Json | undefined>((here, key) => (isObject(here) ? here[String(key)] : undefined), value);
}

function leaves(path: Path, value: Json | undefined): readonly HeldSecret[] {
  if (Array.isArray(value)) return value.flatMap((item: Json, i) => leaves([...path, i], item));
  const isLater = asLater(value) !== undefined;
  if (!isLater && isObject(value)) return Object.entries(value).flatMap(([key, child]) => leaves([...path, key], child));
  if (value === undefined || value === null) return [];
  return [{ path, text: isLater ? undefined : typeof value === 'string' ? value : JSON.stringify(value) }];
}
