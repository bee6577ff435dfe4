// Written by test/testbed/terraform/bindings.ts from what hashicorp/time 0.14.2 says of itself.
import { type TerraformMetaArguments, TerraformResource } from 'cdktf';
import type { Construct } from 'constructs';

export interface StaticResourceConfig extends TerraformMetaArguments {
  readonly rfc3339?: string;
  /** Arbitrary map of values that, when changed, will trigger a new base timestamp value to be saved. */
  readonly triggers?: { readonly [name: string]: string };
}

export class StaticResource extends TerraformResource {
  static readonly tfResourceType = 'time_static';
  readonly #config: StaticResourceConfig;

  constructor(scope: Construct, id: string, config: StaticResourceConfig = {}) {
    super(scope, id, {
      ...config,
      terraformResourceType: 'time_static',
      terraformGeneratorMetadata: { providerName: 'time', providerVersion: '0.14.2', providerVersionConstraint: '0.14.2' },
    });
    this.#config = config;
  }

  get day(): number {
    return this.getNumberAttribute('day');
  }

  get hour(): number {
    return this.getNumberAttribute('hour');
  }

  get id(): string {
    return this.getStringAttribute('id');
  }

  get minute(): number {
    return this.getNumberAttribute('minute');
  }

  get month(): number {
    return this.getNumberAttribute('month');
  }

  get rfc3339(): string {
    return this.getStringAttribute('rfc3339');
  }

  get second(): number {
    return this.getNumberAttribute('second');
  }

  get triggers(): { [name: string]: string } {
    return this.getStringMapAttribute('triggers');
  }

  get unix(): number {
    return this.getNumberAttribute('unix');
  }

  get year(): number {
    return this.getNumberAttribute('year');
  }

  protected override synthesizeAttributes(): { [name: string]: unknown } {
    return { rfc3339: this.#config.rfc3339, triggers: this.#config.triggers };
  }
}
