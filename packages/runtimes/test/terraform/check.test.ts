import type { Json, JsonObject, Problem } from '@konfig/core';
import { checkForm } from '../../src/terraform/check';

test('a local backend whose file would lie in the folder of the run is refused, however it is written', () => {
  for (const backend of [
    { local: { path: 'rel.tfstate' } },
    { local: {} },
    { local: [{ path: '../rel.tfstate' }] },
    [{ local: { path: '~/rel.tfstate' } }],
  ] as Json[])
    expect(problemsOf({ terraform: { backend } })).toMatchObject([{ code: 'SPEC_INVALID', at: expect.stringMatching(/backend\.local$/) }]);
  expect(problemsOf({ terraform: [{}, { backend: { local: { path: 'a.tfstate' } } }] })[0]?.message).toBe(
    'Terraform/shop has a local backend with the path "a.tfstate", which is not absolute: the state would lie in the folder of the run, and be gone with it.',
  );
});

test('a local backend with an absolute path, another one, or none is left as it is', () => {
  for (const backend of [{ local: { path: '/states/shop.tfstate' } }, { s3: { bucket: 'b', key: 'rel.tfstate' } }, {}])
    expect(problemsOf({ terraform: { backend } })).toEqual([]);
  expect(problemsOf({})).toEqual([]);
});

function problemsOf(configuration: JsonObject): readonly Problem[] {
  const attributes = { configuration };
  return checkForm([
    { id: 'terraform:Terraform/shop', target: 'terraform', runtime: 'terraform', type: 'terraform/Stack', path: 'shop', attributes },
  ]);
}
