// Written by test/testbed/terraform/bindings.ts from what hashicorp/random 3.6.0 says of itself.
import { type IResolvable, type TerraformMetaArguments, TerraformResource } from 'cdktf';
import type { Construct } from 'constructs';

export interface PasswordConfig extends TerraformMetaArguments {
  /** Arbitrary map of values that, when changed, will trigger recreation of resource. */
  readonly keepers?: { readonly [name: string]: string };
  /** The length of the string desired. */
  readonly length: number;
  /** Include lowercase alphabet characters in the result. */
  readonly lower?: boolean | IResolvable;
  /** Minimum number of lowercase alphabet characters in the result. */
  readonly minLower?: number;
  /** Minimum number of numeric characters in the result. */
  readonly minNumeric?: number;
  /** Minimum number of special characters in the result. */
  readonly minSpecial?: number;
  /** Minimum number of uppercase alphabet characters in the result. */
  readonly minUpper?: number;
  /** Include numeric characters in the result. */
  readonly number?: boolean | IResolvable;
  /** Include numeric characters in the result. */
  readonly numeric?: boolean | IResolvable;
  /** Supply your own list of special characters to use for string generation. */
  readonly overrideSpecial?: string;
  /** Include special characters in the result. */
  readonly special?: boolean | IResolvable;
  /** Include uppercase alphabet characters in the result. */
  readonly upper?: boolean | IResolvable;
}

export class Password extends TerraformResource {
  static readonly tfResourceType = 'random_password';
  readonly #config: PasswordConfig;

  constructor(scope: Construct, id: string, config: PasswordConfig) {
    super(scope, id, {
      ...config,
      terraformResourceType: 'random_password',
      terraformGeneratorMetadata: { providerName: 'random', providerVersion: '3.6.0', providerVersionConstraint: '3.6.0' },
    });
    this.#config = config;
  }

  get bcryptHash(): string {
    return this.getStringAttribute('bcrypt_hash');
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

  get lower(): IResolvable {
    return this.getBooleanAttribute('lower');
  }

  get minLower(): number {
    return this.getNumberAttribute('min_lower');
  }

  get minNumeric(): number {
    return this.getNumberAttribute('min_numeric');
  }

  get minSpecial(): number {
    return this.getNumberAttribute('min_special');
  }

  get minUpper(): number {
    return this.getNumberAttribute('min_upper');
  }

  get number(): IResolvable {
    return this.getBooleanAttribute('number');
  }

  get numeric(): IResolvable {
    return this.getBooleanAttribute('numeric');
  }

  get overrideSpecial(): string {
    return this.getStringAttribute('override_special');
  }

  get result(): string {
    return this.getStringAttribute('result');
  }

  get special(): IResolvable {
    return this.getBooleanAttribute('special');
  }

  get upper(): IResolvable {
    return this.getBooleanAttribute('upper');
  }

  protected override synthesizeAttributes(): { [name: string]: unknown } {
    return {
      keepers: this.#config.keepers,
      length: this.#config.length,
      lower: this.#config.lower,
      min_lower: this.#config.minLower,
      min_numeric: this.#config.minNumeric,
      min_special: this.#config.minSpecial,
      min_upper: this.#config.minUpper,
      number: this.#config.number,
      numeric: this.#config.numeric,
      override_special: this.#config.overrideSpecial,
      special: this.#config.special,
      upper: this.#config.upper,
    };
  }
}
