// Written by test/testbed/terraform/bindings.ts from what hashicorp/time 0.14.2 says of itself.
import { type TerraformMetaArguments, TerraformResource } from 'cdktf';
import type { Construct } from 'constructs';

export interface RotatingConfig extends TerraformMetaArguments {
  readonly rfc3339?: string;
  /** Number of days to add to the base timestamp to configure the rotation timestamp. */
  readonly rotationDays?: number;
  /** Number of hours to add to the base timestamp to configure the rotation timestamp. */
  readonly rotationHours?: number;
  /** Number of minutes to add to the base timestamp to configure the rotation timestamp. */
  readonly rotationMinutes?: number;
  /** Number of months to add to the base timestamp to configure the rotation timestamp. */
  readonly rotationMonths?: number;
  readonly rotationRfc3339?: string;
  /** Number of years to add to the base timestamp to configure the rotation timestamp. */
  readonly rotationYears?: number;
  /** Arbitrary map of values that, when changed, will trigger a new base timestamp value to be saved. */
  readonly triggers?: { readonly [name: string]: string };
}

export class Rotating extends TerraformResource {
  static readonly tfResourceType = 'time_rotating';
  readonly #config: RotatingConfig;

  constructor(scope: Construct, id: string, config: RotatingConfig = {}) {
    super(scope, id, {
      ...config,
      terraformResourceType: 'time_rotating',
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

  get rotationDays(): number {
    return this.getNumberAttribute('rotation_days');
  }

  get rotationHours(): number {
    return this.getNumberAttribute('rotation_hours');
  }

  get rotationMinutes(): number {
    return this.getNumberAttribute('rotation_minutes');
  }

  get rotationMonths(): number {
    return this.getNumberAttribute('rotation_months');
  }

  get rotationRfc3339(): string {
    return this.getStringAttribute('rotation_rfc3339');
  }

  get rotationYears(): number {
    return this.getNumberAttribute('rotation_years');
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
    return {
      rfc3339: this.#config.rfc3339,
      rotation_days: this.#config.rotationDays,
      rotation_hours: this.#config.rotationHours,
      rotation_minutes: this.#config.rotationMinutes,
      rotation_months: this.#config.rotationMonths,
      rotation_rfc3339: this.#config.rotationRfc3339,
      rotation_years: this.#config.rotationYears,
      triggers: this.#config.triggers,
    };
  }
}
