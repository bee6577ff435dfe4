// Written by test/testbed/terraform/bindings.ts from what hashicorp/random 3.6.0 says of itself.
import { type TerraformMetaArguments, TerraformResource } from 'cdktn';
import type { Construct } from 'constructs';

export interface IdConfig extends TerraformMetaArguments {
  /** The number of random bytes to produce. */
  readonly byteLength: number;
  /** Arbitrary map of values that, when changed, will trigger recreation of resource. */
  readonly keepers?: { readonly [name: string]: string };
  /** Arbitrary string to prefix the output value with. */
  readonly prefix?: string;
}

export class Id extends TerraformResource {
  static readonly tfResourceType = 'random_id';
  readonly #config: IdConfig;

  constructor(scope: Construct, id: string, config: IdConfig) {
    super(scope, id, {
      ...config,
      terraformResourceType: 'random_id',
      terraformGeneratorMetadata: { providerName: 'random', providerVersion: '3.6.0', providerVersionConstraint: '3.6.0' },
    });
    this.#config = config;
  }

  get b64Std(): string {
    return this.getStringAttribute('b64_std');
  }

  get b64Url(): string {
    return this.getStringAttribute('b64_url');
  }

  get byteLength(): number {
    return this.getNumberAttribute('byte_length');
  }

  get dec(): string {
    return this.getStringAttribute('dec');
  }

  get hex(): string {
    return this.getStringAttribute('hex');
  }

  get id(): string {
    return this.getStringAttribute('id');
  }

  get keepers(): { [name: string]: string } {
    return this.getStringMapAttribute('keepers');
  }

  get prefix(): string {
    return this.getStringAttribute('prefix');
  }

  protected override synthesizeAttributes(): { [name: string]: unknown } {
    return { byte_length: this.#config.byteLength, keepers: this.#config.keepers, prefix: this.#config.prefix };
  }
}
