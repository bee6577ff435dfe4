// Written by test/testbed/terraform/bindings.ts from what konfig/postgresql 1.0.0 says of itself.
import { type TerraformMetaArguments, TerraformResource } from 'cdktf';
import type { Construct } from 'constructs';

export interface DatabaseConfig extends TerraformMetaArguments {
  /** -1 for none. */
  readonly connectionLimit?: number;
  readonly name: string;
  /** A role; the one that the provider connects as, if it is not given. */
  readonly owner?: string;
}

export class Database extends TerraformResource {
  static readonly tfResourceType = 'postgresql_database';
  readonly #config: DatabaseConfig;

  constructor(scope: Construct, id: string, config: DatabaseConfig) {
    super(scope, id, {
      ...config,
      terraformResourceType: 'postgresql_database',
      terraformGeneratorMetadata: { providerName: 'postgresql', providerVersion: '1.0.0', providerVersionConstraint: '1.0.0' },
    });
    this.#config = config;
  }

  get connectionLimit(): number {
    return this.getNumberAttribute('connection_limit');
  }

  get name(): string {
    return this.getStringAttribute('name');
  }

  get oid(): number {
    return this.getNumberAttribute('oid');
  }

  get owner(): string {
    return this.getStringAttribute('owner');
  }

  protected override synthesizeAttributes(): { [name: string]: unknown } {
    return { connection_limit: this.#config.connectionLimit, name: this.#config.name, owner: this.#config.owner };
  }
}
