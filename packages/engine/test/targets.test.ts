// A stack over several targets: one plan, one run, and one of them out of reach.
import { status } from '../src/status';
import { noSignal, specOf, stage } from './stage';

const program = { db: {}, web: { after: ['db'] }, 'eu:Thing/db': {}, 'eu:Thing/web': { after: ['eu:Thing/db', 'web'] } };

test('one plan goes over all targets, in one order', async () => {
  const shop = stage();
  const { plan } = await shop.preview(program);
  expect(plan?.targets).toEqual({ main: 'memory-1', eu: 'memory-1' });
  expect(await shop.apply(program)).toContain('succeeded');
  expect(shop.runtime.changes.length).toBe(4);
});

test('a target out of reach fails the run, and stands in the way only of what needs it', async () => {
  const shop = stage();
  shop.runtime.cutsOff('eu');
  const wished = { ...program, user: { after: ['eu:Thing/db'] } };
  const shown = await shop.preview(wished);
  expect(shown.problems).toEqual([{ code: 'TARGET_UNREACHABLE', message: 'eu cannot be reached', severity: 'warning' }]);
  expect(shown.plan?.steps.map(({ id, action, reason }) => [id, action, reason])).toEqual([
    ['main:Thing/db', 'create', 'not there yet'],
    ['main:Thing/web', 'create', 'not there yet'],
    ['eu:Thing/db', 'skip', 'target unreachable'],
    ['eu:Thing/web', 'skip', 'target unreachable'],
    ['main:Thing/user', 'skip', 'needs what is skipped'],
  ]);
  expect((await shop.play(shown)).at(-1)).toBe('failed TARGET_UNREACHABLE');
  expect(await shop.owned()).toEqual(['db', 'web']);
  shop.runtime.comesBack();
  expect((await shop.apply(wished)).at(-1)).toBe('succeeded');
  expect(await shop.owned()).toHaveLength(5);
});

test('what we own out of reach stays ours, and what must outlive it', async () => {
  const shop = stage();
  await shop.apply(program);
  shop.runtime.cutsOff('eu');
  expect((await shop.apply({ db: {}, 'eu:Thing/db': {} })).at(-1)).toBe('failed TARGET_UNREACHABLE');
  expect([...(await shop.owned())].sort()).toEqual(['db', 'db', 'web', 'web']);
});

test('without any target that can be reached there is no plan', async () => {
  const shop = stage();
  shop.runtime.losesConnection('no route');
  const shown = await shop.preview(program);
  expect(shown.plan).toBeUndefined();
  expect(shown.problems.map(({ code }) => code)).toEqual(['TARGET_UNREACHABLE', 'TARGET_UNREACHABLE']);
});

test('the status of a stack tells what it can reach, and what it cannot', async () => {
  const shop = stage();
  await shop.apply(program);
  shop.runtime.cutsOff('eu');
  const found = await status(specOf(program), shop.world('anna'), noSignal);
  expect(found.observations.map(({ id, health, message }) => [id, health, message])).toEqual([
    ['main:Thing/db', 'ready', 'is there'],
    ['main:Thing/web', 'ready', 'is there'],
    ['eu:Thing/db', 'unknown', 'its target cannot be reached'],
    ['eu:Thing/web', 'unknown', 'its target cannot be reached'],
  ]);
  expect(found.problems.map(({ code }) => code)).toEqual(['TARGET_UNREACHABLE']);
});
