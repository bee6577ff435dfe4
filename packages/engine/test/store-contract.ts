// What every store of releases promises. Each store's tests run it: files here, Kubernetes in the runtimes.
import type { KonfigError, Lock, ReleaseStore } from '@konfig/core';
import { holderOf, recordAt, releaseAt, stack } from './records';

/** A store with nothing in it, and ways to do what only the outside can. */
export interface OpenedStore {
  readonly store: ReleaseStore;
  /** The same records, as another process would open them. */
  again(): ReleaseStore;
  /** Cuts the stored record or release in half; answers how a message must name it. */
  truncate(what: 'record' | number): Promise<string>;
  /** Writes what a newer Konfig would. */
  writeNewer(what: 'record' | number): Promise<string>;
  /** Takes the lock away from its holder, as a takeover does. */
  takeOver(lock: Lock): Promise<Lock>;
}

export function storeContract(name: string, open: () => Promise<OpenedStore>): void {
  const codes = (promise: Promise<unknown>) =>
    promise.then(
      () => 'went well',
      (error: KonfigError) => error.problems?.map(({ code }) => code).join() ?? String(error),
    );
  const message = (promise: Promise<unknown>) => promise.then(String, (error: KonfigError) => error.message);

  describe(`the store of releases in ${name}`, () => {
    test('knows nothing at first', async () => {
      const { store } = await open();
      expect(await store.readRecord(stack)).toBeUndefined();
      expect(await store.readRelease(stack, 1)).toBeUndefined();
      expect(await store.listReleases(stack)).toEqual([]);
      expect(await store.listStacks()).toEqual([]);
      expect(store.description).toMatch(/\w/);
    });

    test('gives back what was saved, to others too', async () => {
      const { store, again } = await open();
      const lock = await store.lock(stack, holderOf('anna'));
      await store.save(lock, recordAt(1, ['web']), releaseAt(1));
      await lock.release();
      for (const reader of [store, again()]) {
        expect(await reader.readRecord(stack)).toEqual(recordAt(1, ['web']));
        expect(await reader.readRelease(stack, 1)).toEqual(releaseAt(1));
        expect(await reader.listStacks()).toEqual([stack]);
      }
    });

    test('a save takes the place of the one before, and leaves the releases before alone', async () => {
      const { store } = await open();
      const lock = await store.lock(stack, holderOf('anna'));
      await store.save(lock, recordAt(1), releaseAt(1));
      await store.save(lock, recordAt(2, ['web']), releaseAt(2, 'applying'));
      await store.save(lock, recordAt(2, ['web', 'db']), releaseAt(2, 'failed'));
      await lock.release();
      expect((await store.readRecord(stack))?.inventory).toHaveLength(2);
      expect(await store.readRelease(stack, 2)).toEqual(releaseAt(2, 'failed'));
      expect(await store.readRelease(stack, 1)).toEqual(releaseAt(1));
    });

    test('lists releases newest first, past the tenth too, without Specs', async () => {
      const { store } = await open();
      const lock = await store.lock(stack, holderOf('anna'));
      for (let number = 1; number <= 11; number++) await store.save(lock, recordAt(number), releaseAt(number));
      await lock.release();
      const list = await store.listReleases(stack);
      expect(list.map(({ number }) => number)).toEqual([11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
      expect(list[0]).toEqual({
        number: 11,
        kind: 'apply',
        phase: 'succeeded',
        by: 'anna@laptop',
        startedAt: '2026-01-01T00:00:00.000Z',
        specDigest: 'd1',
        counts: { create: 1 },
      });
    });

    test('keeps stacks apart', async () => {
      const { store } = await open();
      for (const other of ['shop/test', 'other/prod']) {
        const lock = await store.lock(other, holderOf('anna'));
        await store.save(lock, { ...recordAt(1), stack: other }, { ...releaseAt(1), stack: other });
        await lock.release();
      }
      expect(await store.readRecord(stack)).toBeUndefined();
      expect(await store.listReleases(stack)).toEqual([]);
      expect(await store.listStacks()).toEqual(['other/prod', 'shop/test']);
    });

    test('a record that would go back behind a newer release is refused', async () => {
      const { store } = await open();
      const lock = await store.lock(stack, holderOf('anna'));
      await store.save(lock, recordAt(2), releaseAt(2));
      expect(await codes(store.save(lock, recordAt(1), releaseAt(1)))).toBe('RECORD_CONFLICT');
      expect((await store.readRecord(stack))?.lastRelease).toBe(2);
      await lock.release();
    });

    test('one holds the lock; a second is told who, in words and as the cause', async () => {
      const { store, again } = await open();
      const lock = await store.lock(stack, holderOf('anna'));
      expect(lock.holder).toMatchObject(holderOf('anna'));
      expect(await message(again().lock(stack, holderOf('bob')))).toContain('is being changed by anna since 2026-01-01T00:00:00.000Z');
      const error = (await store.lock(stack, holderOf('bob')).catch((error: unknown) => error)) as KonfigError;
      expect(error.problems.map(({ code }) => code)).toEqual(['LOCK_HELD']);
      expect(error.cause).toMatchObject(holderOf('anna'));
      const other = await store.lock('shop/test', holderOf('bob'));
      await other.release();
      expect(await again().holder(stack)).toMatchObject(holderOf('anna'));
      await lock.release();
      expect(await again().holder(stack)).toBeUndefined();
    });

    test('a lock that was given back can be had again, with a higher fence; giving it back twice does no harm', async () => {
      const { store } = await open();
      const first = await store.lock(stack, holderOf('anna'));
      await first.release();
      const second = await store.lock(stack, holderOf('bob'));
      expect(second.fence).toBeGreaterThan(first.fence);
      await first.release();
      expect(await codes(store.lock(stack, holderOf('carl')))).toBe('LOCK_HELD');
      await second.release();
    });

    test('whoever asks for the lock at once, one gets it', async () => {
      const { store, again } = await open();
      const asked = await Promise.allSettled(['a', 'b', 'c', 'd'].map((who, i) => (i % 2 ? again() : store).lock(stack, holderOf(who))));
      const got = asked.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
      expect(got).toHaveLength(1);
      await got[0]?.release();
    });

    test('a save with a lock that somebody has taken over is refused', async () => {
      const { store, takeOver } = await open();
      const old = await store.lock(stack, holderOf('anna'));
      await store.save(old, recordAt(1), releaseAt(1));
      const young = await takeOver(old);
      expect(await store.holder(stack)).toMatchObject(holderOf('bob'));
      expect(await codes(store.save(old, recordAt(2), releaseAt(2)))).toBe('LOCK_LOST');
      expect((await store.readRecord(stack))?.lastRelease).toBe(1);
      await store.save(young, recordAt(2), releaseAt(2));
      await old.release();
      expect(await codes(store.lock(stack, holderOf('carl')))).toBe('LOCK_HELD');
      await young.release();
    });

    test('a save after the lock was given back is refused', async () => {
      const { store } = await open();
      const lock = await store.lock(stack, holderOf('anna'));
      await lock.release();
      expect(await codes(store.save(lock, recordAt(1), releaseAt(1)))).toBe('LOCK_LOST');
    });

    test('a release that was cut in half is named, and the rest stays usable', async () => {
      const { store, truncate } = await open();
      const lock = await store.lock(stack, holderOf('anna'));
      for (const number of [1, 2]) await store.save(lock, recordAt(number), releaseAt(number));
      const called = await truncate(1);
      expect(await codes(store.readRelease(stack, 1))).toBe('RECORD_CORRUPT');
      expect(await message(store.readRelease(stack, 1))).toContain(called);
      expect(await message(store.listReleases(stack))).toContain(called);
      expect(await store.readRelease(stack, 2)).toEqual(releaseAt(2));
      await store.save(lock, recordAt(3), releaseAt(3));
      await lock.release();
    });

    test('a record that was cut in half is named, is not taken for none, and is not written over', async () => {
      const { store, truncate } = await open();
      const lock = await store.lock(stack, holderOf('anna'));
      await store.save(lock, recordAt(1), releaseAt(1));
      const called = await truncate('record');
      expect(await codes(store.readRecord(stack))).toBe('RECORD_CORRUPT');
      expect(await message(store.readRecord(stack))).toContain(called);
      expect(await codes(store.save(lock, recordAt(2), releaseAt(2)))).toBe('RECORD_CORRUPT');
      expect(await store.readRelease(stack, 1)).toEqual(releaseAt(1));
      await lock.release();
    });

    test('what a newer Konfig wrote is refused and says which version it is', async () => {
      const { store, writeNewer } = await open();
      const lock = await store.lock(stack, holderOf('anna'));
      await store.save(lock, recordAt(1), releaseAt(1));
      const called = await writeNewer('record');
      const text = await message(store.readRecord(stack));
      expect(text).toContain(called);
      expect(text).toContain('konfig.dev/record/v2');
      await lock.release();
    });
  });
}
