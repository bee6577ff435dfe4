// Back to an older release: a plan like any other.
import { preview } from '../src/preview';
import { type RollbackWish, rollbackRequest } from '../src/recorded';
import { noSignal, type Program, type Stage, specOf, stage } from './stage';

async function previewRollback(shop: Stage, program: Program, wish: RollbackWish = {}) {
  const world = shop.world('anna');
  return preview(await rollbackRequest(specOf(program), wish, world, noSignal), world, noSignal);
}

test('a rollback is previewed and applied as the Spec of the last release that succeeded', async () => {
  const shop = stage();
  await shop.apply({ web: { image: 'web:1' }, job: {} });
  const broken = { web: { image: 'web:2' }, extra: {} };
  shop.runtime.refuses('extra', 'no room');
  await shop.apply(broken);
  const shown = await previewRollback(shop, broken);
  expect(shown.plan?.steps.map(({ id, action }) => [id, action])).toEqual([
    ['main:Thing/web', 'update'],
    ['main:Thing/job', 'create'],
    ['main:Thing/extra', 'forget'],
  ]);
  expect((await shop.play(shown)).at(-1)).toBe('succeeded');
  expect(await shop.release(3)).toMatchObject({ rollbackTo: 1, phase: 'succeeded' });
  expect(shop.runtime.thing('web')?.attributes).toEqual({ image: 'web:1' });
});

test('a rollback keeps what holds data, unless asked', async () => {
  const shop = stage();
  await shop.apply({ web: {} });
  const program = { web: {}, disk: { disk: true } };
  await shop.apply(program);
  const actions = async (wish: RollbackWish) =>
    (await previewRollback(shop, program, wish)).plan?.steps.map(({ action, reason }) => [action, reason]);
  expect(await actions({ to: 1 })).toEqual([
    ['keep', 'no difference'],
    ['keep', 'holds data'],
  ]);
  expect(await actions({ to: 1, includeData: true })).toEqual([
    ['keep', 'no difference'],
    ['delete', 'not in the program any more'],
  ]);
  await shop.play(await previewRollback(shop, program, { to: 1 }));
  expect(await shop.owned()).toEqual(['disk', 'web']);
});

test('a release that is not there, or destroyed the stack, cannot be gone back to', async () => {
  const shop = stage();
  const refused = (wish: RollbackWish) => previewRollback(shop, {}, wish).then(String, ({ message }: Error) => message);
  expect(await refused({})).toMatch('USAGE  shop/prod was never applied: it has no releases in files in ');
  await shop.apply({ web: {} });
  expect(await refused({})).toBe('USAGE  shop/prod has no release before 1 that succeeded.');
  await shop.destroy({ web: {} });
  expect(await refused({ to: 2 })).toBe('USAGE  Release 2 of shop/prod destroyed it: there is nothing to go back to.');
  expect(await refused({ to: 7 })).toMatch('USAGE  shop/prod has no release 7 in files in ');
});
