import { withSource } from '../src';

const sources = {
  'main:Service/shop/web': { made: { file: 'app.ts', line: 7 }, fields: { 'spec.ports': { file: 'app.ts', line: 9 } } },
};

test('a problem that names a resource gets the line of its construct', () => {
  expect(withSource({ code: 'RESOURCE_REJECTED', message: 'no', at: 'main:Service/shop/web' }, sources).source).toEqual({
    file: 'app.ts',
    line: 7,
  });
});

test('a problem that names a field gets the line that set it, or a guess', () => {
  expect(withSource({ code: 'RESOURCE_REJECTED', message: 'no', at: 'main:Service/shop/web spec.ports[0].port' }, sources).source).toEqual({
    file: 'app.ts',
    line: 9,
  });
  expect(withSource({ code: 'RESOURCE_REJECTED', message: 'no', at: 'main:Service/shop/web spec.type' }, sources).source).toEqual({
    file: 'app.ts',
    line: 7,
    guess: true,
  });
});

test('a problem that has a line keeps it, and one of something else gets none', () => {
  const known = { code: 'SPEC_CYCLE', message: 'no', at: 'main:Service/shop/web', source: { file: 'other.ts', line: 1 } } as const;
  expect(withSource(known, sources)).toBe(known);
  expect(withSource({ code: 'TARGET_CONFIG', message: 'no', at: 'workspace prod' }, sources).source).toBeUndefined();
});
