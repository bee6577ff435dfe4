// Written by test/testbed/terraform/bindings.ts from what hashicorp/aws 3.1.0 says of itself.
import { type IResolvable, type TerraformMetaArguments, TerraformResource } from 'cdktf';
import type { Construct } from 'constructs';

export interface SecurityGroupConfig extends TerraformMetaArguments {
  readonly description?: string;
  readonly egress?: readonly SecurityGroupEgress[];
  readonly id?: string;
  readonly ingress?: readonly SecurityGroupIngress[];
  readonly name?: string;
  readonly namePrefix?: string;
  readonly revokeRulesOnDelete?: boolean | IResolvable;
  readonly tags?: { readonly [name: string]: string };
  readonly vpcId?: string;
  readonly timeouts?: SecurityGroupTimeouts;
}

export interface SecurityGroupEgress {
  readonly cidrBlocks?: readonly string[];
  readonly description?: string;
  readonly fromPort?: number;
  readonly ipv6CidrBlocks?: readonly string[];
  readonly prefixListIds?: readonly string[];
  readonly protocol?: string;
  readonly securityGroups?: readonly string[];
  readonly self?: boolean | IResolvable;
  readonly toPort?: number;
}

export interface SecurityGroupIngress {
  readonly cidrBlocks?: readonly string[];
  readonly description?: string;
  readonly fromPort?: number;
  readonly ipv6CidrBlocks?: readonly string[];
  readonly prefixListIds?: readonly string[];
  readonly protocol?: string;
  readonly securityGroups?: readonly string[];
  readonly self?: boolean | IResolvable;
  readonly toPort?: number;
}

export interface SecurityGroupTimeouts {
  readonly create?: string;
  readonly delete?: string;
}

export class SecurityGroup extends TerraformResource {
  static readonly tfResourceType = 'aws_security_group';
  readonly #config: SecurityGroupConfig;

  constructor(scope: Construct, id: string, config: SecurityGroupConfig = {}) {
    super(scope, id, {
      ...config,
      terraformResourceType: 'aws_security_group',
      terraformGeneratorMetadata: { providerName: 'aws', providerVersion: '3.1.0', providerVersionConstraint: '3.1.0' },
    });
    this.#config = config;
  }

  get arn(): string {
    return this.getStringAttribute('arn');
  }

  get description(): string {
    return this.getStringAttribute('description');
  }

  get egress(): IResolvable {
    return this.interpolationForAttribute('egress');
  }

  get id(): string {
    return this.getStringAttribute('id');
  }

  get ingress(): IResolvable {
    return this.interpolationForAttribute('ingress');
  }

  get name(): string {
    return this.getStringAttribute('name');
  }

  get namePrefix(): string {
    return this.getStringAttribute('name_prefix');
  }

  get ownerId(): string {
    return this.getStringAttribute('owner_id');
  }

  get revokeRulesOnDelete(): IResolvable {
    return this.getBooleanAttribute('revoke_rules_on_delete');
  }

  get tags(): { [name: string]: string } {
    return this.getStringMapAttribute('tags');
  }

  get vpcId(): string {
    return this.getStringAttribute('vpc_id');
  }

  protected override synthesizeAttributes(): { [name: string]: unknown } {
    return {
      description: this.#config.description,
      egress: this.#config.egress?.map(writeSecurityGroupEgress),
      id: this.#config.id,
      ingress: this.#config.ingress?.map(writeSecurityGroupIngress),
      name: this.#config.name,
      name_prefix: this.#config.namePrefix,
      revoke_rules_on_delete: this.#config.revokeRulesOnDelete,
      tags: this.#config.tags,
      vpc_id: this.#config.vpcId,
      timeouts: this.#config.timeouts && writeSecurityGroupTimeouts(this.#config.timeouts),
    };
  }
}

function writeSecurityGroupEgress(from: SecurityGroupEgress): { [name: string]: unknown } {
  return {
    cidr_blocks: from.cidrBlocks ?? null,
    description: from.description ?? null,
    from_port: from.fromPort ?? null,
    ipv6_cidr_blocks: from.ipv6CidrBlocks ?? null,
    prefix_list_ids: from.prefixListIds ?? null,
    protocol: from.protocol ?? null,
    security_groups: from.securityGroups ?? null,
    self: from.self ?? null,
    to_port: from.toPort ?? null,
  };
}

function writeSecurityGroupIngress(from: SecurityGroupIngress): { [name: string]: unknown } {
  return {
    cidr_blocks: from.cidrBlocks ?? null,
    description: from.description ?? null,
    from_port: from.fromPort ?? null,
    ipv6_cidr_blocks: from.ipv6CidrBlocks ?? null,
    prefix_list_ids: from.prefixListIds ?? null,
    protocol: from.protocol ?? null,
    security_groups: from.securityGroups ?? null,
    self: from.self ?? null,
    to_port: from.toPort ?? null,
  };
}

function writeSecurityGroupTimeouts(from: SecurityGroupTimeouts): { [name: string]: unknown } {
  return { create: from.create, delete: from.delete };
}
