// Where the fields of a program's objects were written: programs in, the lines of a field out.
import { readFileSync } from 'node:fs';
import type { WrittenSite } from '@konfig/core';
import * as acorn from 'acorn';
import { trailOf } from '../../sdk/src/provenance/origin';
import { instrument, warmUp } from '../src/program/instrument';
import { columnBefore, noteName, takeNotes, writtenText } from '../src/program/notes';

/** Runs a program that defines `result`, and tells the lines of one of its fields, the nearest first; behind them `'~'` where the last is a guess. */
function linesOf(program: string, path: string): readonly (number | '~')[] | undefined {
  const { result, notes } = run(program);
  const keys = path.split('.');
  const last = keys.pop() as string;
  const object = keys.reduce<Record<string, never>>((value, key) => value[key] as unknown as Record<string, never>, result);
  const trail = trailOf(object, last, notes);
  return trail && [...trail.places.map(([line]) => line), ...(trail.isGuess ? (['~'] as const) : [])];
}

function run(program: string): {
  result: Record<string, never>;
  notes: ReturnType<typeof takeNotes>['notes'];
  sites: readonly WrittenSite[];
} {
  const { code, sites } = instrument(program.replace(/^\n/, ''));
  const { taker, notes } = takeNotes(sites, ([line]) => ({ file: 'app.ts', line }));
  const result = new Function(noteName, `${code}\nreturn result;`)(taker) as Record<string, never>;
  return { result, notes, sites };
}

test('a field is written where its key stands', () => {
  const program = `
const result = {
  spec: {
    replicas: 3,
  },
};`;
  expect(linesOf(program, 'spec')).toEqual([2]);
  expect(linesOf(program, 'spec.replicas')).toEqual([3]);
});

test('a value that is handed through functions and classes is followed to where it was written', () => {
  const program = `
class Web {
  constructor(props) {
    this.replicas = props.replicas;
  }
  manifest() {
    return {
      replicas: this.replicas,
    };
  }
}
const props = { image: 'web:1',
  replicas: 3 };
const result = new Web(props).manifest();`;
  expect(linesOf(program, 'replicas')).toEqual([7, 3, 12]);
});

test('parts of a parameter are followed to the object that was given', () => {
  const program = `
const web = ({ image, replicas = 2 }, more) => ({ image, more, replicas });
const result = web({
  image: 'web:1',
}, 1);`;
  expect(linesOf(program, 'image')).toEqual([1, 3]);
  expect(linesOf(program, 'replicas')).toEqual([1, 1]);
});

test('parts of a constant are followed to the object that they were taken from', () => {
  const program = `
const settings = {
  size: 'large',
};
const { size, zone = 'a' } = settings;
const result = { size, zone };`;
  expect(linesOf(program, 'size')).toEqual([5, 2]);
  expect(linesOf(program, 'zone')).toEqual([5, 4]);
});

test('what a call gives is followed into the object that it gave, each time anew', () => {
  const program = `
const small = {
  size: 1 };
const large = {
  size: 2 };
const sizes = { of: (isLarge) => (isLarge ? large : small) };
const web = (isLarge, inner) => ({
  size: sizes.of(isLarge).size, inner,
  ...sizes.of(isLarge),
  own: inner?.none?.of().size });
const alone = (isLarge) => ({
  size: sizes.of(isLarge).size, more: isLarge && [1].map((size) => ({ size }))[0] });
const result = { outer: web(true, web(false)), alone: alone(true), other: alone(false) };`;
  expect(linesOf(program, 'outer.size')).toEqual([8, 4]);
  expect(linesOf(program, 'outer.inner.size')).toEqual([8, 2]);
  expect(linesOf(program, 'alone.size')).toEqual([11, 4]);
  expect(linesOf(program, 'other.size')).toEqual([11, 2]);
});

test('a constant leads to where it was set', () => {
  const program = `
const release = 'v1';
const both = release;
const result = {
  release: both,
};`;
  expect(linesOf(program, 'release')).toEqual([4, 2, 1]);
});

test('a default counts only where it holds', () => {
  const program = (given: string) => `
const props = ${given};
const fallback = 1;
const result = {
  replicas: props.replicas ?? fallback,
};`;
  expect(linesOf(program('{ replicas: 3 }'), 'replicas')).toEqual([4, 1]);
  expect(linesOf(program('{}'), 'replicas')).toEqual([4, 4, 2]);
});

test('of two alternatives the one that gave the value counts', () => {
  const program = `
const big = { size: 'large' };
const small = { size: 'small' };
const isProduction = true;
const result = { size: isProduction
  ? big.size
  : small.size };`;
  expect(linesOf(program, 'size')).toEqual([4, 1]);
});

test('what is spread keeps its lines, and what is written behind it wins', () => {
  const program = `
const base = {
  replicas: 1,
  image: 'web:1',
};
const result = { ...base, ...(true && {
  port: 80 }),
  replicas: 3,
};`;
  expect(linesOf(program, 'image')).toEqual([5, 3]);
  expect(linesOf(program, 'replicas')).toEqual([7]);
  expect(linesOf(program, 'port')).toEqual([6]);
});

test('a field that is set later has the line of the assignment', () => {
  const program = `
const result = { labels: {} };
const team = { name: 'shop' };
result.labels.team = team.name;
result.labels['tier'] = 'web';`;
  expect(linesOf(program, 'labels.team')).toEqual([3, 2]);
  expect(linesOf(program, 'labels.tier')).toEqual([4]);
});

test('a field that a class declares has its line there', () => {
  const program = `
const size = 'large';
class Settings {
  replicas = 3;
  size = size;
  labels = {
    team: 'shop',
  };
  static limits = { cpu: 1 };
}
const settings = new Settings();
const result = { replicas: settings.replicas, size: settings.size, labels: settings.labels, cpu: Settings.limits.cpu };`;
  expect(linesOf(program, 'replicas')).toEqual([11, 3]);
  expect(linesOf(program, 'size')).toEqual([11, 4, 1]);
  expect(linesOf(program, 'labels.team')).toEqual([6]);
  expect(linesOf(program, 'cpu')).toEqual([11, 8]);
});

test('entries of an object are followed to their keys, in a callback and in a loop', () => {
  const program = `
const env = {
  LEVEL: 'info',
  ZONE: 'a',
};
const result = { list: Object.entries(env).map(([name, value]) => ({ name, value })), loop: [] };
for (const [name, value] of Object.entries(env)) result.loop.push({ name, value });`;
  expect(linesOf(program, 'list.1.value')).toEqual([5, 3]);
  expect(linesOf(program, 'loop.0.value')).toEqual([6, 2]);
});

test('elements of a list are followed to the list', () => {
  const program = `
const hosts = [
  'a.example',
  'b.example',
];
const result = hosts.map((host) => ({ host }));`;
  expect(linesOf(program, '1.host')).toEqual([5, 3]);
});

test('where several places have the value, and where a caller gave it, the line is a guess', () => {
  const program = `
const cfg = {
  prod: 2,
  dev: 2,
};
const hosts = ['a', 'a'];
const made = (replicas) => ({ replicas });
const result = {
  replicas: false ? cfg.prod : cfg.dev,
  hosts: hosts.map((host) => ({ host })),
  made: made(3),
};`;
  expect(linesOf(program, 'replicas')).toEqual([8, 2, '~']);
  expect(linesOf(program, 'hosts.1.host')).toEqual([9, 5, '~']);
  expect(linesOf(program, 'made.replicas')).toEqual([6, '~']);
});

test('what is added to a field later is written there', () => {
  const program = `
const result = { replicas: 3, size: 1 };
result.replicas++;
result.size += 2;
result.zone ??= 'a';`;
  expect(linesOf(program, 'replicas')).toEqual([2]);
  expect(linesOf(program, 'size')).toEqual([3]);
  expect(linesOf(program, 'zone')).toEqual([4]);
});

test('a value that is calculated is written where it is calculated', () => {
  const program = `
const props = { release: 'v1' };
const result = {
  image: \`web:\${props.release}\`,
};`;
  expect(linesOf(program, 'image')).toEqual([3]);
});

test('nothing is said of what nobody has noted', () => {
  expect(linesOf('const result = JSON.parse(\'{"a": 1}\');', 'a')).toBeUndefined();
});

test('a program does the same with notes as without', () => {
  const program = `
'use strict';
const log = [];
const order = (name) => { log.push(name); return name; };
const counted = { get value() { log.push('getter'); return 1; } };
function pick({ a, b = order('default') } = {}, ...rest) { return [a, b, rest.length, pick.length]; }
class Base { constructor(x) { this.x = x; } set y({ z }) { this.z = z; } }
class Derived extends Base { constructor({ x }, o = { x }) { super(x); this.o = o; } #own = [1]; own() { return this.#own; } plain; arrow = () => ({ a: this.x }); ['com' + 'puted'] = [2]; static made = { of: this.name }; }
const d = new Derived({ x: 7 });
d.y = { z: 9 };
const [first, ...others] = [order('one'), order('two'), ...[order('three')]];
const self = { counted: counted.value, [order('computed')]: 1, __proto__: { inherited: true }, async: async () => ({}), *gen() { yield { a: 1 }; } };
const label = () => ({ }) ;
function tight({ a },) { for(const i of[a,2])return[i,a] }
const nested = (({ a: { b } }) => ({ b }))({ a: { b: 2 } });
const strict = (function () { return this === undefined; })();
let loop = 0; for (const { n } of [{ n: 1 }, { n: 2 }]) loop += n;
const result = { log, picked: pick({ a: 1 }), d: JSON.stringify(d), own: d.own(), arrow: d.arrow(), computed: d.computed, made: Derived.made, first, others, self: [self.counted, self.inherited, [...self.gen()]], nested, strict, loop, empty: label(), tight: tight({ a: 5 }) };`;
  const plain = new Function(`${program.replace(/^\n/, '')}\nreturn result;`)() as unknown;
  expect(run(program).result).toEqual(plain);
});

test('a parser, instrumented, reads its own code as it did before', () => {
  const code = readFileSync(require.resolve('acorn'), 'utf8');
  const { code: instrumented, sites } = instrument(code);
  const exported = { exports: {} as typeof import('acorn') };
  const { taker } = takeNotes(sites, () => undefined);
  new Function('module', 'exports', noteName, instrumented)(exported, exported.exports, taker);
  const read = (parser: typeof import('acorn')) => JSON.stringify(parser.parse(code, { ecmaVersion: 'latest' }));
  expect(read(exported.exports)).toBe(read(acorn));
});

test('nothing is read before it is there, and nobody is asked twice', () => {
  const program = `
const links = ['home'].map((page) => link(page));
const domain = { name: 'acme.dev' };
function link(page, isPublic = false) { return { page, host: isPublic ? domain.name : 'localhost' }; }
class Base { constructor(given) { this.given = given; } }
class Late extends Base { constructor(late) { super({ size: late ? this.size : 'early' }); } }
let count = 0;
const next = { toString: () => 'k' + count++ };
const counted = {};
counted[next] = 'first';
counted[next] = 'second';
const asked = [];
const proxy = new Proxy({ a: 1 }, { getOwnPropertyDescriptor: (...args) => { asked.push('asked'); return Reflect.getOwnPropertyDescriptor(...args); } });
const read = { a: proxy.a };
proxy.b = { c: 1 };
const result = { links, late: new Late(false).given, counted, asked, read };`;
  const plain = new Function(`${program.replace(/^\n/, '')}\nreturn result;`)() as unknown;
  expect(run(program).result).toEqual(plain);
});

test('alternatives of alternatives end somewhere', () => {
  const sides = (i: number) => `${Array.from({ length: 10 }, (_, j) => `c === ${j} ? a${i - 1} : `).join('')}a${i - 1}`;
  const lines = Array.from({ length: 8 }, (_, i) => `const a${i + 1} = ${sides(i + 1)};`);
  const { sites } = instrument(`function f(p, c) { const a0 = c ? p.a : p.b;\n${lines.join('\n')}\nreturn { v: a8 }; }`);
  expect(JSON.stringify(sites).length).toBeLessThan(20_000);
});

test('data that is longer than code gets one line', () => {
  const { code, sites } = instrument(
    `const data = ${JSON.stringify(Array.from({ length: 5000 }, (_, i) => ({ id: i, title: 'panel' })))};\nconst result = { data };`,
  );
  expect(sites).toHaveLength(1);
  expect(code).toContain('[{"id":0,"title":"panel"}');
});

test('a place in the instrumented code is told as it was before', () => {
  const program = 'const a = { b: 1 }, c = { d: 2 }; throw new Error();';
  const { code, shifts } = instrument(program);
  const column = (text: string) => code.indexOf(text) + 1;
  expect(columnBefore(shifts, 1, column('c ='))).toBe(program.indexOf('c =') + 1);
  expect(columnBefore(shifts, 1, column('new Error'))).toBe(program.indexOf('new Error') + 1);
});

test('keys that names and texts make are known, set later or in a literal', () => {
  const set = `
const result = {};
for (const name of ['a', 'b']) {
  result['x-' + name] = 1;
  result[\`\${name}.example/\${name}\`] = 2;
  result[name + '-y' + name] = 3;
}`;
  expect(linesOf(set, 'x-a')).toEqual([3]);
  expect(run(set).result).toEqual({ 'x-a': 1, 'x-b': 1, 'a.example/a': 2, 'b.example/b': 2, 'a-ya': 3, 'b-yb': 3 });
  const lastOf = (program: string, key: string) => {
    const { result, notes } = run(program);
    return trailOf(result, key, notes)?.places.map(([line]) => line);
  };
  expect([lastOf(set, 'x-a'), lastOf(set, 'b.example/b'), lastOf(set, 'a-ya')]).toEqual([[3], [4], [5]]);
  const literal = `
const name = 'a', one = 1, two = 2;
const result = {
  [\`app-\${name}\`]: 1,
  ['is-' + name]: 2,
  [one + two]: 3,
};`;
  expect([lastOf(literal, 'app-a'), lastOf(literal, 'is-a'), lastOf(literal, '3')]).toEqual([[3], [4], undefined]);
});

test('what is read through this is followed wherever it can be read', () => {
  const program = `
const props = {
  k: 'kk',
};
class Base { constructor(p) { this.p = p; } }
class Web extends Base {
  constructor(p) {
    const early = [p && 1];
    super(early.length > 0 ? p : undefined);
  }
  make(c) {
    const { k = 'd' } = this.p;
    return {
      a: this.p.k ?? 'd',
      b: c ? this.p.k : 'z',
      ...(c && { c: this.p.k }),
      d: k,
      e: [1].map(() => ({ f: this.p.k ?? 'd' }))[0],
    };
  }
}
const result = new Web(props).make(true);`;
  const { result } = run(program);
  expect(result).toEqual({ a: 'kk', b: 'kk', c: 'kk', d: 'kk', e: { f: 'kk' } });
  expect(['a', 'b', 'c', 'd'].map((key) => linesOf(program, key))).toEqual([
    [13, 2],
    [14, 2],
    [15, 2],
    [16, 2],
  ]);
  expect(linesOf(program, 'e.f')?.at(-1)).toBe(2);
});

test('before super() nothing is read through this', () => {
  const program = `
class Base {}
class Web extends Base {
  constructor(c) {
    const before = { a: c ? 1 : this.x };
    super();
    this.before = before;
  }
}
const result = new Web(true);`;
  expect(run(program).result).toEqual({ before: { a: 1 } });
});

test('what the code is compiled with beforehand can be read', () => {
  expect(warmUp).not.toThrow();
});

test('each function and class is told as it was written, without what was put in', () => {
  const program = `const one = (a) => ({ b: a, c: [1] }), two = () => [{ x: one }];
function three({ a }, b = [2]) {
  return { ...a, list: [
    { a }, [b],
  ] };
}
class Four { labels = { app: 'four' };
  make() { this.labels.team = 'shop'; return [this.labels]; } }`;
  const { code, shifts } = instrument(program);
  const texts = new Function(noteName, `${code}\nreturn [one, two, three, Four, Four.prototype.make].map(String);`)({
    literal: (value: object) => value,
  }) as readonly string[];
  expect(texts.every((text) => text.includes(noteName))).toBe(true);
  const written = texts.map((text) => writtenText(text, { code, shifts }));
  expect(written).toEqual(new Function(`${program}\nreturn [one, two, three, Four, Four.prototype.make].map(String);`)());
});
