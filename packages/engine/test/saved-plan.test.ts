// Plans that are kept, reviewed and applied later, by another run.
import { type JsonObject, makePlanFile, type PlanFile, parsePlanFile, planFileText } from '@konfig/core';
import { apply } from '../src/apply';
import { previewSaved, secretHashes } from '../src/saved-plan';
import { collect, linesOf, noSignal, type Program, type Stage, stage } from './stage';

async function saved(shop: Stage, program: Program): Promise<PlanFile> {
  const shown = await shop.preview(program);
  const { plan, request, problems } = shown;
  if (!plan) throw new Error('there is no plan');
  const file = makePlanFile({
    konfig: '0.1.0',
    by: 'anna@laptop',
    at: '2026-11-22T09:00:00Z',
    plan,
    problems,
    spec: request.spec,
    sources: request.sources,
    ...secretHashes(shown),
  });
  return parsePlanFile(planFileText(file), 'plan.json');
}

async function applied(shop: Stage, file: PlanFile): Promise<readonly string[]> {
  const ci = shop.world('ci');
  const operation = apply(await previewSaved(file, ci, noSignal), ci);
  await operation.result;
  return linesOf(await collect(operation));
}

const problemsWith = async (shop: Stage, file: PlanFile) =>
  (await previewSaved(file, shop.world('ci'), noSignal)).problems.map(({ code, message }) => `${code}  ${message}`);

test('a saved plan is applied by another run, as it was reviewed', async () => {
  const shop = stage();
  await shop.apply({ web: { image: 'web:1' } });
  const file = await saved(shop, { web: { image: 'web:2' }, db: {} });
  expect(await applied(shop, file)).toEqual([
    'apply shop/prod, release 2: update web, create db',
    'web: update',
    'db: create',
    'web: applied',
    'web: ready, is there',
    'web: done',
    'db: applied',
    'db: ready, is there',
    'db: done',
    'succeeded',
  ]);
  expect((await shop.release(2))?.by).toBe('ci@laptop');
});

test('what somebody has done already need not be done', async () => {
  const shop = stage();
  await shop.apply({ web: { image: 'web:1' }, old: {} });
  const file = await saved(shop, { web: { image: 'web:2' } });
  shop.runtime.somebodyChanges('web', { image: 'web:2' });
  shop.runtime.somebodyDeletes('old');
  expect((await applied(shop, file)).at(-1)).toBe('succeeded');
});

test('a delete that would leave another object of that name there is refused', async () => {
  const shop = stage();
  await shop.apply({ web: {}, old: {} });
  const file = await saved(shop, { web: {} });
  shop.runtime.somebodyDeletes('old');
  shop.runtime.somebodyMakes('old', {});
  expect(await problemsWith(shop, file)).toEqual([
    'PLAN_STALE  Thing/old would be forget (another object by now) now; the plan showed delete (not in the program any more).',
  ]);
});

test('a plan that would do something else now is refused, with all that differs', async () => {
  const shop = stage();
  await shop.apply({ web: { image: 'web:1' }, db: { size: 1 }, cache: {}, old: {} });
  const file = await saved(shop, { web: { image: 'web:2' }, db: { size: 1 }, cache: {}, fresh: {} });
  shop.runtime.somebodyChanges('web', { image: 'web:0' });
  shop.runtime.somebodyChanges('db', { size: 7 });
  shop.runtime.somebodyDeletes('cache');
  shop.runtime.somebodyMakes('fresh', { theirs: true });
  expect(await problemsWith(shop, file)).toEqual([
    'PLAN_STALE  Thing/web would change image from "web:0" to "web:2" now, which the plan did not show.',
    'PLAN_STALE  Thing/db would be update (fields differ) now; the plan showed keep (no difference).',
    'PLAN_STALE  Thing/cache would be create (not there yet) now; the plan showed keep (no difference).',
    'PLAN_STALE  Thing/fresh would be adopt (owned by nobody) now; the plan showed create (not there yet).',
  ]);
  expect(await applied(shop, file)).toEqual(['failed PLAN_STALE PLAN_STALE PLAN_STALE PLAN_STALE']);
});

test('a plan of another release, or of another cluster, is refused', async () => {
  const shop = stage();
  const file = await saved(shop, { web: {} });
  await shop.apply({ db: {} });
  expect(await problemsWith(shop, file)).toEqual(['PLAN_STALE  shop/prod is at release 1 by now; this plan was made at release 0.']);
  shop.runtime.identity.value = 'memory-2';
  expect(await problemsWith(shop, file)).toEqual([
    'TARGET_CHANGED  The target main is memory-2, but the plan was made for memory-1. Looked at: memory (main).',
  ]);
});

test('a plan of a stack that has no key yet holds for its hashes all the same', async () => {
  const shop = stage();
  shop.secrets.PASSWORD = 'correct horse';
  shop.runtime.somebodyMakes('web', { checksum: 'old' });
  const file = await saved(shop, { web: { checksum: { $hash: { $secret: { from: 'env', name: 'PASSWORD' } } } } });
  expect(planFileText(file)).not.toContain('correct horse');
  expect((await applied(shop, file)).at(-1)).toBe('succeeded');
});

test('a plan that was made with another secret is refused, and holds none of them', async () => {
  const shop = stage();
  const program = (image: string) => ({ web: { image, password: { $secret: { from: 'env' as const, name: 'PASSWORD' } } } });
  shop.secrets.PASSWORD = 'correct horse';
  await shop.apply(program('web:1'));
  shop.secrets.PASSWORD = 'battery staple';
  const file = await saved(shop, program('web:2'));
  expect(planFileText(file)).not.toMatch(/correct horse|battery staple/);
  shop.secrets.PASSWORD = 'something else';
  expect(await problemsWith(shop, file)).toEqual([
    'PLAN_STALE  The secret from the environment variable PASSWORD has another value than when this plan was made.',
  ]);
  shop.secrets.PASSWORD = 'battery staple';
  expect((await applied(shop, file)).at(-1)).toBe('succeeded');
});

test('a plan of a first release that was made with another secret is refused too', async () => {
  const shop = stage();
  const program = { web: { password: { $secret: { from: 'env' as const, name: 'PASSWORD' } } } };
  shop.secrets.PASSWORD = 'correct horse';
  const file = await saved(shop, program);
  expect(planFileText(file)).not.toContain('correct horse');
  expect((await saved(shop, program)).secrets).not.toEqual(file.secrets);
  shop.secrets.PASSWORD = 'something else';
  expect(await problemsWith(shop, file)).toEqual([
    'PLAN_STALE  The secret from the environment variable PASSWORD has another value than when this plan was made.',
  ]);
  shop.secrets.PASSWORD = 'correct horse';
  expect((await applied(shop, file)).at(-1)).toBe('succeeded');
});

test('of a plan of another release only that is said, though its secrets have changed too', async () => {
  const shop = stage();
  const program = (image: string) => ({ web: { image, password: { $secret: { from: 'env' as const, name: 'PASSWORD' } } } });
  shop.secrets.PASSWORD = 'correct horse';
  await shop.apply(program('web:1'));
  const file = await saved(shop, program('web:2'));
  shop.secrets.PASSWORD = 'battery staple';
  await shop.apply(program('web:3'));
  expect(await problemsWith(shop, file)).toEqual(['PLAN_STALE  shop/prod is at release 2 by now; this plan was made at release 1.']);
  expect(await applied(shop, file)).toEqual(['failed PLAN_STALE']);
});

describe('a plan file', () => {
  const refused = (change: (text: string) => string, file: PlanFile): string => {
    try {
      parsePlanFile(change(planFileText(file)), 'plan.json');
    } catch (error) {
      return (error as Error).message;
    }
    return 'it is accepted';
  };

  test('is refused when it was edited, cut off, or is no plan or of another version', async () => {
    const file = await saved(stage(), { web: { image: 'web:1' } });
    expect(refused((text) => text, file)).toBe('it is accepted');
    expect(refused((text) => text.replaceAll('web:1', 'evil:1'), file)).toBe(
      'PLAN_INVALID  plan.json is not as Konfig wrote it: its digest does not fit.',
    );
    expect(refused((text) => text.slice(0, 300), file)).toMatch(/^PLAN_INVALID {2}plan\.json is not JSON: /);
    expect(refused(() => '{"kind": "Deployment"}', file)).toBe('PLAN_INVALID  plan.json is no plan file of Konfig.');
    expect(refused((text) => text.replace('plan-file/v1', 'plan-file/v0'), file)).toBe(
      'PLAN_INVALID  plan.json: the file has the version "konfig.dev/plan-file/v0", but this Konfig reads konfig.dev/plan-file/v1.',
    );
  });

  test('is refused when its plan was not made of its Spec, even with a digest that fits', async () => {
    const file = await saved(stage(), { web: { image: 'web:1' } });
    const spec = structuredClone(file.spec);
    (spec.resources[0] as { attributes: JsonObject }).attributes = { image: 'evil:1' };
    const { version: _, digest: __, ...content } = file;
    expect(() => parsePlanFile(planFileText(makePlanFile({ ...content, spec })), 'plan.json')).toThrow(
      'plan.json holds a plan of shop/prod that was not made of its Spec.',
    );
  });
});
