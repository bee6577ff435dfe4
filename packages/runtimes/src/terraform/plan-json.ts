// What `show -json` tells of a saved plan, as far as Konfig reads it: https://developer.hashicorp.com/terraform/internals/json-format
import type { Json } from '@konfig/core';

export interface PlanJson {
  readonly resource_changes?: readonly ResourceChange[];
  /** What was changed by somebody else since the last apply. */
  readonly resource_drift?: readonly ResourceChange[];
  readonly output_changes?: { readonly [name: string]: Change };
  readonly planned_values?: Values;
  /** As it was found, with what its data sources have told. */
  readonly prior_state?: { readonly values?: Values };
  readonly configuration?: { readonly root_module?: ModuleConfiguration };
}

export interface ResourceChange {
  readonly address: string;
  /** The key of an object that was replaced and could not be deleted. The one in its place has the same address. */
  readonly deposed?: string;
  readonly previous_address?: string;
  readonly mode?: string;
  readonly change: Change;
  readonly action_reason?: string;
}

/** What tells it from all others: `aws_db.main`, or `aws_db.main (deposed 5f3a9c01)`. */
export function nameOf({ address, deposed }: Pick<ResourceChange, 'address' | 'deposed'>): string {
  return deposed === undefined ? address : `${address} (deposed ${deposed})`;
}

export interface Change {
  readonly actions: readonly string[];
  readonly before?: Json;
  readonly after?: Json;
  /** True where it is known only after the apply; an object or list where that holds for something inside. */
  readonly after_unknown?: Json;
  readonly before_sensitive?: Json;
  readonly after_sensitive?: Json;
  readonly replace_paths?: readonly (readonly (string | number)[])[];
  readonly importing?: { readonly id?: string };
}

export interface Values {
  readonly root_module?: Module;
}

interface Module {
  readonly resources?: readonly { readonly address: string; readonly values?: Json; readonly sensitive_values?: Json }[];
  readonly child_modules?: readonly Module[];
}

/** Those of all modules. */
export function resourcesIn({ root_module: root }: Values = {}): NonNullable<Module['resources']> {
  const of = (module: Module | undefined): NonNullable<Module['resources']> => [
    ...(module?.resources ?? []),
    ...(module?.child_modules ?? []).flatMap(of),
  ];
  return of(root);
}

/** A module as it is written. */
export interface ModuleConfiguration {
  readonly outputs?: { readonly [name: string]: OutputConfiguration };
  readonly module_calls?: { readonly [name: string]: { readonly module?: ModuleConfiguration } };
}

export interface OutputConfiguration {
  readonly sensitive?: boolean;
  /** `module.network.key`, and beside it `module.network`. */
  readonly expression?: { readonly references?: readonly string[] };
}
