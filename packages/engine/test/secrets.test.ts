// No secret leaves an operation, wherever it was learned and however somebody writes it.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '@konfig/core';
import fc from 'fast-check';
import { apply } from '../src/apply';
import { drift } from '../src/drift';
import { logs } from '../src/logs';
import { preview } from '../src/preview';
import { status } from '../src/status';
import type { World } from '../src/world';
import { idOf } from './memory-runtime';
import { collect, noSignal, type Program, type Stage, said, specOf, stage } from './stage';

const env = (name: string): JsonObject => ({ $secret: { from: 'env', name } });
const keptBy = (name: string): JsonObject => ({ $ref: { resource: idOf(name), path: ['kept'] } });

/** All that an operation has told and stored. */
async function toldBy(shop: Stage, program: Program): Promise<readonly string[]> {
  const shown = await shop.preview(program);
  const operation = apply(shown, shop.world('anna'));
  const events = await collect(operation);
  return [...[shown.plan, shown.problems, events, await operation.result].map((one) => JSON.stringify(one)), ...stored(shop)];
}

/** What konfig logs would print. */
async function linesIn(shop: Stage, program: Program): Promise<readonly string[]> {
  const lines: string[] = [];
  const onLine = ({ text }: { readonly text: string }) => lines.push(text);
  await logs(specOf(program), { follow: false, pick: (ids) => ids }, { world: shop.world('anna'), onLine, signal: noSignal });
  return lines;
}

function stored({ folder }: Stage): readonly string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
  return files.filter((file) => statSync(file).isFile()).map((file) => readFileSync(file, 'utf8'));
}

const base64 = (text: string) => Buffer.from(text).toString('base64');
const hex = (text: string) => Buffer.from(text).toString('hex');

/** How programs write a text, given what stands before and behind it. */
const writings: readonly (readonly [string, (secret: string, before: string, after: string) => string])[] = [
  ['as it is', (secret, before, after) => before + secret + after],
  ['base64 of a longer text', (secret, before, after) => base64(before + secret + after)],
  ['base64 for addresses', (secret, before, after) => Buffer.from(before + secret + after).toString('base64url')],
  ['JSON', (secret, before, after) => JSON.stringify(before + secret + after)],
  ['JSON in JSON', (secret, before, after) => JSON.stringify(JSON.stringify({ [before]: secret + after }))],
  ['JSON as Go writes it', (secret) => JSON.stringify(secret).replace(/[<>&]/g, (sign) => `\\u00${hex(sign)}`)],
  [
    'JSON in ASCII',
    (secret) => JSON.stringify(secret).replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
  ],
  ['an address', (secret, before, after) => encodeURIComponent(before + secret + after)],
  ['a form', (secret) => new URLSearchParams({ secret }).toString()],
  ['an address in which everything is escaped', (secret) => hex(secret).replace(/../g, '%$&')],
  ['hex', (secret, before, after) => hex(before + secret + after)],
];

const letters = 'abcXYZ019+/="\\<>&%! ü€😀';
const line = fc.string({ unit: fc.constantFrom(...letters), minLength: 6, maxLength: 24 }).filter((text) => text.trim().length >= 6);
const secret = fc.oneof(
  line,
  fc.tuple(line, line).map(([first, second]) => `${first}\n${second}\n`),
);
const around = fc.string({ unit: fc.constantFrom(...'ab {"\\%:'), maxLength: 5 });

test('whatever the world says of a secret, and however it writes it, is masked in all that an operation tells and stores', async () => {
  await fc.assert(
    fc.asyncProperty(secret, around, around, fc.constantFrom(...writings), async (value, before, after, [, write]) => {
      const shop = stage();
      shop.secrets.PASSWORD = value;
      const text = write(value, before, after);
      const program = { db: { password: env('PASSWORD') }, web: { after: ['db'] } };
      shop.runtime.answersApplies('db', `answered ${text}`);
      shop.runtime.prints('db', text);
      shop.runtime.refuses('web', `refused ${text}`);
      const told = await toldBy(shop, program);
      const seen = await status(specOf(program), shop.world('anna'), noSignal);
      const lines = await linesIn(shop, program);
      for (const one of [...told, JSON.stringify([seen, lines])]) {
        for (const form of formsIn(value)) expect(one).not.toContain(form);
      }
    }),
    { numRuns: 150 },
  );
});

/** Every line of a secret as a reader would find it in JSON, and what says as much. */
function formsIn(value: string): readonly string[] {
  const lines = value.split('\n').filter((one) => one.trim().length >= 6);
  return lines
    .map((one) => one.trim())
    .flatMap((one) => [
      JSON.stringify(one).slice(1, -1),
      JSON.stringify(JSON.stringify(one)).slice(3, -3),
      base64(one).replace(/.{0,3}=*$/, ''),
      hex(one),
      encodeURIComponent(one),
    ])
    .filter((form) => form.length >= 6);
}

describe('what a system itself keeps secret', () => {
  const told = (lines: readonly string[], text: string) => lines.filter((one) => one.includes(text));

  test('is masked by value where a program has it written out, but for its own record', async () => {
    const shop = stage();
    shop.runtime.answersApplies('web', 'logged in with wr1tten-out');
    const lines = await toldBy(shop, { db: { kept: 'wr1tten-out' }, web: { args: 'run --password=wr1tten-out' } });
    expect(told(lines, 'logged in with (secret)').length).toBeGreaterThan(0);
    // The Spec in the release is what a rollback goes back to.
    expect(told(lines, 'wr1tten-out').every((one) => /"kept":\s*"wr1tten-out"/.test(one))).toBe(true);
    expect(JSON.stringify((await shop.preview({ db: { kept: 'wr1tten-out' }, web: { args: 'wr1tten-out too' } })).plan)).not.toContain(
      'wr1tten',
    );
  });

  test('is masked where a reference takes it out of there, and by position where it is short', async () => {
    const shop = stage();
    shop.runtime.startsSlowly('db');
    const program = { db: { size: 1 }, web: { url: { $concat: ['shop:', keptBy('db')] }, pin: keptBy('db') } };
    const operation = await shop.start(program);
    await said(operation, 'db: progressing, starting');
    shop.runtime.tells('db', { kept: 'g3nerated-there' });
    shop.runtime.answersApplies('web', 'logged in with g3nerated-there');
    shop.runtime.getsReady('db');
    const lines = [...(await collect(operation)).map((event) => JSON.stringify(event)), ...stored(shop)];
    expect(shop.runtime.thing('web')?.attributes.url).toBe('shop:g3nerated-there');
    expect(told(lines, 'logged in with (secret)').length).toBeGreaterThan(0);
    expect(told(lines, 'g3nerated-there')).toEqual([]);

    shop.runtime.tells('db', { kept: '4711' });
    const { plan } = await shop.preview(program);
    expect(plan?.steps.find(({ id }) => id === idOf('web'))?.changes).toEqual([
      { path: ['pin'], sensitive: true },
      { path: ['url'], sensitive: true },
    ]);
  });

  test('is masked as it was before, too: whoever used it may still speak of it', async () => {
    const shop = stage();
    shop.secrets.PASSWORD = 'the-0ld-one';
    const program = { db: { kept: env('PASSWORD') } };
    await shop.apply(program);
    shop.secrets.PASSWORD = 'the-n3w-one';
    shop.runtime.refuses('db', 'the-0ld-one and the-n3w-one are alike');
    const lines = await toldBy(shop, program);
    expect(told(lines, '(secret) and (secret) are alike').length).toBeGreaterThan(0);
    expect([...told(lines, '0ld'), ...told(lines, 'n3w')]).toEqual([]);
  });

  test('masks logs and status even where its source is out of reach', async () => {
    const shop = stage();
    shop.secrets.PASSWORD = 'hunter2-canary';
    const program = { db: { kept: env('PASSWORD') } };
    await shop.apply(program);
    delete shop.secrets.PASSWORD;
    shop.runtime.says('db', 'no entry with hunter2-canary');
    shop.runtime.prints('db', 'tried hunter2-canary');
    const seen = await status(specOf(program), shop.world('anna'), noSignal);
    expect([seen.observations[0]?.message, ...(await linesIn(shop, program))]).toEqual(['no entry with (secret)', 'tried (secret)']);
  });
});

describe('reading', () => {
  const answering = (shop: Stage, readSecrets: World['readSecrets']): World => ({ ...shop.world('anna'), readSecrets });

  test('asks once for each source, with the targets of the workspace', async () => {
    const shop = stage();
    const asked: unknown[] = [];
    const world = answering(shop, async (sources, { targets }) => {
      asked.push(sources, Object.keys(targets));
      return sources.map(() => ({ value: 'hunter2' }));
    });
    const spec = specOf({ db: { one: env('A'), two: env('A') }, web: { one: env('A'), two: env('B') } });
    await status(spec, world, noSignal);
    await (await preview({ kind: 'apply', spec, sources: {} }, world, noSignal)).close();
    expect(asked).toEqual([
      [
        { from: 'env', name: 'A' },
        { from: 'env', name: 'B' },
      ],
      ['main'],
    ]);
  });

  test('that fails tells nothing of what its source gave away', async () => {
    const shop = stage();
    const world = answering(shop, async () => [
      { why: 'failed with 7: no access for hunter2-half', hint: 'Try it.', taints: ['hunter2-half\n'] },
    ]);
    const { problems } = await preview({ kind: 'apply', spec: specOf({ db: { one: env('A') } }), sources: {} }, world, noSignal);
    expect(problems.map(({ message }) => message)).toEqual([
      'Thing/db needs a secret from the environment variable A, which failed with 7: no access for (secret).',
    ]);
  });

  test('that fails leaves its fields out of a drift, and no others', async () => {
    const shop = stage();
    Object.assign(shop.secrets, { A: 'hunter2-a', B: 'hunter2-b' });
    const program = { db: { one: env('A'), two: env('B'), hash: { $hash: env('A') }, size: 1 } };
    await shop.apply(program);
    delete shop.secrets.A;
    const found = async () => (await drift(specOf(program), shop.world('anna'), noSignal)).drifted.flatMap(({ changes }) => changes);
    expect(await found()).toEqual([]);
    shop.runtime.somebodyChanges('db', { two: 'other', size: 2 });
    expect((await found()).map(({ path }) => path)).toEqual([['size'], ['two']]);
  });

  test('keeps its secrets out of what a bug of ours says', async () => {
    const shop = stage();
    shop.secrets.A = 'hunter2-canary';
    const memory = {
      ...shop.runtime,
      connect: async (...where: Parameters<typeof shop.runtime.connect>) => ({
        ...(await shop.runtime.connect(...where)),
        plan: () => Promise.reject(new TypeError('cannot read hunter2-canary of undefined')),
      }),
    };
    const world = { ...shop.world('anna'), runtimes: { memory } };
    const made = preview({ kind: 'apply', spec: specOf({ db: { one: env('A') } }), sources: {} }, world, noSignal);
    await expect(made).rejects.toMatchObject({
      message: 'cannot read (secret) of undefined',
      stack: expect.not.stringContaining('hunter2'),
    });
  });

  test('ends with the operation, which then says so', async () => {
    const shop = stage();
    const stop = new AbortController();
    const world = answering(
      shop,
      (_, { signal }) => new Promise((__, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    );
    const made = preview({ kind: 'apply', spec: specOf({ db: { one: env('A') } }), sources: {} }, world, stop.signal);
    stop.abort();
    expect((await made).problems.map(({ code }) => code)).toEqual(['CANCELLED']);
  });
});
