// Written by test/testbed/terraform/bindings.ts from what hashicorp/aws 3.1.0 says of itself.
import { type IResolvable, type TerraformMetaArguments, TerraformResource } from 'cdktf';
import type { Construct } from 'constructs';

export interface LbConfig extends TerraformMetaArguments {
  readonly dropInvalidHeaderFields?: boolean | IResolvable;
  readonly enableCrossZoneLoadBalancing?: boolean | IResolvable;
  readonly enableDeletionProtection?: boolean | IResolvable;
  readonly enableHttp2?: boolean | IResolvable;
  readonly id?: string;
  readonly idleTimeout?: number;
  readonly internal?: boolean | IResolvable;
  readonly ipAddressType?: string;
  readonly loadBalancerType?: string;
  readonly name?: string;
  readonly namePrefix?: string;
  readonly securityGroups?: readonly string[];
  readonly subnets?: readonly string[];
  readonly tags?: { readonly [name: string]: string };
  readonly accessLogs?: LbAccessLogs;
  readonly subnetMapping?: readonly LbSubnetMapping[];
  readonly timeouts?: LbTimeouts;
}

export interface LbAccessLogs {
  readonly bucket: string;
  readonly enabled?: boolean | IResolvable;
  readonly prefix?: string;
}

export interface LbSubnetMapping {
  readonly allocationId?: string;
  readonly privateIpv4Address?: string;
  readonly subnetId: string;
}

export interface LbTimeouts {
  readonly create?: string;
  readonly delete?: string;
  readonly update?: string;
}

export class Lb extends TerraformResource {
  static readonly tfResourceType = 'aws_lb';
  readonly #config: LbConfig;

  constructor(scope: Construct, id: string, config: LbConfig = {}) {
    super(scope, id, {
      ...config,
      terraformResourceType: 'aws_lb',
      terraformGeneratorMetadata: { providerName: 'aws', providerVersion: '3.1.0', providerVersionConstraint: '3.1.0' },
    });
    this.#config = config;
  }

  get arn(): string {
    return this.getStringAttribute('arn');
  }

  get arnSuffix(): string {
    return this.getStringAttribute('arn_suffix');
  }

  get dnsName(): string {
    return this.getStringAttribute('dns_name');
  }

  get dropInvalidHeaderFields(): IResolvable {
    return this.getBooleanAttribute('drop_invalid_header_fields');
  }

  get enableCrossZoneLoadBalancing(): IResolvable {
    return this.getBooleanAttribute('enable_cross_zone_load_balancing');
  }

  get enableDeletionProtection(): IResolvable {
    return this.getBooleanAttribute('enable_deletion_protection');
  }

  get enableHttp2(): IResolvable {
    return this.getBooleanAttribute('enable_http2');
  }

  get id(): string {
    return this.getStringAttribute('id');
  }

  get idleTimeout(): number {
    return this.getNumberAttribute('idle_timeout');
  }

  get internal(): IResolvable {
    return this.getBooleanAttribute('internal');
  }

  get ipAddressType(): string {
    return this.getStringAttribute('ip_address_type');
  }

  get loadBalancerType(): string {
    return this.getStringAttribute('load_balancer_type');
  }

  get name(): string {
    return this.getStringAttribute('name');
  }

  get namePrefix(): string {
    return this.getStringAttribute('name_prefix');
  }

  get securityGroups(): string[] {
    return this.getListAttribute('security_groups');
  }

  get subnets(): string[] {
    return this.getListAttribute('subnets');
  }

  get tags(): { [name: string]: string } {
    return this.getStringMapAttribute('tags');
  }

  get vpcId(): string {
    return this.getStringAttribute('vpc_id');
  }

  get zoneId(): string {
    return this.getStringAttribute('zone_id');
  }

  protected override synthesizeAttributes(): { [name: string]: unknown } {
    return {
      drop_invalid_header_fields: this.#config.dropInvalidHeaderFields,
      enable_cross_zone_load_balancing: this.#config.enableCrossZoneLoadBalancing,
      enable_deletion_protection: this.#config.enableDeletionProtection,
      enable_http2: this.#config.enableHttp2,
      id: this.#config.id,
      idle_timeout: this.#config.idleTimeout,
      internal: this.#config.internal,
      ip_address_type: this.#config.ipAddressType,
      load_balancer_type: this.#config.loadBalancerType,
      name: this.#config.name,
      name_prefix: this.#config.namePrefix,
      security_groups: this.#config.securityGroups,
      subnets: this.#config.subnets,
      tags: this.#config.tags,
      access_logs: this.#config.accessLogs && writeLbAccessLogs(this.#config.accessLogs),
      subnet_mapping: this.#config.subnetMapping?.map(writeLbSubnetMapping),
      timeouts: this.#config.timeouts && writeLbTimeouts(this.#config.timeouts),
    };
  }
}

function writeLbAccessLogs(from: LbAccessLogs): { [name: string]: unknown } {
  return { bucket: from.bucket, enabled: from.enabled, prefix: from.prefix };
}

function writeLbSubnetMapping(from: LbSubnetMapping): { [name: string]: unknown } {
  return { allocation_id: from.allocationId, private_ipv4_address: from.privateIpv4Address, subnet_id: from.subnetId };
}

function writeLbTimeouts(from: LbTimeouts): { [name: string]: unknown } {
  return { create: from.create, delete: from.delete, update: from.update };
}
