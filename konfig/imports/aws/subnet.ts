// Written by test/testbed/terraform/bindings.ts from what hashicorp/aws 3.1.0 says of itself.
import { type IResolvable, type TerraformMetaArguments, TerraformResource } from 'cdktf';
import type { Construct } from 'constructs';

export interface SubnetConfig extends TerraformMetaArguments {
  readonly assignIpv6AddressOnCreation?: boolean | IResolvable;
  readonly availabilityZone?: string;
  readonly availabilityZoneId?: string;
  readonly cidrBlock: string;
  readonly id?: string;
  readonly ipv6CidrBlock?: string;
  readonly mapPublicIpOnLaunch?: boolean | IResolvable;
  readonly outpostArn?: string;
  readonly tags?: { readonly [name: string]: string };
  readonly vpcId: string;
  readonly timeouts?: SubnetTimeouts;
}

export interface SubnetTimeouts {
  readonly create?: string;
  readonly delete?: string;
}

export class Subnet extends TerraformResource {
  static readonly tfResourceType = 'aws_subnet';
  readonly #config: SubnetConfig;

  constructor(scope: Construct, id: string, config: SubnetConfig) {
    super(scope, id, {
      ...config,
      terraformResourceType: 'aws_subnet',
      terraformGeneratorMetadata: { providerName: 'aws', providerVersion: '3.1.0', providerVersionConstraint: '3.1.0' },
    });
    this.#config = config;
  }

  get arn(): string {
    return this.getStringAttribute('arn');
  }

  get assignIpv6AddressOnCreation(): IResolvable {
    return this.getBooleanAttribute('assign_ipv6_address_on_creation');
  }

  get availabilityZone(): string {
    return this.getStringAttribute('availability_zone');
  }

  get availabilityZoneId(): string {
    return this.getStringAttribute('availability_zone_id');
  }

  get cidrBlock(): string {
    return this.getStringAttribute('cidr_block');
  }

  get id(): string {
    return this.getStringAttribute('id');
  }

  get ipv6CidrBlock(): string {
    return this.getStringAttribute('ipv6_cidr_block');
  }

  get ipv6CidrBlockAssociationId(): string {
    return this.getStringAttribute('ipv6_cidr_block_association_id');
  }

  get mapPublicIpOnLaunch(): IResolvable {
    return this.getBooleanAttribute('map_public_ip_on_launch');
  }

  get outpostArn(): string {
    return this.getStringAttribute('outpost_arn');
  }

  get ownerId(): string {
    return this.getStringAttribute('owner_id');
  }

  get tags(): { [name: string]: string } {
    return this.getStringMapAttribute('tags');
  }

  get vpcId(): string {
    return this.getStringAttribute('vpc_id');
  }

  protected override synthesizeAttributes(): { [name: string]: unknown } {
    return {
      assign_ipv6_address_on_creation: this.#config.assignIpv6AddressOnCreation,
      availability_zone: this.#config.availabilityZone,
      availability_zone_id: this.#config.availabilityZoneId,
      cidr_block: this.#config.cidrBlock,
      id: this.#config.id,
      ipv6_cidr_block: this.#config.ipv6CidrBlock,
      map_public_ip_on_launch: this.#config.mapPublicIpOnLaunch,
      outpost_arn: this.#config.outpostArn,
      tags: this.#config.tags,
      vpc_id: this.#config.vpcId,
      timeouts: this.#config.timeouts && writeSubnetTimeouts(this.#config.timeouts),
    };
  }
}

function writeSubnetTimeouts(from: SubnetTimeouts): { [name: string]: unknown } {
  return { create: from.create, delete: from.delete };
}
