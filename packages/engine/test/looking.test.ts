// Whoever looks at a stack opens its targets as an apply does: what they are opened with, and what they tell, is masked all the same.
import { type GrowingMask, isKonfigError, KonfigError, type Runtime, type Spec } from '@konfig/core';
import { drift } from '../src/drift';
import { logs } from '../src/logs';
import { preview } from '../src/preview';
import { holderOf, readRelease, rollbackRequest, unlock } from '../src/recorded';
import { history, status } from '../src/status';
import type { World } from '../src/world';
import { noSignal, type Stage, specOf, stage } from './stage';

const token = 't0ken-of-the-target';

/** The stack `shop/prod` on a target that is opened with a token. */
const spec: Spec = {
  ...specOf({ db: { size: 1 } }),
  targets: { main: { runtime: 'memory', config: { server: 'memory://main', token: { $secret: { from: 'env', name: 'TOKEN' } } } } },
};

async function appliedShop(): Promise<Stage> {
  const shop = stage();
  shop.secrets.TOKEN = token;
  await shop.play(await preview({ kind: 'apply', spec, sources: {} }, shop.world('anna'), noSignal));
  return shop;
}

/** A world whose targets are opened by this. */
function opening(shop: Stage, connect: (open: Runtime['connect']) => Runtime['connect']): World {
  const { runtime } = shop;
  return { ...shop.world('berta'), runtimes: { memory: { ...runtime, connect: connect(runtime.connect.bind(runtime)) } } };
}

const looks: readonly (readonly [string, (world: World) => Promise<unknown>])[] = [
  ['status', (world) => status(spec, world, noSignal)],
  ['history', (world) => history(spec, world, noSignal)],
  ['drift', (world) => drift(spec, world, noSignal)],
  ['logs', (world) => logs(spec, { follow: false, pick: (ids) => ids }, { world, onLine: () => {}, signal: noSignal })],
  ['show', (world) => readRelease(spec, undefined, world, noSignal)],
  ['rollback', (world) => rollbackRequest(spec, { to: 1 }, world, noSignal)],
  ['the holder of the lock', (world) => holderOf(spec, world, noSignal)],
  [
    'unlock',
    async (world) => {
      const holder = { run: 'other', who: 'carl', since: '' };
      await (await world.openStore(spec, new Map())).lock('shop/prod', holder);
      await unlock(spec, holder, world, noSignal);
    },
  ],
];

test.each(looks)('%s opens no target without a mask that knows what it is opened with', async (_, look) => {
  const shop = await appliedShop();
  const masks: GrowingMask[] = [];
  let opened = 0;
  const world = opening(shop, (open) => async (...where) => {
    opened++;
    return { ...(await open(...where)), maskWith: (mask) => void masks.push(mask) };
  });
  await look(world);
  expect(opened).toBeGreaterThan(0);
  expect(masks.map((mask) => mask.text(`with ${token}`))).toEqual(Array.from({ length: opened }, () => 'with (secret)'));
});

test.each(looks)('%s fails without a word of what the target is opened with', async (_, look) => {
  const shop = await appliedShop();
  const world = opening(shop, () => async () => {
    throw new KonfigError({ code: 'TARGET_CREDENTIALS', message: `It refuses ${token}.`, hint: `Is ${token} right?` });
  });
  const error = await look(world).then(
    (found) => (found as { readonly problems?: readonly unknown[] } | undefined)?.problems,
    (failed) => isKonfigError(failed) && failed.problems,
  );
  expect(error).toMatchObject([{ code: 'TARGET_CREDENTIALS', message: 'It refuses (secret).', hint: 'Is (secret) right?' }]);
});

test('what is observed was learned before: a runtime cuts what it tells', async () => {
  const shop = stage();
  shop.secrets.PASSWORD = 'hunter2-canary';
  const program = { db: { kept: { $secret: { from: 'env', name: 'PASSWORD' } } } };
  await shop.apply(program);
  const known: string[] = [];
  const world = opening(shop, (open) => async (...where) => {
    const connection = await open(...where);
    let mask: GrowingMask | undefined;
    return {
      ...connection,
      maskWith: (given) => {
        mask = given;
      },
      observe: (...asked) => {
        known.push(mask?.text('hunter2-canary') ?? 'no mask');
        return connection.observe(...asked);
      },
    };
  });
  await status(specOf(program), world, noSignal);
  expect(known).toEqual(['(secret)']);
});
