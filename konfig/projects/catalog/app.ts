// The catalog: what the shop sells. Others in the company find it by the registry, and it finds them there.
import { Microservice, RegistryEntry } from '@acme/platform';
import { AppConfig, type Stack, secret } from '@konfig/sdk';

export interface CatalogProps {
  /** The tag of its image. */
  readonly version: string;
  /** How much it matters to others. */
  readonly tier: 'gold' | 'silver' | 'bronze';
}

export class Catalog extends AppConfig {
  constructor(stack: Stack, { version, tier }: CatalogProps) {
    super(stack, 'catalog');
    const entry = new RegistryEntry(this, 'entry', {
      description: 'What the shop sells',
      tier,
      port: 8080,
      alerts: secret.env('CATALOG_ALERTS'),
    });
    new Microservice(this, 'catalog', {
      image: `registry.acme.example/catalog:${version}`,
      http: 8080,
      readiness: { http: '/ready' },
      liveness: { http: '/live' },
      env: { PUBLIC_ADDRESS: entry.address, ...entry.env },
      resources: { cpu: '100m-200m', memory: '64Mi-128Mi' },
    });
  }
}
