// What a runtime keeps of a resource, given out and taken in: to move it to another keeper and back, and to mend it.
import {
  type Connection,
  didYouMean,
  KonfigError,
  type Problem,
  type PushedState,
  type Resource,
  type ResourceId,
  type Spec,
  shortId,
  stackName,
} from '@konfig/core';
import { eventLog } from './event-log';
import { takeLock } from './lock';
import { withSession } from './looking';
import { maskProblems } from './masking';
import type { Session } from './session';
import type { World } from './world';

/** A state as its system writes it. */
export interface PulledState {
  readonly id: ResourceId;
  /** With every secret in clear. */
  readonly text: string;
  /** That it is older than the releases say. */
  readonly problems: readonly Problem[];
}

/**
 * Gives out what is kept of a resource, also where that is older than the releases say; changes nothing. `name`: its id or short id. USAGE where nothing is kept under it,
 * RECORD_CORRUPT or TARGET_CONFIG where that cannot be read.
 */
export function pullState(spec: Spec, name: string, world: World, signal: AbortSignal): Promise<PulledState> {
  return withSession(spec, world, signal, async (session, mask) => {
    const { id, connection } = keptIn(session, name);
    session.keeper.accept([id]);
    const text = await connection.pullState(id);
    const problems = maskProblems(session.keeper.accepted, { mask });
    if (text !== undefined) return { id, text, problems };
    if (problems.length > 0) throw new KonfigError(problems.map((problem) => ({ ...problem, severity: 'error' })));
    throw usage(
      `Nothing is kept of ${shortId(id)} in ${session.store.description}.`,
      `It comes with the first konfig apply ${stackName(spec)}.`,
    );
  });
}

/** What is to be taken in. */
export interface StateWish {
  /** Id or short id. */
  readonly name: string;
  readonly text: string;
  /** For messages: `terraform.tfstate`. */
  readonly file: string;
  /** Also where it is not what comes after the present one, or where that cannot be read. Default false. */
  readonly isForced?: boolean;
  /** Seconds to wait for a lock that another run holds. */
  readonly lockWait: number;
}

/** What was done. */
export interface StateTaken extends PushedState {
  readonly id: ResourceId;
  /** Where that lies which could not be read, and was put aside. */
  readonly aside?: string;
}

/**
 * Puts a state in the place of what is kept of a resource, under the lock of its stack; nothing else changes, and it is no release: the record knows by the version that
 * something newer is there. What the releases missed, or was older, is mended by it.
 */
export function pushState(spec: Spec, wish: StateWish, world: World, signal: AbortSignal): Promise<StateTaken> {
  return withSession(spec, world, signal, async (session) => {
    const { id, connection } = keptIn(session, wish.name);
    const { store, keeper } = session;
    const stack = stackName(spec);
    const log = eventLog(world.who.run, world.clock);
    const lock = await takeLock({ stack, store, lockWait: wish.lockWait, world, log, cancelled: signal });
    try {
      // Another run may have changed it since.
      keeper.know(await store.readRecord(stack));
      keeper.accept([id]);
      keeper.restore(lock);
      const aside = await clearWay(session, { id, connection, isForced: wish.isForced === true });
      const resource = spec.resources.find((one) => one.id === id);
      const { text, file: name, isForced = false } = wish;
      const pushed = await connection.pushState({ id, text, name, isForced, ...(resource ? { resource } : {}) });
      return { id, ...pushed, ...(aside === undefined ? {} : { aside }) };
    } finally {
      keeper.hold(undefined);
      await lock.release();
    }
  });
}

interface Clearing extends Found {
  readonly isForced: boolean;
}

/** Nothing tells whether what cannot be read is what the pushed state comes after. */
async function clearWay({ keeper }: Session, { id, connection, isForced }: Clearing): Promise<string | undefined> {
  await connection.pullState(id);
  if (keeper.givenUp.has(id) && !isForced) {
    const [why] = keeper.accepted;
    throw new KonfigError({
      code: 'RECORD_CORRUPT',
      message: `${why?.message ?? ''} Whether this state comes after it, nobody can tell.`,
      hint: 'To go on from this one all the same: --force. What is there is put aside then, as it is.',
      at: id,
    });
  }
  return (await keeper.putAside(new Set([id]))).get(id);
}

interface Found {
  readonly id: ResourceId;
  readonly connection: Keeping;
}

type Keeping = Connection & Required<Pick<Connection, 'pullState' | 'pushState'>>;

/** Of what the stack owns or wishes, as far as something is kept of such things. */
function keptIn({ spec, record, connections, unreachable }: Session, name: string): Found {
  const known = new Map(
    [...spec.resources, ...(record?.inventory ?? [])].map((one: Pick<Resource, 'id' | 'target'>) => [one.id, one.target]),
  );
  const found = [...known].flatMap(([id, target]): readonly Found[] => {
    const connection = connections.get(target);
    return connection && isKeeping(connection) ? [{ id, connection }] : [];
  });
  const named = found.filter(({ id }) => id === name || shortId(id) === name);
  if (named.length === 1) return named[0] as Found;
  const away = [...unreachable.values()].flat();
  if (found.length === 0 && away.length > 0) throw new KonfigError(away);
  const names = found.map(({ id }) => (named.length > 1 ? id : shortId(id)));
  throw usage(
    named.length > 1
      ? `${stackName(spec)} has ${named.length} resources of the name ${name}.`
      : `${stackName(spec)} has no ${JSON.stringify(name)} whose state is kept.`,
    names.length === 0 ? 'It has no Terraform stack.' : `${didYouMean(name, names)}It has ${names.join(', ')}.`,
  );
}

function isKeeping(connection: Connection): connection is Keeping {
  return connection.pullState !== undefined && connection.pushState !== undefined;
}

function usage(message: string, hint: string): KonfigError {
  return new KonfigError({ code: 'USAGE', message, hint });
}
