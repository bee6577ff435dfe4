// Written by test/testbed/terraform/bindings.ts from what hashicorp/time 0.14.2 says of itself.
import { TerraformProvider } from 'cdktf';
import type { Construct } from 'constructs';

export interface TimeProviderConfig {
  readonly alias?: string | undefined;
}

export class TimeProvider extends TerraformProvider {
  static readonly tfResourceType = 'time';
  #config: TimeProviderConfig;

  constructor(scope: Construct, id: string, config: TimeProviderConfig = {}) {
    super(scope, id, {
      terraformResourceType: 'time',
      terraformGeneratorMetadata: { providerName: 'time', providerVersion: '0.14.2', providerVersionConstraint: '0.14.2' },
      terraformProviderSource: 'hashicorp/time',
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
