// What servers and tools may answer, by the documented interface; the real ones are asked in test/e2e/secrets.test.ts.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { machine } from './machine';

const token = 'hvs.t0ken-of-anna';
const inVault = (path: string, key = 'password', more: object = {}) => ({ from: 'vault' as const, path, key, ...more });

describe('Vault', () => {
  test('is asked once for each secret, with token and namespace', async () => {
    const { address, asked } = await vault(({ url }) =>
      url === '/v1/kv/data/shop/db?version=3' ? held({ user: 'shop', password: 'hunter2', port: 5432 }) : empty,
    );
    const { read } = machine({ VAULT_ADDR: `${address}/`, VAULT_TOKEN: token, VAULT_NAMESPACE: 'team' });
    const place = { mount: 'kv', version: 3 };
    expect(await read(...['password', 'user', 'port', 'passwort'].map((key) => inVault('shop/db', key, place)))).toEqual([
      { value: 'hunter2' },
      { value: 'shop' },
      { value: '5432' },
      expect.objectContaining({
        why: 'is not there: the document is an object with user, password, port',
        hint: expect.stringMatching(/^Did you mean password\?/),
      }),
    ]);
    expect(asked.map(({ url, headers }) => [url, headers['x-vault-token'], headers['x-vault-namespace']])).toEqual([
      ['/v1/kv/data/shop/db?version=3', token, 'team'],
    ]);
  });

  test('gets the token that vault login has left', async () => {
    const { address, asked } = await vault(() => held({ password: 'hunter2' }));
    const { read, write } = machine({ VAULT_ADDR: address });
    write('.vault-token', `${token}\n`);
    expect(await read(inVault('db'))).toEqual([{ value: 'hunter2' }]);
    expect(asked.map(({ headers }) => headers['x-vault-token'])).toEqual([token]);
  });

  test.each<[string, Answer, string]>([
    ['nothing is there', { status: 404, body: { errors: [] } }, 'is not there: nothing is at db in the mount secret'],
    [
      'the version was deleted',
      { status: 404, body: { data: { data: null, metadata: { version: 2, deletion_time: '2026-01-01T00:00:00Z' } } } },
      'is not there: version 2 was deleted',
    ],
    [
      'it may not be read',
      { status: 403, body: { errors: ['permission denied'] } },
      'may not be read: ADDRESS says 403: permission denied',
    ],
    ['it is sealed', { status: 503, body: { errors: ['Vault is sealed'] } }, 'cannot be read: ADDRESS says 503: Vault is sealed'],
    ['it is no Vault', { status: 200, body: 'Welcome' }, 'cannot be read: ADDRESS says 200, with no secret of a KV engine of version 2'],
    [
      'it is an engine of version 1',
      { status: 200, body: { data: { password: 'x' } } },
      'cannot be read: ADDRESS says 200, with no secret of a KV engine of version 2',
    ],
  ])('where %s, that is told', async (_, answer, why) => {
    const { address } = await vault(() => answer);
    const { read } = machine({ VAULT_ADDR: address, VAULT_TOKEN: token });
    expect(await read(inVault('db'))).toEqual([
      expect.objectContaining({ why: why.replace('ADDRESS', address), taints: expect.arrayContaining([token]) }),
    ]);
  });

  test('that is not configured, or not at its address, is told', async () => {
    const [none] = await machine().read(inVault('db'));
    const [noToken] = await machine({ VAULT_ADDR: 'http://127.0.0.1:1' }).read(inVault('db'));
    const [noAddress] = await machine({ VAULT_ADDR: 'vault.example.com', VAULT_TOKEN: token }).read(inVault('db'));
    const [nobody] = await machine({ VAULT_ADDR: 'http://127.0.0.1:1', VAULT_TOKEN: token }).read(inVault('db'));
    expect([none, noToken, noAddress, nobody].map((answer) => answer && 'why' in answer && answer.why)).toEqual([
      'cannot be asked for: VAULT_ADDR is not set',
      'cannot be asked for: there is no token',
      'cannot be asked for: VAULT_ADDR is "vault.example.com"',
      expect.stringMatching(/^cannot be asked for: http:\/\/127\.0\.0\.1:1: .*ECONNREFUSED/),
    ]);
  });

  test('that never answers is not waited for', async () => {
    const { address } = await vault(() => 'never');
    const { read } = machine({ VAULT_ADDR: address, VAULT_TOKEN: token }, 0.2);
    expect(await read(inVault('db'))).toMatchObject([{ why: 'did not come within 0.2 s' }]);
  });

  test('is never asked for what lies outside of the mount', async () => {
    const { address, asked } = await vault(() => held({ password: 'x' }));
    const { read } = machine({ VAULT_ADDR: address, VAULT_TOKEN: token });
    expect(await read(inVault('../../sys/raw'))).toEqual([expect.objectContaining({ why: expect.any(String) })]);
    expect(asked).toEqual([]);
  });
});

describe('sops', () => {
  const place = (...path: (string | number)[]) => ({ from: 'sops' as const, file: 'prod.yaml', path });

  test('decrypts a file once; what JavaScript would round is told', async () => {
    const { read, write, command } = machine();
    write('prod.yaml', 'encrypted');
    command(
      'sops',
      'echo run >> runs',
      `echo '{"db": {"password": "hunter2", "pin": 12345678901234567890, "on": true, "users": ["anna"]}}'`,
    );
    expect(
      await read(place('db', 'password'), place('db', 'users', 0), place('db', 'on'), place('db', 'pin'), place('db'), {
        from: 'file',
        path: 'runs',
      }),
    ).toEqual([
      { value: 'hunter2' },
      { value: 'anna' },
      { value: 'true' },
      expect.objectContaining({ why: 'is a number that JavaScript would round' }),
      expect.objectContaining({ why: 'is no text, but an object with password, pin, on, users' }),
      expect.anything(),
    ]);
    expect(await read({ from: 'file', path: 'runs' })).toEqual([{ value: 'run\n' }]);
  });

  test('that is not installed, or refuses, is told', async () => {
    const { read, write, command } = machine({ PATH: '' });
    write('prod.yaml', 'encrypted');
    expect(await read(place('db'))).toMatchObject([{ why: 'cannot be read: there is no command sops' }]);
    command('sops', 'echo "no identity matched" >&2', 'exit 128');
    expect(await read(place('db'), { from: 'sops', file: 'gone.yaml' })).toMatchObject([
      { why: 'cannot be decrypted: sops failed with 128: no identity matched', hint: expect.stringMatching(/SOPS_AGE_KEY_FILE/) },
      { why: 'is not there: there is no such file' },
    ]);
  });
});

type Answer = { readonly status: number; readonly body: unknown } | 'never';

const held = (data: object): Answer => ({ status: 200, body: { data: { data, metadata: { version: 3 } } } });
const empty: Answer = { status: 404, body: { errors: [] } };

const ends: (() => void)[] = [];

afterEach(() => {
  for (const end of ends.splice(0)) end();
});

/** A server that answers so. */
async function vault(
  answer: (request: IncomingMessage) => Answer,
): Promise<{ readonly address: string; readonly asked: readonly IncomingMessage[] }> {
  const asked: IncomingMessage[] = [];
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    asked.push(request);
    const given = answer(request);
    if (given !== 'never') response.writeHead(given.status).end(JSON.stringify(given.body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}
