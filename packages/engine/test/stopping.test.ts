import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { apply } from '../src/apply';
import { preview } from '../src/preview';
import { history, status } from '../src/status';
import { collect, linesOf, noSignal, said, sourcesOf, specOf, stage } from './stage';

const program = { db: {}, web: { after: ['db'] } };
const started = 'apply shop/prod, release 1: create db, create web after db is ready';

describe('a cancel', () => {
  test('before the lock is taken changes nothing and leaves no release', async () => {
    const shop = stage();
    const operation = await shop.start(program);
    operation.cancel();
    expect(linesOf(await collect(operation))).toEqual(['cancelled CANCELLED']);
    expect(shop.runtime.changes).toEqual([]);
    expect(await shop.release(1)).toBeUndefined();
    await shop.isUnlocked();
  });

  test('while the intent is being saved starts nothing', async () => {
    const shop = stage();
    const operation = await shop.start(program);
    await said(operation, started);
    const saving = shop.store.stops();
    await saving;
    operation.cancel();
    shop.store.goesOn();
    expect(linesOf(await collect(operation))).toEqual([
      started,
      'cancelling',
      'web: skipped because of cancelled',
      'db: skipped because of cancelled',
      'cancelled',
    ]);
    expect(shop.runtime.changes).toEqual([]);
    expect((await shop.release(1))?.phase).toBe('cancelled');
    expect(await shop.owned()).toEqual([]);
    await shop.isUnlocked();
  });

  test('while a step is in flight lets it finish, does not wait until it is ready, and says so in the record', async () => {
    const shop = stage();
    shop.runtime.startsSlowly('db');
    shop.runtime.hangs('db');
    const operation = await shop.start(program);
    await said(operation, 'db: create');
    operation.cancel();
    shop.runtime.answers('db');
    expect(linesOf(await collect(operation))).toEqual([
      started,
      'db: create',
      'cancelling',
      'web: skipped because of cancelled',
      'db: applied',
      'db: progressing, starting',
      'cancelled',
    ]);
    const release = await shop.release(1);
    expect([release?.phase, ...(release?.steps ?? []).map(({ state }) => state)]).toEqual(['cancelled', 'applied', 'skipped']);
    expect((await shop.store.readRecord('shop/prod'))?.inventory.map(({ id, uid }) => [id, uid])).toEqual([
      ['main:Thing/db', shop.runtime.thing('db')?.uid],
    ]);
    await shop.isUnlocked();
  });

  test('while a step is waited for ends at once, and the next run does the rest', async () => {
    const shop = stage();
    shop.runtime.startsSlowly('db');
    const operation = await shop.start(program);
    await said(operation, 'db: progressing, starting');
    operation.cancel();
    expect((await operation.result).phase).toBe('cancelled');
    await shop.isUnlocked();
    shop.runtime.getsReady('db');
    expect((await shop.apply(program)).slice(0, 3)).toEqual([
      'apply shop/prod, release 2: keep db, create web after db is ready',
      'db: ready, is there',
      'db: done',
    ]);
  });

  test('of a step that fails in flight is a failure', async () => {
    const shop = stage();
    shop.runtime.hangs('db');
    const operation = await shop.start(program);
    await said(operation, 'db: create');
    operation.cancel();
    shop.runtime.losesConnection('connection reset');
    shop.runtime.answers('db');
    expect(await operation.result).toMatchObject({ phase: 'failed', problems: [{ code: 'CONNECTION_LOST' }] });
  });

  test('of a step that stops because it was told to is no failure', async () => {
    const shop = stage();
    shop.runtime.hangs('db');
    const operation = await shop.start(program);
    await said(operation, 'db: create');
    operation.cancel();
    shop.runtime.refuses('db', 'db was interrupted.', 'CANCELLED');
    shop.runtime.answers('db');
    expect(await operation.result).toMatchObject({ phase: 'cancelled', problems: [{ code: 'CANCELLED' }] });
    const release = await shop.release(1);
    expect([release?.phase, ...(release?.steps ?? []).map(({ state }) => state)]).toEqual(['cancelled', 'failed', 'skipped']);
  });

  test('by somebody else, of a run that nobody cancelled here, is a failure', async () => {
    const shop = stage();
    shop.runtime.refuses('db', 'db was interrupted.', 'CANCELLED');
    expect(await (await shop.start(program)).result).toMatchObject({ phase: 'failed', problems: [{ code: 'CANCELLED' }] });
    expect((await shop.release(1))?.phase).toBe('failed');
  });

  test('after the last step is done changes nothing', async () => {
    const shop = stage();
    const operation = await shop.start({ db: {} });
    await said(operation, 'db: done');
    operation.cancel();
    operation.cancel();
    expect((await operation.result).phase).toBe('succeeded');
    operation.cancel();
  });
});

describe('a lost lock', () => {
  test('stops everything: nothing more is started or written', async () => {
    const shop = stage();
    shop.runtime.startsSlowly('db');
    const operation = await shop.start({ ...program, logs: { after: ['web'] } });
    await said(operation, 'db: progressing, starting');
    await shop.store.settled();
    const saves = shop.store.saves.length;
    shop.store.losesLock();
    expect(linesOf(await collect(operation)).slice(4)).toEqual([
      'web: skipped because of lock lost',
      'logs: skipped because of lock lost',
      'failed LOCK_LOST',
    ]);
    expect(shop.store.saves).toHaveLength(saves);
    expect((await shop.release(1))?.phase).toBe('applying');
  });

  test('gives up what is in flight', async () => {
    const shop = stage();
    shop.runtime.hangs('db');
    const operation = await shop.start(program);
    await said(operation, 'db: create');
    shop.store.losesLock();
    expect(linesOf(await collect(operation)).slice(2)).toEqual([
      'web: skipped because of lock lost',
      'db: failed, CANCELLED: It was given up, since the lock was lost: whether it came through is not known.',
      'failed LOCK_LOST CANCELLED',
    ]);
  });
});

describe('two runs at once', () => {
  test('the second fails at once and names the holder', async () => {
    const shop = stage();
    shop.runtime.startsSlowly('db');
    const first = await shop.start(program);
    await said(first, 'db: progressing, starting');
    const shown = await preview({ kind: 'apply', spec: specOf(program), sources: sourcesOf(program) }, shop.world('bob'), noSignal);
    const second = apply(shown, shop.world('bob'));
    expect(linesOf(await collect(second))).toEqual(['failed LOCK_HELD']);
    expect((await second.result).problems[0]?.message).toBe(
      'shop/prod is being changed by anna@laptop, pid 1 since 2026-01-01T00:00:00.000Z.',
    );
    shop.runtime.getsReady('db');
    expect((await first.result).phase).toBe('succeeded');
  });

  test('what the first makes while the second plans is no stranger to the second', async () => {
    const shop = stage();
    const bob = shop.world('bob');
    let isFirst = true;
    const store = {
      ...shop.store,
      async readRecord(name: string) {
        const record = await shop.store.readRecord(name);
        // Between this look at the record and the one at the world.
        if (isFirst) {
          isFirst = false;
          await shop.apply(program);
        }
        return record;
      },
    };
    const world = { ...bob, openStore: async () => store };
    const shown = await preview({ kind: 'apply', spec: specOf(program), sources: sourcesOf(program) }, world, noSignal);
    expect(shown.problems).toEqual([]);
    expect(shown.plan?.steps.map(({ action }) => action)).toEqual(['keep', 'keep']);
    expect(shown.plan?.baseRelease).toBe(1);
  });

  test('what bears our mark and is not in the record is a stranger, whoever looks', async () => {
    const shop = stage();
    await shop.apply(program);
    rmSync(join(shop.folder, 'shop'), { recursive: true });
    const shown = await shop.preview(program);
    expect(shown.problems.map(({ code }) => code)).toEqual(['RECORD_OUTDATED']);
    expect(await shop.play(shown)).toEqual(['failed RECORD_OUTDATED']);
    const adopted = await shop.preview(program, { adopt: true });
    expect((await shop.play(adopted)).at(-1)).toBe('succeeded');
    expect(await shop.owned()).toEqual(['db', 'web']);
    expect(shop.runtime.changes.filter((change) => !change.startsWith('create'))).toEqual(['adopt db', 'adopt web']);
  });

  test('the second waits as long as it was told to, and does not apply a plan that was overtaken', async () => {
    const shop = stage();
    const plan = await shop.preview(program);
    shop.runtime.startsSlowly('db');
    const first = await shop.start(program);
    await said(first, 'db: progressing, starting');
    const second = apply(plan, shop.world('bob'), { lockWait: 300 });
    await said(second, 'lock held by anna@laptop, pid 1');
    const again = shop.store.tries();
    shop.clock.turn(1);
    await again;
    shop.runtime.getsReady('db');
    await first.result;
    shop.clock.turn(1);
    expect(linesOf(await collect(second)).filter((line) => line !== 'heartbeat')).toEqual([
      'lock held by anna@laptop, pid 1',
      'failed PLAN_STALE',
    ]);
    await shop.isUnlocked();
  });

  test('the second gives up when its time is over', async () => {
    const shop = stage();
    shop.runtime.startsSlowly('db');
    const first = await shop.start(program);
    await said(first, 'db: progressing, starting');
    const second = apply(await shop.preview(program), shop.world('bob'), { lockWait: 2 });
    await said(second, 'lock held by anna@laptop, pid 1');
    for (let i = 0; i < 2; i++) {
      const next = shop.store.tries();
      shop.clock.turn(1);
      await next;
    }
    expect((await second.result).problems.map(({ code }) => code)).toEqual(['LOCK_HELD']);
    first.cancel();
    await first.result;
  });

  test('a cancel ends the waiting', async () => {
    const shop = stage();
    shop.runtime.startsSlowly('db');
    const first = await shop.start(program);
    await said(first, 'db: progressing, starting');
    const second = apply(await shop.preview(program), shop.world('bob'), { lockWait: 300 });
    await said(second, 'lock held by anna@laptop, pid 1');
    second.cancel();
    expect(await second.result).toMatchObject({ phase: 'cancelled', problems: [{ code: 'CANCELLED' }] });
    first.cancel();
    await first.result;
  });

  test('a plan made while the other was still at it is stale, though the release has the same number', async () => {
    const shop = stage();
    shop.runtime.startsSlowly('db');
    const first = await shop.start(program);
    await said(first, 'db: progressing, starting');
    await shop.store.settled();
    const shown = await shop.preview({ ...program, logs: {} });
    shop.runtime.getsReady('db');
    await first.result;
    expect(await shop.play(shown)).toEqual(['failed PLAN_STALE']);
  });
});

describe('a plan holds only', () => {
  test('for the release that it was made at', async () => {
    const shop = stage();
    const shown = await shop.preview(program);
    await shop.apply({ db: {} });
    const operation = apply(shown, shop.world('anna'));
    expect((await operation.result).problems).toEqual([
      {
        code: 'PLAN_STALE',
        message: 'shop/prod is at release 1 by now; this plan was made at release 0.',
        hint: 'Preview again.',
      },
    ]);
    await shop.isUnlocked();
  });

  test('for the target that it was made for', async () => {
    const shop = stage();
    const first = await shop.preview(program);
    shop.runtime.identity.value = 'memory-2';
    const second = await shop.preview(program);
    if (!first.plan) throw new Error('no plan');
    expect(await shop.play({ ...second, plan: first.plan })).toEqual(['failed TARGET_CHANGED']);
  });

  test('for the program that it was made of', async () => {
    const shop = stage();
    const first = await shop.preview(program);
    const second = await shop.preview({ db: {} });
    if (!first.plan) throw new Error('no plan');
    expect(await shop.play({ ...second, plan: first.plan })).toEqual(['failed PLAN_STALE']);
  });
});

describe('a run that died', () => {
  test('counts in the history what it had begun, not what it had planned', async () => {
    const shop = stage();
    shop.runtime.hangs('web');
    const chain = { db: {}, web: { after: ['db'] }, logs: { after: ['web'] } };
    const dead = await shop.start(chain);
    await said(dead, 'web: create');
    await shop.store.settled();
    shop.dies();
    const { releases } = await history(specOf(chain), shop.world('bob'), noSignal);
    expect(releases.map(({ phase, counts }) => [phase, counts])).toEqual([['interrupted', { create: 2 }]]);
  });

  test('is not taken for one that ends while we look', async () => {
    const shop = stage();
    shop.runtime.startsSlowly('web');
    const running = await shop.start({ web: {} });
    await said(running, 'web: applied');
    await shop.store.settled();
    const bob = shop.world('bob');
    const holder = async (stack: string) => {
      shop.runtime.getsReady('web');
      await running.result;
      return shop.store.holder(stack);
    };
    const seen = await status(specOf({ web: {} }), { ...bob, openStore: async () => ({ ...shop.store, holder }) }, noSignal);
    expect(seen.lastRelease?.phase).toBe('succeeded');
  });

  test('in the middle is finished by the next one, and nothing is orphaned', async () => {
    const shop = stage();
    shop.runtime.hangs('web');
    const dead = await shop.start({ db: {}, web: {} });
    await said(dead, 'db: done');
    await said(dead, 'web: create');
    await shop.store.settled();
    shop.dies();
    // Its last request comes through, and nobody is left to hear of it.
    shop.runtime.answers('web');
    const before = await shop.release(1);
    expect([before?.phase, before?.steps.map(({ state }) => state)]).toEqual(['applying', ['done', 'started']]);
    expect(await shop.owned()).toEqual(['db', 'web']);
    // The program has lost both since.
    expect(await shop.apply({ logs: {} })).toEqual([
      'apply shop/prod, release 2: create logs, delete web, delete db',
      'logs: create',
      'web: delete',
      'db: delete',
      'web: done',
      'db: done',
      'logs: applied',
      'logs: ready, is there',
      'logs: done',
      'succeeded',
    ]);
    expect(shop.runtime.things()).toEqual(['logs']);
    expect(await shop.owned()).toEqual(['logs']);
    const closed = await shop.release(1);
    expect([closed?.phase, closed?.problems.map(({ message }) => message)]).toEqual([
      'failed',
      ['The run of anna@laptop ended without a word; release 2 goes on from there.'],
    ]);
  });

  test('while it replaced a thing does not disown the new one', async () => {
    const shop = stage();
    await shop.apply({ web: { fixed: 1 } });
    shop.runtime.hangs('web');
    const dead = await shop.start({ web: { fixed: 2 } });
    await said(dead, 'web: replace');
    shop.dies();
    shop.runtime.answers('web');
    expect((await shop.previewDestroy({})).plan?.steps.map(({ action }) => action)).toEqual(['delete']);
  });

  test('while it made a thing again does not disown the new one', async () => {
    const shop = stage();
    await shop.apply({ web: {} });
    shop.runtime.somebodyDeletes('web');
    shop.runtime.hangs('web');
    const dead = await shop.start({ web: {} });
    await said(dead, 'web: create');
    shop.dies();
    shop.runtime.answers('web');
    expect((await shop.previewDestroy({})).plan?.steps.map(({ action }) => action)).toEqual(['delete']);
  });
});

describe('a store that cannot write', () => {
  test('before anything was changed: nothing is changed, the message names it, the lock is free', async () => {
    const shop = stage();
    shop.store.isFull = true;
    expect(await shop.apply(program)).toEqual([started, 'failed RECORD_WRITE']);
    expect(shop.runtime.changes).toEqual([]);
    await shop.isUnlocked();
  });

  test('in the middle: what was not begun does not begin, and the older record still holds all that may exist', async () => {
    const shop = stage();
    shop.runtime.startsSlowly('db');
    const operation = await shop.start(program);
    await said(operation, 'db: progressing, starting');
    shop.store.isFull = true;
    shop.runtime.getsReady('db');
    expect(linesOf(await collect(operation)).slice(4)).toEqual([
      'db: ready, is there',
      'db: done',
      'web: failed, RECORD_WRITE: write record: no space left on device',
      'failed RECORD_WRITE',
    ]);
    expect(shop.runtime.things()).toEqual(['db']);
    expect(await shop.owned()).toEqual(['db', 'web']);
    shop.store.isFull = false;
    await shop.isUnlocked();
    expect((await shop.apply(program)).at(-1)).toBe('succeeded');
  });

  test('at the end only: the run says so, though every step is done', async () => {
    const shop = stage();
    shop.runtime.startsSlowly('db');
    const operation = await shop.start({ db: {} });
    await said(operation, 'db: progressing, starting');
    await shop.store.settled();
    shop.store.isFull = true;
    shop.runtime.getsReady('db');
    expect(linesOf(await collect(operation)).slice(4)).toEqual(['db: ready, is there', 'db: done', 'failed RECORD_WRITE']);
  });

  test('only for a while: a result that was not saved is in the next save', async () => {
    const shop = stage();
    shop.runtime.startsSlowly('web');
    const operation = await shop.start({ db: {}, web: {} });
    await said(operation, 'db: done');
    await said(operation, 'web: progressing, starting');
    await shop.store.settled();
    shop.store.isFull = true;
    shop.runtime.says('web', 'pulling');
    shop.store.isFull = false;
    shop.runtime.getsReady('web');
    expect((await operation.result).phase).toBe('succeeded');
    expect((await shop.release(1))?.steps.map(({ state }) => state)).toEqual(['done', 'done']);
  });

  test('a file where a folder must be', async () => {
    const shop = stage();
    writeFileSync(join(shop.folder, 'shop'), '');
    const shown = await shop.preview(program);
    expect(shown.problems.map(({ code }) => code)).toEqual(['RECORD_CORRUPT']);
  });

  test('a lock that cannot be given back is told and changes no result', async () => {
    const shop = stage();
    shop.store.keepsLock = true;
    const lines = await shop.apply({ db: {} });
    expect(lines.slice(-2)).toEqual([
      'note: The lock of shop/prod could not be given back; it ends with this process: the lock sticks',
      'succeeded',
    ]);
  });
});
