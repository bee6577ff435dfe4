// Written by test/testbed/terraform/bindings.ts from what hashicorp/aws 3.1.0 says of itself.
import { type IResolvable, type TerraformMetaArguments, TerraformResource } from 'cdktf';
import type { Construct } from 'constructs';

export interface DbInstanceConfig extends TerraformMetaArguments {
  readonly allocatedStorage?: number;
  readonly allowMajorVersionUpgrade?: boolean | IResolvable;
  readonly applyImmediately?: boolean | IResolvable;
  readonly autoMinorVersionUpgrade?: boolean | IResolvable;
  readonly availabilityZone?: string;
  readonly backupRetentionPeriod?: number;
  readonly backupWindow?: string;
  readonly caCertIdentifier?: string;
  readonly characterSetName?: string;
  readonly copyTagsToSnapshot?: boolean | IResolvable;
  readonly dbSubnetGroupName?: string;
  readonly deleteAutomatedBackups?: boolean | IResolvable;
  readonly deletionProtection?: boolean | IResolvable;
  readonly domain?: string;
  readonly domainIamRoleName?: string;
  readonly enabledCloudwatchLogsExports?: readonly string[];
  readonly engine?: string;
  readonly engineVersion?: string;
  readonly finalSnapshotIdentifier?: string;
  readonly iamDatabaseAuthenticationEnabled?: boolean | IResolvable;
  readonly id?: string;
  readonly identifier?: string;
  readonly identifierPrefix?: string;
  readonly instanceClass: string;
  readonly iops?: number;
  readonly kmsKeyId?: string;
  readonly licenseModel?: string;
  readonly maintenanceWindow?: string;
  readonly maxAllocatedStorage?: number;
  readonly monitoringInterval?: number;
  readonly monitoringRoleArn?: string;
  readonly multiAz?: boolean | IResolvable;
  readonly name?: string;
  readonly optionGroupName?: string;
  readonly parameterGroupName?: string;
  /** Sensitive. */
  readonly password?: string;
  readonly performanceInsightsEnabled?: boolean | IResolvable;
  readonly performanceInsightsKmsKeyId?: string;
  readonly performanceInsightsRetentionPeriod?: number;
  readonly port?: number;
  readonly publiclyAccessible?: boolean | IResolvable;
  readonly replicateSourceDb?: string;
  readonly securityGroupNames?: readonly string[];
  readonly skipFinalSnapshot?: boolean | IResolvable;
  readonly snapshotIdentifier?: string;
  readonly storageEncrypted?: boolean | IResolvable;
  readonly storageType?: string;
  readonly tags?: { readonly [name: string]: string };
  readonly timezone?: string;
  readonly username?: string;
  readonly vpcSecurityGroupIds?: readonly string[];
  readonly s3Import?: DbInstanceS3Import;
  readonly timeouts?: DbInstanceTimeouts;
}

export interface DbInstanceS3Import {
  readonly bucketName: string;
  readonly bucketPrefix?: string;
  readonly ingestionRole: string;
  readonly sourceEngine: string;
  readonly sourceEngineVersion: string;
}

export interface DbInstanceTimeouts {
  readonly create?: string;
  readonly delete?: string;
  readonly update?: string;
}

export class DbInstance extends TerraformResource {
  static readonly tfResourceType = 'aws_db_instance';
  readonly #config: DbInstanceConfig;

  constructor(scope: Construct, id: string, config: DbInstanceConfig) {
    super(scope, id, {
      ...config,
      terraformResourceType: 'aws_db_instance',
      terraformGeneratorMetadata: { providerName: 'aws', providerVersion: '3.1.0', providerVersionConstraint: '3.1.0' },
    });
    this.#config = config;
  }

  get address(): string {
    return this.getStringAttribute('address');
  }

  get allocatedStorage(): number {
    return this.getNumberAttribute('allocated_storage');
  }

  get allowMajorVersionUpgrade(): IResolvable {
    return this.getBooleanAttribute('allow_major_version_upgrade');
  }

  get applyImmediately(): IResolvable {
    return this.getBooleanAttribute('apply_immediately');
  }

  get arn(): string {
    return this.getStringAttribute('arn');
  }

  get autoMinorVersionUpgrade(): IResolvable {
    return this.getBooleanAttribute('auto_minor_version_upgrade');
  }

  get availabilityZone(): string {
    return this.getStringAttribute('availability_zone');
  }

  get backupRetentionPeriod(): number {
    return this.getNumberAttribute('backup_retention_period');
  }

  get backupWindow(): string {
    return this.getStringAttribute('backup_window');
  }

  get caCertIdentifier(): string {
    return this.getStringAttribute('ca_cert_identifier');
  }

  get characterSetName(): string {
    return this.getStringAttribute('character_set_name');
  }

  get copyTagsToSnapshot(): IResolvable {
    return this.getBooleanAttribute('copy_tags_to_snapshot');
  }

  get dbSubnetGroupName(): string {
    return this.getStringAttribute('db_subnet_group_name');
  }

  get deleteAutomatedBackups(): IResolvable {
    return this.getBooleanAttribute('delete_automated_backups');
  }

  get deletionProtection(): IResolvable {
    return this.getBooleanAttribute('deletion_protection');
  }

  get domain(): string {
    return this.getStringAttribute('domain');
  }

  get domainIamRoleName(): string {
    return this.getStringAttribute('domain_iam_role_name');
  }

  get enabledCloudwatchLogsExports(): string[] {
    return this.getListAttribute('enabled_cloudwatch_logs_exports');
  }

  get endpoint(): string {
    return this.getStringAttribute('endpoint');
  }

  get engine(): string {
    return this.getStringAttribute('engine');
  }

  get engineVersion(): string {
    return this.getStringAttribute('engine_version');
  }

  get finalSnapshotIdentifier(): string {
    return this.getStringAttribute('final_snapshot_identifier');
  }

  get hostedZoneId(): string {
    return this.getStringAttribute('hosted_zone_id');
  }

  get iamDatabaseAuthenticationEnabled(): IResolvable {
    return this.getBooleanAttribute('iam_database_authentication_enabled');
  }

  get id(): string {
    return this.getStringAttribute('id');
  }

  get identifier(): string {
    return this.getStringAttribute('identifier');
  }

  get identifierPrefix(): string {
    return this.getStringAttribute('identifier_prefix');
  }

  get instanceClass(): string {
    return this.getStringAttribute('instance_class');
  }

  get iops(): number {
    return this.getNumberAttribute('iops');
  }

  get kmsKeyId(): string {
    return this.getStringAttribute('kms_key_id');
  }

  get licenseModel(): string {
    return this.getStringAttribute('license_model');
  }

  get maintenanceWindow(): string {
    return this.getStringAttribute('maintenance_window');
  }

  get maxAllocatedStorage(): number {
    return this.getNumberAttribute('max_allocated_storage');
  }

  get monitoringInterval(): number {
    return this.getNumberAttribute('monitoring_interval');
  }

  get monitoringRoleArn(): string {
    return this.getStringAttribute('monitoring_role_arn');
  }

  get multiAz(): IResolvable {
    return this.getBooleanAttribute('multi_az');
  }

  get name(): string {
    return this.getStringAttribute('name');
  }

  get optionGroupName(): string {
    return this.getStringAttribute('option_group_name');
  }

  get parameterGroupName(): string {
    return this.getStringAttribute('parameter_group_name');
  }

  get password(): string {
    return this.getStringAttribute('password');
  }

  get performanceInsightsEnabled(): IResolvable {
    return this.getBooleanAttribute('performance_insights_enabled');
  }

  get performanceInsightsKmsKeyId(): string {
    return this.getStringAttribute('performance_insights_kms_key_id');
  }

  get performanceInsightsRetentionPeriod(): number {
    return this.getNumberAttribute('performance_insights_retention_period');
  }

  get port(): number {
    return this.getNumberAttribute('port');
  }

  get publiclyAccessible(): IResolvable {
    return this.getBooleanAttribute('publicly_accessible');
  }

  get replicas(): string[] {
    return this.getListAttribute('replicas');
  }

  get replicateSourceDb(): string {
    return this.getStringAttribute('replicate_source_db');
  }

  get resourceId(): string {
    return this.getStringAttribute('resource_id');
  }

  get securityGroupNames(): string[] {
    return this.getListAttribute('security_group_names');
  }

  get skipFinalSnapshot(): IResolvable {
    return this.getBooleanAttribute('skip_final_snapshot');
  }

  get snapshotIdentifier(): string {
    return this.getStringAttribute('snapshot_identifier');
  }

  get status(): string {
    return this.getStringAttribute('status');
  }

  get storageEncrypted(): IResolvable {
    return this.getBooleanAttribute('storage_encrypted');
  }

  get storageType(): string {
    return this.getStringAttribute('storage_type');
  }

  get tags(): { [name: string]: string } {
    return this.getStringMapAttribute('tags');
  }

  get timezone(): string {
    return this.getStringAttribute('timezone');
  }

  get username(): string {
    return this.getStringAttribute('username');
  }

  get vpcSecurityGroupIds(): string[] {
    return this.getListAttribute('vpc_security_group_ids');
  }

  protected override synthesizeAttributes(): { [name: string]: unknown } {
    return {
      allocated_storage: this.#config.allocatedStorage,
      allow_major_version_upgrade: this.#config.allowMajorVersionUpgrade,
      apply_immediately: this.#config.applyImmediately,
      auto_minor_version_upgrade: this.#config.autoMinorVersionUpgrade,
      availability_zone: this.#config.availabilityZone,
      backup_retention_period: this.#config.backupRetentionPeriod,
      backup_window: this.#config.backupWindow,
      ca_cert_identifier: this.#config.caCertIdentifier,
      character_set_name: this.#config.characterSetName,
      copy_tags_to_snapshot: this.#config.copyTagsToSnapshot,
      db_subnet_group_name: this.#config.dbSubnetGroupName,
      delete_automated_backups: this.#config.deleteAutomatedBackups,
      deletion_protection: this.#config.deletionProtection,
      domain: this.#config.domain,
      domain_iam_role_name: this.#config.domainIamRoleName,
      enabled_cloudwatch_logs_exports: this.#config.enabledCloudwatchLogsExports,
      engine: this.#config.engine,
      engine_version: this.#config.engineVersion,
      final_snapshot_identifier: this.#config.finalSnapshotIdentifier,
      iam_database_authentication_enabled: this.#config.iamDatabaseAuthenticationEnabled,
      id: this.#config.id,
      identifier: this.#config.identifier,
      identifier_prefix: this.#config.identifierPrefix,
      instance_class: this.#config.instanceClass,
      iops: this.#config.iops,
      kms_key_id: this.#config.kmsKeyId,
      license_model: this.#config.licenseModel,
      maintenance_window: this.#config.maintenanceWindow,
      max_allocated_storage: this.#config.maxAllocatedStorage,
      monitoring_interval: this.#config.monitoringInterval,
      monitoring_role_arn: this.#config.monitoringRoleArn,
      multi_az: this.#config.multiAz,
      name: this.#config.name,
      option_group_name: this.#config.optionGroupName,
      parameter_group_name: this.#config.parameterGroupName,
      password: this.#config.password,
      performance_insights_enabled: this.#config.performanceInsightsEnabled,
      performance_insights_kms_key_id: this.#config.performanceInsightsKmsKeyId,
      performance_insights_retention_period: this.#config.performanceInsightsRetentionPeriod,
      port: this.#config.port,
      publicly_accessible: this.#config.publiclyAccessible,
      replicate_source_db: this.#config.replicateSourceDb,
      security_group_names: this.#config.securityGroupNames,
      skip_final_snapshot: this.#config.skipFinalSnapshot,
      snapshot_identifier: this.#config.snapshotIdentifier,
      storage_encrypted: this.#config.storageEncrypted,
      storage_type: this.#config.storageType,
      tags: this.#config.tags,
      timezone: this.#config.timezone,
      username: this.#config.username,
      vpc_security_group_ids: this.#config.vpcSecurityGroupIds,
      s3_import: this.#config.s3Import && writeDbInstanceS3Import(this.#config.s3Import),
      timeouts: this.#config.timeouts && writeDbInstanceTimeouts(this.#config.timeouts),
    };
  }
}

function writeDbInstanceS3Import(from: DbInstanceS3Import): { [name: string]: unknown } {
  return {
    bucket_name: from.bucketName,
    bucket_prefix: from.bucketPrefix,
    ingestion_role: from.ingestionRole,
    source_engine: from.sourceEngine,
    source_engine_version: from.sourceEngineVersion,
  };
}

function writeDbInstanceTimeouts(from: DbInstanceTimeouts): { [name: string]: unknown } {
  return { create: from.create, delete: from.delete, update: from.update };
}
