import { join } from 'node:path';
import { addedText, expectGolden } from '../../test/added';
import { objectsOf, specIn, testCase } from '../../test/cases';
import pi from './konfig';

const file = 'job-example/dev.spec.yaml';

testCase(file)("with defaults: none, dev is Kusion's job", () => {
  const expected = specIn(file);
  expect(Object.keys(expected)).toHaveLength(4);
  expect(objectsOf(pi.synth('dev', { defaults: 'none' }))).toEqual(expected);
});

test('with our defaults, what is added to dev is the reviewed golden file', () => {
  const written = objectsOf(pi.synth('dev', { defaults: 'none' }));
  expectGolden(join(__dirname, 'dev.added.golden.txt'), addedText(written, objectsOf(pi.synth('dev'))));
});
