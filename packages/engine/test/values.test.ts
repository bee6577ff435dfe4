import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '@konfig/core';
import { apply } from '../src/apply';
import { status } from '../src/status';
import { idOf } from './memory-runtime';
import { collect, linesOf, noSignal, said, specOf, stage } from './stage';

const addressOf = (name: string): JsonObject => ({ $ref: { resource: idOf(name), path: ['address'] } });
const env = (name: string): JsonObject => ({ $secret: { from: 'env', name } });

describe('a value that another resource tells', () => {
  test('is filled in at its turn, as it is when that resource is ready', async () => {
    const shop = stage();
    shop.runtime.startsSlowly('db');
    const operation = await shop.start({ web: { url: { $concat: ['postgres://', addressOf('db'), '/shop'] } }, db: {} });
    await said(operation, 'db: progressing, starting');
    shop.runtime.tells('db', { address: '10.0.0.1' });
    shop.runtime.getsReady('db');
    expect(linesOf(await collect(operation))).toEqual([
      'apply shop/prod, release 1: create db, create web after db is ready',
      'db: create',
      'db: applied',
      'db: progressing, starting',
      'db: ready, is there',
      'db: done',
      'web: create',
      'web: applied',
      'web: ready, is there',
      'web: done',
      'succeeded',
    ]);
    expect(shop.runtime.thing('web')?.attributes).toEqual({ url: 'postgres://10.0.0.1/shop' });
  });

  test('fails its step when it never comes, naming both fields', async () => {
    const shop = stage();
    const operation = await shop.start({ db: {}, web: { url: addressOf('db') } });
    expect(linesOf(await collect(operation)).slice(5)).toEqual([
      'web: failed, SPEC_REFERENCE: Thing/web needs address of Thing/db in url, but that is ready and does not have it.',
      'failed SPEC_REFERENCE',
    ]);
    expect((await operation.result).problems[0]).toMatchObject({ at: 'main:Thing/web', source: { file: 'app.ts', line: 20 } });
    expect(shop.runtime.things()).toEqual(['db']);
  });

  test('is looked at in the preview where it is there already, so that nothing differs afterwards', async () => {
    const shop = stage();
    const program = { db: { address: '10.0.0.1' }, web: { url: addressOf('db') } };
    await shop.apply(program);
    expect((await shop.preview(program)).plan?.steps.map(({ action }) => action)).toEqual(['keep', 'keep']);
  });

  test('that this very plan changes is planned with its new value, along the whole chain', async () => {
    const shop = stage();
    const program = (address: string) => ({
      route: { to: { $ref: { resource: idOf('web'), path: ['url'] } } },
      web: { url: addressOf('db') },
      db: { address },
    });
    await shop.apply(program('10.0.0.1'));
    const shown = await shop.preview(program('10.0.0.2'));
    expect(shown.plan?.steps.map(({ id, action, changes }) => [id, action, changes])).toEqual([
      ['main:Thing/db', 'update', [{ path: ['address'], before: '10.0.0.1', after: '10.0.0.2' }]],
      ['main:Thing/web', 'update', [{ path: ['url'], before: '10.0.0.1', after: '10.0.0.2' }]],
      ['main:Thing/route', 'update', [{ path: ['to'], before: '10.0.0.1', after: '10.0.0.2' }]],
    ]);
    expect((await shop.play(shown)).at(-1)).toBe('succeeded');
    expect(shop.runtime.thing('route')?.attributes).toEqual({ to: '10.0.0.2' });
  });

  test('that an update changes to what only its apply tells is planned as not known yet', async () => {
    const shop = stage();
    const program = (size: number) => ({ db: { size, later: ['address'] }, web: { url: addressOf('db') } });
    await shop.apply({ db: program(1).db });
    shop.runtime.tells('db', { address: '10.0.0.1' });
    await shop.apply(program(1));
    expect((await shop.preview(program(1))).plan?.steps.map(({ action }) => action)).toEqual(['keep', 'keep']);
    const shown = await shop.preview(program(2));
    expect(shown.plan?.steps.map(({ action, changes }) => [action, changes.at(-1)])).toEqual([
      ['update', { path: ['size'], before: 1, after: 2 }],
      ['update', { path: ['url'], before: '10.0.0.1', after: { $unknown: { resource: idOf('db'), path: ['address'] } } }],
    ]);
    shop.runtime.tells('db', { address: '10.0.0.1' });
    expect((await shop.play(await shop.preview(program(2)))).at(-1)).toBe('succeeded');
    expect(shop.runtime.thing('web')?.attributes).toEqual({ url: '10.0.0.1' });
  });

  test('of a thing that will be replaced is not known before', async () => {
    const shop = stage();
    const program = (fixed: number) => ({ db: { fixed }, web: { url: addressOf('db') } });
    shop.runtime.startsSlowly('db');
    const operation = await shop.start(program(1));
    await said(operation, 'db: progressing, starting');
    shop.runtime.tells('db', { address: '10.0.0.1' });
    shop.runtime.getsReady('db');
    await operation.result;
    const shown = await shop.preview(program(2));
    expect(shown.plan?.steps.map(({ action, changes }) => [action, changes])).toEqual([
      ['replace', [{ path: ['fixed'], before: 1, after: 2 }]],
      ['update', [{ path: ['url'], before: '10.0.0.1', after: { $unknown: { resource: 'main:Thing/db', path: ['address'] } } }]],
    ]);
  });
});

describe('a secret', () => {
  const canary = 'hunter2-canary/ü';
  const program = {
    db: {
      password: env('PASSWORD'),
      url: { $concat: ['postgres://shop:', env('PASSWORD'), '@db'] },
      data: { $base64: env('PASSWORD') },
      hash: { $hash: env('PASSWORD') },
      list: [{ name: 'PIN', value: env('PIN') }],
      warning: { $concat: ['the password ', env('PASSWORD'), ' is weak'] },
      note: { $concat: ['noted ', env('PASSWORD')] },
    },
    web: { after: ['db'] },
  };

  test('reaches the world, and is nowhere else: not in a plan, an event, a record or a problem, also encoded', async () => {
    const shop = stage();
    Object.assign(shop.secrets, { PASSWORD: canary, PIN: '4711' });
    shop.runtime.startsSlowly('db');
    const first = await shop.preview(program);
    const operation = apply(first, shop.world('anna'));
    await said(operation, 'db: progressing, starting');
    shop.runtime.says('db', `cannot log in with ${canary}`, [
      {
        code: 'AuthFailed',
        class: 'terminal',
        message: `password ${canary} refused`,
        on: 'db',
        details: [`url postgres://shop:${encodeURIComponent(canary)}@db`, Buffer.from(`shop:${canary}`).toString('base64')],
      },
    ]);
    const events = await collect(operation);
    shop.secrets.PASSWORD = `${canary}-new`;
    shop.secrets.PIN = '4712';
    shop.runtime.refuses('db', `refused: {"password":${JSON.stringify(`${canary}-new`)}}`);
    const second = await shop.preview(program);
    const refused = apply(second, shop.world('anna'));
    const more = await collect(refused);
    expect(shop.runtime.thing('db')?.attributes).toMatchObject({
      password: canary,
      data: Buffer.from(canary).toString('base64'),
      list: [{ name: 'PIN', value: '4711' }],
    });
    const shown = [first.plan, first.problems, events, second.plan, second.problems, more, await operation.result, await refused.result];
    const texts = [...shown.map((one) => JSON.stringify(one)), ...filesIn(shop.folder).map((file) => readFileSync(file, 'utf8'))];
    expect(filesIn(shop.folder).length).toBeGreaterThan(2);
    for (const text of texts) expect(text).not.toMatch(anyFormOf(canary));
    for (const text of texts) expect(text).not.toMatch(/"471[12]"/);
    expect(second.plan?.steps[0]?.changes.map(({ path, sensitive }) => [path, sensitive])).toEqual([
      [['data'], true],
      [['hash'], true],
      [['list'], true],
      [['note'], true],
      [['password'], true],
      [['url'], true],
      [['warning'], true],
    ]);
  });

  test('in the answer to an apply is masked too', async () => {
    const shop = stage();
    shop.secrets.PASSWORD = canary;
    shop.runtime.answersApplies('db', `made with ${canary}`);
    shop.runtime.hangs('db');
    const operation = await shop.start({ db: { password: env('PASSWORD') } });
    await said(operation, 'db: create');
    // The watch tells nothing, so that the answer is all there is.
    shop.runtime.forgetsReaders();
    shop.runtime.answers('db');
    expect(linesOf(await collect(operation))).toContain('db: ready, made with (secret)');
  });

  test('is masked in a status as well', async () => {
    const shop = stage();
    shop.secrets.PASSWORD = canary;
    const wished = { db: { password: env('PASSWORD') } };
    await shop.apply(wished);
    shop.runtime.says('db', `log: password ${canary}`);
    const seen = await status(specOf(wished), shop.world('anna'), noSignal);
    expect(seen.observations.map(({ message }) => message)).toEqual(['log: password (secret)']);
  });

  test('that is missing is named with its source line before anything is opened, all of them at once', async () => {
    const shop = stage();
    shop.runtime.losesConnection('should not be asked');
    const { plan, problems } = await shop.preview({
      db: { password: env('PASSWORD') },
      web: { password: env('PASSWORD'), key: { $secret: { from: 'file', path: 'tls.key' } } },
    });
    expect(plan).toBeUndefined();
    expect(problems).toEqual([
      {
        code: 'SECRET_MISSING',
        message: 'Thing/db needs a secret from the environment variable PASSWORD, which is not there.',
        hint: 'Put it there.',
        at: 'main:Thing/db password',
        source: { file: 'app.ts', line: 10, guess: true },
      },
      {
        code: 'SECRET_MISSING',
        message: 'Thing/web needs a secret from the file tls.key, which is not there.',
        hint: 'Put it there.',
        at: 'main:Thing/web key',
        source: { file: 'app.ts', line: 20, guess: true },
      },
    ]);
  });

  test('that is missing does not keep anyone from destroying', async () => {
    const shop = stage();
    shop.secrets.PASSWORD = canary;
    const wished = { db: { password: env('PASSWORD') } };
    await shop.apply(wished);
    delete shop.secrets.PASSWORD;
    expect((await shop.destroy(wished)).at(-1)).toBe('succeeded');
  });
});

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((file) => statSync(file).isFile());
}

function anyFormOf(secret: string): RegExp {
  const forms = [
    secret,
    encodeURIComponent(secret),
    Buffer.from(secret).toString('base64').slice(0, 12),
    'aHVudGVyMi1jYW5hcnk',
    'h1bnRlcjItY2FuYXJ5',
    'odW50ZXIyLWNhbmFyeS',
  ];
  return new RegExp(forms.map((form) => form.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'));
}
