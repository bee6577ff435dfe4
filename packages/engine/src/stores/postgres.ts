// Records in PostgreSQL, for those who want the records of all their stacks in one place. Each write is a transaction that holds the stack's row.
import {
  asideName,
  damaged,
  damageOfRelease,
  foldRecord,
  foldRelease,
  type JournalEntry,
  keptConflict,
  type Lock,
  notBegun,
  type Plan,
  type Problem,
  planVersion,
  type Release,
  type ReleaseList,
  type ReleaseStore,
  type ReleaseSummary,
  readBatch,
  readStored,
  readStoredRecord,
  recordVersion,
  releaseName,
  type SourceTable,
  type Spec,
  type StackRecord,
  specVersion,
  summaryOf,
} from '@konfig/core';
import type { ClientBase } from 'pg';
import { keptVersion } from './kept-version';
import { type Database, openDatabase } from './postgres-database';
import { holderIn, mustHold, takeAway, takeLock } from './postgres-lock';
import { recordConflict } from './record-conflict';

type ReleaseBody = Omit<Release, 'spec' | 'plan' | 'sources'>;

interface ReleaseRow {
  readonly number: number;
  readonly content: string;
  readonly spec: string;
  readonly plan: string | null;
  readonly sources: string | null;
}

/**
 * A store in the schema `konfig` of a database; it is made when it is not there. The user of the URL must be allowed to make that schema, or to write in it.
 *
 * @param url `postgres://user:password@host:5432/database`, as libpq takes it.
 */
export function postgresStore(url: string): ReleaseStore {
  const database = openDatabase(url);
  const begun = new Map<string, { readonly fence: number; readonly number: number }>();
  const placeOf = placesIn(database);
  return {
    description: database.description,
    readRecord: (stack) => database.reading((client) => readRecord(client, stack, placeOf)),
    readRelease: (stack, number) => database.reading((client) => readRelease(client, stack, number, placeOf)),
    listReleases: (stack) => database.reading((client) => listReleases(client, stack, placeOf)),
    listStacks: () =>
      database.reading(async (client) => {
        const { rows } = await client.query('select stack from konfig.stack where record is not null order by stack collate "C"');
        return rows.map(({ stack }) => stack as string);
      }),
    lock: (stack, holder) => takeLock(database, stack, holder),
    holder: (stack) => database.reading((client) => holderIn(client, stack)),
    unlock: (stack, run) => takeAway(database, stack, run),
    async save(lock, record, release) {
      await database.writing((client) => save(client, { lock, record, release, placeOf }));
      if (release.phase === 'applying') begun.set(record.stack, { fence: lock.fence, number: release.number });
      else begun.delete(record.stack);
    },
    async append(lock, batch) {
      const { stack, number, entries } = batch;
      await database.writing(async (client) => {
        await mustHold(client, stack, lock);
        const mine = begun.get(stack);
        if (mine?.fence !== lock.fence || mine.number !== number) throw notBegun(batch);
        await client.query(
          `insert into konfig.journal (stack, number, line, entries)
           select $1, $2, coalesce(max(line), 0) + 1, $3 from konfig.journal where stack = $1 and number = $2`,
          [stack, number, JSON.stringify(entries)],
        );
      });
    },
    readKept: (stack, name) =>
      database.reading(async (client) => {
        const { rows } = await client.query('select bytes, version from konfig.kept where stack = $1 and name = $2', [stack, name]);
        return rows[0] && { bytes: rows[0].bytes as Buffer, version: rows[0].version as string };
      }),
    writeKept: (lock, stack, { name, bytes, before }) =>
      database.writing(async (client) => {
        await mustHold(client, stack, lock);
        const { rows } = await client.query('select version from konfig.kept where stack = $1 and name = $2', [stack, name]);
        if (rows[0]?.version !== before) throw keptConflict(stack, name);
        await client.query('delete from konfig.kept where stack = $1 and name = $2', [stack, name]);
        if (!bytes) return '';
        const version = keptVersion(bytes);
        const values = [stack, name, version, Buffer.from(bytes)];
        await client.query('insert into konfig.kept (stack, name, version, bytes) values ($1, $2, $3, $4)', values);
        return version;
      }),
    putKeptAside: (lock, stack, name) =>
      database.writing(async (client) => {
        await mustHold(client, stack, lock);
        const aside = asideName(name, lock);
        const values = [stack, name, aside];
        const { rowCount } = await client.query('update konfig.kept set name = $3 where stack = $1 and name = $2', values);
        return rowCount ? `konfig.kept ${stack} ${JSON.stringify(aside)} in ${database.description}` : undefined;
      }),
  };
}

// -- What is said of what is damaged

interface Places {
  record(stack: string): { readonly name: string; readonly hint: string };
  release(stack: string, number: number): { readonly name: string; readonly hint: string };
  journal(stack: string, number: number, line: number): { readonly name: string; readonly hint: string };
}

function placesIn({ description }: Database): Places {
  const at = (table: string, key: string) => `konfig.${table} ${key} in ${description}`;
  return {
    record: (stack) => ({
      name: at('stack', stack),
      hint: 'Bring it back from a backup: it says what the stack owns. Without one, set its record to null and apply with --adopt: what the program wishes and bears the mark of this stack is its own again; what it no longer wishes stays.',
    }),
    release: (stack, number) => ({
      name: at('release', `${stack} ${number}`),
      hint: 'Bring it back from a backup, or delete its row: the other releases stay usable, and the stack too.',
    }),
    journal: (stack, number, line) => ({
      name: at('journal', `${stack} ${number}, line ${line},`),
      hint: `Bring it back from a backup, or delete the journal of ${releaseName(stack, number)}: what was saved before the first change of that release still stands, so nothing that Konfig may own is forgotten; what it had deleted is asked for once more.`,
    }),
  };
}

// -- Reading

async function readRecord(client: ClientBase, stack: string, places: Places): Promise<StackRecord | undefined> {
  const saved = await savedRecord(client, stack, places);
  if (!saved) return undefined;
  const entries = await readJournal(client, stack, saved.lastRelease, places);
  if (entries.length === 0) return saved;
  const { rows } = await client.query('select plan from konfig.release where stack = $1 and number = $2', [stack, saved.lastRelease]);
  const plan = rows[0]?.plan as string | null | undefined;
  return plan ? foldRecord(saved, readStored<Plan>(plan, planVersion, places.release(stack, saved.lastRelease)), entries) : saved;
}

async function savedRecord(client: ClientBase, stack: string, places: Places): Promise<StackRecord | undefined> {
  const { rows } = await client.query('select record from konfig.stack where stack = $1', [stack]);
  const text = rows[0]?.record as string | null | undefined;
  return text ? readStoredRecord(text, places.record(stack)) : undefined;
}

async function readJournal(client: ClientBase, stack: string, number: number, places: Places): Promise<readonly JournalEntry[]> {
  const { rows } = await client.query('select line, entries from konfig.journal where stack = $1 and number = $2 order by line', [
    stack,
    number,
  ]);
  return rows.flatMap(({ line, entries }) => readBatch(entries as string, places.journal(stack, number, line as number)));
}

async function readRelease(client: ClientBase, stack: string, number: number, places: Places): Promise<Release | undefined> {
  const { rows } = await client.query('select * from konfig.release where stack = $1 and number = $2', [stack, number]);
  const row = rows[0] as ReleaseRow | undefined;
  if (!row) return undefined;
  const place = places.release(stack, number);
  const whole: Release = {
    ...bodyOf(row, place),
    spec: readStored<Spec>(row.spec, specVersion, place),
    ...(row.plan === null ? {} : { plan: readStored<Plan>(row.plan, planVersion, place) }),
    ...(row.sources === null ? {} : { sources: JSON.parse(row.sources) as SourceTable }),
  };
  return whole.phase === 'applying' ? foldRelease(whole, await readJournal(client, stack, number, places)) : whole;
}

function bodyOf({ content }: Pick<ReleaseRow, 'content'>, place: ReturnType<Places['release']>): ReleaseBody {
  const body = readStored<ReleaseBody>(content, recordVersion, place);
  if (!Array.isArray(body.steps) || !Array.isArray(body.problems)) throw damaged(place, 'it lacks its steps or its problems');
  return body;
}

async function listReleases(client: ClientBase, stack: string, places: Places): Promise<ReleaseList> {
  const { rows } = await client.query('select number, content from konfig.release where stack = $1 order by number desc', [stack]);
  const releases: ReleaseSummary[] = [];
  const problems: Problem[] = [];
  for (const row of rows as readonly ReleaseRow[]) {
    try {
      releases.push(summaryOf(bodyOf(row, places.release(stack, row.number))));
    } catch (error) {
      problems.push(...damageOfRelease(stack, row.number, error));
    }
  }
  return { releases, problems };
}

// -- Writing

interface Save {
  readonly lock: Lock;
  readonly record: StackRecord;
  readonly release: Release;
  readonly placeOf: Places;
}

async function save(client: ClientBase, { lock, record, release, placeOf }: Save): Promise<void> {
  const { stack } = record;
  await mustHold(client, stack, lock);
  // A record that cannot be read is not written over: somebody may still mend it.
  const known = await savedRecord(client, stack, placeOf);
  if (known && known.lastRelease > record.lastRelease) throw recordConflict(known, record.lastRelease);
  const { spec, plan, sources, ...body } = release;
  const texts = [body, spec, plan, sources].map((one) => (one === undefined ? null : JSON.stringify(one)));
  await client.query(
    `insert into konfig.release (stack, number, content, spec, plan, sources) values ($1, $2, $3, $4, $5, $6)
     on conflict (stack, number) do update set content = $3, spec = $4, plan = $5, sources = $6`,
    [stack, release.number, ...texts],
  );
  await client.query('delete from konfig.journal where stack = $1 and number = $2', [stack, release.number]);
  await client.query('update konfig.stack set record = $2 where stack = $1', [stack, JSON.stringify(record)]);
}
