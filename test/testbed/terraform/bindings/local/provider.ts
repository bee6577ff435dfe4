// Written by test/testbed/terraform/bindings.ts from what hashicorp/local 1.4.0 says of itself.
import { TerraformProvider } from 'cdktf';
import type { Construct } from 'constructs';

export interface LocalProviderConfig {
  readonly alias?: string | undefined;
}

export class LocalProvider extends TerraformProvider {
  static readonly tfResourceType = 'local';
  #config: LocalProviderConfig;

  constructor(scope: Construct, id: string, config: LocalProviderConfig = {}) {
    super(scope, id, {
      terraformResourceType: 'local',
      terraformGeneratorMetadata: { providerName: 'local', providerVersion: '1.4.0', providerVersionConstraint: '1.4.0' },
      terraformProviderSource: 'hashicorp/local',
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
