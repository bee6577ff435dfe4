// Written by test/testbed/terraform/bindings.ts from what konfig/postgresql 1.0.0 says of itself.
import { type IResolvable, type TerraformMetaArguments, TerraformResource } from 'cdktf';
import type { Construct } from 'constructs';

export interface RoleConfig extends TerraformMetaArguments {
  /** -1 for none. */
  readonly connectionLimit?: number;
  readonly login?: boolean | IResolvable;
  readonly name: string;
  /** Without one the role cannot log in by password. Sensitive. */
  readonly password?: string;
}

export class Role extends TerraformResource {
  static readonly tfResourceType = 'postgresql_role';
  readonly #config: RoleConfig;

  constructor(scope: Construct, id: string, config: RoleConfig) {
    super(scope, id, {
      ...config,
      terraformResourceType: 'postgresql_role',
      terraformGeneratorMetadata: { providerName: 'postgresql', providerVersion: '1.0.0', providerVersionConstraint: '1.0.0' },
    });
    this.#config = config;
  }

  get connectionLimit(): number {
    return this.getNumberAttribute('connection_limit');
  }

  get login(): IResolvable {
    return this.getBooleanAttribute('login');
  }

  get name(): string {
    return this.getStringAttribute('name');
  }

  get oid(): number {
    return this.getNumberAttribute('oid');
  }

  get password(): string {
    return this.getStringAttribute('password');
  }

  protected override synthesizeAttributes(): { [name: string]: unknown } {
    return {
      connection_limit: this.#config.connectionLimit,
      login: this.#config.login,
      name: this.#config.name,
      password: this.#config.password,
    };
  }
}
