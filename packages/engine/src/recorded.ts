// What the record knows of a stack: enough to go back to an older release, or to destroy a stack whose program is gone.
import {
  type Holder,
  KonfigError,
  type Release,
  type ReleaseStore,
  type ReleaseSummary,
  type Spec,
  type StackRecord,
  stackName,
} from '@konfig/core';
import { withSession, withStore } from './looking';
import type { PreviewRequest } from './preview';
import type { World } from './world';

/** Reads one release of a stack; `number` undefined: the last one. The Spec says which targets and store. */
export async function readRelease(spec: Spec, number: number | undefined, world: World, signal: AbortSignal): Promise<Release> {
  return withRecord(spec, world, signal, ({ store, record }) => releaseOf(store, record, number ?? record.lastRelease));
}

/** Which release to go back to, and whether to delete what holds data and was not in it. */
export interface RollbackWish {
  /** Default: the last one before the present that succeeded. */
  readonly to?: number;
  readonly includeData?: boolean;
}

/** What to preview to go back to an older release: its Spec, on the targets as the given Spec has them. */
export async function rollbackRequest(spec: Spec, wish: RollbackWish, world: World, signal: AbortSignal): Promise<PreviewRequest> {
  return withRecord(spec, world, signal, async ({ store, record }) => {
    const number = wish.to ?? (await lastGood(store, record));
    const release = await releaseOf(store, record, number);
    if (release.kind === 'destroy') {
      throw usage(
        `Release ${number} of ${record.stack} destroyed it: there is nothing to go back to.`,
        `To do that again: konfig destroy ${record.stack}.`,
      );
    }
    const { targets, records } = spec;
    const options = { rollbackTo: number, ...(wish.includeData ? { includeData: true } : {}) };
    return { kind: 'apply', spec: { ...release.spec, targets, records }, sources: release.sources ?? {}, options };
  });
}

interface Recorded {
  readonly store: ReleaseStore;
  readonly record: StackRecord;
}

async function withRecord<T>(spec: Spec, world: World, signal: AbortSignal, use: (recorded: Recorded) => Promise<T>): Promise<T> {
  return withSession(spec, world, signal, ({ record, store }) => {
    if (!record)
      throw usage(
        `${stackName(spec)} was never applied: it has no releases in ${store.description}.`,
        `konfig apply ${stackName(spec)} makes the first one.`,
      );
    return use({ store, record });
  });
}

async function releaseOf(store: ReleaseStore, { stack }: StackRecord, number: number): Promise<Release> {
  const release = await store.readRelease(stack, number);
  if (release) return release;
  const kept = (await store.listReleases(stack)).releases.map((one) => one.number);
  throw usage(`${stack} has no release ${number} in ${store.description}.`, `It has ${rangeText(kept)}: konfig history ${stack}.`);
}

/** Releases that came before the present one and succeeded, the newest of them. */
async function lastGood(store: ReleaseStore, { stack, lastRelease }: StackRecord): Promise<number> {
  const isGood = ({ number, phase, kind }: ReleaseSummary) => number < lastRelease && phase === 'succeeded' && kind === 'apply';
  const good = (await store.listReleases(stack)).releases.find(isGood);
  if (good) return good.number;
  throw usage(
    `${stack} has no release before ${lastRelease} that succeeded.`,
    `Name one: konfig rollback ${stack} NUMBER; konfig history ${stack} lists them.`,
  );
}

function rangeText(numbers: readonly number[]): string {
  return numbers.length === 0 ? 'none' : `${numbers.length > 1 ? 'releases' : 'release'} ${[...numbers].sort((a, b) => a - b).join(', ')}`;
}

function usage(message: string, hint: string): KonfigError {
  return new KonfigError({ code: 'USAGE', message, hint });
}

/** Who holds the lock of a stack; undefined when nobody does. */
export async function holderOf(spec: Spec, world: World, signal: AbortSignal): Promise<Holder | undefined> {
  return withStore(spec, world, signal, ({ store }) => store.holder(stackName(spec)));
}

/** Takes the lock away from this holder, who can write nothing from then on. LOCK_HELD where another holds it by now. */
export async function unlock(spec: Spec, holder: Holder, world: World, signal: AbortSignal): Promise<void> {
  await withStore(spec, world, signal, ({ store }) => store.unlock(stackName(spec), holder.run));
}
