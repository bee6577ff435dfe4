// Resources that run and end: when they run, what they print, and that a vanished one counts.
import { said, stage } from './stage';

test('a task runs when what it does has changed, and what it prints is told before its end', async () => {
  const shop = stage();
  shop.runtime.startsSlowly('seed');
  const program = { seed: { runWhen: 'changed' as const, spec: { rows: 3 } }, web: { after: ['seed'] } };
  const running = await shop.start(program);
  await said(running, 'seed: applied');
  shop.runtime.prints('seed', 'inserted 2 rows');
  shop.runtime.prints('seed', 'inserted the third', 'unheard');
  shop.runtime.getsReady('seed');
  await running.result;
  const lines: string[] = [];
  for await (const event of running.events()) if (event.type === 'step-log') lines.push(`${event.from}: ${event.text}`);
  expect(lines).toEqual(['seed/main: inserted 2 rows', 'seed/main: inserted the third']);
  expect((await running.result).phase).toBe('succeeded');
});

test('what a task prints before and after its container begins anew is told once', async () => {
  const shop = stage();
  shop.runtime.startsSlowly('seed');
  const running = await shop.start({ seed: { runWhen: 'changed' } });
  await said(running, 'seed: applied');
  shop.runtime.prints('seed', 'inserted 1 row');
  shop.runtime.prints('seed', 'lost the database', 'unheard');
  shop.runtime.restarts('seed');
  shop.runtime.prints('seed', 'inserted 1 row', 'unheard');
  shop.runtime.prints('seed', 'inserted the second', 'unheard');
  shop.runtime.getsReady('seed');
  await running.result;
  const lines: string[] = [];
  for await (const event of running.events()) if (event.type === 'step-log') lines.push(event.text);
  expect(lines).toEqual(['inserted 1 row', 'lost the database', 'inserted 1 row', 'inserted the second']);
});

test('a task that succeeded and vanished is not run again until it has something else to do', async () => {
  const shop = stage();
  const program = (rows: number) => ({ seed: { runWhen: 'changed' as const, spec: { rows } } });
  await shop.apply(program(3));
  shop.runtime.somebodyDeletes('seed');
  expect(await shop.apply(program(3))).toEqual(['apply shop/prod, release 2: keep seed', 'seed: done', 'succeeded']);
  expect((await shop.preview(program(4))).plan?.steps.map(({ action }) => action)).toEqual(['create']);
});

test('a task that runs once is left alone after its success, whatever the program says of it', async () => {
  const shop = stage();
  await shop.apply({ seed: { runWhen: 'once', spec: { rows: 3 } } });
  expect((await shop.preview({ seed: { runWhen: 'once', spec: { rows: 4 } } })).plan?.steps.map(({ action }) => action)).toEqual(['keep']);
});

test('a task that runs always runs with every apply', async () => {
  const shop = stage();
  const program = { seed: { runWhen: 'always' as const, spec: { rows: 3 } } };
  await shop.apply(program);
  expect((await shop.apply(program)).slice(0, 2)).toEqual(['apply shop/prod, release 2: replace seed', 'seed: replace']);
});
