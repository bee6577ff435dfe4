// konfig.dev/service/v1 as this runtime reads it: what each answer must look like. docs/services.md is its text.
import type { Json, JsonObject } from '@konfig/core';

export const protocol = 'konfig.dev/service/v1';

/** The answer to `GET /v1/describe`. */
export interface Description {
  readonly protocols: readonly string[];
  readonly name: string;
  readonly identity: string;
  readonly types: { readonly [type: string]: TypeDescription };
  readonly watch: readonly ('events' | 'poll')[];
}

/** What a service says of one of its types. */
export interface TypeDescription {
  readonly description?: string;
  readonly config: JsonObject;
  readonly outputs?: JsonObject;
  readonly secrets?: JsonObject;
  readonly immutable?: readonly string[];
  readonly holdsData?: boolean;
}

/** A resource as the service tells it. */
export interface ToldResource {
  readonly type: string;
  readonly name: string;
  readonly uid: string;
  readonly version: string;
  readonly generation: number;
  readonly owner: string | null;
  readonly config: JsonObject;
  readonly outputs: JsonObject;
  readonly secrets?: JsonObject;
  readonly deleting: boolean;
  readonly health: ToldHealth;
}

export interface ToldHealth {
  readonly status: 'ready' | 'progressing' | 'degraded' | 'suspended' | 'unknown';
  readonly message: string;
  readonly findings?: readonly ToldFinding[];
}

export interface ToldFinding {
  readonly code: string;
  readonly class: 'terminal' | 'likely' | 'transient';
  readonly message: string;
  readonly field?: string;
}

export interface FieldFault {
  readonly field: string;
  readonly detail: string;
}

export interface ToldChange {
  readonly field: string;
  readonly before?: Json;
  readonly after?: Json;
  readonly sensitive?: boolean;
}

/** What the service says an apply would do to one resource. */
export interface ToldRow {
  readonly type: string;
  readonly name: string;
  readonly live: { readonly uid: string; readonly version: string } | null;
  readonly owner: string | null;
  readonly deleting: boolean;
  readonly changes: readonly ToldChange[];
  readonly replace?: readonly FieldFault[];
  readonly errors?: readonly FieldFault[];
  readonly notes?: readonly string[];
  /** JSON pointers: what of its outputs and secrets these changes change. Undefined: all of them. */
  readonly later?: readonly string[];
  readonly holdsData?: boolean;
}

/** The body of a refusal. */
export interface ToldProblem {
  readonly code?: string;
  readonly title?: string;
  readonly detail?: string;
  readonly errors?: readonly FieldFault[];
}

export interface ToldChanges {
  readonly token: string;
  readonly changes: readonly {
    readonly type: string;
    readonly name: string;
    readonly uid: string;
    readonly resource: ToldResource | null;
  }[];
}

const text = { type: 'string' };
const faults = {
  type: 'array',
  items: { type: 'object', properties: { field: { type: 'string', pattern: '^(/|$)' }, detail: text }, required: ['field', 'detail'] },
};
const listOf = (items: object) => ({ type: 'array', items });

const resource = {
  type: 'object',
  properties: {
    type: text,
    name: text,
    uid: { type: 'string', minLength: 1 },
    version: { type: 'string', minLength: 1 },
    generation: { type: 'integer' },
    owner: { type: ['string', 'null'] },
    config: { type: 'object' },
    outputs: { type: 'object' },
    secrets: { type: 'object', writeOnly: true },
    deleting: { type: 'boolean' },
    health: {
      type: 'object',
      properties: {
        status: { enum: ['ready', 'progressing', 'degraded', 'suspended', 'unknown'] },
        message: text,
        findings: listOf({
          type: 'object',
          properties: { code: text, class: { enum: ['terminal', 'likely', 'transient'] }, message: text, field: text },
          required: ['code', 'class', 'message'],
        }),
      },
      required: ['status', 'message'],
    },
  },
  required: ['type', 'name', 'uid', 'version', 'generation', 'owner', 'config', 'outputs', 'deleting', 'health'],
};

/** JSON Schemas of the answers, by what was asked. What is not named in them may be there too. */
export const answers = {
  description: {
    type: 'object',
    properties: {
      protocols: listOf(text),
      name: { type: 'string', minLength: 1 },
      identity: { type: 'string', minLength: 1 },
      types: {
        type: 'object',
        propertyNames: { pattern: '^[A-Z][A-Za-z0-9]*$' },
        additionalProperties: {
          type: 'object',
          properties: {
            description: text,
            config: { type: 'object' },
            outputs: { type: 'object' },
            secrets: { type: 'object' },
            immutable: listOf(text),
            holdsData: { type: 'boolean' },
          },
          required: ['config'],
        },
      },
      watch: { type: 'array', items: text, minItems: 1 },
    },
    required: ['protocols', 'name', 'identity', 'types', 'watch'],
  },
  resource,
  listing: { type: 'object', properties: { resources: listOf(resource), next: text }, required: ['resources'] },
  plan: {
    type: 'object',
    properties: {
      rows: listOf({
        type: 'object',
        properties: {
          type: text,
          name: text,
          live: {
            anyOf: [
              { type: 'null' },
              { type: 'object', properties: { uid: { type: 'string', minLength: 1 }, version: text }, required: ['uid', 'version'] },
            ],
          },
          owner: { type: ['string', 'null'] },
          deleting: { type: 'boolean' },
          changes: listOf({ type: 'object', properties: { field: text, sensitive: { type: 'boolean' } }, required: ['field'] }),
          replace: faults,
          errors: faults,
          notes: listOf(text),
          later: listOf({ type: 'string', pattern: '^/(outputs|secrets)(/|$)' }),
          holdsData: { type: 'boolean' },
        },
        required: ['type', 'name', 'live', 'owner', 'deleting', 'changes'],
      }),
    },
    required: ['rows'],
  },
  changes: {
    type: 'object',
    properties: {
      token: { type: 'string', minLength: 1 },
      changes: listOf({
        type: 'object',
        properties: { type: text, name: text, uid: text, resource: { anyOf: [{ type: 'null' }, resource] } },
        required: ['type', 'name', 'uid', 'resource'],
      }),
    },
    required: ['token', 'changes'],
  },
} as const;

export type AnswerName = keyof typeof answers;
