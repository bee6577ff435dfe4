import type { Finding } from '@konfig/core';
import { collect, linesOf, type Stage, said, stage } from './stage';

const pullError: Finding = {
  code: 'ImagePullBackOff',
  class: 'likely',
  message: 'app: back-off pulling image web:x',
  on: 'Pod/web-1',
  field: 'image',
  details: ['last log: none'],
  grace: 60,
};

describe('a finding', () => {
  test('that is likely to stay fails its step when its grace is over', async () => {
    const shop = stage();
    shop.runtime.startsSlowly('web');
    const operation = await shop.start({ web: { image: 'web:x' } });
    await said(operation, 'web: progressing, starting');
    shop.runtime.says('web', '0 of 1 ready', [pullError]);
    shop.clock.turn(29);
    shop.clock.turn(29);
    expect(shop.runtime.thing('web')?.findings).toHaveLength(1);
    shop.clock.turn(2);
    const events = await collect(operation);
    expect(linesOf(events).slice(3)).toEqual([
      'web: progressing, starting',
      'web: progressing, 0 of 1 ready, ImagePullBackOff',
      'heartbeat',
      'web: failed, RESOURCE_FAILED: Thing/web will not become ready: Pod/web-1: ImagePullBackOff, app: back-off pulling image web:x',
      'failed RESOURCE_FAILED',
    ]);
    expect(events.flatMap((event) => (event.type === 'step-observed' ? [event.failsAt] : []))).toEqual([
      Date.UTC(2026, 0, 1, 0, 5),
      Date.UTC(2026, 0, 1, 0, 1),
    ]);
    expect((await operation.result).problems).toEqual([
      {
        code: 'RESOURCE_FAILED',
        message: 'Thing/web will not become ready: Pod/web-1: ImagePullBackOff, app: back-off pulling image web:x\n  last log: none',
        hint: 'Look at image, at the line below; mend it and apply again.',
        at: 'main:Thing/web',
        source: { file: 'app.ts', line: 10, guess: true },
      },
    ]);
  });

  test('that mends within its grace fails nothing', async () => {
    const shop = stage();
    shop.runtime.startsSlowly('web');
    const operation = await shop.start({ web: {} });
    await said(operation, 'web: progressing, starting');
    shop.runtime.says('web', '0 of 1 ready', [pullError]);
    shop.clock.turn(59);
    shop.runtime.says('web', 'pulled', []);
    shop.clock.turn(59);
    shop.runtime.says('web', '0 of 1 ready', [pullError]);
    shop.clock.turn(59);
    shop.runtime.getsReady('web');
    expect((await operation.result).phase).toBe('succeeded');
  });

  test('that is terminal fails its step at once', async () => {
    const shop = stage();
    shop.runtime.startsSlowly('web');
    const operation = await shop.start({ web: {} });
    await said(operation, 'web: progressing, starting');
    shop.runtime.says('web', '0 of 1 ready', [{ ...pullError, code: 'InvalidImageName', class: 'terminal' as const, grace: 0 }]);
    expect(linesOf(await collect(operation)).slice(4)).toEqual([
      'web: progressing, 0 of 1 ready, InvalidImageName',
      'web: failed, RESOURCE_FAILED: Thing/web will not become ready: Pod/web-1: InvalidImageName, app: back-off pulling image web:x',
      'failed RESOURCE_FAILED',
    ]);
  });

  test('that is transient never fails its step, the graces of the workspace win over those of the finding', async () => {
    const shop = stage({ graces: { ImagePullBackOff: 120 } });
    shop.runtime.startsSlowly('web');
    const operation = await shop.start({ web: {} });
    await said(operation, 'web: progressing, starting');
    shop.runtime.says('web', 'waits', [{ ...pullError, code: 'Scheduling', class: 'transient' as const }, pullError]);
    shop.clock.turn(119);
    shop.runtime.says('web', 'still waits', [{ ...pullError, code: 'Scheduling', class: 'transient' as const }]);
    shop.clock.turn(200);
    shop.runtime.getsReady('web');
    expect((await operation.result).phase).toBe('succeeded');
  });
});

describe('an old generation', () => {
  test('never counts as ready', async () => {
    const shop = stage();
    await shop.apply({ web: { image: 'web:1' } });
    shop.runtime.startsSlowly('web');
    shop.runtime.hangs('web');
    const operation = await shop.start({ web: { image: 'web:2' } });
    await said(operation, 'web: update');
    // The watch tells of the old generation while the apply is under way: ready, but not what was wished.
    shop.runtime.tells('web', { seen: true });
    shop.runtime.answers('web');
    await said(operation, 'web: progressing, starting');
    shop.runtime.getsReady('web');
    expect(linesOf(await collect(operation))).toEqual([
      'apply shop/prod, release 2: update web',
      'web: update',
      'web: applied',
      'web: progressing, starting',
      'web: ready, is there',
      'web: done',
      'succeeded',
    ]);
  });

  test('seen after the apply does not count either', async () => {
    const shop = stage();
    await shop.apply({ web: { image: 'web:1' } });
    shop.runtime.startsSlowly('web');
    const operation = await shop.start({ web: { image: 'web:2' } });
    await said(operation, 'web: progressing, starting');
    shop.runtime.showsOldGeneration('web');
    shop.runtime.getsReady('web');
    expect(linesOf(await collect(operation)).slice(3)).toEqual([
      'web: progressing, starting',
      'web: ready, is there',
      'web: done',
      'succeeded',
    ]);
  });
});

describe('a timeout', () => {
  test('of the resource fails a step that is not ready in time, however much it changes', async () => {
    const shop = stage({ resourceTimeout: 100, noProgressTimeout: 60 });
    shop.runtime.startsSlowly('web');
    const operation = await shop.start({ web: {}, route: { after: ['web'] } });
    await said(operation, 'web: progressing, starting');
    shop.clock.turn(50);
    shop.runtime.says('web', 'pulling 50 %');
    shop.clock.turn(49);
    shop.runtime.says('web', 'pulling 90 %');
    shop.clock.turn(1);
    expect(linesOf(await collect(operation)).slice(-3)).toEqual([
      'web: failed, RESOURCE_TIMEOUT: Thing/web is not ready after 100 s: pulling 90 %',
      'route: skipped because of web',
      'failed RESOURCE_TIMEOUT',
    ]);
  });

  test('of progress fails a step that stands still, and the same news again is no progress', async () => {
    const shop = stage({ noProgressTimeout: 60 });
    shop.runtime.startsSlowly('web');
    const operation = await shop.start({ web: {} });
    await said(operation, 'web: progressing, starting');
    shop.clock.turn(40);
    shop.runtime.says('web', 'pulling');
    shop.clock.turn(40);
    shop.runtime.says('web', 'pulling');
    shop.clock.turn(20);
    expect(linesOf(await collect(operation)).slice(4)).toEqual([
      'heartbeat',
      'web: progressing, pulling',
      'heartbeat',
      'web: failed, RESOURCE_TIMEOUT: Thing/web is not ready and nothing has changed for 60 s: pulling',
      'failed RESOURCE_TIMEOUT',
    ]);
  });

  test('of the whole operation fails what waits, gives up what is in flight and starts nothing new', async () => {
    const shop = stage({ totalTimeout: 100, concurrency: 2 });
    shop.runtime.startsSlowly('web');
    shop.runtime.hangs('db');
    const operation = await shop.start({ web: {}, db: {}, logs: { after: ['db'] }, jobs: { after: ['web'] } });
    await said(operation, 'web: progressing, starting');
    await said(operation, 'db: create');
    shop.clock.turn(100);
    expect(linesOf(await collect(operation)).filter((line) => line !== 'heartbeat')).toEqual([
      'apply shop/prod, release 1: create web, create db, create logs after db is ready, create jobs after web is ready',
      'web: create',
      'db: create',
      'web: applied',
      'web: progressing, starting',
      'logs: skipped because of out of time',
      'jobs: skipped because of out of time',
      'web: failed, RESOURCE_TIMEOUT: Thing/web is not ready and the whole operation may last 100 s: starting',
      'db: failed, RESOURCE_TIMEOUT: Thing/db: its create was still under way when the operation had to end. Whether it came through is not known.',
      'failed RESOURCE_TIMEOUT RESOURCE_TIMEOUT',
    ]);
    expect(await shop.owned()).toEqual(['db', 'web']);
  });

  test('ends the operation even when a call does not come back', async () => {
    const shop = stage({ totalTimeout: 100 });
    shop.runtime.hangs('db', 'deaf');
    const operation = await shop.start({ db: {} });
    await said(operation, 'db: create');
    shop.clock.turn(100);
    shop.clock.turn(30);
    expect((await operation.result).problems.map(({ code }) => code)).toEqual(['RESOURCE_TIMEOUT']);
    expect((await shop.release(1))?.phase).toBe('failed');
    shop.runtime.answers('db');
  });
});

describe('a watch', () => {
  test('that ends with an error fails what waits; what is in flight is let finish, and nothing new is started there', async () => {
    const shop = stage();
    shop.runtime.startsSlowly('web');
    shop.runtime.hangs('db');
    const operation = await shop.start({ web: {}, db: {}, jobs: { after: ['db'] } });
    await said(operation, 'web: progressing, starting');
    await said(operation, 'db: create');
    shop.runtime.startsSlowly('db');
    shop.runtime.losesWatch('the token has expired');
    await said(operation, 'web: failed, TARGET_CREDENTIALS: the token has expired');
    shop.runtime.answers('db');
    expect(linesOf(await collect(operation)).slice(1)).toEqual([
      'web: create',
      'db: create',
      'web: applied',
      'web: progressing, starting',
      'web: failed, TARGET_CREDENTIALS: the token has expired',
      'db: applied',
      'db: progressing, starting',
      'db: failed, TARGET_CREDENTIALS: the token has expired',
      'jobs: skipped because of db',
      'failed TARGET_CREDENTIALS',
    ]);
    expect((await shop.release(1))?.steps.map(({ state }) => state)).toEqual(['failed', 'failed', 'skipped']);
  });

  test('that cannot begin is told, the release is closed and the lock is free', async () => {
    const shop = stage();
    const shown = await shop.preview({ web: {} });
    shop.runtime.losesConnection('connection refused');
    expect(await shop.play(shown)).toEqual([
      'apply shop/prod, release 1: create web',
      'web: failed, CONNECTION_LOST: connection refused',
      'failed CONNECTION_LOST',
    ]);
    expect((await shop.release(1))?.phase).toBe('failed');
    shop.runtime.comesBack();
    expect((await shop.apply({ web: {} })).at(-1)).toBe('succeeded');
  });
});

test('a connection lost in the middle fails what is in flight and what comes after, and the next run does the rest', async () => {
  const shop = stage();
  shop.runtime.startsSlowly('db');
  const operation = await shop.start({ db: {}, web: { after: ['db'] } });
  await said(operation, 'db: progressing, starting');
  shop.runtime.losesConnection('connection reset');
  shop.runtime.getsReady('db');
  expect(linesOf(await collect(operation)).slice(4)).toEqual([
    'db: ready, is there',
    'db: done',
    'web: create',
    'web: failed, CONNECTION_LOST: connection reset',
    'failed CONNECTION_LOST',
  ]);
  shop.runtime.comesBack();
  expect(await shop.apply({ db: {}, web: { after: ['db'] } })).toEqual([
    'apply shop/prod, release 2: keep db, create web after db is ready',
    'db: ready, is there',
    'db: done',
    'web: create',
    'web: applied',
    'web: ready, is there',
    'web: done',
    'succeeded',
  ]);
});

test('a thing that was changed by somebody else since the plan stops its step', async () => {
  const shop = stage();
  await shop.apply({ web: { image: 'web:1' } });
  const shown = await shop.preview({ web: { image: 'web:2' } });
  shop.runtime.somebodyChanges('web', { image: 'web:1', replicas: 9 });
  expect(await shop.play(shown)).toEqual([
    'apply shop/prod, release 2: update web',
    'web: update',
    'web: failed, PLAN_STALE: web was changed in between',
    'failed PLAN_STALE',
  ]);
});

test('a thing deleted while its step waits for it is not ready', async () => {
  const shop = stage({ noProgressTimeout: 60 });
  shop.runtime.startsSlowly('web');
  const operation = await shop.start({ web: {} });
  await said(operation, 'web: progressing, starting');
  shop.runtime.somebodyDeletes('web');
  shop.clock.turn(61);
  expect(linesOf(await collect(operation)).slice(4)).toEqual([
    'web: unknown, is not there',
    'heartbeat',
    'web: failed, RESOURCE_TIMEOUT: Thing/web is not ready and nothing has changed for 60 s: is not there',
    'failed RESOURCE_TIMEOUT',
  ]);
});

test('what gets ready only through something that failed is left, with its cause, and stays ours', async () => {
  const shop = stage();
  shop.runtime.startsSlowly('web', 'service');
  shop.runtime.hangsOn('service', 'web');
  const operation = await shop.start({ service: {}, web: {} });
  await said(operation, 'web: progressing, starting');
  shop.runtime.says('web', 'will not come', [
    { code: 'InvalidImageName', class: 'terminal', message: 'app: no such name', on: 'Pod/web-1' },
  ]);
  const events = await collect(operation);
  expect(linesOf(events).slice(-3)).toEqual([
    'web: failed, RESOURCE_FAILED: Thing/web will not become ready: Pod/web-1: InvalidImageName, app: no such name',
    'service: skipped because of web',
    'failed RESOURCE_FAILED',
  ]);
  expect((await shop.store.readRecord('shop/prod'))?.inventory.map(({ id, uid }) => [id, uid !== undefined])).toEqual([
    ['main:Thing/service', true],
    ['main:Thing/web', true],
  ]);
});

test('what gets ready only through something that has a little more time is left with it when that is over', async () => {
  const shop = stage({ resourceTimeout: 60 });
  shop.runtime.startsSlowly('front', 'web');
  shop.runtime.hangsOn('front', 'web');
  shop.runtime.startsSlowly('db');
  const operation = await shop.start({ front: {}, db: {}, web: { after: ['db'] } });
  await said(operation, 'db: progressing, starting');
  shop.clock.turn(5);
  shop.runtime.getsReady('db');
  await said(operation, 'web: progressing, starting');
  shop.clock.turn(55);
  shop.clock.turn(5);
  const lines = linesOf(await collect(operation));
  expect(lines.filter((line) => /RESOURCE_TIMEOUT|skipped/.test(line))).toEqual([
    'web: failed, RESOURCE_TIMEOUT: Thing/web is not ready after 60 s: starting',
    'front: skipped because of web',
    'failed RESOURCE_TIMEOUT',
  ]);
});

test('what is wrong with something that gets ready through another is not told before what is wrong with that one', async () => {
  const shop = stage();
  shop.runtime.startsSlowly('front', 'web', 'claim');
  shop.runtime.hangsOn('front', 'web');
  shop.runtime.hangsOn('web', 'claim');
  const operation = await shop.start({ front: {}, web: {}, claim: {} });
  await said(operation, 'claim: progressing, starting');
  const unbound: Finding = { code: 'Unschedulable', class: 'likely', grace: 30, message: 'its claim is not bound', on: 'Pod/web-1' };
  shop.runtime.says('web', '0 of 1 ready', [unbound]);
  await said(operation, 'web: progressing, 0 of 1 ready, Unschedulable');
  shop.clock.turn(5);
  const unmade: Finding = { code: 'ProvisioningFailed', class: 'likely', grace: 40, message: 'no such class', on: 'Claim/claim' };
  shop.runtime.says('claim', 'waits', [unmade]);
  await said(operation, 'claim: progressing, waits, ProvisioningFailed');
  shop.clock.turn(25);
  shop.clock.turn(20);
  expect(linesOf(await collect(operation)).slice(-4)).toEqual([
    'claim: failed, RESOURCE_FAILED: Thing/claim will not become ready: Claim/claim: ProvisioningFailed, no such class',
    'web: skipped because of claim',
    'front: skipped because of web',
    'failed RESOURCE_FAILED',
  ]);
});

test.each([
  ['that somebody deletes', () => {}, 'was deleted while it was waited for'],
  [
    'that somebody deletes and makes again',
    (shop: Stage) => shop.runtime.somebodyMakes('web', {}),
    'was deleted and made again while it was waited for: what is there is not what was applied',
  ],
])('a thing %s in the midst is not waited for to the end', async (_, then, message) => {
  const shop = stage();
  shop.runtime.startsSlowly('web');
  const operation = await shop.start({ web: {} });
  await said(operation, 'web: progressing, starting');
  shop.runtime.says('web', 'on its way');
  await said(operation, 'web: progressing, on its way');
  shop.runtime.somebodyDeletes('web');
  then(shop);
  shop.clock.turn(9);
  expect(shop.runtime.changes).toEqual(['create web']);
  shop.clock.turn(1);
  expect(linesOf(await collect(operation)).slice(-2)).toEqual([
    `web: failed, RESOURCE_FAILED: Thing/web will not become ready: Thing/web: Deleted, ${message}`,
    'failed RESOURCE_FAILED',
  ]);
});

test('a thing that comes back as it was, as after a restart of a server that had forgotten it, is waited for', async () => {
  const shop = stage();
  shop.runtime.startsSlowly('web');
  const operation = await shop.start({ web: {} });
  await said(operation, 'web: progressing, starting');
  const { uid } = shop.runtime.thing('web') as { readonly uid: string };
  shop.runtime.flickers('web');
  shop.clock.turn(20);
  expect(shop.runtime.thing('web')?.uid).toBe(uid);
  shop.runtime.getsReady('web');
  expect((await operation.result).phase).toBe('succeeded');
});

test('two that get ready through each other end at their time', async () => {
  const shop = stage({ resourceTimeout: 60 });
  shop.runtime.startsSlowly('one', 'other');
  shop.runtime.hangsOn('one', 'other');
  shop.runtime.hangsOn('other', 'one');
  const operation = await shop.start({ one: {}, other: {} });
  await said(operation, 'other: progressing, starting');
  shop.clock.turn(29);
  shop.clock.turn(29);
  shop.clock.turn(5);
  expect(linesOf(await collect(operation)).slice(-3)).toEqual([
    'other: failed, RESOURCE_TIMEOUT: Thing/other is not ready after 60 s: starting',
    'one: skipped because of other',
    'failed RESOURCE_TIMEOUT',
  ]);
});

test('what gets ready only through something that was skipped is left too', async () => {
  const shop = stage();
  shop.runtime.startsSlowly('service', 'db');
  shop.runtime.hangsOn('service', 'web');
  const operation = await shop.start({ service: {}, db: {}, web: { after: ['db'] } });
  await said(operation, 'db: progressing, starting');
  shop.runtime.says('db', 'will not come', [{ code: 'InvalidImageName', class: 'terminal', message: 'app: no such name', on: 'Pod/db-1' }]);
  const events = await collect(operation);
  expect(linesOf(events).slice(-4)).toEqual([
    'db: failed, RESOURCE_FAILED: Thing/db will not become ready: Pod/db-1: InvalidImageName, app: no such name',
    'web: skipped because of db',
    'service: skipped because of web',
    'failed RESOURCE_FAILED',
  ]);
});

test('a run whose last open step is left with another ends with it', async () => {
  const shop = stage();
  shop.runtime.startsSlowly('service');
  shop.runtime.hangsOn('service', 'web');
  shop.runtime.refuses('db', 'already exists');
  const operation = await shop.start({ service: {}, first: {}, db: { after: ['first'] }, web: { after: ['db'] } });
  expect(linesOf(await collect(operation)).slice(-4)).toEqual([
    'db: failed, RESOURCE_REJECTED: already exists',
    'web: skipped because of db',
    'service: skipped because of web',
    'failed RESOURCE_REJECTED',
  ]);
});
