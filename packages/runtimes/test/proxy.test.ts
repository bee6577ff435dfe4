import { proxyFor } from '../src/proxy';

const proxy = 'http://proxy.example.com:3128';

test.each([
  ['https://api.example.com', { HTTPS_PROXY: proxy }, proxy],
  ['https://api.example.com', { https_proxy: proxy }, proxy],
  ['https://api.example.com', { HTTP_PROXY: proxy }, proxy],
  ['https://api.example.com', { HTTPS_PROXY: 'proxy.example.com:3128' }, proxy],
  ['http://api.example.com', { HTTPS_PROXY: proxy }, undefined],
  ['https://api.example.com', {}, undefined],
  ['https://api.example.com', { HTTPS_PROXY: '' }, undefined],
])('a server is asked by the proxy that is named for it: %s with %j', (server, env, expected) => {
  expect(proxyFor(server, env)).toBe(expected);
});

test.each(['http://127.0.0.1:18555', 'https://127.1.2.3', 'http://localhost:8080', 'http://db.localhost', 'https://[::1]:6443'])(
  'this machine is never asked by a proxy: %s',
  (server) => {
    expect(proxyFor(server, { HTTPS_PROXY: proxy, HTTP_PROXY: proxy })).toBeUndefined();
  },
);

test.each([
  ['api.example.com', 'api.example.com', true],
  ['api.example.com', 'example.com', true],
  ['api.example.com', '.example.com', true],
  ['api.example.com', 'a.test, *.Example.com', true],
  ['api.example.com', '*', true],
  ['api.example.com', 'example.com:6443', false],
  ['api.example.com:6443', 'example.com:6443', true],
  ['api.badexample.com', 'example.com', false],
  ['10.1.2.3', '10.0.0.0/8', true],
  ['10.1.2.3', '10.1.2.3', true],
  ['11.1.2.3', '10.0.0.0/8', false],
  ['10.1.2.3', '10.0.0.0/99 x/8', false],
  ['[fd00::1]', 'fd00::/8', true],
])('%s with NO_PROXY=%s', (host, noProxy, isStraight) => {
  expect(proxyFor(`https://${host}`, { HTTPS_PROXY: proxy, NO_PROXY: noProxy })).toBe(isStraight ? undefined : proxy);
});
