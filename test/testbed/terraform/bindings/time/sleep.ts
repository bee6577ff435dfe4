// Written by test/testbed/terraform/bindings.ts from what hashicorp/time 0.14.2 says of itself.
import { type TerraformMetaArguments, TerraformResource } from 'cdktf';
import type { Construct } from 'constructs';

export interface SleepConfig extends TerraformMetaArguments {
  /** [Time duration](https://golang.org/pkg/time/#ParseDuration) to delay resource creation. */
  readonly createDuration?: string;
  /** [Time duration](https://golang.org/pkg/time/#ParseDuration) to delay resource destroy. */
  readonly destroyDuration?: string;
  /** (Optional) Arbitrary map of values that, when changed, will run any creation or destroy delays again. */
  readonly triggers?: { readonly [name: string]: string };
}

export class Sleep extends TerraformResource {
  static readonly tfResourceType = 'time_sleep';
  readonly #config: SleepConfig;

  constructor(scope: Construct, id: string, config: SleepConfig = {}) {
    super(scope, id, {
      ...config,
      terraformResourceType: 'time_sleep',
      terraformGeneratorMetadata: { providerName: 'time', providerVersion: '0.14.2', providerVersionConstraint: '0.14.2' },
    });
    this.#config = config;
  }

  get createDuration(): string {
    return this.getStringAttribute('create_duration');
  }

  get destroyDuration(): string {
    return this.getStringAttribute('destroy_duration');
  }

  get id(): string {
    return this.getStringAttribute('id');
  }

  get triggers(): { [name: string]: string } {
    return this.getStringMapAttribute('triggers');
  }

  protected override synthesizeAttributes(): { [name: string]: unknown } {
    return {
      create_duration: this.#config.createDuration,
      destroy_duration: this.#config.destroyDuration,
      triggers: this.#config.triggers,
    };
  }
}
