import type { JsonObject } from '@konfig/core';
import { nothingKept, withState } from '../../src/terraform/kept';
import { readTarget } from '../../src/terraform/target';
import { refuseTurnover } from '../../src/terraform/turnover';
import { wishOf } from '../../src/terraform/wish';

const id = 'terraform:Terraform/shop';
const pet = { resource: { random_pet: { pet: {} } } };

test('a state of Terraform is not for an OpenTofu that no workspace names', () => {
  expect(() => refuse('tofu', pet, 'registry.terraform.io/hashicorp/random')).toThrow('Terraform has made the state of Terraform/shop');
  expect(() => refuse('tofu', pet, 'registry.terraform.io/hashicorp/random', 'tofu')).not.toThrow();
});

test('what says nothing of who has made it is for both', () => {
  expect(() => refuse('terraform', pet, 'registry.terraform.io/hashicorp/random')).not.toThrow();
  expect(() => refuse('tofu', pet, 'registry.opentofu.org/hashicorp/random')).not.toThrow();
  expect(() => refuse('tofu', { resource: { terraform_data: { a: {} } } }, 'terraform.io/builtin/terraform')).not.toThrow();
  const terraform = { required_providers: { random: { source: 'registry.terraform.io/hashicorp/random' } } };
  expect(() => refuse('tofu', { ...pet, terraform }, 'registry.terraform.io/hashicorp/random')).not.toThrow();
});

test('nor is one whose provider stands in a module only', () => {
  const module = { net: { source: './net' } };
  expect(() => refuse('tofu', { module }, 'registry.terraform.io/hashicorp/random', undefined, 'module.net.')).toThrow('has OpenTofu');
});

function refuse(kind: 'terraform' | 'tofu', configuration: JsonObject, provider: string, named?: string, within = ''): void {
  const config = readTarget('terraform', { runtime: 'terraform', config: named === undefined ? {} : { binary: named } });
  const resources = [{ mode: 'managed', type: 't', name: 'n', provider: `${within}provider["${provider}"]`, instances: [] }];
  const kept = { ...nothingKept, ...withState(JSON.stringify({ version: 4, serial: 1, lineage: 'l', resources })) };
  refuseTurnover({ config, binary: { kind, path: kind } }, wishOf({ id, attributes: { configuration } }), kept);
}
