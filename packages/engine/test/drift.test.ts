// What is no longer as it was released.
import { drift } from '../src/drift';
import { idOf } from './memory-runtime';
import { noSignal, type Program, type Stage, said, specOf, stage } from './stage';

const driftOf = (shop: Stage, program: Program) => drift(specOf(program), shop.world('anna'), noSignal);

test('a stack that is as it was released has not drifted, whatever its program says by now', async () => {
  const shop = stage();
  await shop.apply({ web: { image: 'web:1' } });
  expect(await driftOf(shop, { web: { image: 'web:2' }, db: {} })).toMatchObject({ release: 1, drifted: [], problems: [] });
});

test('a stack that was never applied has nothing to drift from', async () => {
  expect(await driftOf(stage(), { web: {} })).toEqual({ stack: 'shop/prod', drifted: [], problems: [], sources: {} });
});

test('what was changed, deleted, made anew or taken over is told, with whoever did it', async () => {
  const shop = stage();
  const program = { web: { replicas: 2 }, db: {}, cache: {}, queue: {}, calm: {} };
  await shop.apply(program);
  shop.runtime.somebodyChanges('web', { replicas: 5 }, 'kubectl-edit');
  shop.runtime.somebodyDeletes('db');
  shop.runtime.somebodyDeletes('cache');
  shop.runtime.somebodyMakes('cache', {});
  shop.runtime.isTakenOverBy('queue', { kind: 'helm', name: 'Helm release queue' });
  const found = await driftOf(shop, program);
  expect(found.drifted).toEqual([
    { id: 'main:Thing/web', how: 'changed', changes: [{ path: ['replicas'], before: 5, after: 2, by: { name: 'kubectl-edit' } }] },
    { id: 'main:Thing/db', how: 'deleted', changes: [] },
    { id: 'main:Thing/cache', how: 'recreated', changes: [] },
    { id: 'main:Thing/queue', how: 'taken over', changes: [] },
  ]);
  expect(found.problems).toEqual([]);
});

test('what the last release did not come to is unfinished, not drifted', async () => {
  const shop = stage();
  shop.runtime.refuses('db', 'no room');
  await shop.apply({ db: {}, web: { after: ['db'] } });
  expect((await driftOf(shop, {})).drifted.map(({ id, how }) => [id, how])).toEqual([
    ['main:Thing/db', 'unfinished'],
    ['main:Thing/web', 'unfinished'],
  ]);
});

test('what Konfig itself has deleted, with what needs it, has not drifted', async () => {
  const shop = stage();
  const program = { db: {}, web: { after: ['db'] }, calm: {} };
  await shop.apply(program);
  await shop.play(await shop.previewDestroy(program, { only: ['Thing/db'] }));
  expect(await shop.owned()).toEqual(['calm']);
  shop.runtime.somebodyDeletes('calm');
  expect((await driftOf(shop, program)).drifted.map(({ id, how }) => [id, how])).toEqual([['main:Thing/calm', 'deleted']]);
});

test('what only uses a value of something that is gone has not drifted', async () => {
  const shop = stage();
  const program = {
    db: {},
    web: { url: { $concat: ['http://', { $ref: { resource: idOf('db'), path: ['address'] } }] }, size: 1 },
    calm: {},
  };
  shop.runtime.startsSlowly('db');
  const operation = await shop.start(program);
  await said(operation, 'db: progressing, starting');
  shop.runtime.tells('db', { address: '10.0.0.1' });
  shop.runtime.getsReady('db');
  expect((await operation.result).phase).toBe('succeeded');
  shop.runtime.somebodyDeletes('db');
  expect((await driftOf(shop, program)).drifted.map(({ id, how }) => [id, how])).toEqual([['main:Thing/db', 'deleted']]);
  shop.runtime.somebodyChanges('web', { size: 2 }, 'kubectl-edit');
  expect((await driftOf(shop, program)).drifted).toMatchObject([
    { id: 'main:Thing/db', how: 'deleted' },
    { id: 'main:Thing/web', how: 'changed', changes: [{ path: ['size'], before: 2, after: 1 }] },
  ]);
});

test('a secret that is not there is not compared, and said', async () => {
  const shop = stage();
  const program = { web: { password: { $secret: { from: 'env' as const, name: 'PASSWORD' } }, image: 'web:1' } };
  shop.secrets.PASSWORD = 'correct horse';
  await shop.apply(program);
  delete shop.secrets.PASSWORD;
  const found = await driftOf(shop, program);
  expect(found.problems.map(({ code, severity }) => [code, severity])).toEqual([['SECRET_MISSING', 'warning']]);
});

test('whoever may not change anything is told what has drifted all the same', async () => {
  const shop = stage();
  const program = { web: { replicas: 2 }, db: {}, calm: { forbidden: 'may not try to change calm' } };
  // Whoever applied it was allowed to.
  await shop.play({ ...(await shop.preview(program)), problems: [] });
  shop.runtime.somebodyChanges('web', { replicas: 5 });
  shop.runtime.somebodyDeletes('db');
  const found = await driftOf(shop, program);
  expect(found.drifted.map(({ id, how }) => [id, how])).toEqual([
    ['main:Thing/web', 'changed'],
    ['main:Thing/db', 'deleted'],
  ]);
  expect(found.problems).toEqual([]);
});

test('a target that cannot be looked at is an error: nothing drifted would be no answer', async () => {
  const shop = stage();
  const program = { web: {}, 'eu:Thing/web': {} };
  await shop.apply(program);
  shop.runtime.cutsOff('eu');
  const found = await driftOf(shop, program);
  expect(found.drifted).toEqual([]);
  expect(found.problems).toEqual([{ code: 'TARGET_UNREACHABLE', message: 'eu cannot be reached' }]);
});
