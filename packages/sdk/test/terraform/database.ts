// A small provider's bindings, for tests: as a generator writes them, for either package.
import type * as Cdktf from 'cdktf';
import type { Construct } from 'constructs';

interface RowConfig extends Cdktf.TerraformMetaArguments {
  readonly size?: number;
  readonly label?: string;
  readonly hosts?: string[];
  readonly password?: string;
  readonly settings?: { readonly [key: string]: unknown };
}

/** The constructs of the provider `shop`, made with one of the two packages. */
export function bindings(library: typeof Cdktf) {
  class ShopProvider extends library.TerraformProvider {
    constructor(scope: Construct, id: string) {
      super(scope, id, {
        terraformResourceType: 'shop',
        terraformGeneratorMetadata: { providerName: 'shop' },
        terraformProviderSource: 'acme/shop',
      });
    }
  }
  class Database extends library.TerraformResource {
    readonly #config: RowConfig;
    constructor(scope: Construct, id: string, config: RowConfig = {}) {
      super(scope, id, { ...config, terraformResourceType: 'shop_database', terraformGeneratorMetadata: { providerName: 'shop' } });
      this.#config = config;
    }
    get address(): string {
      return this.getStringAttribute('address');
    }
    get password(): string {
      return this.getStringAttribute('password');
    }
    get port(): number {
      return this.getNumberAttribute('port');
    }
    get hosts(): string[] {
      return this.getListAttribute('hosts');
    }
    get ready(): Cdktf.IResolvable {
      return this.getBooleanAttribute('ready');
    }
    get tags(): { [key: string]: string } {
      return this.getStringMapAttribute('tags');
    }
    protected override synthesizeAttributes(): { [name: string]: unknown } {
      return {
        size: this.#config.size,
        label: this.#config.label,
        hosts: this.#config.hosts,
        password: this.#config.password,
        settings: this.#config.settings,
      };
    }
  }
  class Network extends library.TerraformDataSource {
    constructor(scope: Construct, id: string) {
      super(scope, id, { terraformResourceType: 'shop_network', terraformGeneratorMetadata: { providerName: 'shop' } });
    }
  }
  /** A stack with its provider. */
  class ShopStack extends library.TerraformStack {
    constructor(scope: Construct, id: string) {
      super(scope, id);
      new ShopProvider(this, 'shop');
    }
  }
  return { ShopProvider, Database, Network, ShopStack };
}
