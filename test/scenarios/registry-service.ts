// A company's service registry for scenarios: made with the kit, kept in memory, with what may go wrong with a service.
import { resourceType, type Service, service } from '@konfig/service-kit';

export interface RegistryConfig {
  readonly team: string;
  readonly port: number;
  readonly pin?: string;
  readonly address?: string;
}

export const token = 'hunter2-of-the-registry';
/** What the registry makes as the key of an entry. */
export const keyOf = (name: string) => `canary-key-of-${name}`;

export interface Registry {
  readonly url: string;
  readonly service: Service;
  /** What was done, in order: `create web`. */
  readonly done: readonly string[];
  /** Names whose entries stay progressing until `report`. */
  readonly slow: Set<string>;
  stop(): Promise<void>;
}

export async function startRegistry(place: { readonly port?: number } = {}): Promise<Registry> {
  const done: string[] = [];
  const slow = new Set<string>();
  const healthOf = (name: string) => (slow.has(name) ? { health: { status: 'progressing', message: 'waits for its owner' } as const } : {});
  const outputsOf = (name: string, { port }: RegistryConfig) => ({ id: `svc-${name}`, port });
  const entry = resourceType<RegistryConfig, { id: string; port: number }, { key: string }>({
    description: 'A service that others may call',
    config: {
      type: 'object',
      properties: {
        team: { type: 'string', enum: ['shop', 'billing'] },
        port: { type: 'integer', minimum: 1, maximum: 65535, default: 8080 },
        pin: { type: 'string', writeOnly: true },
        address: { type: 'string', minLength: 1 },
      },
      required: ['team'],
      additionalProperties: false,
      examples: [{ team: 'shop' }, { team: 'shop', port: 9090 }],
    },
    outputs: { type: 'object', properties: { id: { type: 'string' }, port: { type: 'integer' } }, required: ['id', 'port'] },
    secrets: { type: 'object', properties: { key: { type: 'string' } }, required: ['key'] },
    immutable: ['/team'],
    stable: ['/outputs/id', '/secrets/key'],
    async create({ name, config }) {
      done.push(`create ${name}`);
      return { outputs: outputsOf(name, config), secrets: { key: keyOf(name) }, ...healthOf(name) };
    },
    async update({ name, config }) {
      done.push(`update ${name}`);
      return { outputs: outputsOf(name, config), ...healthOf(name) };
    },
    async delete({ name }) {
      done.push(`delete ${name}`);
      return undefined;
    },
  });
  const registry = service({
    name: 'registry',
    identity: 'the registry of the scenarios',
    authentication: { tokens: [token] },
    types: { Entry: entry },
  });
  const { url, close } = await registry.listen(place);
  return { url, service: registry, done, slow, stop: close };
}

/** A construct as `konfig service types` writes it. */
export const entryConstruct = `import { ServiceResource, type ServiceResourceProps } from '@konfig/sdk';
import type { Construct } from 'constructs';

export class Entry extends ServiceResource<
  { team: 'shop' | 'billing'; port?: number; pin?: string; address?: string },
  { id: string; port: number },
  { key: string }
> {
  constructor(scope: Construct, id: string, props: ServiceResourceProps<{ team: 'shop' | 'billing'; port?: number; pin?: string; address?: string }>) {
    super(scope, id, {
      service: 'registry',
      type: 'Entry',
      config: {
        type: 'object',
        properties: {
          team: { type: 'string', enum: ['shop', 'billing'] },
          port: { type: 'integer', minimum: 1, maximum: 65535, default: 8080 },
          pin: { type: 'string', writeOnly: true },
          address: { type: 'string', minLength: 1 },
        },
        required: ['team'],
        additionalProperties: false,
      },
    }, props);
  }
}
`;
