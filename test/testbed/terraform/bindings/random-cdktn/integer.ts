// Written by test/testbed/terraform/bindings.ts from what hashicorp/random 3.6.0 says of itself.
import { type TerraformMetaArguments, TerraformResource } from 'cdktn';
import type { Construct } from 'constructs';

export interface IntegerConfig extends TerraformMetaArguments {
  /** Arbitrary map of values that, when changed, will trigger recreation of resource. */
  readonly keepers?: { readonly [name: string]: string };
  /** The maximum inclusive value of the range. */
  readonly max: number;
  /** The minimum inclusive value of the range. */
  readonly min: number;
  /** A custom seed to always produce the same value. */
  readonly seed?: string;
}

export class Integer extends TerraformResource {
  static readonly tfResourceType = 'random_integer';
  readonly #config: IntegerConfig;

  constructor(scope: Construct, id: string, config: IntegerConfig) {
    super(scope, id, {
      ...config,
      terraformResourceType: 'random_integer',
      terraformGeneratorMetadata: { providerName: 'random', providerVersion: '3.6.0', providerVersionConstraint: '3.6.0' },
    });
    this.#config = config;
  }

  get id(): string {
    return this.getStringAttribute('id');
  }

  get keepers(): { [name: string]: string } {
    return this.getStringMapAttribute('keepers');
  }

  get max(): number {
    return this.getNumberAttribute('max');
  }

  get min(): number {
    return this.getNumberAttribute('min');
  }

  get result(): number {
    return this.getNumberAttribute('result');
  }

  get seed(): string {
    return this.getStringAttribute('seed');
  }

  protected override synthesizeAttributes(): { [name: string]: unknown } {
    return { keepers: this.#config.keepers, max: this.#config.max, min: this.#config.min, seed: this.#config.seed };
  }
}
