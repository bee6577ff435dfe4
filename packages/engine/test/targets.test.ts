// A stack over several targets: one plan, one run, and one of them out of reach.
import { preview } from '../src/preview';
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

test('what is wished of something out of reach is not taken for what it will tell', async () => {
  const shop = stage();
  await shop.apply({ web: {} });
  shop.runtime.cutsOff('eu');
  const address = { $ref: { resource: 'eu:Thing/db', path: ['address'] } };
  const { plan } = await shop.preview({ 'eu:Thing/db': { address: { secret: false } }, web: { address } });
  expect(plan?.steps.find(({ id }) => id === 'main:Thing/web')).toMatchObject({
    action: 'skip',
    changes: [{ path: ['address'], after: { $unknown: address.$ref } }],
  });
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

test('a target of the workspace is opened only by those who go there, or have something there', async () => {
  const shop = stage();
  const both = specOf({ db: {}, 'eu:Thing/db': {} });
  const withoutEu = { ...both, resources: both.resources.filter(({ target }) => target === 'main') };
  shop.runtime.cutsOff('eu');
  const unused = await preview({ kind: 'apply', spec: withoutEu, sources: {} }, shop.world('anna'), noSignal);
  expect([unused.problems, Object.keys(unused.plan?.targets ?? {})]).toEqual([[], ['main']]);
  await unused.close();
  shop.runtime.comesBack();
  expect((await shop.apply({ db: {}, 'eu:Thing/db': {} })).at(-1)).toBe('succeeded');
  const left = await preview({ kind: 'apply', spec: withoutEu, sources: {} }, shop.world('anna'), noSignal);
  expect(left.plan?.steps.map(({ id, action }) => [id, action])).toEqual([
    ['main:Thing/db', 'keep'],
    ['eu:Thing/db', 'delete'],
  ]);
  await left.close();
});

describe('a target that is opened with a secret', () => {
  const spec = {
    ...specOf({ db: {} }),
    targets: { main: { runtime: 'memory', config: { server: { $secret: { from: 'env', name: 'SERVER' } } } } },
  };
  const request = { kind: 'apply', spec, sources: {} } as const;

  test('gets it right before, and nothing shows it', async () => {
    const shop = stage();
    shop.secrets.SERVER = 'memory://with-a-token';
    const connect = jest.spyOn(shop.runtime, 'connect');
    shop.runtime.losesConnection('no answer');
    const { problems } = await preview(request, shop.world('anna'), noSignal);
    expect(connect).toHaveBeenCalledWith('main', { runtime: 'memory', config: { server: 'memory://with-a-token' } }, noSignal);
    expect(problems).toMatchObject([{ code: 'TARGET_UNREACHABLE', message: 'main ((secret)): no answer' }]);
  });

  test('is not opened without it', async () => {
    const { problems } = await preview(request, stage().world('anna'), noSignal);
    expect(problems).toEqual([
      {
        code: 'SECRET_MISSING',
        message: 'Target main needs a secret in server from the environment variable SERVER, which is not there.',
        hint: 'Put it there.',
      },
    ]);
  });
});

describe('records in a PostgreSQL', () => {
  const url = { $secret: { from: 'env', name: 'RECORDS' } } as const;
  const request = {
    kind: 'apply',
    spec: { ...specOf({ web: {} }), records: { store: 'postgres', url } },
    sources: {},
  } as const;

  test('are opened with the URL that their secret holds, which stands in no release', async () => {
    const shop = stage();
    shop.secrets.RECORDS = 'postgres://konfig:hush-hush@db/records';
    const world = shop.world('anna');
    const openStore = jest.spyOn(world, 'openStore');
    const shown = await preview(request, world, noSignal);
    expect(openStore.mock.calls[0]?.[0].records).toEqual({ store: 'postgres', url: 'postgres://konfig:hush-hush@db/records' });
    expect(await shop.play(shown)).toContain('web: done');
    expect(JSON.stringify(await shop.release(1))).not.toContain('hush-hush');
  });

  test('are not opened without it', async () => {
    const { problems } = await preview(request, stage().world('anna'), noSignal);
    expect(problems).toEqual([
      {
        code: 'SECRET_MISSING',
        message: 'The records need a secret from the environment variable RECORDS, which is not there.',
        hint: 'Put it there.',
      },
    ]);
  });
});
