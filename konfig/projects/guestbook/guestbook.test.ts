import { join } from 'node:path';
import { addedText, expectGolden } from '../../test/added';
import { objectsOf, specIn, testCase } from '../../test/cases';
import guestbook from './konfig';

testCase('guestbook/dev.spec.yaml').each(['dev', 'prod'])("with defaults: none, %s is Kusion's guestbook", (stack) => {
  expect(objectsOf(guestbook.synth(stack, { defaults: 'none' }))).toEqual(specIn(`guestbook/${stack}.spec.yaml`));
});

test.each(['dev', 'prod'])('with our defaults, what is added to %s is the reviewed golden file', (stack) => {
  const written = objectsOf(guestbook.synth(stack, { defaults: 'none' }));
  expectGolden(join(__dirname, `${stack}.added.golden.txt`), addedText(written, objectsOf(guestbook.synth(stack))));
});
