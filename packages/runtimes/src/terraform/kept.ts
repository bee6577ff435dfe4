// What Konfig keeps of a stack in the store of releases: Terraform's state, and what the state does not tell.
import {
  equalJson,
  isKonfigError,
  isObject,
  type Json,
  type JsonObject,
  type Keeper,
  KonfigError,
  type ResourceId,
  shortId,
  unreadKept,
} from '@konfig/core';
import type { Mark } from './mark';
import { type Keys, objectIn, ownSealText, seal, sealText, unseal, type Whose } from './seal';
import { readState, type TerraformState } from './state';
import type { Outputs } from './wish';

/** What is kept. */
export interface KeptStack {
  /** The state as Terraform wrote it. Undefined: there is none yet. */
  readonly text?: string;
  readonly state?: TerraformState;
  /** Which outputs are secret; as of the last apply, like the two below. */
  readonly outputs: Outputs;
  readonly protected: readonly string[];
  readonly retained: readonly string[];
  /** Digest of the configuration. Undefined: as below. */
  readonly configuration?: string;
  /** What its variables were told, secrets only where they are sealed. Undefined: it was last applied by a Konfig that kept none. */
  readonly inputs?: JsonObject;
  /** Of a run that is at work, or has died at it. */
  readonly mark?: Mark;
}

export const nothingKept: KeptStack = { outputs: {}, protected: [], retained: [] };

/** Where the kept of one stack lies, with the version of it that was seen. */
export interface Home {
  readonly id: ResourceId;
  read(): Promise<KeptStack>;
  /** In the place of what was read; one write after the other. */
  write(kept: KeptStack): Promise<void>;
  remove(): Promise<void>;
  /** How what was read was sealed, and how it will be when it is written. Undefined: it is the same, or nothing was there. */
  readonly resealing: Resealing | undefined;
}

interface Resealing {
  readonly before: string;
  readonly after: string;
}

export function homeOf(id: ResourceId, keeper: Keeper, keys: Keys): Home {
  const whose = { stack: keeper.stack, id };
  let version: string | undefined;
  let resealing: Resealing | undefined;
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    return mine;
  };
  return {
    id,
    read: () =>
      inTurn(async () => {
        const found = await keeper.read(id);
        version = found?.version;
        resealing = found && resealingOf(found.bytes, keys);
        if (!found) return nothingKept;
        try {
          return parseKept(whose, unseal(whose, found.bytes, keys));
        } catch (error) {
          if (!isKonfigError(error) || !keeper.isGivenUp(id, error)) throw error;
          [version, resealing] = [undefined, undefined];
          return nothingKept;
        }
      }),
    write: (kept) =>
      inTurn(async () => {
        version = await keeper.write(id, seal(whose, keptText(whose, kept), keys), version);
        resealing = undefined;
      }),
    remove: () =>
      inTurn(async () => {
        if (version !== undefined) await keeper.remove(id, version);
        version = undefined;
      }),
    get resealing() {
      return resealing;
    },
  };
}

function resealingOf(bytes: Uint8Array, keys: Keys): Resealing | undefined {
  const [before, after] = [sealText(bytes), ownSealText(keys)];
  return before === after ? undefined : { before, after };
}

const format = 'konfig.dev/terraform/v1';

export function keptText(
  { stack, id }: Whose,
  { text, outputs, protected: held, retained, configuration, inputs, mark }: KeptStack,
): string {
  return JSON.stringify({
    format,
    of: { stack, id },
    ...(text === undefined ? {} : { state: text }),
    outputs,
    protected: held,
    retained,
    ...(configuration === undefined ? {} : { configuration }),
    ...(inputs ? { inputs } : {}),
    ...(mark ? { mark } : {}),
  });
}

/** Throws RECORD_CORRUPT, also for what is kept of something else. */
export function parseKept(whose: Whose, text: string): KeptStack {
  const { stack, id } = whose;
  try {
    const kept = objectIn(text) as { readonly [key: string]: Json } & Omit<KeptStack, 'text' | 'state'>;
    if (!isObject(kept.of)) throw new Error('it does not say whose it is');
    if (!equalJson(kept.of, { stack, id })) throw notOurs(whose, kept.of);
    if (kept.format !== format) throw new Error(`format ${JSON.stringify(kept.format)}`);
    const { outputs, protected: held, retained, configuration, inputs, mark, state } = kept;
    return {
      outputs,
      protected: held,
      retained,
      ...(configuration === undefined ? {} : { configuration }),
      ...(inputs ? { inputs } : {}),
      ...(mark ? { mark } : {}),
      ...(typeof state === 'string' ? withState(state) : {}),
    };
  } catch (cause) {
    if (cause instanceof KonfigError) throw cause;
    throw unreadKept(id, { why: 'it was written by another version of Konfig, or damaged', beware: 'Use the newest Konfig.', cause });
  }
}

function notOurs({ stack, id }: Whose, { stack: theirs, id: other }: JsonObject): KonfigError {
  return unreadKept(id, {
    why: `it belongs to another stack than ${stack}, and is the state of ${shortId(String(other))} in ${theirs}`,
    beware: 'Applied to this stack, it would have the other one destroyed.',
  });
}

/** A state's text, with what it says. */
export function withState(text: string): Required<Pick<KeptStack, 'text' | 'state'>> {
  return { text, state: readState(text) };
}
