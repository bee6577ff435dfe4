// The tables of the store in PostgreSQL, and connections to them.
import { KonfigError } from '@konfig/core';
import type { Client, Pool, PoolClient } from 'pg';

export interface Database {
  /** `PostgreSQL db.example:5432, database konfig` */
  readonly description: string;
  /** One look at everything, as it is at one moment. */
  reading<T>(work: (client: PoolClient) => Promise<T>): Promise<T>;
  /** All of it, or nothing. What fails in it for reasons of its own comes out as it is; the rest is RECORD_WRITE. */
  writing<T>(work: (client: PoolClient) => Promise<T>): Promise<T>;
  /** A connection of its own, which the caller ends. */
  connect(): Promise<Client>;
}

/** Milliseconds. */
const connectWithin = 10_000;
const answerWithin = 30_000;

/** Made once; later versions add to it. */
const tables = `
create schema if not exists konfig;
create table if not exists konfig.stack (
  stack text primary key, fence bigint not null default 0, holder jsonb, record text);
create table if not exists konfig.release (
  stack text not null, number int not null, content text not null, spec text not null, plan text, sources text, primary key (stack, number));
create table if not exists konfig.journal (
  stack text not null, number int not null, line int not null, entries text not null, primary key (stack, number, line));
create table if not exists konfig.kept (
  stack text not null, name text not null, version text not null, bytes bytea not null, primary key (stack, name));`;

/** @param url `postgres://user:password@host:5432/database`, as libpq takes it. */
export function openDatabase(url: string): Database {
  const { Client, Pool } = require('pg') as typeof import('pg');
  const settings = {
    connectionString: url,
    connectionTimeoutMillis: connectWithin,
    // A network that swallows everything must not hold an operation for ever.
    query_timeout: answerWithin,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    application_name: 'konfig',
  };
  // A command ends when its work is done: connections at rest must not hold it.
  const pool = new Pool({ ...settings, max: 4, idleTimeoutMillis: 1000, allowExitOnIdle: true });
  pool.on('error', () => {});
  // What is under way on a connection that breaks fails by itself; without a listener the process would end.
  pool.on('connect', (client) => client.on('error', () => {}));
  const description = describe(new Client(settings));
  let made: Promise<void> | undefined;
  const ready = () => {
    made ??= makeTables(pool).catch((error) => {
      made = undefined;
      throw unreachable(description, error);
    });
    return made;
  };
  const inTransaction = async <T>(begin: string, work: (client: PoolClient) => Promise<T>): Promise<T> => {
    await ready();
    const client = await pool.connect();
    let broken: Error | undefined;
    try {
      await client.query(begin);
      const result = await work(client);
      await client.query('commit');
      return result;
    } catch (error) {
      await client.query('rollback').catch((failure: Error) => {
        broken = failure;
      });
      throw error;
    } finally {
      client.release(broken);
    }
  };
  return {
    description,
    reading: (work) =>
      inTransaction('begin isolation level repeatable read, read only', work).catch((error) => {
        throw error instanceof KonfigError ? error : unreachable(description, error);
      }),
    writing: (work) =>
      inTransaction('begin', work).catch((error) => {
        throw error instanceof KonfigError ? error : notWritten(description, error);
      }),
    async connect() {
      await ready();
      const client = new Client(settings);
      client.on('error', () => {});
      await client.connect().catch((error) => {
        throw unreachable(description, error);
      });
      return client;
    },
  };
}

function describe({ host, port, database }: Client): string {
  return `PostgreSQL ${host}:${port}, database ${database}`;
}

/** Two runs that come first make them one after the other: `if not exists` alone does not keep them apart. */
async function makeTables(pool: Pool): Promise<void> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    const { rows } = await client.query("select to_regclass('konfig.kept') as last");
    if (rows[0].last !== null) return;
    await client.query(`begin; select pg_advisory_xact_lock(hashtextextended('konfig tables', 0)); ${tables} commit;`);
  } catch (error) {
    // It may be in the middle of that transaction.
    broken = error as Error;
    throw error;
  } finally {
    client.release(broken);
  }
}

function unreachable(description: string, error: unknown): KonfigError {
  return new KonfigError(
    {
      code: 'TARGET_UNREACHABLE',
      message: `The records in ${description} cannot be read: ${wordsOf(error)}.`,
      hint: 'Is the server up, and are the address and the password of the records right?',
    },
    { cause: error },
  );
}

function notWritten(description: string, error: unknown): KonfigError {
  return new KonfigError(
    {
      code: 'RECORD_WRITE',
      message: `write to ${description}: ${wordsOf(error)}`,
      hint: 'Nothing that was written before is lost. When the server is well again, apply again: it goes on from there.',
    },
    { cause: error },
  );
}

/** Of a refused connection there may be one error for each address. */
function wordsOf(error: unknown): string {
  const { message, code, errors } = error as { message?: string; code?: string; errors?: readonly Error[] };
  return message || errors?.map((one) => one.message).join(', ') || code || String(error);
}
