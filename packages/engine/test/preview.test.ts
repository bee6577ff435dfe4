import type { Runtime } from '@konfig/core';
import { preview } from '../src/preview';
import { status } from '../src/status';
import { noSignal, type Program, sourcesOf, specOf, stage } from './stage';

test('two things under one id, a cycle, an unknown target, a missing thing and what a runtime refuses are told all at once', async () => {
  const shop = stage();
  const program: Program = {
    web: { after: ['route'] },
    route: { after: ['dns'] },
    dns: { after: ['web'] },
    self: { after: ['self'] },
    logs: { after: ['nobody'] },
    wrong: { wrong: 'x' },
  };
  const spec = specOf(program);
  const [web] = spec.resources;
  if (!web) throw new Error('no web');
  const resources = [
    ...spec.resources,
    { ...web, path: 'shop/prod/other/web' },
    { ...web, id: 'moon:Thing/web', target: 'moon', dependsOn: [] },
    { ...web, id: 'main:Thing/stack', runtime: 'terraform', dependsOn: [] },
  ];
  const shown = await preview({ kind: 'apply', spec: { ...spec, resources }, sources: sourcesOf(program) }, shop.world('anna'), noSignal);
  expect(shown.plan).toBeUndefined();
  expect(shown.problems.map(({ code, message, source }) => [code, message, source?.line])).toEqual([
    ['SPEC_DUPLICATE', 'Thing/web is made twice: by shop/prod/web and by shop/prod/other/web.', 10],
    ['SPEC_TARGET', 'Thing/web goes to the target "moon", which workspace prod does not have.', undefined],
    ['SPEC_TARGET', 'Thing/stack is of the runtime "terraform", but the target main of workspace prod is of "memory".', undefined],
    ['SPEC_REFERENCE', 'Thing/logs refers to main:Thing/nobody, which is not in shop/prod.', 50],
    ['SPEC_CYCLE', 'Thing/web waits for itself: Thing/web (app.ts:10) → Thing/route (app.ts:20) → Thing/dns (app.ts:30) → Thing/web.', 10],
    ['SPEC_CYCLE', 'Thing/self waits for itself: Thing/self (app.ts:40) → Thing/self.', 40],
    ['SPEC_INVALID', 'wrong says "x".', 60],
  ]);
});

test('a Spec of another version is not looked into', async () => {
  const shop = stage();
  const spec = { ...specOf({}), version: 'konfig.dev/spec/v9', resources: 'elsewhere' } as never;
  const { problems } = await preview({ kind: 'apply', spec, sources: {} }, shop.world('anna'), noSignal);
  expect(problems.map(({ code, message }) => [code, message])).toEqual([
    ['SPEC_VERSION', 'The Spec says version "konfig.dev/spec/v9", but this Konfig reads konfig.dev/spec/v1.'],
  ]);
});

test('a target that cannot be reached is named, with the server and why', async () => {
  const shop = stage();
  shop.runtime.losesConnection('connection refused');
  const { plan, problems } = await shop.preview({ web: {} });
  expect(plan).toBeUndefined();
  expect(problems).toEqual([{ code: 'TARGET_UNREACHABLE', message: 'main (memory://main): connection refused' }]);
});

test('a target of a runtime that is not there is named', async () => {
  const shop = stage();
  const { resources, ...rest } = specOf({ db: {} });
  const spec = {
    ...rest,
    resources: resources.map((one) => ({ ...one, runtime: 'nomad' })),
    targets: { main: { runtime: 'nomad', config: {} } },
  };
  const { problems } = await preview({ kind: 'apply', spec, sources: {} }, shop.world('anna'), noSignal);
  expect(problems.map(({ message }) => message)).toEqual(['Target main is of the runtime "nomad", which is not there.']);
});

test('missing permissions, notes and what the system refuses stand in the preview, before anything is changed', async () => {
  const shop = stage();
  shop.runtime.forbids('db');
  const shown = await shop.preview({
    db: {},
    web: { note: 'v1beta1 is deprecated', refused: 'web: image is not allowed' },
    jobs: { note: 'v1beta1 is deprecated' },
  });
  expect(shown.problems.map(({ code, message }) => [code, message])).toEqual([
    ['RESOURCE_REJECTED', 'web: image is not allowed'],
    ['PERMISSION_MISSING', 'may not create db'],
  ]);
  expect(shown.plan?.notes).toEqual(['v1beta1 is deprecated']);
});

test('a refused dry run is told once, with the table of what is missing; a table of warnings does not stand for it', async () => {
  const shop = stage();
  const program = { db: {}, web: { forbidden: 'web is forbidden' } };
  shop.runtime.forbids('db', 'warning');
  expect((await shop.preview(program)).problems.map(({ message }) => message)).toEqual(['web is forbidden', 'may not create db']);
  shop.runtime.forbids('db');
  expect((await shop.preview(program)).problems.map(({ message }) => message)).toEqual(['may not create db']);
});

test('a replace needs the permission to delete and to create', async () => {
  const shop = stage();
  await shop.apply({ web: { fixed: 1 } });
  shop.runtime.forbids('web');
  const { problems } = await shop.preview({ web: { fixed: 2 } });
  expect(problems.map(({ message }) => message)).toEqual(['may not delete web', 'may not create web']);
});

test('a status shows the last release and what the stack owns, as it is now', async () => {
  const shop = stage();
  const program = { db: {}, web: {} };
  expect(await status(specOf(program), shop.world('anna'), noSignal)).toEqual({ stack: 'shop/prod', observations: [], problems: [] });
  await shop.apply(program);
  shop.runtime.somebodyDeletes('web');
  const seen = await status(specOf(program), shop.world('anna'), noSignal);
  expect(seen.lastRelease).toMatchObject({ number: 1, phase: 'succeeded', by: 'anna@laptop', counts: { create: 2 } });
  expect(seen.observations.map(({ id, exists, health }) => [id, exists, health])).toEqual([
    ['main:Thing/db', true, 'ready'],
    ['main:Thing/web', false, 'unknown'],
  ]);
});

test('what nothing else orders goes by the rank of its kind', async () => {
  const shop = stage();
  const memory = shop.world('anna').runtimes.memory as NonNullable<ReturnType<typeof shop.world>['runtimes'][string]>;
  const ranked = { ...memory, rank: ({ id }: { readonly id: string }) => (id.endsWith('/web') ? 1 : 2) };
  const program = { app: {}, web: {} };
  const world = { ...shop.world('anna'), runtimes: { memory: ranked } };
  const shown = await preview({ kind: 'apply', spec: specOf(program), sources: sourcesOf(program) }, world, noSignal);
  expect(shown.plan?.steps.map((step) => step.id)).toEqual(['main:Thing/web', 'main:Thing/app']);
  await shown.close();
});

test('a cancel while planning is told as one, and changes nothing', async () => {
  const shop = stage();
  const program = { web: {} };
  const stop = new AbortController();
  stop.abort();
  const hanging = { ...shop.world('anna'), openStore: () => Promise.reject(new Error('This operation was aborted')) };
  const shown = await preview({ kind: 'apply', spec: specOf(program), sources: sourcesOf(program) }, hanging, stop.signal);
  expect(shown.plan).toBeUndefined();
  expect(shown.problems.map(({ code }) => code)).toEqual(['CANCELLED']);
});

test('what hangs while it is planned is given up when a whole run would be', async () => {
  const shop = stage({ totalTimeout: 60 });
  let asked = () => {};
  const isAsked = new Promise<void>((resolve) => {
    asked = resolve;
  });
  const memory: Runtime = {
    ...shop.runtime,
    connect: async (...where) => ({
      ...(await shop.runtime.connect(...where)),
      plan: (_, signal) =>
        new Promise((__, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason));
          asked();
        }),
    }),
  };
  const world = { ...shop.world('anna'), runtimes: { memory } };
  const shown = preview({ kind: 'apply', spec: specOf({ web: {} }, { totalTimeout: 60 }), sources: {} }, world, noSignal);
  await isAsked;
  shop.clock.turn(59);
  shop.clock.turn(1);
  expect((await shown).problems.map(({ code, message }) => [code, message])).toEqual([
    ['RESOURCE_TIMEOUT', 'To plan shop/prod took longer than 60 s and was given up; nothing was changed.'],
  ]);
});
