import { apply } from '../src/apply';
import { collect, linesOf, said, stage } from './stage';

test('what left the program is deleted, dependants first', async () => {
  const shop = stage();
  await shop.apply({ db: {}, web: { after: ['db'] }, route: { after: ['web'] }, logs: {} });
  expect(await shop.apply({ logs: {} })).toEqual([
    'apply shop/prod, release 2: keep logs, delete route, delete web after route is present, delete db after web is present',
    'logs: ready, is there',
    'logs: done',
    'route: delete',
    'route: done',
    'web: delete',
    'web: done',
    'db: delete',
    'db: done',
    'succeeded',
  ]);
  expect(shop.runtime.things()).toEqual(['logs']);
  expect(await shop.owned()).toEqual(['logs']);
});

test('destroy deletes all, backwards, and leaves an empty inventory', async () => {
  const shop = stage();
  const program = { db: {}, web: { after: ['db'] } };
  await shop.apply(program);
  expect(await shop.destroy(program)).toEqual([
    'destroy shop/prod, release 2: delete web, delete db after web is present',
    'web: delete',
    'web: done',
    'db: delete',
    'db: done',
    'succeeded',
  ]);
  expect(shop.runtime.things()).toEqual([]);
  expect(await shop.owned()).toEqual([]);
});

test('what depends on a thing being deleted waits until that is gone', async () => {
  const shop = stage();
  const program = { db: {}, web: { after: ['db'] } };
  await shop.apply(program);
  shop.runtime.lingers('web');
  const operation = apply(await shop.previewDestroy(program), shop.world('anna'));
  await said(operation, 'web: progressing, is being deleted');
  expect(shop.runtime.changes.slice(2)).toEqual(['delete web']);
  shop.runtime.vanishes('web');
  expect(linesOf(await collect(operation))).toEqual([
    'destroy shop/prod, release 2: delete web, delete db after web is present',
    'web: delete',
    'web: applied',
    'web: progressing, is being deleted',
    'web: unknown, is not there',
    'web: done',
    'db: delete',
    'db: done',
    'succeeded',
  ]);
});

test('a delete that fails stays in the inventory and holds back what must outlive it', async () => {
  const shop = stage();
  const program = { db: {}, web: { after: ['db'] } };
  await shop.apply(program);
  shop.runtime.refuses('web', 'web is locked');
  expect(await shop.destroy(program)).toEqual([
    'destroy shop/prod, release 2: delete web, delete db after web is present',
    'web: delete',
    'web: failed, RESOURCE_REJECTED: web is locked',
    'db: skipped because of web',
    'failed RESOURCE_REJECTED',
  ]);
  expect(await shop.owned()).toEqual(['db', 'web']);
  expect((await shop.destroy(program)).at(-1)).toBe('succeeded');
  expect(shop.runtime.things()).toEqual([]);
});

test('what is retained leaves the inventory and stays in the world', async () => {
  const shop = stage();
  await shop.apply({ db: { onRemoval: 'retain' }, web: {} });
  expect(await shop.apply({ web: {} })).toEqual([
    'apply shop/prod, release 2: keep web, abandon db',
    'web: ready, is there',
    'web: done',
    'db: abandon',
    'db: done',
    'succeeded',
  ]);
  expect(shop.runtime.things()).toEqual(['db', 'web']);
  expect(await shop.owned()).toEqual(['web']);
});

test('what is protected stops the plan, for an apply and for a destroy', async () => {
  const shop = stage();
  const program = { db: { onRemoval: 'protect' as const } };
  await shop.apply(program);
  expect((await shop.preview({})).problems.map(({ code, message }) => [code, message])).toEqual([
    ['RESOURCE_PROTECTED', 'Thing/db is protected, but it is not in the program any more.'],
  ]);
  expect((await shop.previewDestroy(program)).problems.map(({ code, message }) => [code, message])).toEqual([
    ['RESOURCE_PROTECTED', 'Thing/db is protected, but its stack is destroyed.'],
  ]);
});

test('what is gone already is only forgotten', async () => {
  const shop = stage();
  await shop.apply({ db: {}, web: {} });
  shop.runtime.somebodyDeletes('db');
  expect(await shop.apply({ web: {} })).toEqual([
    'apply shop/prod, release 2: keep web, forget db',
    'web: ready, is there',
    'web: done',
    'db: forget',
    'db: done',
    'succeeded',
  ]);
  expect(shop.runtime.changes).toEqual(['create db', 'create web']);
});

test('another object under the same name is not ours to delete', async () => {
  const shop = stage();
  await shop.apply({ db: {}, web: {} });
  shop.runtime.somebodyDeletes('db');
  shop.runtime.somebodyMakes('db', { theirs: true });
  const { plan } = await shop.preview({ web: {} });
  expect(plan?.steps.map(({ id, action, reason }) => [id, action, reason])).toEqual([
    ['main:Thing/web', 'keep', 'no difference'],
    ['main:Thing/db', 'forget', 'another object by now'],
  ]);
});

test('an object that another stack has taken over is not ours to delete', async () => {
  const shop = stage();
  await shop.apply({ db: {}, web: {} });
  shop.runtime.isTakenOverBy('db', { kind: 'konfig', name: 'Konfig stack data/prod' });
  const { plan } = await shop.preview({ web: {} });
  expect(plan?.steps.map(({ id, action, reason }) => [id, action, reason])).toEqual([
    ['main:Thing/web', 'keep', 'no difference'],
    ['main:Thing/db', 'forget', 'owned by somebody else'],
  ]);
});

test('an object that nobody owns is adopted, one of another stack is refused with both owners', async () => {
  const shop = stage();
  shop.runtime.somebodyMakes('db', { size: 1 });
  shop.runtime.somebodyMakes('web', {}, { kind: 'helm', name: 'Helm release web' });
  const { plan, problems } = await shop.preview({ db: { size: 2 }, web: {} });
  expect(plan?.steps.map(({ id, action, reason }) => [id, action, reason])).toEqual([
    ['main:Thing/db', 'adopt', 'owned by nobody'],
    ['main:Thing/web', 'keep', 'no difference'],
  ]);
  expect(problems).toEqual([
    {
      code: 'RESOURCE_OWNED',
      message: 'Thing/web is already there and belongs to Helm release web, but shop/prod wishes it too.',
      hint: 'Remove it from one of the two, give it another name, or take it over with --adopt.',
      at: 'main:Thing/web',
      source: { file: 'app.ts', line: 20 },
    },
  ]);
});

test('an object of somebody else is never replaced, not even when it may be taken over', async () => {
  const shop = stage();
  shop.runtime.somebodyMakes('db', { fixed: 1 });
  shop.runtime.somebodyMakes('web', { fixed: 1 }, { kind: 'helm', name: 'Helm release web' });
  const { problems } = await shop.preview({ db: { fixed: 2 }, web: { fixed: 2 } }, { adopt: true });
  expect(problems.map(({ code, at }) => [code, at])).toEqual([
    ['RESOURCE_IMMUTABLE', 'main:Thing/db'],
    ['RESOURCE_IMMUTABLE', 'main:Thing/web'],
  ]);
});

test('more than half of the stack going asks first', async () => {
  const shop = stage();
  await shop.apply({ a: {}, b: {}, c: {} });
  expect((await shop.preview({ a: {} })).problems.map(({ code, severity }) => [code, severity])).toEqual([['PLAN_RISKY', 'warning']]);
});

test('what stands in a target that the workspace no longer has is named and stays in the inventory', async () => {
  const shop = stage();
  await shop.apply({ web: {} });
  const record = await shop.store.readRecord('shop/prod');
  const release = await shop.release(1);
  if (!record || !release) throw new Error('no record');
  const lock = await shop.store.lock('shop/prod', { run: 'x', who: 'x', since: '' });
  const elsewhere = { id: 'old:Thing/db', target: 'old', runtime: 'memory', type: 'Thing', dependsOn: [] };
  await shop.store.save(lock, { ...record, inventory: [...record.inventory, elsewhere] }, release);
  await lock.release();
  const shown = await shop.preview({ web: {} });
  expect(shown.problems.map(({ code, severity, message }) => [code, severity, message])).toEqual([
    ['SPEC_TARGET', 'warning', 'Thing/db of shop/prod stands in the target old, which workspace prod does not have any more.'],
  ]);
  await shop.apply({ web: {} });
  expect(await shop.owned()).toEqual(['web', 'db']);
});
