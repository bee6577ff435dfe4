// Which providers a configuration needs, read as Terraform reads it.
import { isObject, type Json, type JsonObject } from '@konfig/core';
import type { Binary } from './binary';
import { blocksOf } from './wish';

export interface Requirement {
  /** `registry.terraform.io/hashicorp/random`; the host of a source that names none is the binary's own. */
  readonly address: string;
  readonly constraints: readonly string[];
}

const ownHost = { terraform: 'registry.terraform.io', tofu: 'registry.opentofu.org' } as const;

/** Those that it requires, and those that its resources belong to by their names, sorted by address. Those that are built in need nothing. */
export function requirementsOf(configuration: JsonObject, kind: Binary['kind']): readonly Requirement[] {
  const found = new Map<string, string[]>();
  const named = requiredProviders(configuration);
  for (const name of new Set([...named.keys(), ...usedProviders(configuration)])) {
    const { source = `hashicorp/${name}`, version } = named.get(name) ?? {};
    const parts = source.split('/');
    const address = (parts.length === 3 ? parts : [ownHost[kind], ...(parts.length === 1 ? ['hashicorp', ...parts] : parts)])
      .join('/')
      .toLowerCase();
    if (name === 'terraform' || address.startsWith('terraform.io/builtin/')) continue;
    found.set(address, [...(found.get(address) ?? []), ...(version === undefined ? [] : [version])]);
  }
  return [...found].map(([address, constraints]) => ({ address, constraints })).sort((a, b) => (a.address < b.address ? -1 : 1));
}

interface Named {
  readonly source?: string;
  readonly version?: string;
}

function requiredProviders(configuration: JsonObject): ReadonlyMap<string, Named> {
  const lists = blocksOf(configuration.terraform).flatMap((block) => blocksOf(block.required_providers));
  return new Map(lists.flatMap((list) => Object.entries(list).map(([name, given]) => [name, namedOf(given)] as const)));
}

function namedOf(given: Json): Named {
  if (typeof given === 'string') return { version: given };
  if (!isObject(given)) return {};
  const { source, version } = given;
  return { ...(typeof source === 'string' ? { source } : {}), ...(typeof version === 'string' ? { version } : {}) };
}

/** By its name before the first `_`, unless it says otherwise: `provider: "aws.west"`. */
function usedProviders(configuration: JsonObject): readonly string[] {
  const types = ['resource', 'data', 'ephemeral']
    .flatMap((kind) => blocksOf(configuration[kind]))
    .flatMap((block) => Object.entries(block));
  const ofTypes = types.flatMap(([type, named]) =>
    blocksOf(named).flatMap((block) =>
      Object.values(block).flatMap((body) =>
        blocksOf(body).map(
          ({ provider }) => (typeof provider === 'string' ? provider.replace(/^\$\{(.*)\}$/, '$1') : type).split(/[_.]/)[0] as string,
        ),
      ),
    ),
  );
  return [...blocksOf(configuration.provider).flatMap((block) => Object.keys(block)), ...ofTypes];
}
