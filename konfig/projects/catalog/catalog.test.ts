import { join } from 'node:path';
import { Yaml } from 'cdk8s';
import { expectGolden } from '../../test/added';
import catalog from './konfig';

test('dev is the reviewed golden file: its entry in the registry, and the Deployment with what the registry tells', () => {
  const result = catalog.synth('dev');
  if (result.problems) throw new Error(JSON.stringify(result.problems, null, 2));
  const { resources, targets } = result.output.spec;
  const entry = resources.find(({ runtime }) => runtime === 'service');
  expect(entry).toMatchObject({ id: 'registry:Entry/catalog-dev', type: 'Entry', target: 'registry' });
  expect(Object.keys(targets.registry?.config.types ?? {})).toEqual(['Entry']);
  expectGolden(join(__dirname, 'dev.golden.yaml'), Yaml.stringify(...resources.map(({ attributes }) => attributes)));
});
