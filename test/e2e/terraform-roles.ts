// Roles of a real PostgreSQL as what Terraform makes: the server knows what has really happened, and holds up what waits for it.
import type { JsonObject } from '@konfig/core';
import { type Postgres, startPostgres } from '../testbed/terraform/postgres';

/** Of the provider: see test/testbed/README.md. */
interface Faults {
  readonly delay?: string;
  readonly ignore_cancel?: boolean;
}

/** By the name of their resources, the names of roles. */
type Names<K extends string = string> = { readonly [key in K]: string };

export interface Roles {
  readonly server: Postgres;
  /** The provider's block. */
  provider(faults?: Faults): JsonObject;
  /** Provider and roles. */
  of(names: Names, faults?: Faults): JsonObject;
  /** Provider and two roles, the one after the other. */
  chain(names: Names<'first' | 'next'>, faults?: Faults): JsonObject;
  /** Those that are there, by a pattern of LIKE, in the order of their names. */
  like(pattern: string): Promise<readonly string[]>;
  /** Resolves when the provider has asked for it, and waits; rejects when the run ends without. */
  atWork(name: string, run: Promise<unknown>): Promise<void>;
}

/** A PostgreSQL for the tests of this file, which need the part `provider-postgresql`. */
export function rolesOfPostgres(): Roles {
  let postgres: Postgres | undefined;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres?.stop());
  const roles: Roles = {
    get server() {
      if (!postgres) throw new Error('PostgreSQL is there in tests and hooks only.');
      return postgres;
    },
    provider(faults = {}) {
      const { port, password } = roles.server;
      return { provider: { postgresql: { port, password, ...faults } } };
    },
    of: (names, faults) => ({ ...roles.provider(faults), postgresql_role: roleBodies(names) }),
    chain(names, faults) {
      const { first, next } = roleBodies(names);
      return { ...roles.provider(faults), postgresql_role: { first, next: { ...next, depends_on: ['postgresql_role.first'] } } };
    },
    async like(pattern) {
      const found = await roles.server.query(`SELECT rolname FROM pg_roles WHERE rolname LIKE '${pattern}' ORDER BY 1`);
      return found === '' ? [] : found.split('\n');
    },
    async atWork(name, run) {
      let isOver = false;
      const over = () => {
        isOver = true;
      };
      run.then(over, over);
      while ((await roles.server.query(`SELECT 1 FROM pg_stat_activity WHERE application_name = '${name}'`)) === '') {
        if (isOver) throw new Error(`It has ended before it was at work on ${name}: ${JSON.stringify(await run)}`);
      }
    },
  };
  return roles;
}

export function roleBodies<K extends string>(names: Names<K>): { readonly [key in K]: JsonObject } {
  return Object.fromEntries(Object.entries(names).map(([key, name]) => [key, { name, login: false }])) as unknown as {
    readonly [key in K]: JsonObject;
  };
}
