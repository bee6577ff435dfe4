// What a Terraform stack is given in tests of its runtime, which no program has synthesised.
import type { JsonObject } from '@konfig/core';

/** An expression, as Terraform JSON has it. */
export function expression(text: string): string {
  return `\${${text}}`;
}

/** The attributes of a stack with these resources by type and name, and `provider` where one is configured; all outputs are secret. */
export function stackOf(
  resources: JsonObject,
  outputs: { readonly [name: string]: string } = {},
  variable: JsonObject = {},
  more: JsonObject = {},
) {
  const { provider, ...resource } = resources;
  const required = Object.keys(resource).some((type) => type.startsWith('postgresql_'))
    ? { postgresql: { source: 'konfig/postgresql' } }
    : {};
  return {
    configuration: {
      terraform: { required_providers: required },
      ...(provider === undefined ? {} : { provider }),
      variable,
      resource,
      output: Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, { value, sensitive: true }])),
      ...more,
    },
    inputs: {},
    outputs: {},
  };
}
