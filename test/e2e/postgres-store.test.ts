// The contract of every release store, over a real PostgreSQL.
import { isKonfigError, type Lock } from '@konfig/core';
import { Client } from 'pg';
import { postgresStore } from '../../packages/engine/src';
import { holderOf, recordAt, releaseAt, stack } from '../../packages/engine/test/records';
import { storeContract } from '../../packages/engine/test/store-contract';
import { type Postgres, startPostgres } from '../testbed/terraform/postgres';

let postgres: Postgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());

let databases = 0;
const urlOf = (database: string) => `postgres://postgres:${postgres.password}@127.0.0.1:${postgres.port}/${database}`;

async function newDatabase(): Promise<{ readonly url: string; query(sql: string): Promise<unknown> }> {
  const database = `records_${++databases}`;
  await postgres.query(`create database ${database}`);
  return { url: urlOf(database), query: (sql) => postgres.query(sql, { database }) };
}

storeContract('PostgreSQL', async () => {
  const { url, query } = await newDatabase();
  const store = postgresStore(url);
  const endSession = () => query(`select pg_terminate_backend((holder->>'pid')::int) from konfig.stack where stack = '${stack}'`);
  return {
    store,
    again: () => postgresStore(url),
    async truncate(what) {
      if (what === 'record') await query(`update konfig.stack set record = left(record, 40) where stack = '${stack}'`);
      else await query(`update konfig.release set content = left(content, 40) where stack = '${stack}' and number = ${what}`);
      return what === 'record' ? `konfig.stack ${stack}` : `konfig.release ${stack} ${what}`;
    },
    async writeVersion(version) {
      await query(`update konfig.stack set record = replace(record, 'konfig.dev/record/v1', '${version}') where stack = '${stack}'`);
      return `konfig.stack ${stack}`;
    },
    async breakJournal(number) {
      await query(`update konfig.journal set entries = left(entries, 20) where stack = '${stack}' and number = ${number} and line = 2`);
      return {
        name: `konfig.journal ${stack} ${number}, line 2,`,
        remove: async () => void (await query(`delete from konfig.journal where stack = '${stack}' and number = ${number}`)),
      };
    },
    async takeOver(lock: Lock) {
      const isLost = new Promise((resolve) => lock.lost.addEventListener('abort', resolve, { once: true }));
      await endSession();
      await isLost;
      return store.lock(stack, holderOf('bob'));
    },
  };
});

test('two that come first make the tables together', async () => {
  const { url } = await newDatabase();
  const lists = await Promise.all([1, 2, 3, 4].map(() => postgresStore(url).listStacks()));
  expect(lists).toEqual([[], [], [], []]);
});

test('a run that was frozen while its lock was taken away writes nothing more', async () => {
  const { url } = await newDatabase();
  const store = postgresStore(url);
  const lock = await store.lock(stack, holderOf('anna'));
  await store.save(lock, recordAt(1), releaseAt(1));
  await postgresStore(url).unlock(stack, lock.holder.run);
  const frozen: Lock = { ...lock, lost: new AbortController().signal };
  await expect(store.save(frozen, recordAt(2), releaseAt(2))).rejects.toMatchObject({ problems: [{ code: 'LOCK_LOST' }] });
});

test('a server that is not there, and a password that is wrong, are told with the address and without the password', async () => {
  for (const url of [`postgres://konfig:hush-hush@127.0.0.1:1/records`, urlOf('postgres').replace(postgres.password, 'hush-hush')]) {
    const error = await postgresStore(url)
      .readRecord(stack)
      .catch((caught: unknown) => caught);
    if (!isKonfigError(error)) throw error;
    expect(error.problems[0]).toMatchObject({ code: 'TARGET_UNREACHABLE', message: expect.stringContaining('127.0.0.1') });
    expect(JSON.stringify(error.problems)).not.toContain('hush-hush');
  }
});

test('a user who may only write in the schema needs no more', async () => {
  const { url, query } = await newDatabase();
  await postgresStore(url).listStacks();
  await query(`create role writer login password 'w'`);
  await query('grant usage on schema konfig to writer; grant select, insert, update, delete on all tables in schema konfig to writer');
  const own = url.replace(`postgres:${postgres.password}`, 'writer:w');
  const client = new Client({ connectionString: own });
  await client.connect();
  await client.end();
  const store = postgresStore(own);
  const lock = await store.lock(stack, holderOf('anna'));
  await store.save(lock, recordAt(1), releaseAt(1));
  await lock.release();
  expect(await store.readRelease(stack, 1)).toEqual(releaseAt(1));
});

test('a server that goes in the middle of a write fails that write, and nothing else', async () => {
  const { url, query } = await newDatabase();
  const store = postgresStore(url);
  const lock = await store.lock(stack, holderOf('anna'));
  await store.save(lock, recordAt(1), releaseAt(1));
  // Whoever writes waits for this row, and is thrown out while it waits.
  const blocker = new Client({ connectionString: url });
  await blocker.connect();
  await blocker.query('begin; select from konfig.stack for update');
  const write = store.save(lock, recordAt(2), releaseAt(2)).catch((error: unknown) => error);
  const waits = "select count(*) from pg_stat_activity where application_name = 'konfig' and wait_event_type = 'Lock'";
  while ((await query(waits)) !== '1');
  await query("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'konfig' and wait_event_type = 'Lock'");
  expect(await write).toMatchObject({ problems: [{ code: 'RECORD_WRITE' }] });
  await blocker.query('rollback');
  await blocker.end();
  await store.save(lock, recordAt(2), releaseAt(2));
  await lock.release();
});

test('a user who may not make the schema is told so each time', async () => {
  const { url, query } = await newDatabase();
  await query(`create role reader login password 'r'`);
  const store = postgresStore(url.replace(`postgres:${postgres.password}`, 'reader:r'));
  for (let i = 0; i < 2; i++) await expect(store.listStacks()).rejects.toThrow(/permission denied/);
});
