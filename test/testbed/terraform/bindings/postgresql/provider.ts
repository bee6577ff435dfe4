// Written by test/testbed/terraform/bindings.ts from what konfig/postgresql 1.0.0 says of itself.
import { type IResolvable, TerraformProvider } from 'cdktf';
import type { Construct } from 'constructs';

export interface PostgresqlProviderConfig {
  readonly alias?: string | undefined;
  /** How long each create, update and delete waits before it begins, as Go writes durations: 1500ms. */
  readonly delay?: string;
  /** 127.0.0.1 if it is not given. */
  readonly host?: string;
  /** Whether what was begun is finished although Terraform was told to stop. */
  readonly ignoreCancel?: boolean | IResolvable;
  /** Sensitive. */
  readonly password?: string;
  /** 5432 if it is not given. */
  readonly port?: number;
  /** postgres if it is not given. */
  readonly username?: string;
}

export class PostgresqlProvider extends TerraformProvider {
  static readonly tfResourceType = 'postgresql';
  #config: PostgresqlProviderConfig;

  constructor(scope: Construct, id: string, config: PostgresqlProviderConfig = {}) {
    super(scope, id, {
      terraformResourceType: 'postgresql',
      terraformGeneratorMetadata: { providerName: 'postgresql', providerVersion: '1.0.0', providerVersionConstraint: '1.0.0' },
      terraformProviderSource: 'konfig/postgresql',
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
    return {
      alias: this.#config.alias,
      delay: this.#config.delay,
      host: this.#config.host,
      ignore_cancel: this.#config.ignoreCancel,
      password: this.#config.password,
      port: this.#config.port,
      username: this.#config.username,
    };
  }
}
