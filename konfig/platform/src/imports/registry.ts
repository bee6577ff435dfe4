// What the service registry says of itself, written by konfig service types. Write it anew rather than change it.
import { ServiceResource, type ServiceResourceProps } from '@konfig/sdk';
import type { Construct } from 'constructs';

/** What Entry is told. */
export interface EntryConfig {
  /** Who runs it. */
  readonly team: string;
  /** What it is for, in a line. */
  readonly description: string;
  /** How much it matters. Default "silver". */
  readonly tier?: 'gold' | 'silver' | 'bronze';
  /** Default "http". */
  readonly protocol?: 'http' | 'grpc';
  readonly port: number;
  /** Where alerts go, with the token for it. */
  readonly alerts?: string;
}

/** What the service tells of it once it is applied. */
export interface EntryOutputs {
  /** Its number in the registry. */
  readonly id: string;
  /** Where others call it. */
  readonly address: string;
}

/** What the service keeps secret of it. */
export interface EntrySecrets {
  /** With which it asks the registry for others. */
  readonly key: string;
}

const entrySchema = {
  type: 'object',
  properties: {
    team: {
      type: 'string',
      description: 'Who runs it',
    },
    description: {
      type: 'string',
      minLength: 1,
      description: 'What it is for, in a line',
    },
    tier: {
      enum: ['gold', 'silver', 'bronze'],
      default: 'silver',
      description: 'How much it matters',
    },
    protocol: {
      enum: ['http', 'grpc'],
      default: 'http',
    },
    port: {
      type: 'integer',
      minimum: 1,
      maximum: 65535,
    },
    alerts: {
      type: 'string',
      format: 'uri',
      writeOnly: true,
      description: 'Where alerts go, with the token for it',
    },
  },
  required: ['team', 'description', 'tier', 'protocol', 'port'],
  additionalProperties: false,
};

/** A service that others in the company may call. */
export class Entry extends ServiceResource<EntryConfig, EntryOutputs, EntrySecrets> {
  constructor(scope: Construct, id: string, props: ServiceResourceProps<EntryConfig>) {
    super(scope, id, { service: 'registry', type: 'Entry', config: entrySchema }, props);
  }
}
