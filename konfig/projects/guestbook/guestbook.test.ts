import { objectsOf, specIn, testCase } from '../../test/cases';
import guestbook from './konfig';

testCase('guestbook/dev.spec.yaml').each(['dev', 'prod'])("with defaults: none, %s is Kusion's guestbook", (stack) => {
  expect(objectsOf(guestbook.synth(stack, { defaults: 'none' }))).toEqual(specIn(`guestbook/${stack}.spec.yaml`));
});
