import { join } from 'node:path';
import type { JsonObject } from '@konfig/core';
import type { SynthResult } from '@konfig/sdk';
import { addedText, expectGolden } from '../../test/added';
import { comparable, objectsOf, specIn, terraformIn, testCase } from '../../test/cases';
import wordpress from './konfig';

const file = 'wordpress-rds/dev.spec.yaml';

/** What a reference is to: `aws_db_instance.address`. */
const address = 'aws_db_instance.address';

testCase(file)("with defaults: none, dev's Kubernetes objects are Kusion's, but that the password is a secret", () => {
  const expected = withWords(specIn(file));
  const made = withWords(objectsOf(wordpress.synth('dev', { defaults: 'none' })));
  expect(Object.keys(made)).toHaveLength(4);
  const password = { $base64: { $secret: { from: 'env', name: 'WORDPRESS_DB_PASSWORD' } } };
  expect(made).toEqual({ ...expected, 'Secret/mysql-pass': { ...(expected['Secret/mysql-pass'] as object), data: { password } } });
});

testCase(file)("dev's Terraform resources are Kusion's, but for the version of the provider and the password", () => {
  const { configuration, inputs } = stackIn(wordpress.synth('dev'));
  const { aws_db_instance: databases, aws_security_group: groups } = configuration.resource as {
    readonly [type: string]: { readonly instance: JsonObject; readonly group: JsonObject };
  };
  const expected = terraformIn(file);
  expect(comparable(groups?.group)).toEqual(expected.aws_security_group);
  const { password, ...instance } = databases?.instance ?? {};
  const { password: theirs, ...rest } = expected.aws_db_instance as JsonObject;
  expect(theirs).toBe('Kusion123456');
  expect(comparable(instance)).toEqual({ ...rest, vpc_security_group_ids: [`\${aws_security_group.${'group'}.id}`] });
  expect(password).toBe(`\${var.${'konfig_env-WORDPRESS_DB_PASSWORD'}}`);
  expect(inputs).toEqual({ 'konfig_env-WORDPRESS_DB_PASSWORD': { $secret: { from: 'env', name: 'WORDPRESS_DB_PASSWORD' } } });
  expect(configuration.provider).toEqual({ aws: [{ region: 'us-east-1' }] });
});

test('with our defaults, what is added to dev is the reviewed golden file', () => {
  const written = withWords(objectsOf(wordpress.synth('dev', { defaults: 'none' })));
  const whole = withWords(objectsOf(wordpress.synth('dev')));
  expectGolden(join(__dirname, 'dev.added.golden.txt'), addedText(written, whole));
});

test('the sandbox differs by the cloud, by what it calls MySQL, and by the size that its workspace sets', () => {
  const { configuration } = stackIn(wordpress.synth('sandbox', { env: { CLOUD_ENDPOINT: 'http://127.0.0.1:5000' } }));
  expect(configuration).toMatchObject({
    provider: { aws: [{ endpoints: [{ rds: 'http://127.0.0.1:5000' }] }] },
    resource: { aws_db_instance: { instance: { engine: 'mysql', allocated_storage: 5, instance_class: 'db.t3.micro' } } },
  });
});

function stackIn({ output }: SynthResult): { readonly configuration: JsonObject; readonly inputs: JsonObject } {
  const found = output?.spec.resources.find(({ runtime }) => runtime === 'terraform');
  expect(found?.id).toBe('terraform:Terraform/database');
  return found?.attributes as unknown as { readonly configuration: JsonObject; readonly inputs: JsonObject };
}

/** Each reference to the address of the database as one word. */
function withWords(objects: Record<string, unknown>): Record<string, unknown> {
  return JSON.parse(
    JSON.stringify(objects)
      .replace('$kusion_path.hashicorp:aws:aws_db_instance:wordpress-example-dev.address', address)
      .replace(/\{"\$concat":\[\{"\$ref":\{[^}]*"konfig_aws_db_instance-instance-address"[^}]*\}\}\]\}/, `"${address}"`),
  );
}
