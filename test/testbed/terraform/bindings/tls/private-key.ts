// Written by test/testbed/terraform/bindings.ts from what hashicorp/tls 4.0.4 says of itself.
import { type TerraformMetaArguments, TerraformResource } from 'cdktf';
import type { Construct } from 'constructs';

export interface PrivateKeyConfig extends TerraformMetaArguments {
  /** Name of the algorithm to use when generating the private key. */
  readonly algorithm: string;
  /** When `algorithm` is `ECDSA`, the name of the elliptic curve to use. */
  readonly ecdsaCurve?: string;
  /** When `algorithm` is `RSA`, the size of the generated RSA key, in bits (default: `2048`). */
  readonly rsaBits?: number;
}

export class PrivateKey extends TerraformResource {
  static readonly tfResourceType = 'tls_private_key';
  readonly #config: PrivateKeyConfig;

  constructor(scope: Construct, id: string, config: PrivateKeyConfig) {
    super(scope, id, {
      ...config,
      terraformResourceType: 'tls_private_key',
      terraformGeneratorMetadata: { providerName: 'tls', providerVersion: '4.0.4', providerVersionConstraint: '4.0.4' },
    });
    this.#config = config;
  }

  get algorithm(): string {
    return this.getStringAttribute('algorithm');
  }

  get ecdsaCurve(): string {
    return this.getStringAttribute('ecdsa_curve');
  }

  get id(): string {
    return this.getStringAttribute('id');
  }

  get privateKeyOpenssh(): string {
    return this.getStringAttribute('private_key_openssh');
  }

  get privateKeyPem(): string {
    return this.getStringAttribute('private_key_pem');
  }

  get privateKeyPemPkcs8(): string {
    return this.getStringAttribute('private_key_pem_pkcs8');
  }

  get publicKeyFingerprintMd5(): string {
    return this.getStringAttribute('public_key_fingerprint_md5');
  }

  get publicKeyFingerprintSha256(): string {
    return this.getStringAttribute('public_key_fingerprint_sha256');
  }

  get publicKeyOpenssh(): string {
    return this.getStringAttribute('public_key_openssh');
  }

  get publicKeyPem(): string {
    return this.getStringAttribute('public_key_pem');
  }

  get rsaBits(): number {
    return this.getNumberAttribute('rsa_bits');
  }

  protected override synthesizeAttributes(): { [name: string]: unknown } {
    return { algorithm: this.#config.algorithm, ecdsa_curve: this.#config.ecdsaCurve, rsa_bits: this.#config.rsaBits };
  }
}
