import { outputOf, secret } from '@konfig/sdk';
import { ApiObject, Chart, Testing } from 'cdk8s';
import { place, problemsIn, problemsOf } from './synth';

test('Each source names a place, and nothing is read', () => {
  const places = [
    secret.env('PASSWORD'),
    secret.file('/run/secrets/db'),
    secret.kubernetes({ namespace: 'shop', name: 'db', key: 'password' }),
    secret.sops({ file: 'secrets/prod.yaml', path: ['db', 'users', 0] }),
    secret.vault({ path: 'shop/db', key: 'password', version: 2 }),
    secret.aws({ name: 'prod/db', key: 'password' }),
    secret.exec({ command: 'pass', args: ['show', 'db'], timeout: '2m' }),
  ];
  expect(places.map((place) => place.resolve())).toEqual([
    { $secret: { from: 'env', name: 'PASSWORD' } },
    { $secret: { from: 'file', path: '/run/secrets/db' } },
    { $secret: { from: 'kubernetes', namespace: 'shop', name: 'db', key: 'password' } },
    { $secret: { from: 'sops', file: 'secrets/prod.yaml', path: ['db', 'users', 0] } },
    { $secret: { from: 'vault', path: 'shop/db', key: 'password', version: 2 } },
    { $secret: { from: 'aws', name: 'prod/db', key: 'password' } },
    { $secret: { from: 'exec', command: 'pass', args: ['show', 'db'], timeout: 120 } },
  ]);
  expect(places.every((place) => place.secret)).toBe(true);
});

const wrong = (place: unknown) => place as never;

test.each<[string, () => unknown, readonly string[]]>([
  ['a name with a blank', () => secret.env('DB PASSWORD'), ['secret.env: name is "DB PASSWORD".']],
  ['no name', () => secret.env(wrong(undefined)), ['secret.env: name is undefined.']],
  ['an empty path', () => secret.file(' '), ['secret.file: path is " ".']],
  ['a place that is no object', () => secret.vault(wrong('shop/db')), ['secret.vault: what it was given is "shop/db".']],
  [
    'what is missing and what is not known',
    () => secret.kubernetes(wrong({ namespace: 'shop', name: 'db', keys: 'password' })),
    ['secret.kubernetes: key is undefined.', 'secret.kubernetes: it takes no "keys".'],
  ],
  ['a path that leaves its mount', () => secret.vault({ path: '../sys/mounts', key: 'x' }), ['secret.vault: path is "../sys/mounts".']],
  ['a version that is none', () => secret.vault({ path: 'db', key: 'x', version: 0 }), ['secret.vault: version is 0.']],
  ['a key that is none', () => secret.sops({ file: 'a.yaml', path: ['db', wrong(-1)] }), ['secret.sops: path[1] is -1.']],
  ['no time at all', () => secret.exec({ command: 'pass', timeout: '0s' }), ['secret.exec: timeout is "0s".']],
  ['an argument that is no text', () => secret.exec({ command: 'pass', args: wrong([1]) }), ['secret.exec: args[0] is 1.']],
])('%s is told', (_, call, messages) => {
  expect(problemsOf(call)).toEqual(messages.map((message) => `PROPS_INVALID -: ${message}`));
  expect(call).toThrow(messages[0]);
});

test('What is wrong has the line of the call and says what to write', () => {
  const [problem] = problemsIn(() => secret.vault(wrong({ path: 'shop/db', kee: 'password', key: 'password' })));
  expect(problem).toMatchObject({
    hint: 'Did you mean key? It takes path, key, mount, version, namespace.',
    source: place(__filename, "kee: 'password'"),
  });
});

const held = (chart: Chart) => new ApiObject(chart, 'db', { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'db' } });

test('What a Secret holds is a secret, what is said of it is not', () => {
  const db = held(new Chart(Testing.app(), 'test'));
  expect(['data.password', 'stringData.password', 'metadata.uid'].map((path) => outputOf(db, path).secret)).toEqual([true, true, false]);
});

test('What a Secret holds may not stand in plain text elsewhere', () => {
  const program = (stack: Chart) => {
    const value = outputOf(held(stack), 'data.password');
    new ApiObject(stack, 'plain', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'plain' }, data: { value } });
    new ApiObject(stack, 'kept', { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'kept' }, data: { value } });
  };
  expect(problemsOf(program)).toEqual([expect.stringMatching(/^SPEC_SECRET_EXPOSED .*data\.value of this ConfigMap/)]);
});
