import { join } from 'node:path';
import { addedText, expectGolden } from '../../test/added';
import { objectsOf, specIn, testCase } from '../../test/cases';
import httpEcho from './konfig';

const file = 'http-echo/dev.spec.yaml';

testCase(file)("with defaults: none, dev is Kusion's http-echo", () => {
  const expected = specIn(file);
  expect(Object.keys(expected)).toHaveLength(4);
  expect(objectsOf(httpEcho.synth('dev', { defaults: 'none' }))).toEqual(expected);
});

test('with our defaults, what is added to dev is the reviewed golden file', () => {
  const written = objectsOf(httpEcho.synth('dev', { defaults: 'none' }));
  expectGolden(join(__dirname, 'dev.added.golden.txt'), addedText(written, objectsOf(httpEcho.synth('dev'))));
});
