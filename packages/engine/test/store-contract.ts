// What every store of releases promises. Each store's tests run it: files here, Kubernetes in the runtimes.
import { asideName, type JournalEntry, type KonfigError, type Lock, type Plan, type Release, type ReleaseStore } from '@konfig/core';
import { holderOf, recordAt, releaseAt, stack } from './records';

/** A store with nothing in it, and ways to do what only the outside can. */
export interface OpenedStore {
  readonly store: ReleaseStore;
  /** The same records, as another process would open them. */
  again(): ReleaseStore;
  /** Cuts the stored record or release in half; answers how a message must name it. */
  truncate(what: 'record' | number): Promise<string>;
  /** Writes the record of another Konfig's version, `konfig.dev/record/v2`; answers how a message must name it. */
  writeVersion(version: string): Promise<string>;
  /** Damages the journal of this release in its middle; answers how a message must name it. Then takes it away whole, as its hint says. */
  breakJournal(number: number): Promise<{ readonly name: string; readonly remove: () => Promise<void> }>;
  /** Takes the lock away from its holder, as a takeover does. */
  takeOver(lock: Lock): Promise<Lock>;
}

export function storeContract(name: string, open: () => Promise<OpenedStore>): void {
  const codes = (promise: Promise<unknown>) =>
    promise.then(
      () => 'went well',
      (error: KonfigError) => error.problems?.map(({ code }) => code).join() ?? String(error),
    );
  const hint = (promise: Promise<unknown>) => promise.then(String, (error: KonfigError) => error.problems[0]?.hint);
  const message = (promise: Promise<unknown>) => promise.then(String, (error: KonfigError) => error.message);

  describe(`the store of releases in ${name}`, () => {
    test('knows nothing at first', async () => {
      const { store } = await open();
      expect(await store.readRecord(stack)).toBeUndefined();
      expect(await store.readRelease(stack, 1)).toBeUndefined();
      expect(await store.listReleases(stack)).toEqual({ releases: [], problems: [] });
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
      const { releases: list, problems } = await store.listReleases(stack);
      expect(problems).toEqual([]);
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

    test('inventory and history of 20,000 objects in one stack fit', async () => {
      const { store, again } = await open();
      const lock = await store.lock(stack, holderOf('anna'));
      const names = Array.from({ length: 20_000 }, (_, i) => `a-thing-with-a-name-of-usual-length-${i}`);
      const record = recordAt(1, names);
      const small = releaseAt(1, 'applying');
      const [resource] = small.spec.resources;
      const [step] = small.plan?.steps ?? [];
      const all = <T extends object>(one: T | undefined) => record.inventory.map(({ id }) => ({ ...(one as T), id }));
      const begun: Release = {
        ...small,
        spec: { ...small.spec, resources: all(resource) },
        plan: { ...(small.plan as Plan), steps: all(step) },
        steps: all(small.steps[0]),
      };
      await store.save(lock, record, begun);
      const last = record.inventory.at(-1)?.id as string;
      await store.append(lock, { stack, number: 1, entries: [{ id: last, state: 'done', uid: 'u1' }] });
      expect((await again().readRecord(stack))?.inventory.at(-1)).toEqual({ ...record.inventory.at(-1), uid: 'u1' });
      expect((await again().readRelease(stack, 1))?.steps.at(-1)).toEqual({ id: last, action: 'create', state: 'done' });
      const ended: Release = { ...begun, phase: 'succeeded', steps: begun.steps.map((one) => ({ ...one, state: 'done' })) };
      await store.save(lock, record, ended);
      await store.save(lock, { ...record, lastRelease: 2 }, { ...ended, number: 2 });
      expect(await again().readRecord(stack)).toEqual({ ...record, lastRelease: 2 });
      expect(await again().readRelease(stack, 1)).toEqual(ended);
      expect((await again().listReleases(stack)).releases.map(({ number, counts }) => [number, counts])).toEqual([
        [2, { create: 20_000 }],
        [1, { create: 20_000 }],
      ]);
      await lock.release();
    });

    test('keeps bytes for runtimes under the lock, and swaps them only for those that the writer has seen', async () => {
      const { store, again, takeOver } = await open();
      const id = 'terraform:Terraform/db';
      const [first, second] = [Uint8Array.of(0, 255, 10), new Uint8Array(2_000_000).fill(7)];
      expect(await store.readKept(stack, id)).toBeUndefined();
      const lock = await store.lock(stack, holderOf('anna'));
      await store.save(lock, recordAt(1), releaseAt(1));
      const one = await store.writeKept(lock, stack, { name: id, bytes: first, before: undefined });
      expect(Uint8Array.from((await again().readKept(stack, id))?.bytes ?? [])).toEqual(first);
      expect(await codes(store.writeKept(lock, stack, { name: id, bytes: second, before: undefined }))).toBe('RECORD_CONFLICT');
      const two = await store.writeKept(lock, stack, { name: id, bytes: second, before: one });
      await store.save(lock, recordAt(2), releaseAt(2));
      const kept = await again().readKept(stack, id);
      expect({ version: kept?.version, bytes: kept?.bytes.length }).toEqual({ version: two, bytes: second.length });
      expect(await store.readKept('shop/other', id)).toBeUndefined();
      const other = await takeOver(lock);
      expect(await codes(store.writeKept(lock, stack, { name: id, bytes: first, before: two }))).toBe('LOCK_LOST');
      await other.release();
      const third = await again().lock(stack, holderOf('ben'));
      const last = again();
      expect((await last.readKept(stack, id))?.version).toBe(two);
      await third.release();
    });

    test('what is kept goes when it is written without bytes', async () => {
      const { store } = await open();
      const lock = await store.lock(stack, holderOf('anna'));
      const version = await store.writeKept(lock, stack, { name: 'a', bytes: Uint8Array.of(1), before: undefined });
      await store.writeKept(lock, stack, { name: 'a', bytes: undefined, before: version });
      expect(await store.readKept(stack, 'a')).toBeUndefined();
      await lock.release();
    });

    test('puts what is kept aside unread, where it stays, and says where', async () => {
      const { store, again, takeOver } = await open();
      const lock = await store.lock(stack, holderOf('anna'));
      await store.save(lock, recordAt(1), releaseAt(1));
      const id = 'terraform:Terraform/db';
      const bytes = Uint8Array.of(1, 2, 3);
      const version = await store.writeKept(lock, stack, { name: id, bytes, before: undefined });
      expect(await store.putKeptAside(lock, stack, id)).toEqual(expect.any(String));
      expect(await store.readKept(stack, id)).toBeUndefined();
      expect(await store.putKeptAside(lock, stack, id)).toBeUndefined();
      await store.writeKept(lock, stack, { name: id, bytes: Uint8Array.of(4), before: undefined });
      await store.save(lock, recordAt(2), releaseAt(2));
      const aside = await again().readKept(stack, asideName(id, lock));
      expect([Uint8Array.from(aside?.bytes ?? []), aside?.version]).toEqual([bytes, version]);
      const other = await takeOver(lock);
      expect(await codes(store.putKeptAside(lock, stack, id))).toBe('LOCK_LOST');
      await other.release();
    });

    test('keeps many things that are written side by side, with saves between', async () => {
      const { store } = await open();
      const lock = await store.lock(stack, holderOf('anna'));
      const names = Array.from({ length: 8 }, (_, i) => `terraform:Terraform/${i}`);
      await Promise.all([
        ...names.map((name, i) => store.writeKept(lock, stack, { name, bytes: Uint8Array.of(i), before: undefined })),
        store.save(lock, recordAt(1), releaseAt(1)),
      ]);
      expect(await Promise.all(names.map(async (name) => (await store.readKept(stack, name))?.bytes[0]))).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
      await lock.release();
    });

    test('keeps stacks apart', async () => {
      const { store } = await open();
      for (const other of ['shop/test', 'other/prod']) {
        const lock = await store.lock(other, holderOf('anna'));
        await store.save(lock, { ...recordAt(1), stack: other }, { ...releaseAt(1), stack: other });
        await lock.release();
      }
      expect(await store.readRecord(stack)).toBeUndefined();
      expect(await store.listReleases(stack)).toEqual({ releases: [], problems: [] });
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
      expect(await store.readRelease(stack, 2)).toEqual(releaseAt(2));
      await store.save(lock, recordAt(3), releaseAt(3));
      const { releases, problems } = await store.listReleases(stack);
      expect(releases.map(({ number }) => number)).toEqual(expect.arrayContaining([3, 2]));
      expect(problems).toEqual([
        {
          code: 'RECORD_CORRUPT',
          at: 'release 1 of shop/prod',
          message: expect.stringContaining(called),
          hint: expect.stringMatching(/stay usable/),
        },
      ]);
      await lock.release();
    });

    test('a record that was cut in half is named, is not taken for none, and is not written over', async () => {
      const { store, truncate } = await open();
      const lock = await store.lock(stack, holderOf('anna'));
      await store.save(lock, recordAt(1), releaseAt(1));
      const called = await truncate('record');
      expect(await codes(store.readRecord(stack))).toBe('RECORD_CORRUPT');
      expect(await message(store.readRecord(stack))).toContain(called);
      expect(await hint(store.readRecord(stack))).toMatch(/from a backup.*apply with --adopt/);
      expect(await codes(store.save(lock, recordAt(2), releaseAt(2)))).toBe('RECORD_CORRUPT');
      expect(await store.readRelease(stack, 1)).toEqual(releaseAt(1));
      await lock.release();
    });

    test.each([
      ['a newer', 'konfig.dev/record/v2', /^A newer Konfig wrote it: use that one\.$/],
      ['an older', 'konfig.dev/record/v0', /^An older Konfig wrote it/],
      ['another', 'example.org/v1', /^Bring it back from a backup/],
    ])('what %s Konfig wrote is refused and says which version it is', async (_, version, way) => {
      const { store, writeVersion } = await open();
      const lock = await store.lock(stack, holderOf('anna'));
      await store.save(lock, recordAt(1), releaseAt(1));
      const called = await writeVersion(version);
      const text = await message(store.readRecord(stack));
      expect(text).toContain(called);
      expect(text).toContain(`has the version ${version}, but this Konfig reads konfig.dev/record/v1`);
      expect(await hint(store.readRecord(stack))).toMatch(way);
      expect(await codes(store.save(lock, recordAt(2), releaseAt(2)))).toBe('RECORD_CORRUPT');
      await lock.release();
    });

    describe('the journal', () => {
      const web = (state: JournalEntry['state'], more: Partial<JournalEntry> = {}): JournalEntry => ({
        id: 'main:Thing/web',
        state,
        ...more,
      });
      const begun = async (opened: OpenedStore) => {
        const lock = await opened.store.lock(stack, holderOf('anna'));
        await opened.store.save(lock, recordAt(1), releaseAt(1));
        await opened.store.save(lock, recordAt(2, ['web']), releaseAt(2, 'applying'));
        return lock;
      };
      const batch = (...entries: readonly JournalEntry[]) => ({ stack, number: 2, entries });

      test('adds to a release that was saved whole, and to the inventory; others see it too', async () => {
        const opened = await open();
        const lock = await begun(opened);
        await opened.store.append(lock, batch(web('started')));
        await opened.store.append(lock, batch(web('applied', { uid: 'u1' }), web('done', { uid: 'u1', seconds: 3, health: 'ready' })));
        for (const reader of [opened.store, opened.again()]) {
          expect((await reader.readRelease(stack, 2))?.steps).toEqual([
            { id: 'main:Thing/web', action: 'create', state: 'done', seconds: 3, health: 'ready' },
          ]);
          expect((await reader.readRecord(stack))?.inventory).toEqual([{ ...recordAt(2, ['web']).inventory[0], uid: 'u1' }]);
          expect((await reader.listReleases(stack)).releases.map(({ number, phase }) => `${number} ${phase}`)).toEqual([
            '2 applying',
            '1 succeeded',
          ]);
        }
        await opened.store.save(lock, recordAt(2, ['web']), releaseAt(2));
        expect(await opened.again().readRelease(stack, 2)).toEqual(releaseAt(2));
        expect(await opened.again().readRecord(stack)).toEqual(recordAt(2, ['web']));
        await lock.release();
      });

      test('keeps thousands of entries', async () => {
        const opened = await open();
        const lock = await begun(opened);
        const text = Array.from({ length: 300 }, (_, i) => `${i} ${Math.sin(i)}`).join();
        for (let i = 0; i < 40; i++) await opened.store.append(lock, batch(web('started', { message: `${i} ${text}` })));
        expect((await opened.again().readRelease(stack, 2))?.steps[0]?.message).toBe(`39 ${text}`);
        await opened.store.save(lock, recordAt(2, ['web']), releaseAt(2));
        await lock.release();
      });

      test('is only that of the release that this lock has begun', async () => {
        const { store } = await open();
        const lock = await store.lock(stack, holderOf('anna'));
        expect(await codes(store.append(lock, batch(web('started'))))).toBe('INTERNAL');
        await store.save(lock, recordAt(2, ['web']), releaseAt(2, 'applying'));
        expect(await codes(store.append(lock, { ...batch(web('started')), number: 3 }))).toBe('INTERNAL');
        await store.save(lock, recordAt(2, ['web']), releaseAt(2));
        expect(await codes(store.append(lock, batch(web('failed'))))).toBe('INTERNAL');
        expect(await store.readRelease(stack, 2)).toEqual(releaseAt(2));
        await lock.release();
        expect(await codes(store.append(lock, batch(web('failed'))))).toBe('LOCK_LOST');
      });

      test('takes nothing more from a run whose lock was taken over, before the next one has written a word', async () => {
        const opened = await open();
        const old = await begun(opened);
        await opened.store.append(old, batch(web('started')));
        const young = await opened.takeOver(old);
        expect(await codes(opened.store.append(old, batch(web('done', { uid: 'late' }))))).toBe('LOCK_LOST');
        expect((await opened.again().readRelease(stack, 2))?.steps[0]?.state).toBe('started');
        await old.release();
        await young.release();
      });

      test('of a run that died is read by the next one, who goes on from there', async () => {
        const opened = await open();
        const old = await begun(opened);
        await opened.store.append(old, batch(web('done', { uid: 'u1' })));
        const young = await opened.takeOver(old);
        const heir = opened.again();
        const left = await heir.readRelease(stack, 2);
        const record = await heir.readRecord(stack);
        expect(record?.inventory[0]?.uid).toBe('u1');
        await opened.store.save(young, { ...recordAt(3), inventory: record?.inventory ?? [] }, releaseAt(3, 'applying'));
        await opened.store.append(young, { stack, number: 3, entries: [web('done', { uid: 'u2' })] });
        expect(await heir.readRelease(stack, 2)).toEqual(left);
        expect((await heir.readRecord(stack))?.inventory[0]?.uid).toBe('u2');
        await young.release();
      });

      test('can be read at any moment of a run: nothing is missing half-way, and nothing goes back', async () => {
        const { store, again } = await open();
        const lock = await store.lock(stack, holderOf('anna'));
        let isOver = false;
        const reader = async () => {
          const other = again();
          let seen = -1;
          // However slow it is, it has looked often.
          for (let reads = 0; !isOver || reads <= 5; reads++) {
            const record = await other.readRecord(stack);
            const progress = record ? 100 * record.lastRelease + Number(record.inventory[0]?.uid ?? 0) : 0;
            expect(progress).toBeGreaterThanOrEqual(seen);
            seen = progress;
            if (record) expect(await other.readRelease(stack, record.lastRelease)).toBeDefined();
            expect((await other.listReleases(stack)).problems).toEqual([]);
            // Files answer without giving anybody else a turn.
            await new Promise((resolve) => setImmediate(resolve));
          }
        };
        const readers = [reader(), reader()];
        const write = async () => {
          for (let number = 1; number <= 5; number++) {
            await store.save(lock, recordAt(number, ['web']), releaseAt(number, 'applying'));
            for (let i = 1; i <= 10; i++) await store.append(lock, { stack, number, entries: [web('applied', { uid: String(i) })] });
            const record = recordAt(number, ['web']);
            await store.save(lock, { ...record, inventory: record.inventory.map((one) => ({ ...one, uid: '11' })) }, releaseAt(number));
          }
        };
        await write().finally(() => {
          isOver = true;
        });
        await Promise.all(readers);
        await lock.release();
      });

      test('that is damaged is named; without it stands what was saved before the first change', async () => {
        const opened = await open();
        const lock = await begun(opened);
        for (const state of ['started', 'applied', 'done'] as const) await opened.store.append(lock, batch(web(state, { uid: 'u1' })));
        const { name, remove } = await opened.breakJournal(2);
        for (const work of [opened.again().readRecord(stack), opened.again().readRelease(stack, 2)]) {
          const error = (await work.catch((error: unknown) => error)) as KonfigError;
          expect(error.problems).toEqual([
            {
              code: 'RECORD_CORRUPT',
              message: expect.stringContaining(name),
              hint: expect.stringContaining('nothing that Konfig may own is forgotten'),
            },
          ]);
        }
        expect(await opened.again().readRelease(stack, 1)).toEqual(releaseAt(1));
        await remove();
        expect(await opened.again().readRecord(stack)).toEqual(recordAt(2, ['web']));
        await lock.release();
      });
    });

    test('a lock can be taken away from the run that is named, and from no other; that one can write nothing more', async () => {
      const { store, again } = await open();
      expect(await codes(store.unlock(stack, 'run-of-anna'))).toBe('LOCK_LOST');
      const lock = await store.lock(stack, holderOf('anna'));
      await store.save(lock, recordAt(1, ['web']), releaseAt(1, 'applying'));
      expect(await message(again().unlock(stack, 'run-of-bob'))).toContain('is being changed by anna since');
      expect(await again().unlock(stack, 'run-of-anna')).toMatchObject(holderOf('anna'));
      expect(await store.holder(stack)).toBeUndefined();
      expect(await codes(store.append(lock, { stack, number: 1, entries: [{ id: 'main:Thing/web', state: 'started' }] }))).toBe(
        'LOCK_LOST',
      );
      expect(await codes(store.save(lock, recordAt(1), releaseAt(1)))).toBe('LOCK_LOST');
      const next = await again().lock(stack, holderOf('bob'));
      expect(next.fence).toBeGreaterThan(lock.fence);
      await lock.release();
      expect(await store.holder(stack)).toMatchObject(holderOf('bob'));
      expect(await codes(store.unlock(stack, 'run-of-anna'))).toBe('LOCK_HELD');
      expect((await store.readRelease(stack, 1))?.phase).toBe('applying');
      await next.release();
    });
  });
}
