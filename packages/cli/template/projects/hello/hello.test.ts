import { expect, test } from '@jest/globals';
import { KonfigError } from '@konfig/sdk';
import { Yaml } from 'cdk8s';
import hello from './konfig';

// Reading what changes in __snapshots__ is the review; `npm test -- -u` writes it anew.
test.each(hello.stackNames)('%s becomes the manifests that were reviewed', (stack) => {
  const { output, problems } = hello.synth(stack);
  if (problems) throw new KonfigError(problems);
  expect(Yaml.stringify(...output.spec.resources.map((resource) => resource.attributes))).toMatchSnapshot();
});
