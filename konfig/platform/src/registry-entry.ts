// An app's entry in Acme's service registry, as Acme wants entries: under the app's name, for the team that owns it.
import { Component, type ComponentOptions, type EnvValue, type Output, stackOf } from '@konfig/sdk';
import type { Construct } from 'constructs';
import { Entry, type EntryConfig } from './imports/registry';

export interface RegistryEntryProps extends ComponentOptions {
  /** What the app is for, in a line. */
  readonly description: string;
  /** How much it matters. Default `'silver'`. */
  readonly tier?: EntryConfig['tier'];
  /** Default `'http'`. */
  readonly protocol?: EntryConfig['protocol'];
  readonly port: number;
  /** Where alerts go: a secret, since a token is in it. Default: nowhere. */
  readonly alerts?: Output<string>;
}

/** Makes the app known to the others of the company, and the others to it. */
export class RegistryEntry extends Component {
  /** Where others call the app. */
  readonly address: Output<string>;
  /** What the app's container needs to find others. */
  readonly env: { readonly [name: string]: EnvValue };

  constructor(scope: Construct, id: string, props: RegistryEntryProps) {
    super(scope, id, props);
    const stack = stackOf(this);
    const { description, tier = 'silver', protocol = 'http', port, alerts } = props;
    const entry = new Entry(this, 'Default', {
      name: `${stack?.project}-${stack?.stackName}`,
      config: { team: stack?.owner ?? 'nobody', description, tier, protocol, port, ...(alerts && { alerts }) },
    });
    this.address = entry.output('address');
    this.env = { REGISTRY_ID: entry.output('id'), REGISTRY_KEY: entry.secret('key') };
  }
}
