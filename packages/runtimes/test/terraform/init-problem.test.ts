// The words are those of Terraform 1.11.4.
import { initMeaning, initPlace, initWords, providerPlace } from '../../src/terraform/init-problem';

test.each([
  [
    'Error: Error refreshing state Unsupported state file format: This state file is encrypted and can not be read without an encryption configuration',
    'TARGET_CREDENTIALS',
    'TF_ENCRYPTION',
  ],
  ['Error: pq: password authentication failed for user "u"', 'TARGET_CREDENTIALS', 'Give the backend'],
  ['Error: Error refreshing state: HTTP remote state endpoint invalid auth', 'TARGET_CREDENTIALS', 'Give the backend'],
  ['Error: No valid credential sources found', 'TARGET_CREDENTIALS', 'Give the backend'],
  [
    'Error: Error refreshing state: 2 problems: - Unsupported state file format: The state file could not be parsed as JSON: syntax error at byte offset 1.',
    'TARGET_CONFIG',
    'the page of a login',
  ],
  ['Error: Error refreshing state: Failed to get state: GET http://b/x giving up after 1 attempt(s)', 'TARGET_CONFIG', 'its backend'],
  [
    'Error: Unreadable module directory Unable to evaluate directory symlink: lstat ../db: no such file',
    'TARGET_CONFIG',
    'source of the module',
  ],
  [
    'Error: Failed to download module on main.tf.json line 1, in module: Could not download module "m"',
    'TARGET_CONFIG',
    'source of the module',
  ],
  ['Error: Invalid single-argument block definition on ../db/main.tf line 1, in output "a":', 'SPEC_INVALID', 'Correct the module'],
  ['Error: Provider type mismatch on main.tf.json line 4, in module.m.providers:', 'SPEC_INVALID', 'Correct the module'],
  ['Error: Failed to query available provider packages', 'TARGET_CONFIG', 'Is the registry'],
])('%s is %s', (said, code, hint) => {
  expect(initMeaning(said)).toEqual({ code, hint: expect.stringContaining(hint) });
});

test('no line of the configuration is quoted', () => {
  const said =
    '│ Error: Provider type mismatch\n│ \n│   on main.tf.json line 4, in module.m:\n│    4:   "password": "canary"\n│ \n│ It does not fit.';
  expect(initWords(said)).toBe(' Error: Provider type mismatch on main.tf.json line 4, in module.m: It does not fit.');
});

test('it is told at the field of the configuration that it names first', () => {
  const text = JSON.stringify({ resource: { aws_db: { main: { lifecycle: { replace_triggered_by: ['x'] } } } } }, undefined, 2);
  expect(
    initPlace('Error: Invalid character on main.tf.json line 6, in resource.aws_db.main: It is not used. on main.tf.json line 4', text),
  ).toBe('resource.aws_db.main.lifecycle.replace_triggered_by');
  expect(initPlace('Error: Invalid character on ../db/main.tf line 6, in resource: It is not used.', text)).toBeUndefined();
  expect(initPlace('Error: Failed to query available provider packages', text)).toBeUndefined();
});

test('a provider that is not to be had is told where the program makes it', () => {
  const configuration = {
    terraform: { required_providers: { aws: { source: 'registry.example/acme/aws' }, random: {} } },
    provider: { aws: [{ region: 'eu' }] },
  };
  const said = (name: string) =>
    `Could not retrieve the list of available versions for provider ${name}: provider registry.example/${name} was not found`;
  expect(providerPlace(said('acme/aws'), configuration)).toBe('provider.aws');
  expect(providerPlace(said('hashicorp/random'), configuration)).toBeUndefined();
  expect(providerPlace('Error: Invalid character', configuration)).toBeUndefined();
});
