// Acme's service registry as Konfig sees it: one type, Entry, kept in PostgreSQL.
import { randomBytes } from 'node:crypto';
import { postgresStore, resourceType, type Service, service } from '@konfig/service-kit';
import type { Pool } from 'pg';
import { type EntryConfig, type EntryOutputs, openEntries } from './entries';

export interface RegistryOptions {
  readonly pool: Pool;
  /** `registry of prod` */
  readonly identity: string;
  readonly tokens: readonly string[];
  readonly teams: readonly string[];
}

export async function registryService({ pool, identity, tokens, teams }: RegistryOptions): Promise<Service> {
  const entries = await openEntries(pool, teams);
  const entry = resourceType<EntryConfig, EntryOutputs, { key: string }>({
    description: 'A service that others in the company may call.',
    config: {
      type: 'object',
      properties: {
        team: { type: 'string', description: 'Who runs it' },
        description: { type: 'string', minLength: 1, description: 'What it is for, in a line' },
        tier: { enum: ['gold', 'silver', 'bronze'], default: 'silver', description: 'How much it matters' },
        protocol: { enum: ['http', 'grpc'], default: 'http' },
        port: { type: 'integer', minimum: 1, maximum: 65535 },
        alerts: { type: 'string', format: 'uri', writeOnly: true, description: 'Where alerts go, with the token for it' },
      },
      required: ['team', 'description', 'tier', 'protocol', 'port'],
      additionalProperties: false,
      examples: [
        { team: teams[0] ?? 'nobody', description: 'Only a test', port: 8080 },
        { team: teams[0] ?? 'nobody', description: 'Only a test', port: 8081 },
      ],
    },
    outputs: {
      type: 'object',
      properties: {
        id: { type: 'string', description: 'Its number in the registry' },
        address: { type: 'string', description: 'Where others call it' },
      },
      required: ['id', 'address'],
    },
    secrets: {
      type: 'object',
      properties: { key: { type: 'string', description: 'With which it asks the registry for others' } },
      required: ['key'],
    },
    stable: ['/outputs/id', '/secrets/key'],
    async check({ config }) {
      return (await entries.isTeam(config.team)) ? [] : [{ field: '/team', detail: `is ${config.team}, which is no team of Acme` }];
    },
    async create({ name, uid, config }) {
      const { outputs, key } = await entries.make(uid, name, config, randomBytes(16).toString('hex'));
      return { outputs, secrets: { key } };
    },
    update: async ({ uid, config }) => ({ outputs: await entries.change(uid, config) }),
    async delete({ uid }) {
      await entries.remove(uid);
      return undefined;
    },
    read: ({ uid }) => entries.read(uid),
  });
  return service({ name: 'registry', identity, authentication: { tokens }, types: { Entry: entry }, store: await postgresStore(pool) });
}
