import { join } from 'node:path';
import { addedText, expectGolden } from '../../test/added';
import { manifestsIn, objectsOf, testCase } from '../../test/cases';
import boutique from './konfig';

const file = 'online-boutique/kubernetes-manifests.yaml';

testCase(file).each(['dev', 'prod'])('with defaults: none, %s is the release of Online Boutique', (stack) => {
  const expected = manifestsIn(file);
  expect(Object.keys(expected)).toHaveLength(35);
  expect(objectsOf(boutique.synth(stack, { defaults: 'none' }))).toEqual(expected);
});

test.each(['dev', 'prod'])('with our defaults, what is added to %s is the reviewed golden file', (stack) => {
  const written = objectsOf(boutique.synth(stack, { defaults: 'none' }));
  expectGolden(join(__dirname, `${stack}.added.golden.txt`), addedText(written, objectsOf(boutique.synth(stack))));
});

test('the frontend waits behind a load balancer', () => {
  const { 'Service/frontend-external': external } = objectsOf(boutique.synth('prod'));
  expect(external).toMatchObject({ spec: { type: 'LoadBalancer', ports: [{ name: 'http', port: 80, targetPort: 8080 }] } });
});

test('every resource knows a line of the app', () => {
  const { output } = boutique.synth('demo');
  const files = Object.values(output?.sources ?? {}).map((source) => source.made.file);
  expect(new Set(files)).toEqual(new Set(['konfig/projects/boutique/app.ts']));
});
