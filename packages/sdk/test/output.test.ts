import { configFile, expose, isOutput, json, outputOf, secret, text } from '@konfig/sdk';
import { problemsOf } from './synth';

const ip = secret.env('IP');

test('An Output that is put into a string, a sum or JSON by accident throws and says what to write', () => {
  const whatToWrite = /PROPS_INVALID {2}An Output has no value while the program runs/;
  for (const accident of [
    () => `${ip}`,
    () => (ip as unknown as number) + 1,
    () => Number(ip),
    () => String(ip),
    () => JSON.stringify({ ip }),
    () => configFile({ ip } as never),
  ]) {
    expect(accident).toThrow(whatToWrite);
  }
});

test('Inside a stack the accident is a problem with a hint', () => {
  expect(problemsOf(() => `http://${ip}/`)).toEqual([
    'PROPS_INVALID -: An Output has no value while the program runs: it is known only after something was applied. It was put into a string or a calculation.',
  ]);
});

test('text puts Outputs into a string, and joins what is known', () => {
  expect(text`http://${'host'}:${80}/${true}`.resolve()).toBe('http://host:80/true');
  expect(text`a${1}b${ip}c`.resolve()).toEqual({ $concat: ['a1b', { $secret: { from: 'env', name: 'IP' } }, 'c'] });
  expect([text`x`.secret, text`${ip}`.secret, isOutput(text`x`), isOutput('x')]).toEqual([false, true, true, false]);
});

test('A part of a text without a value is told', () => {
  expect(() => text`http://${undefined as unknown as string}/`).toThrow("The part after 'http://' of a text has no value.");
});

test('A secret is exposed only with a reason', () => {
  expect(() => expose(ip, ' ')).toThrow('expose() was called without a reason.');
  expect(expose(ip, 'public').secret).toBe(false);
});

test('A path that cannot be read is told with the place', () => {
  expect(() => outputOf({ node: { path: 'a' } } as never, 'status.list[')).toThrow(
    "The path of an output, 'status.list[', cannot be read from '[' on.",
  );
  expect(() => outputOf({ node: { path: 'a' } } as never, '')).toThrow('cannot be read');
});

test('JSON with Outputs in it is put together when they are known; a secret in it makes it one', () => {
  const host = text`a${1}b${ip}`;
  const made = json({ host, port: 8080, none: null, left: undefined, list: [host, 'x'] });
  expect(made.resolve()).toEqual({ $concat: [{ host: host.resolve(), port: 8080, none: null, list: [host.resolve(), 'x'] }] });
  expect(made.secret).toBe(true);
  expect(json({ host: expose(host, 'everybody knows it') }).secret).toBe(false);
  expect(json({ a: [1, { b: 'x' }] }).resolve()).toBe('{"a":[1,{"b":"x"}]}');
  expect(() => JSON.stringify({ host })).toThrow('It was turned into JSON.');
});
