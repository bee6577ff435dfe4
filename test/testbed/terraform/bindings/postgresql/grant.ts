// Written by test/testbed/terraform/bindings.ts from what konfig/postgresql 1.0.0 says of itself.
import { type TerraformMetaArguments, TerraformResource } from 'cdktf';
import type { Construct } from 'constructs';

export interface GrantConfig extends TerraformMetaArguments {
  readonly database: string;
  /** Of CONNECT, CREATE and TEMPORARY. */
  readonly privileges: readonly string[];
  readonly role: string;
}

export class Grant extends TerraformResource {
  static readonly tfResourceType = 'postgresql_grant';
  readonly #config: GrantConfig;

  constructor(scope: Construct, id: string, config: GrantConfig) {
    super(scope, id, {
      ...config,
      terraformResourceType: 'postgresql_grant',
      terraformGeneratorMetadata: { providerName: 'postgresql', providerVersion: '1.0.0', providerVersionConstraint: '1.0.0' },
    });
    this.#config = config;
  }

  get database(): string {
    return this.getStringAttribute('database');
  }

  get privileges(): string[] {
    return this.getListAttribute('privileges');
  }

  get role(): string {
    return this.getStringAttribute('role');
  }

  protected override synthesizeAttributes(): { [name: string]: unknown } {
    return { database: this.#config.database, privileges: this.#config.privileges, role: this.#config.role };
  }
}
