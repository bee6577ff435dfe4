// What a cluster says is cut to what fits on a line. A secret that the cut goes through must not be left there in part.
import type { Fault } from '@konfig/cluster';
import { isKonfigError, maskOf } from '@konfig/core';
import { configMap, deployment, namespace, resource, startWorld, type TestWorld, until } from './world';

const secret = 'kept-within-the-house';
const mask = () =>
  maskOf([secret], { base64: (text) => Buffer.from(text).toString('base64'), hex: (text) => Buffer.from(text).toString('hex') });

let world: TestWorld;
beforeAll(async () => {
  world = await startWorld({ podStartMillis: 1, podReadyMillis: 1, backOffMillis: 10_000, maxBackOffMillis: 10_000 });
  world.connection.maskWith?.(mask());
  await world.create(namespace('shop'));
});
afterEach(() => world.cluster.inject([]));
afterAll(() => world.stop());

/** What stands before the secret: with one of these the cut goes through it, wherever exactly the cut is made. */
const cutsWithin = (limit: number) => Array.from({ length: secret.length + 4 }, (_, fits) => cutAfter(limit, fits));

/** So many characters of the secret fit before the cut. */
const cutAfter = (limit: number, fits: number) => `${'x'.repeat(limit - 2 - fits)} `;

/** How somebody quotes it: an error rarely ends with what it is about. */
const quoting = (before: string) => `${before}${secret} is not what was wished for, and much more is to be said about that`;

const shown = /.{0,80}kep.{0,20}/;
const shows = (text: string) => shown.test(text);

const status = (body: object) => ({ kind: 'Status', apiVersion: 'v1', status: 'Failure', ...body });

const refusals: readonly (readonly [string, number, (said: string) => unknown, number])[] = [
  ['the message of a refusal', 600, (message) => status({ code: 422, reason: 'Invalid', message }), 422],
  [
    'the words of an admission webhook',
    600,
    (said) => status({ code: 403, message: `admission webhook "p" denied the request: ${said}` }),
    403,
  ],
  ['the words of a webhook that fails', 300, (said) => status({ code: 500, message: `failed calling webhook "p": ${said}` }), 500],
  ['a missing permission', 500, (said) => status({ code: 403, message: `user "u" cannot patch resource "x": ${said}` }), 403],
  [
    'the cause of a field',
    600,
    (message) => status({ code: 422, reason: 'Invalid', message: 'no', details: { causes: [{ field: 'metadata.annotations', message }] } }),
    422,
  ],
  [
    'what would be granted',
    600,
    (said) => status({ code: 403, message: `attempting to grant RBAC permissions not currently held: ${said}` }),
    403,
  ],
  ['the error page of a proxy', 300, (said) => `<html>${said}</html>`, 502],
];

test.each(refusals)('a secret in %s is masked before that is cut', async (_, limit, body, code) => {
  const path = '/api/v1/namespaces/shop/configmaps/one';
  for (const before of cutsWithin(limit)) {
    world.cluster.inject([{ fault: 'request', method: 'PATCH', path, status: code, body: body(quoting(before)) }]);
    const [row] = await world.plan(configMap('one', 'shop', { a: 'b' }));
    expect(row?.problems.length).toBeGreaterThan(0);
    expect(shows(JSON.stringify(row?.problems))).toBe(false);
    const applied = world.create(configMap('one', 'shop', { a: 'b' }));
    expect(shows(JSON.stringify(await applied.catch((error) => (isKonfigError(error) ? error.problems : shows(String(error))))))).toBe(
      false,
    );
  }
});

test('a secret in the answer of a server that is too busy is masked before that is cut', async () => {
  for (const before of cutsWithin(500).slice(0, 3)) {
    world.cluster.inject([{ fault: 'request', path: '/version', status: 429, body: status({ code: 429, message: quoting(before) }) }]);
    const busy = world.connection.client.request({ method: 'GET', path: '/version', attempts: 1 });
    await expect(busy).rejects.toThrow('too busy');
    expect(shows(String(await busy.catch((error) => error.message)))).toBe(false);
  }
});

const troubles: readonly (readonly [string, number, (image: string, said: string) => Fault])[] = [
  ['why an image cannot be pulled', 200, (image, message) => ({ fault: 'image-pull', image, message })],
  ['why no node fits', 300, (image, message) => ({ fault: 'unschedulable', image, message })],
  ['the event of a probe', 300 - 'Readiness probe failed: '.length, (image, message) => ({ fault: 'unready', image, message })],
  ['the last words of a container', 300, (image, log) => ({ fault: 'crash', image, log })],
];

/** One Deployment for each of these, in trouble of its own. */
async function inTrouble(prefix: string, said: readonly string[], trouble: (image: string, said: string) => Fault): Promise<string> {
  world.cluster.inject(said.map((one, i) => trouble(`shop:${i}`, one)));
  const all = said.map((_, i) => {
    const { attributes } = deployment('shop', { spec: { replicas: 1 }, container: { image: `shop:${i}` } });
    return resource({ ...attributes, metadata: { name: `${prefix}-${i}`, namespace: 'shop' } });
  });
  await world.create(...all);
  const seen = await Promise.all(all.map((one) => until(world, one, (observation) => hasWords.test(JSON.stringify(observation)))));
  return JSON.stringify(seen);
}

const hasWords = /xxxx|\(secret\)/;

test.each(troubles)('a secret in %s is masked before that is cut', async (what, limit, trouble) => {
  const cuts = [3, 5, 9].map((fits) => cutAfter(limit, fits));
  const told = await inTrouble(what.replaceAll(' ', '-'), cuts.map(quoting), trouble);
  expect(told.match(shown)).toBe(null);
});

test('where the server cuts a log off within a secret, nothing of that is told', async () => {
  const logs = [3, 10].map((part) => `${'x'.repeat(8192 - 1 - part)}\n${secret}`);
  const told = await inTrouble('cut-off', logs, (image, log) => ({ fault: 'crash', image, log }));
  expect(told.match(shown)).toBe(null);
});
