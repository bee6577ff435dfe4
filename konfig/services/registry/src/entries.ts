// The entries of the registry, in PostgreSQL: who runs what, and where it is called.
import type { Pool } from 'pg';

/** What a team says of a service of its own. */
export interface EntryConfig {
  readonly team: string;
  readonly description: string;
  readonly tier: 'gold' | 'silver' | 'bronze';
  readonly protocol: 'http' | 'grpc';
  readonly port: number;
  /** Where alerts go; a token is in it. */
  readonly alerts?: string;
}

/** What others may know of it. */
export interface EntryOutputs {
  readonly id: string;
  readonly address: string;
}

const tables = `
  create table if not exists teams (name text primary key);
  create table if not exists entries (
    uid uuid primary key, number serial, name text unique not null, team text not null references teams, description text not null,
    tier text not null, protocol text not null, port integer not null, alerts text, key text not null
  );
`;

interface Row {
  readonly number: number;
  readonly name: string;
  readonly team: string;
  readonly description: string;
  readonly tier: EntryConfig['tier'];
  readonly protocol: EntryConfig['protocol'];
  readonly port: number;
  readonly key: string;
}

/** Makes the tables where they are missing. */
export async function openEntries(pool: Pool, teams: readonly string[]): Promise<Entries> {
  await pool.query(tables);
  await pool.query('insert into teams (name) select unnest($1::text[]) on conflict do nothing', [teams]);
  return entriesIn(pool);
}

export interface Entries {
  isTeam(name: string): Promise<boolean>;
  /** Makes it, or gives back the one that has this uid already: a crash may have come in between. */
  make(uid: string, name: string, config: EntryConfig, key: string): Promise<{ readonly outputs: EntryOutputs; readonly key: string }>;
  change(uid: string, config: EntryConfig): Promise<EntryOutputs>;
  remove(uid: string): Promise<void>;
  /** As it is in the table, where people change it by hand too. */
  read(uid: string): Promise<{ readonly config: Omit<EntryConfig, 'alerts'>; readonly outputs: EntryOutputs } | undefined>;
}

function entriesIn(pool: Pool): Entries {
  const only = async (text: string, values: unknown[]) => (await pool.query<Row>(text, values)).rows[0];
  return {
    isTeam: async (name) => (await pool.query('select 1 from teams where name = $1', [name])).rows.length > 0,
    async make(uid, name, { team, description, tier, protocol, port, alerts }, key) {
      await pool.query(
        `insert into entries (uid, name, team, description, tier, protocol, port, alerts, key) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         on conflict (uid) do nothing`,
        [uid, name, team, description, tier, protocol, port, alerts ?? null, key],
      );
      const row = (await only('select * from entries where uid = $1', [uid])) as Row;
      return { outputs: outputsOf(row), key: row.key };
    },
    async change(uid, { team, description, tier, protocol, port, alerts }) {
      const row = await only(
        'update entries set team = $2, description = $3, tier = $4, protocol = $5, port = $6, alerts = $7 where uid = $1 returning *',
        [uid, team, description, tier, protocol, port, alerts ?? null],
      );
      return outputsOf(row as Row);
    },
    remove: async (uid) => void (await pool.query('delete from entries where uid = $1', [uid])),
    async read(uid) {
      const row = await only('select * from entries where uid = $1', [uid]);
      if (!row) return undefined;
      const { team, description, tier, protocol, port } = row;
      return { config: { team, description, tier, protocol, port }, outputs: outputsOf(row) };
    },
  };
}

function outputsOf({ number, name, protocol, port }: Row): EntryOutputs {
  return { id: `svc-${String(number).padStart(4, '0')}`, address: `${protocol}://${name}.services.acme.example:${port}` };
}
