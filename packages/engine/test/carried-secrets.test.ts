// A secret that comes back as part of a value that is called none.
import type { JsonObject } from '@konfig/core';
import { idOf } from './memory-runtime';
import { collect, linesOf, type Program, type Stage, said, stage } from './stage';

const env = (name: string): JsonObject => ({ $secret: { from: 'env', name } });
const idOfDb = (more: JsonObject = {}): JsonObject => ({ $ref: { resource: idOf('db'), path: ['id'], ...more } });

/** What is said of `web`, which uses the id of a `db` that its system has made of its password. */
async function saidOf(web: JsonObject, id: string): Promise<readonly string[]> {
  const shop = stage();
  shop.secrets.PASSWORD = 'hunter2hunter';
  const program: Program = { db: { kept: env('PASSWORD') }, web };
  shop.runtime.startsSlowly('db');
  const operation = await shop.start(program);
  await said(operation, 'db: progressing, starting');
  shop.runtime.tells('db', { id });
  shop.runtime.getsReady('db');
  return linesOf(await collect(operation)).filter(
    (line) => line.startsWith('web: failed') || line.startsWith('failed') || line === 'succeeded',
  );
}

test.each<[string, JsonObject, string, string]>([
  ['whole', { url: idOfDb() }, 'hunter2hunter', 'url'],
  ['in a longer text', { deep: [{ url: { $concat: ['pg://', idOfDb(), '/db'] } }] }, 'hunter2hunter-javelin', 'deep[0].url'],
  ['in base64', { url: { $base64: idOfDb() } }, Buffer.from('u:hunter2hunter').toString('base64'), 'url'],
])('is refused before it is written, with its name: %s', async (_, web, id, at) => {
  expect(await saidOf(web, id)).toEqual([
    `web: failed, SPEC_SECRET_EXPOSED: A secret would stand in plain text in ${at} of Thing/web: id of Thing/db holds that of the environment variable PASSWORD.`,
    'failed SPEC_SECRET_EXPOSED',
  ]);
});

test.each<[string, JsonObject, string]>([
  ['where its system keeps it secret', { kept: idOfDb() }, 'hunter2hunter'],
  ['in a hash', { hash: { $hash: idOfDb() } }, 'hunter2hunter'],
  ['where the program has exposed it', { url: idOfDb({ exposed: true }) }, 'hunter2hunter'],
  ['when only a part of it comes back', { url: idOfDb() }, 'hunter2'],
])('may stand %s', async (_, web, id) => {
  expect(await saidOf(web, id)).toEqual(['succeeded']);
});

describe('as far as it is known before anything is applied', () => {
  const told = { db: { kept: env('PASSWORD') }, web: { size: 1, url: idOfDb() } };

  /** A `db` that is there, with this id. */
  async function shopWith(id: string): Promise<Stage> {
    const shop = stage();
    shop.secrets.PASSWORD = 'hunter2hunter';
    await shop.apply({ db: told.db });
    shop.runtime.tells('db', { id });
    return shop;
  }

  test('it is a problem of the preview, with its line, and nothing is changed', async () => {
    const shop = await shopWith('hunter2hunter-javelin');
    const before = shop.runtime.changes.length;
    const shown = await shop.preview(told);
    expect(shown.problems).toMatchObject([
      {
        code: 'SPEC_SECRET_EXPOSED',
        message: 'A secret would stand in plain text in url of Thing/web: id of Thing/db holds that of the environment variable PASSWORD.',
        at: `${idOf('web')} url`,
        source: { file: expect.any(String) },
      },
    ]);
    await shop.play(shown);
    expect(shop.runtime.changes.slice(before)).toEqual([]);
  });

  test('what stands there already, and stays, is none', async () => {
    const shop = await shopWith('known-to-all');
    await shop.apply(told);
    shop.secrets.PASSWORD = 'known-to-all';
    const shown = await shop.preview(told);
    expect(shown.plan?.steps.map(({ id, action }) => [id, action])).toEqual([
      [idOf('db'), 'update'],
      [idOf('web'), 'keep'],
    ]);
    expect(shown.problems).toEqual([]);
    await shown.close();
  });
});
