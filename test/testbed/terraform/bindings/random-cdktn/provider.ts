// Written by test/testbed/terraform/bindings.ts from what hashicorp/random 3.6.0 says of itself.
import { TerraformProvider } from 'cdktn';
import type { Construct } from 'constructs';

export interface RandomProviderConfig {
  readonly alias?: string | undefined;
}

export class RandomProvider extends TerraformProvider {
  static readonly tfResourceType = 'random';
  #config: RandomProviderConfig;

  constructor(scope: Construct, id: string, config: RandomProviderConfig = {}) {
    super(scope, id, {
      terraformResourceType: 'random',
      terraformGeneratorMetadata: { providerName: 'random', providerVersion: '3.6.0', providerVersionConstraint: '3.6.0' },
      terraformProviderSource: 'hashicorp/random',
    });
    this.#config = config;
  }

  override get alias(): string | undefined {
    return this.#config.alias;
  }

  override set alias(alias: string | undefined) {
    this.#config = { ...this.#config, alias };
  }

  protected override synthesizeAttributes(): { [name: string]: unknown } {
    return { alias: this.#config.alias };
  }
}
