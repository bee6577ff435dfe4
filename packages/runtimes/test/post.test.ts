import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type PostOptions, postJson } from '../src/post';

const ended: (() => void)[] = [];

afterEach(() => {
  for (const end of ended.splice(0)) end();
});

/** Posts `{}` to a server that answers so; gives what came of it, and how often it was asked. */
async function posted(answer: (response: ServerResponse, before: number) => void, options: Partial<PostOptions> = {}) {
  let asked = 0;
  const server = createServer((request, response) => {
    request.resume().on('end', () => answer(response, asked++));
  });
  ended.push(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook?a=1`;
  const reason = await postJson(url, '{}', { env: {}, signal: new AbortController().signal, firstPause: 1, ...options });
  return { reason, asked };
}

test('what is taken is posted once', async () => {
  expect(await posted((response) => response.writeHead(204).end())).toEqual({ reason: undefined, asked: 1 });
});

test('a server that fails is asked twice more', async () => {
  expect(await posted((response, before) => response.writeHead(before < 2 ? 502 : 200).end())).toEqual({ reason: undefined, asked: 3 });
  expect(await posted((response) => response.writeHead(500).end())).toEqual({ reason: 'it answered 500', asked: 3 });
});

test('a connection that is cut is made again', async () => {
  const { reason, asked } = await posted((response, before) => (before === 0 ? response.destroy() : response.end()));
  expect({ reason, asked }).toEqual({ reason: undefined, asked: 2 });
});

test.each([302, 307, 400, 404])('%i is an answer: neither followed nor asked again', async (status) => {
  const answer = (response: ServerResponse) => response.writeHead(status, { location: '/elsewhere' }).end();
  expect(await posted(answer)).toEqual({ reason: `it answered ${status}`, asked: 1 });
});

test('one that does not answer in time is not asked again: it may have taken it', async () => {
  expect(await posted(() => {}, { limit: 50 })).toEqual({ reason: 'there was no answer within 0.05 s', asked: 1 });
});

test('it is broken off when whoever asked for it does not want to wait', async () => {
  const stop = new AbortController();
  expect(await posted(() => stop.abort(), { signal: stop.signal })).toEqual({ reason: 'it was broken off', asked: 1 });
});

test('where nobody listens, and by a proxy that is none, it says so', async () => {
  const options = { env: {}, signal: new AbortController().signal, firstPause: 1 };
  expect(await postJson('http://127.0.0.1:1/', '{}', options)).toMatch(/ECONNREFUSED|bad port/);
  expect(await postJson('http://hooks.example/', '{}', { ...options, env: { HTTP_PROXY: 'http://[' } })).toMatch(/URL/);
});

test('a body that never ends holds nobody up', async () => {
  const endless = (response: ServerResponse) => {
    response.writeHead(200);
    response.write('and so on');
  };
  expect(await posted(endless)).toEqual({ reason: undefined, asked: 1 });
});

test.each([
  ['refuses', 'HTTP/1.1 502 Bad Gateway\r\n\r\n', 10_000, /^Proxy response \(502\)/],
  ['cuts each connection', 'HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n', 100, /^there was no answer within 0\.1 s$/],
])('it goes by the proxy that the environment names, and no longer than its time where that one %s', async (_, answer, limit, expected) => {
  const asked: (string | undefined)[] = [];
  const proxy = createServer().on('connect', ({ url }, socket) => {
    asked.push(url);
    socket.on('error', () => {}).end(answer);
  });
  ended.push(() => void proxy.close());
  await new Promise<void>((resolve) => {
    proxy.listen(0, '127.0.0.1', resolve);
  });
  const env = { HTTP_PROXY: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` };
  const options = { env, signal: new AbortController().signal, firstPause: 1, limit };
  expect(await postJson('http://hooks.example/T0123', '{}', options)).toMatch(expected);
  expect(asked[0]).toBe('hooks.example:80');
});
