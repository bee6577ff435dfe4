// Written by test/testbed/terraform/bindings.ts from what hashicorp/tls 4.0.4 says of itself.
import { type IResolvable, TerraformProvider } from 'cdktf';
import type { Construct } from 'constructs';

export interface TlsProviderConfig {
  readonly alias?: string | undefined;
  readonly proxy?: readonly TlsProviderProxy[];
}

export interface TlsProviderProxy {
  /** When `true` the provider will discover the proxy configuration from environment variables. */
  readonly fromEnv?: boolean | IResolvable;
  /** Password used for Basic authentication against the Proxy. Sensitive. */
  readonly password?: string;
  /** URL used to connect to the Proxy. */
  readonly url?: string;
  /** Username (or Token) used for Basic authentication against the Proxy. */
  readonly username?: string;
}

export class TlsProvider extends TerraformProvider {
  static readonly tfResourceType = 'tls';
  #config: TlsProviderConfig;

  constructor(scope: Construct, id: string, config: TlsProviderConfig = {}) {
    super(scope, id, {
      terraformResourceType: 'tls',
      terraformGeneratorMetadata: { providerName: 'tls', providerVersion: '4.0.4', providerVersionConstraint: '4.0.4' },
      terraformProviderSource: 'hashicorp/tls',
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
    return { alias: this.#config.alias, proxy: this.#config.proxy?.map(writeTlsProviderProxy) };
  }
}

function writeTlsProviderProxy(from: TlsProviderProxy): { [name: string]: unknown } {
  return { from_env: from.fromEnv, password: from.password, url: from.url, username: from.username };
}
