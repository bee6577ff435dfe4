import { manifestsIn, objectsOf, testCase } from '../../test/cases';
import boutique from './konfig';

const file = 'online-boutique/kubernetes-manifests.yaml';

testCase(file).each(['dev', 'prod'])('with defaults: none, %s is the release of Online Boutique', (stack) => {
  const expected = manifestsIn(file);
  expect(Object.keys(expected)).toHaveLength(35);
  expect(objectsOf(boutique.synth(stack, { defaults: 'none' }))).toEqual(expected);
});
