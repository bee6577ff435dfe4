// Written by test/testbed/terraform/bindings.ts from what hashicorp/aws 3.1.0 says of itself.
import { type TerraformMetaArguments, TerraformResource } from 'cdktf';
import type { Construct } from 'constructs';

export interface DbSubnetGroupConfig extends TerraformMetaArguments {
  readonly description?: string;
  readonly id?: string;
  readonly name?: string;
  readonly namePrefix?: string;
  readonly subnetIds: readonly string[];
  readonly tags?: { readonly [name: string]: string };
}

export class DbSubnetGroup extends TerraformResource {
  static readonly tfResourceType = 'aws_db_subnet_group';
  readonly #config: DbSubnetGroupConfig;

  constructor(scope: Construct, id: string, config: DbSubnetGroupConfig) {
    super(scope, id, {
      ...config,
      terraformResourceType: 'aws_db_subnet_group',
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

  get id(): string {
    return this.getStringAttribute('id');
  }

  get name(): string {
    return this.getStringAttribute('name');
  }

  get namePrefix(): string {
    return this.getStringAttribute('name_prefix');
  }

  get subnetIds(): string[] {
    return this.getListAttribute('subnet_ids');
  }

  get tags(): { [name: string]: string } {
    return this.getStringMapAttribute('tags');
  }

  protected override synthesizeAttributes(): { [name: string]: unknown } {
    return {
      description: this.#config.description,
      id: this.#config.id,
      name: this.#config.name,
      name_prefix: this.#config.namePrefix,
      subnet_ids: this.#config.subnetIds,
      tags: this.#config.tags,
    };
  }
}
