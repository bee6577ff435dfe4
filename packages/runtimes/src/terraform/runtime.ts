// Terraform behind the interface that every runtime has: a stack of it is one resource, and its own resources are that one's parts.
import { asLater, type HeldSecret, isObject, type Json, type JsonObject, type Path, type Runtime } from '@konfig/core';
import type { TerraformOptions } from './world';

/**
 * The runtime of Terraform stacks (`terraform/Stack`), run by a real `terraform` or `tofu` from 1.5 on. What is read of one has `outputs` and `secrets`: all that
 * stands in `secrets` is one.
 */
export function terraformRuntime(options: TerraformOptions): Runtime {
  return {
    name: 'terraform',
    check(resources) {
      if (resources.length === 0) return [];
      const { checkForm } = require('./check') as typeof import('./check');
      return checkForm(resources);
    },
    validate: () => [],
    references: () => new Map(),
    rank: () => 0,
    // What it is told is sealed with its state, or not kept where that is open.
    isSecret: (_type, path) => path[0] === 'secrets' || path[0] === 'inputs',
    secretsIn: (_type, { secrets }) => leaves(['secrets'], secrets),
    needsLastWish: true,
    partNames(resource) {
      const { addressesIn } = require('./configuration') as typeof import('./configuration');
      const { wishOf } = require('./wish') as typeof import('./wish');
      return addressesIn(wishOf(resource).configuration).flatMap(({ address, isData }) => (isData ? [] : [address]));
    },
    wishedParts({ attributes }) {
      const { writtenIn } = require('./configuration') as typeof import('./configuration');
      return writtenIn(attributes);
    },
    connect(name, target) {
      // Loaded only for those who have a Terraform stack.
      const { openTerraform } = require('./connect') as typeof import('./connect');
      return openTerraform(name, target, options);
    },
  };
}

function leaves(path: Path, value: Json | undefined): readonly HeldSecret[] {
  if (Array.isArray(value)) return value.flatMap((item: Json, i) => leaves([...path, i], item));
  const isLater = asLater(value) !== undefined;
  if (!isLater && isObject(value)) return Object.entries(value as JsonObject).flatMap(([key, child]) => leaves([...path, key], child));
  if (value === undefined || value === null) return [];
  return [{ path, text: isLater ? undefined : typeof value === 'string' ? value : JSON.stringify(value) }];
}
