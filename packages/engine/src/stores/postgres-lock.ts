// The lock of a stack among runs that share a PostgreSQL. It is an advisory lock of a session, which the server gives back when that session ends; the row
// beside it says who holds it, and its fence keeps out whoever has lost it without hearing of it.
// https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS
import { type Holder, type KonfigError, type Lock, lockHeld, lockLost, notLocked } from '@konfig/core';
import type { Client, ClientBase } from 'pg';
import type { Database } from './postgres-database';

/** What the row says: of which session of the server the lock is. */
interface HeldBy extends Holder {
  readonly pid: number;
  /** A pid may be used again. */
  readonly born: string;
}

/** Milliseconds. */
const heartbeat = 10_000;

export async function takeLock(database: Database, stack: string, holder: Holder): Promise<Lock> {
  const client = await database.connect();
  try {
    const { rows } = await client.query('select pg_try_advisory_lock(hashtextextended($1, 0)) as got', [`konfig ${stack}`]);
    if (!rows[0].got) throw heldByAnother(stack, await holderIn(client, stack));
    return hold(client, stack, await enter(client, stack, holder));
  } catch (error) {
    await client.end();
    throw error;
  }
}

async function enter(client: Client, stack: string, holder: Holder): Promise<{ readonly fence: number; readonly holder: HeldBy }> {
  const session = 'select pid, backend_start::text as born from pg_stat_activity where pid = pg_backend_pid()';
  const { pid, born } = (await client.query(session)).rows[0];
  const held: HeldBy = { ...holder, pid, born };
  const { rows } = await client.query(
    `insert into konfig.stack (stack, fence, holder) values ($1, 1, $2)
     on conflict (stack) do update set fence = konfig.stack.fence + 1, holder = $2 returning fence`,
    [stack, JSON.stringify(held)],
  );
  return { fence: Number(rows[0].fence), holder: held };
}

function hold(client: Client, stack: string, { fence, holder }: { readonly fence: number; readonly holder: HeldBy }): Lock {
  const lost = new AbortController();
  const lose = () => {
    if (!lost.signal.aborted) lost.abort(lockLost(stack));
  };
  let isOver = false;
  client.on('error', lose);
  client.on('end', () => {
    if (!isOver) lose();
  });
  const timer = setInterval(() => {
    isOurs(client, stack, fence).then((ours) => ours || lose(), lose);
  }, heartbeat);
  timer.unref();
  return {
    holder,
    fence,
    lost: lost.signal,
    async release() {
      if (isOver) return;
      isOver = true;
      clearInterval(timer);
      await client.query('update konfig.stack set holder = null where stack = $1 and fence = $2', [stack, fence]).catch(() => {});
      await client.end().catch(() => {});
    },
  };
}

async function isOurs(client: ClientBase, stack: string, fence: number): Promise<boolean> {
  const { rows } = await client.query('select fence from konfig.stack where stack = $1 and holder is not null', [stack]);
  return Number(rows[0]?.fence) === fence;
}

/** From here on until the end of the transaction nobody takes the lock. LOCK_LOST where it is not this one. */
export async function mustHold(client: ClientBase, stack: string, { fence, lost }: Lock): Promise<void> {
  const { rows } = await client.query('select fence from konfig.stack where stack = $1 and holder is not null for update', [stack]);
  if (lost.aborted || Number(rows[0]?.fence) !== fence) throw lockLost(stack);
}

/** Whoever holds it, and is alive to the server. */
export async function holderIn(client: ClientBase, stack: string): Promise<Holder | undefined> {
  const held = await heldBy(client, stack);
  if (!held) return undefined;
  const { pid: _, born: __, ...holder } = held;
  return holder;
}

async function heldBy(client: ClientBase, stack: string): Promise<HeldBy | undefined> {
  const { rows } = await client.query(
    `select holder from konfig.stack join pg_stat_activity on pid = (holder->>'pid')::int and backend_start::text = holder->>'born'
     where stack = $1`,
    [stack],
  );
  return rows[0]?.holder;
}

/** Takes it away from this run, and ends that run's session. */
export async function takeAway(database: Database, stack: string, run: string): Promise<Holder> {
  return database.writing(async (client) => {
    await client.query('select from konfig.stack where stack = $1 for update', [stack]);
    const held = await heldBy(client, stack);
    if (!held) throw notLocked(stack);
    const { pid, born: _, ...holder } = held;
    if (held.run !== run) throw heldByAnother(stack, holder);
    await client.query('update konfig.stack set fence = fence + 1, holder = null where stack = $1', [stack]);
    await client.query('select pg_terminate_backend($1)', [pid]);
    return holder;
  });
}

function heldByAnother(stack: string, holder: Holder | undefined): KonfigError {
  const hint = `Wait for it (--lock-wait 2m). The server gives it back when the connection of that run ends; one that is stuck is ended by konfig unlock ${stack}.`;
  return lockHeld({ stack, holder, hint });
}
