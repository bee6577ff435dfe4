import { isEmpty } from '@konfig/core';
import { apply } from '../src/apply';
import { collect, linesOf, said, stage } from './stage';

describe('in order', () => {
  test('what waits until something is ready starts when that is ready, not when it is applied', async () => {
    const shop = stage();
    shop.runtime.startsSlowly('db');
    const operation = await shop.start({ web: { after: ['db'] }, db: {}, logs: {} });
    await said(operation, 'logs: done');
    await said(operation, 'db: progressing, starting');
    expect(shop.runtime.things()).toEqual(['db', 'logs']);
    shop.runtime.getsReady('db');
    expect(linesOf(await collect(operation))).toEqual([
      'apply shop/prod, release 1: create db, create web after db is ready, create logs',
      'db: create',
      'logs: create',
      'db: applied',
      'db: progressing, starting',
      'logs: applied',
      'logs: ready, is there',
      'logs: done',
      'db: ready, is there',
      'db: done',
      'web: create',
      'web: applied',
      'web: ready, is there',
      'web: done',
      'succeeded',
    ]);
  });

  test('what waits only until something is present starts as soon as that is applied', async () => {
    const shop = stage();
    shop.runtime.startsSlowly('config');
    const operation = await shop.start({ web: { mounts: ['config'] }, config: {} });
    await said(operation, 'web: done');
    shop.runtime.getsReady('config');
    expect(linesOf(await collect(operation))).toEqual([
      'apply shop/prod, release 1: create config, create web after config is present',
      'config: create',
      'config: applied',
      'config: progressing, starting',
      'web: create',
      'web: applied',
      'web: ready, is there',
      'web: done',
      'config: ready, is there',
      'config: done',
      'succeeded',
    ]);
  });

  test('a derived edge gives way where it would close a cycle, in deploys and in deletes', async () => {
    const shop = stage();
    const program = { route: { uses: ['web'] }, web: { after: ['route'] } };
    expect((await shop.apply(program)).slice(0, 1)).toEqual(['apply shop/prod, release 1: create route, create web after route is ready']);
    expect(await shop.destroy(program)).toEqual([
      'destroy shop/prod, release 2: delete web, delete route after web is present',
      'web: delete',
      'web: done',
      'route: delete',
      'route: done',
      'succeeded',
    ]);
  });

  test('no more steps run side by side than the settings allow', async () => {
    const shop = stage({ concurrency: 1 });
    shop.runtime.hangs('a');
    const operation = await shop.start({ a: {}, b: {} });
    await said(operation, 'a: create');
    expect(shop.runtime.changes).toEqual(['create a']);
    shop.runtime.answers('a');
    await operation.result;
    expect(shop.runtime.changes).toEqual(['create a', 'create b']);
  });
});

test('a release says who, from which commit, by which Spec and plan, what changed, how long it took and how healthy all was', async () => {
  const shop = stage();
  await shop.apply({ web: { text: 'old' } });
  shop.runtime.startsSlowly('web');
  const anna = shop.world('anna');
  const shown = await shop.preview({ web: { text: 'new' } });
  const operation = apply(shown, { ...anna, commit: async () => 'b293180+' });
  await said(operation, 'web: progressing, starting');
  shop.clock.turn(12);
  shop.runtime.getsReady('web');
  await operation.result;
  const release = await shop.release(2);
  expect(release).toMatchObject({
    number: 2,
    kind: 'apply',
    phase: 'succeeded',
    by: 'anna@laptop',
    commit: 'b293180+',
    startedAt: '2026-01-01T00:00:00.000Z',
    endedAt: '2026-01-01T00:00:12.000Z',
    specDigest: shown.plan?.specDigest,
    steps: [{ id: 'main:Thing/web', action: 'update', state: 'done', seconds: 12, health: 'ready' }],
    problems: [],
  });
  expect(release?.plan).toEqual(shown.plan);
  expect(release?.plan?.steps[0]?.changes).toEqual([{ path: ['text'], before: 'old', after: 'new' }]);
  expect(release?.spec).toEqual(shown.request.spec);
  expect(release?.sources).toEqual(shown.request.sources);
});

describe('after a failure', () => {
  const program = { db: {}, web: { after: ['db'] }, route: { after: ['web'] }, logs: {} };

  test('independent branches go on, and what hangs behind it is skipped with its cause', async () => {
    const shop = stage();
    shop.runtime.refuses('db', 'db: quota exceeded');
    const operation = await shop.start(program);
    expect(linesOf(await collect(operation))).toEqual([
      'apply shop/prod, release 1: create db, create web after db is ready, create route after web is ready, create logs',
      'db: create',
      'logs: create',
      'db: failed, RESOURCE_REJECTED: db: quota exceeded',
      'web: skipped because of db',
      'route: skipped because of web',
      'logs: applied',
      'logs: ready, is there',
      'logs: done',
      'failed RESOURCE_REJECTED',
    ]);
    expect((await operation.result).problems).toEqual([
      { code: 'RESOURCE_REJECTED', message: 'db: quota exceeded', at: 'main:Thing/db', source: { file: 'app.ts', line: 10 } },
    ]);
  });

  test('the release says what became of every step', async () => {
    const shop = stage();
    shop.runtime.refuses('db', 'db: quota exceeded');
    await shop.apply(program);
    const release = await shop.release(1);
    expect(release?.phase).toBe('failed');
    expect(release?.steps.map(({ id, action, state, message }) => [id, action, state, message])).toEqual([
      ['main:Thing/db', 'create', 'failed', 'db: quota exceeded'],
      ['main:Thing/web', 'create', 'skipped', undefined],
      ['main:Thing/route', 'create', 'skipped', undefined],
      ['main:Thing/logs', 'create', 'done', 'is there'],
    ]);
  });

  test('running again does only the rest', async () => {
    const shop = stage();
    shop.runtime.refuses('db', 'db: quota exceeded');
    await shop.apply(program);
    expect(await shop.apply(program)).toEqual([
      'apply shop/prod, release 2: create db, create web after db is ready, create route after web is ready, keep logs',
      'logs: ready, is there',
      'logs: done',
      'db: create',
      'db: applied',
      'db: ready, is there',
      'db: done',
      'web: create',
      'web: applied',
      'web: ready, is there',
      'web: done',
      'route: create',
      'route: applied',
      'route: ready, is there',
      'route: done',
      'succeeded',
    ]);
  });

  test('a refused step keeps its place in the inventory, since it may exist', async () => {
    const shop = stage();
    shop.runtime.refuses('db', 'timeout', 'CONNECTION_LOST');
    await shop.apply(program);
    expect(await shop.owned()).toEqual(['db', 'logs']);
  });
});

describe('changing', () => {
  test('a preview right after an apply is empty', async () => {
    const shop = stage();
    const program = { db: { size: 1 }, web: { after: ['db'], image: 'web:1' } };
    await shop.apply(program);
    const { plan, problems } = await shop.preview(program);
    expect(plan && isEmpty(plan)).toBe(true);
    expect(problems).toEqual([]);
  });

  test('fields that differ are updated, what is the same is kept and watched', async () => {
    const shop = stage();
    await shop.apply({ db: {}, web: { after: ['db'], image: 'web:1' } });
    expect(await shop.apply({ db: {}, web: { after: ['db'], image: 'web:2' } })).toEqual([
      'apply shop/prod, release 2: keep db, update web after db is ready',
      'db: ready, is there',
      'db: done',
      'web: update',
      'web: applied',
      'web: ready, is there',
      'web: done',
      'succeeded',
    ]);
    expect(shop.runtime.thing('web')?.attributes).toEqual({ image: 'web:2' });
  });

  test('an immutable field replaces its thing, and the inventory follows', async () => {
    const shop = stage();
    await shop.apply({ web: { fixed: 1 } });
    const before = shop.runtime.thing('web')?.uid;
    expect(await shop.apply({ web: { fixed: 2 } })).toEqual([
      'apply shop/prod, release 2: replace web',
      'web: replace',
      'web: applied',
      'web: ready, is there',
      'web: done',
      'succeeded',
    ]);
    const after = shop.runtime.thing('web')?.uid;
    expect(after).not.toBe(before);
    expect((await shop.store.readRecord('shop/prod'))?.inventory.map(({ uid }) => uid)).toEqual([after]);
  });

  test('a replace that would lose data, or what is protected, is refused', async () => {
    const shop = stage();
    await shop.apply({ disk: { fixed: 1, disk: true }, web: { fixed: 1, onRemoval: 'protect' } });
    const { problems } = await shop.preview({ disk: { fixed: 2, disk: true }, web: { fixed: 2, onRemoval: 'protect' } });
    expect(problems.map(({ code, at }) => [code, at])).toEqual([
      ['RESOURCE_IMMUTABLE', 'main:Thing/disk'],
      ['RESOURCE_PROTECTED', 'main:Thing/web'],
    ]);
  });

  test('warnings of the system are told with their step', async () => {
    const shop = stage();
    expect(await shop.apply({ web: { warning: 'v1beta1 is deprecated' } })).toContain('note: v1beta1 is deprecated');
  });
});

describe('events', () => {
  test('are numbered without gaps, carry their run and the time of the clock, and survive JSON', async () => {
    const shop = stage();
    const events = await collect(await shop.start({ web: {} }));
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, i) => i + 1));
    expect(new Set(events.map(({ operation }) => operation))).toEqual(new Set(['run-of-anna']));
    expect(new Set(events.map(({ time }) => time))).toEqual(new Set([shop.clock.now()]));
    expect(JSON.parse(JSON.stringify(events))).toEqual(events);
  });

  test('who reads late reads all of them, and as often as wanted', async () => {
    const shop = stage();
    const operation = await shop.start({ web: {} });
    const early = collect(operation);
    await operation.result;
    const late = await collect(operation);
    expect(late).toEqual(await early);
    expect(late.at(-1)?.type).toBe('operation-finished');
  });

  test('work never waits for a reader', async () => {
    const shop = stage();
    const operation = await shop.start({ web: {} });
    const reader = operation.events()[Symbol.asyncIterator]();
    await reader.next();
    expect((await operation.result).phase).toBe('succeeded');
  });

  test('a heartbeat comes after thirty seconds of silence, and again after thirty more', async () => {
    const shop = stage();
    shop.runtime.startsSlowly('web');
    const operation = await shop.start({ web: {} });
    await said(operation, 'web: progressing, starting');
    shop.clock.turn(29);
    shop.runtime.says('web', 'pulling');
    shop.clock.turn(29);
    shop.clock.turn(31);
    shop.runtime.getsReady('web');
    expect(linesOf(await collect(operation)).slice(3)).toEqual([
      'web: progressing, starting',
      'web: progressing, pulling',
      'heartbeat',
      'heartbeat',
      'web: ready, is there',
      'web: done',
      'succeeded',
    ]);
  });

  test('an apply of a preview with errors does nothing and says why', async () => {
    const shop = stage();
    const shown = await shop.preview({ web: { wrong: 'x' } });
    const operation = apply(shown, shop.world('anna'));
    expect(linesOf(await collect(operation))).toEqual(['failed SPEC_INVALID']);
    expect(await operation.result).toMatchObject({ phase: 'failed', release: 0, problems: [{ code: 'SPEC_INVALID' }] });
    expect(shop.store.saves).toEqual([]);
  });
});
