// Written by test/testbed/terraform/bindings.ts from what hashicorp/tls 4.0.4 says of itself.
import { type IResolvable, type TerraformMetaArguments, TerraformResource } from 'cdktf';
import type { Construct } from 'constructs';

export interface SelfSignedCertConfig extends TerraformMetaArguments {
  /** List of key usages allowed for the issued certificate. */
  readonly allowedUses: readonly string[];
  /** List of DNS names for which a certificate is being requested (i.e. */
  readonly dnsNames?: readonly string[];
  /** The resource will consider the certificate to have expired the given number of hours before its actual expiry time. */
  readonly earlyRenewalHours?: number;
  /** List of IP addresses for which a certificate is being requested (i.e. */
  readonly ipAddresses?: readonly string[];
  /** Is the generated certificate representing a Certificate Authority (CA) (default: `false`). */
  readonly isCaCertificate?: boolean | IResolvable;
  /** Sensitive. */
  readonly privateKeyPem: string;
  readonly setAuthorityKeyId?: boolean | IResolvable;
  readonly setSubjectKeyId?: boolean | IResolvable;
  /** List of URIs for which a certificate is being requested (i.e. */
  readonly uris?: readonly string[];
  /** Number of hours, after initial issuing, that the certificate will remain valid for. */
  readonly validityPeriodHours: number;
  readonly subject?: readonly SelfSignedCertSubject[];
}

export interface SelfSignedCertSubject {
  readonly commonName?: string;
  readonly country?: string;
  readonly locality?: string;
  readonly organization?: string;
  readonly organizationalUnit?: string;
  readonly postalCode?: string;
  readonly province?: string;
  readonly serialNumber?: string;
  readonly streetAddress?: readonly string[];
}

export class SelfSignedCert extends TerraformResource {
  static readonly tfResourceType = 'tls_self_signed_cert';
  readonly #config: SelfSignedCertConfig;

  constructor(scope: Construct, id: string, config: SelfSignedCertConfig) {
    super(scope, id, {
      ...config,
      terraformResourceType: 'tls_self_signed_cert',
      terraformGeneratorMetadata: { providerName: 'tls', providerVersion: '4.0.4', providerVersionConstraint: '4.0.4' },
    });
    this.#config = config;
  }

  get allowedUses(): string[] {
    return this.getListAttribute('allowed_uses');
  }

  get certPem(): string {
    return this.getStringAttribute('cert_pem');
  }

  get dnsNames(): string[] {
    return this.getListAttribute('dns_names');
  }

  get earlyRenewalHours(): number {
    return this.getNumberAttribute('early_renewal_hours');
  }

  get id(): string {
    return this.getStringAttribute('id');
  }

  get ipAddresses(): string[] {
    return this.getListAttribute('ip_addresses');
  }

  get isCaCertificate(): IResolvable {
    return this.getBooleanAttribute('is_ca_certificate');
  }

  get keyAlgorithm(): string {
    return this.getStringAttribute('key_algorithm');
  }

  get privateKeyPem(): string {
    return this.getStringAttribute('private_key_pem');
  }

  get readyForRenewal(): IResolvable {
    return this.getBooleanAttribute('ready_for_renewal');
  }

  get setAuthorityKeyId(): IResolvable {
    return this.getBooleanAttribute('set_authority_key_id');
  }

  get setSubjectKeyId(): IResolvable {
    return this.getBooleanAttribute('set_subject_key_id');
  }

  get uris(): string[] {
    return this.getListAttribute('uris');
  }

  get validityEndTime(): string {
    return this.getStringAttribute('validity_end_time');
  }

  get validityPeriodHours(): number {
    return this.getNumberAttribute('validity_period_hours');
  }

  get validityStartTime(): string {
    return this.getStringAttribute('validity_start_time');
  }

  protected override synthesizeAttributes(): { [name: string]: unknown } {
    return {
      allowed_uses: this.#config.allowedUses,
      dns_names: this.#config.dnsNames,
      early_renewal_hours: this.#config.earlyRenewalHours,
      ip_addresses: this.#config.ipAddresses,
      is_ca_certificate: this.#config.isCaCertificate,
      private_key_pem: this.#config.privateKeyPem,
      set_authority_key_id: this.#config.setAuthorityKeyId,
      set_subject_key_id: this.#config.setSubjectKeyId,
      uris: this.#config.uris,
      validity_period_hours: this.#config.validityPeriodHours,
      subject: this.#config.subject?.map(writeSelfSignedCertSubject),
    };
  }
}

function writeSelfSignedCertSubject(from: SelfSignedCertSubject): { [name: string]: unknown } {
  return {
    common_name: from.commonName,
    country: from.country,
    locality: from.locality,
    organization: from.organization,
    organizational_unit: from.organizationalUnit,
    postal_code: from.postalCode,
    province: from.province,
    serial_number: from.serialNumber,
    street_address: from.streetAddress,
  };
}
