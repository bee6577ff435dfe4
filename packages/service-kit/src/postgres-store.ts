// The store of a service in PostgreSQL. It takes a pool of the package `pg`, or whatever else has these two functions.
import type { Change, Remembered, Store, StoredResource } from './store';

/** What the store needs of a connection. */
export interface Queries {
  query(text: string, values?: unknown[]): Promise<{ readonly rows: readonly unknown[] }>;
}

/** What the store needs of a pool: `new Pool()` of `pg` has it. */
export interface Pool extends Queries {
  connect(): Promise<Queries & { release(error?: Error | boolean): void }>;
}

const tables = `
  create table if not exists konfig_resources (type text not null, name text not null, resource jsonb not null, primary key (type, name));
  create table if not exists konfig_changes (at bigserial primary key, type text not null, name text not null, uid text not null, resource jsonb);
  create table if not exists konfig_answers (key text primary key, answer jsonb not null, since timestamptz not null default now());
`;

const longestLog = 10_000;
const page = 1000;

/** Keeps everything in three tables, which it makes where they are missing. Several processes may share them. */
export async function postgresStore(pool: Pool): Promise<Store> {
  // Two processes that start at once would trip over each other's tables.
  await inTransaction(pool, async (connection) => {
    await lock(connection, 'tables', '');
    await connection.query(tables);
  });
  const turns = makeTurns(atOnce);
  const written = (change: string, one: StoredResource, resource: string | null) =>
    inTransaction(pool, async (connection) => {
      // Numbers must become visible in their order, or a reader would pass over one that comes late.
      await lock(connection, 'changes', '');
      await connection.query(change, resource === null ? [one.type, one.name] : [one.type, one.name, resource]);
      await connection.query('insert into konfig_changes (type, name, uid, resource) values ($1, $2, $3, $4)', [
        one.type,
        one.name,
        one.uid,
        resource,
      ]);
      await connection.query(`delete from konfig_changes where at <= (select max(at) from konfig_changes) - ${longestLog}`);
    });
  return {
    async get(type, name) {
      const { rows } = await pool.query('select resource from konfig_resources where type = $1 and name = $2', [type, name]);
      return (rows[0] as { readonly resource: StoredResource } | undefined)?.resource;
    },
    async list({ type, owner, after = '', limit }) {
      const { rows } = await pool.query(
        `select resource from konfig_resources
         where ($1::text is null or type = $1) and ($2::text is null or resource->>'owner' = $2) and (type || '/' || name) collate "C" > $3
         order by (type || '/' || name) collate "C" limit $4`,
        [type ?? null, owner ?? null, after, limit],
      );
      return (rows as readonly { readonly resource: StoredResource }[]).map(({ resource }) => resource);
    },
    put: (resource) =>
      written(
        'insert into konfig_resources (type, name, resource) values ($1, $2, $3) on conflict (type, name) do update set resource = excluded.resource',
        resource,
        JSON.stringify(resource),
      ),
    remove: (resource) => written('delete from konfig_resources where type = $1 and name = $2', resource, null),
    async recall(key) {
      const { rows } = await pool.query("select answer from konfig_answers where key = $1 and since > now() - interval '1 day'", [key]);
      return (rows[0] as { readonly answer: Remembered } | undefined)?.answer;
    },
    async remember(key, answer) {
      await pool.query("delete from konfig_answers where since < now() - interval '1 day'");
      await pool.query('insert into konfig_answers (key, answer) values ($1, $2) on conflict do nothing', [key, JSON.stringify(answer)]);
    },
    async lastChange() {
      const { rows } = await pool.query('select coalesce(max(at), 0) as at from konfig_changes');
      return Number((rows[0] as { readonly at: string }).at);
    },
    async changesAfter(at) {
      const { rows: ends } = await pool.query('select coalesce(min(at), 0) as first, coalesce(max(at), 0) as last from konfig_changes');
      const { first, last } = ends[0] as { readonly first: string; readonly last: string };
      if (at > Number(last) || at < Number(first) - 1) return undefined;
      const { rows } = await pool.query(
        `select at, type, name, uid, resource from konfig_changes where at > $1 order by at limit ${page}`,
        [at],
      );
      return (rows as readonly (Omit<Change, 'resource'> & { readonly resource: StoredResource | null })[]).map(
        ({ resource, ...change }) => ({
          ...change,
          at: Number(change.at),
          ...(resource ? { resource } : {}),
        }),
      );
    },
    exclusive: (key, work) =>
      turns(() =>
        inTransaction(pool, async (connection) => {
          await lock(connection, 'resource', key);
          return work();
        }),
      ),
  };
}

/**
 * Each holds one connection of the pool and needs another one for its queries. Were all ten of them held, which is what a pool of `pg` has, none would ever
 * come to its end.
 */
const atOnce = 4;

function makeTurns(most: number): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}

const lockClasses = { tables: 7_450_001, changes: 7_450_002, resource: 7_450_003 };

/** Until the end of the transaction. Locks of different classes never meet, whatever their keys hash to. */
async function lock(connection: Queries, kind: keyof typeof lockClasses, key: string): Promise<void> {
  await connection.query('select pg_advisory_xact_lock($1, hashtext($2))', [lockClasses[kind], key]);
}

async function inTransaction<T>(pool: Pool, work: (connection: Queries) => Promise<T>): Promise<T> {
  const connection = await pool.connect();
  let broken: Error | undefined;
  try {
    await connection.query('begin');
    const result = await work(connection);
    await connection.query('commit');
    return result;
  } catch (error) {
    await connection.query('rollback').catch((lost: Error) => {
      broken = lost;
    });
    throw error;
  } finally {
    connection.release(broken);
  }
}
