// Written by test/testbed/terraform/bindings.ts from what hashicorp/aws 3.1.0 says of itself.
import { type IResolvable, type TerraformMetaArguments, TerraformResource } from 'cdktf';
import type { Construct } from 'constructs';

export interface VpcConfig extends TerraformMetaArguments {
  readonly assignGeneratedIpv6CidrBlock?: boolean | IResolvable;
  readonly cidrBlock: string;
  readonly enableClassiclink?: boolean | IResolvable;
  readonly enableClassiclinkDnsSupport?: boolean | IResolvable;
  readonly enableDnsHostnames?: boolean | IResolvable;
  readonly enableDnsSupport?: boolean | IResolvable;
  readonly id?: string;
  readonly instanceTenancy?: string;
  readonly tags?: { readonly [name: string]: string };
}

export class Vpc extends TerraformResource {
  static readonly tfResourceType = 'aws_vpc';
  readonly #config: VpcConfig;

  constructor(scope: Construct, id: string, config: VpcConfig) {
    super(scope, id, {
      ...config,
      terraformResourceType: 'aws_vpc',
      terraformGeneratorMetadata: { providerName: 'aws', providerVersion: '3.1.0', providerVersionConstraint: '3.1.0' },
    });
    this.#config = config;
  }

  get arn(): string {
    return this.getStringAttribute('arn');
  }

  get assignGeneratedIpv6CidrBlock(): IResolvable {
    return this.getBooleanAttribute('assign_generated_ipv6_cidr_block');
  }

  get cidrBlock(): string {
    return this.getStringAttribute('cidr_block');
  }

  get defaultNetworkAclId(): string {
    return this.getStringAttribute('default_network_acl_id');
  }

  get defaultRouteTableId(): string {
    return this.getStringAttribute('default_route_table_id');
  }

  get defaultSecurityGroupId(): string {
    return this.getStringAttribute('default_security_group_id');
  }

  get dhcpOptionsId(): string {
    return this.getStringAttribute('dhcp_options_id');
  }

  get enableClassiclink(): IResolvable {
    return this.getBooleanAttribute('enable_classiclink');
  }

  get enableClassiclinkDnsSupport(): IResolvable {
    return this.getBooleanAttribute('enable_classiclink_dns_support');
  }

  get enableDnsHostnames(): IResolvable {
    return this.getBooleanAttribute('enable_dns_hostnames');
  }

  get enableDnsSupport(): IResolvable {
    return this.getBooleanAttribute('enable_dns_support');
  }

  get id(): string {
    return this.getStringAttribute('id');
  }

  get instanceTenancy(): string {
    return this.getStringAttribute('instance_tenancy');
  }

  get ipv6AssociationId(): string {
    return this.getStringAttribute('ipv6_association_id');
  }

  get ipv6CidrBlock(): string {
    return this.getStringAttribute('ipv6_cidr_block');
  }

  get mainRouteTableId(): string {
    return this.getStringAttribute('main_route_table_id');
  }

  get ownerId(): string {
    return this.getStringAttribute('owner_id');
  }

  get tags(): { [name: string]: string } {
    return this.getStringMapAttribute('tags');
  }

  protected override synthesizeAttributes(): { [name: string]: unknown } {
    return {
      assign_generated_ipv6_cidr_block: this.#config.assignGeneratedIpv6CidrBlock,
      cidr_block: this.#config.cidrBlock,
      enable_classiclink: this.#config.enableClassiclink,
      enable_classiclink_dns_support: this.#config.enableClassiclinkDnsSupport,
      enable_dns_hostnames: this.#config.enableDnsHostnames,
      enable_dns_support: this.#config.enableDnsSupport,
      id: this.#config.id,
      instance_tenancy: this.#config.instanceTenancy,
      tags: this.#config.tags,
    };
  }
}
