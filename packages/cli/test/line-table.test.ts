// Lines of a bundle must be those that Node would tell.
import { SourceMap } from 'node:module';
import { transformSync } from 'esbuild';
import { lineIn, lineTableOf } from '../src/program/line-table';

test('every place of a bundle has the line that Node reads from its source map', () => {
  const source = `import { a,
  b } from 'x';

export const list = [a, b].map((one) => ({
  one,
  two: () => one +
    1,
}));
class C { x = 1; y() { return this.x; } }
export default new C();
`;
  const { code, map } = transformSync(source, {
    loader: 'ts',
    format: 'cjs',
    sourcemap: 'external',
    sourcefile: './projects/shop/konfig.ts',
    target: 'es2020',
  });
  const table = lineTableOf(map);
  const node = new SourceMap(JSON.parse(map));
  for (const [line, text] of code.split('\n').entries()) {
    for (let column = 0; column <= text.length; column++) {
      const entry = node.findEntry(line, column) as { readonly originalSource?: string; readonly originalLine?: number };
      const expected = entry.originalSource
        ? { file: entry.originalSource.replace('./', ''), line: (entry.originalLine ?? 0) + 1 }
        : undefined;
      expect({ line, column, is: lineIn(table, line, column) }).toEqual({ line, column, is: expected });
    }
  }
});

test('what the bundler adds has no line', () => {
  expect(lineIn(lineTableOf('{"version":3,"sources":[],"mappings":""}'), 3, 4)).toBeUndefined();
  expect(lineIn(lineTableOf('{"version":3,"sources":["a.ts"],"mappings":";;AAAA,C"}'), 1, 9)).toBeUndefined();
  expect(lineIn(lineTableOf('{"version":3,"sources":["a.ts"],"mappings":";;AAAA,C"}'), 2, 0)).toEqual({ file: 'a.ts', line: 1 });
  expect(lineIn(lineTableOf('{"version":3,"sources":["a.ts"],"mappings":";;AAAA,C"}'), 2, 5)).toBeUndefined();
});
