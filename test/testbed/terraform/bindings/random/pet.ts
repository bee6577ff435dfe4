// Written by test/testbed/terraform/bindings.ts from what hashicorp/random 3.6.0 says of itself.
import { type TerraformMetaArguments, TerraformResource } from 'cdktf';
import type { Construct } from 'constructs';

export interface PetConfig extends TerraformMetaArguments {
  /** Arbitrary map of values that, when changed, will trigger recreation of resource. */
  readonly keepers?: { readonly [name: string]: string };
  /** The length (in words) of the pet name. */
  readonly length?: number;
  /** A string to prefix the name with. */
  readonly prefix?: string;
  /** The character to separate words in the pet name. */
  readonly separator?: string;
}

export class Pet extends TerraformResource {
  static readonly tfResourceType = 'random_pet';
  readonly #config: PetConfig;

  constructor(scope: Construct, id: string, config: PetConfig = {}) {
    super(scope, id, {
      ...config,
      terraformResourceType: 'random_pet',
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

  get length(): number {
    return this.getNumberAttribute('length');
  }

  get prefix(): string {
    return this.getStringAttribute('prefix');
  }

  get separator(): string {
    return this.getStringAttribute('separator');
  }

  protected override synthesizeAttributes(): { [name: string]: unknown } {
    return { keepers: this.#config.keepers, length: this.#config.length, prefix: this.#config.prefix, separator: this.#config.separator };
  }
}
