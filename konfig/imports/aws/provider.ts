// Written by test/testbed/terraform/bindings.ts from what hashicorp/aws 3.1.0 says of itself.
import { type IResolvable, TerraformProvider } from 'cdktf';
import type { Construct } from 'constructs';

export interface AwsProviderConfig {
  readonly alias?: string | undefined;
  /** The access key for API operations. */
  readonly accessKey?: string;
  readonly allowedAccountIds?: readonly string[];
  readonly forbiddenAccountIds?: readonly string[];
  /** Explicitly allow the provider to perform "insecure" SSL requests. */
  readonly insecure?: boolean | IResolvable;
  /** The maximum number of times an AWS API request is being executed. */
  readonly maxRetries?: number;
  /** The profile for API operations. */
  readonly profile?: string;
  /** The region where AWS operations will take place. */
  readonly region: string;
  /** Set this to true to force the request to use path-style addressing, i.e., http://s3.amazonaws.com/BUCKET/KEY. */
  readonly s3ForcePathStyle?: boolean | IResolvable;
  /** The secret key for API operations. */
  readonly secretKey?: string;
  /** The path to the shared credentials file. */
  readonly sharedCredentialsFile?: string;
  /** Skip the credentials validation via STS API. */
  readonly skipCredentialsValidation?: boolean | IResolvable;
  /** Skip getting the supported EC2 platforms. */
  readonly skipGetEc2Platforms?: boolean | IResolvable;
  readonly skipMetadataApiCheck?: boolean | IResolvable;
  /** Skip static validation of region name. */
  readonly skipRegionValidation?: boolean | IResolvable;
  /** Skip requesting the account ID. */
  readonly skipRequestingAccountId?: boolean | IResolvable;
  /** session token. */
  readonly token?: string;
  readonly assumeRole?: AwsProviderAssumeRole;
  readonly endpoints?: readonly AwsProviderEndpoints[];
  readonly ignoreTags?: AwsProviderIgnoreTags;
}

export interface AwsProviderAssumeRole {
  /** Seconds to restrict the assume role session duration. */
  readonly durationSeconds?: number;
  /** Unique identifier that might be required for assuming a role in another account. */
  readonly externalId?: string;
  /** IAM Policy JSON describing further restricting permissions for the IAM Role being assumed. */
  readonly policy?: string;
  /** Amazon Resource Names (ARNs) of IAM Policies describing further restricting permissions for the IAM Role being assumed. */
  readonly policyArns?: readonly string[];
  /** Amazon Resource Name of an IAM Role to assume prior to making API calls. */
  readonly roleArn?: string;
  /** Identifier for the assumed role session. */
  readonly sessionName?: string;
  /** Assume role session tags. */
  readonly tags?: { readonly [name: string]: string };
  /** Assume role session tag keys to pass to any subsequent sessions. */
  readonly transitiveTagKeys?: readonly string[];
}

export interface AwsProviderEndpoints {
  readonly accessanalyzer?: string;
  readonly acm?: string;
  readonly acmpca?: string;
  readonly amplify?: string;
  readonly apigateway?: string;
  readonly applicationautoscaling?: string;
  readonly applicationinsights?: string;
  readonly appmesh?: string;
  readonly appstream?: string;
  readonly appsync?: string;
  readonly athena?: string;
  readonly autoscaling?: string;
  readonly autoscalingplans?: string;
  readonly backup?: string;
  readonly batch?: string;
  readonly budgets?: string;
  readonly cloud9?: string;
  readonly cloudformation?: string;
  readonly cloudfront?: string;
  readonly cloudhsm?: string;
  readonly cloudsearch?: string;
  readonly cloudtrail?: string;
  readonly cloudwatch?: string;
  readonly cloudwatchevents?: string;
  readonly cloudwatchlogs?: string;
  readonly codeartifact?: string;
  readonly codebuild?: string;
  readonly codecommit?: string;
  readonly codedeploy?: string;
  readonly codepipeline?: string;
  readonly cognitoidentity?: string;
  readonly cognitoidp?: string;
  readonly configservice?: string;
  readonly cur?: string;
  readonly dataexchange?: string;
  readonly datapipeline?: string;
  readonly datasync?: string;
  readonly dax?: string;
  readonly devicefarm?: string;
  readonly directconnect?: string;
  readonly dlm?: string;
  readonly dms?: string;
  readonly docdb?: string;
  readonly ds?: string;
  readonly dynamodb?: string;
  readonly ec2?: string;
  readonly ecr?: string;
  readonly ecs?: string;
  readonly efs?: string;
  readonly eks?: string;
  readonly elasticache?: string;
  readonly elasticbeanstalk?: string;
  readonly elastictranscoder?: string;
  readonly elb?: string;
  readonly emr?: string;
  readonly es?: string;
  readonly firehose?: string;
  readonly fms?: string;
  readonly forecast?: string;
  readonly fsx?: string;
  readonly gamelift?: string;
  readonly glacier?: string;
  readonly globalaccelerator?: string;
  readonly glue?: string;
  readonly greengrass?: string;
  readonly guardduty?: string;
  readonly iam?: string;
  readonly imagebuilder?: string;
  readonly inspector?: string;
  readonly iot?: string;
  readonly iotanalytics?: string;
  readonly iotevents?: string;
  readonly kafka?: string;
  readonly kinesis?: string;
  readonly kinesisanalytics?: string;
  readonly kinesisanalyticsv2?: string;
  readonly kinesisvideo?: string;
  readonly kms?: string;
  readonly lakeformation?: string;
  readonly lambda?: string;
  readonly lexmodels?: string;
  readonly licensemanager?: string;
  readonly lightsail?: string;
  readonly macie?: string;
  readonly managedblockchain?: string;
  readonly marketplacecatalog?: string;
  readonly mediaconnect?: string;
  readonly mediaconvert?: string;
  readonly medialive?: string;
  readonly mediapackage?: string;
  readonly mediastore?: string;
  readonly mediastoredata?: string;
  readonly mq?: string;
  readonly neptune?: string;
  readonly networkmanager?: string;
  readonly opsworks?: string;
  readonly organizations?: string;
  readonly outposts?: string;
  readonly personalize?: string;
  readonly pinpoint?: string;
  readonly pricing?: string;
  readonly qldb?: string;
  readonly quicksight?: string;
  readonly ram?: string;
  readonly rds?: string;
  readonly redshift?: string;
  readonly resourcegroups?: string;
  readonly resourcegroupstaggingapi?: string;
  readonly route53?: string;
  readonly route53domains?: string;
  readonly route53resolver?: string;
  readonly s3?: string;
  readonly s3control?: string;
  readonly sagemaker?: string;
  readonly sdb?: string;
  readonly secretsmanager?: string;
  readonly securityhub?: string;
  readonly serverlessrepo?: string;
  readonly servicecatalog?: string;
  readonly servicediscovery?: string;
  readonly servicequotas?: string;
  readonly ses?: string;
  readonly shield?: string;
  readonly sns?: string;
  readonly sqs?: string;
  readonly ssm?: string;
  readonly stepfunctions?: string;
  readonly storagegateway?: string;
  readonly sts?: string;
  readonly swf?: string;
  readonly synthetics?: string;
  readonly transfer?: string;
  readonly waf?: string;
  readonly wafregional?: string;
  readonly wafv2?: string;
  readonly worklink?: string;
  readonly workmail?: string;
  readonly workspaces?: string;
  readonly xray?: string;
}

export interface AwsProviderIgnoreTags {
  /** Resource tag key prefixes to ignore across all resources. */
  readonly keyPrefixes?: readonly string[];
  /** Resource tag keys to ignore across all resources. */
  readonly keys?: readonly string[];
}

export class AwsProvider extends TerraformProvider {
  static readonly tfResourceType = 'aws';
  #config: AwsProviderConfig;

  constructor(scope: Construct, id: string, config: AwsProviderConfig) {
    super(scope, id, {
      terraformResourceType: 'aws',
      terraformGeneratorMetadata: { providerName: 'aws', providerVersion: '3.1.0', providerVersionConstraint: '3.1.0' },
      terraformProviderSource: 'hashicorp/aws',
    });
    this.#config = config;
  }

  override get alias(): string | undefined {
    return this.#config.alias;
  }

  override set alias(alias: string | undefined) {
    this.#config = { ...this.#config, alias };
  }

  protected override synthesizeAttributes(): { [name: string]: unknown } {
    return {
      alias: this.#config.alias,
      access_key: this.#config.accessKey,
      allowed_account_ids: this.#config.allowedAccountIds,
      forbidden_account_ids: this.#config.forbiddenAccountIds,
      insecure: this.#config.insecure,
      max_retries: this.#config.maxRetries,
      profile: this.#config.profile,
      region: this.#config.region,
      s3_force_path_style: this.#config.s3ForcePathStyle,
      secret_key: this.#config.secretKey,
      shared_credentials_file: this.#config.sharedCredentialsFile,
      skip_credentials_validation: this.#config.skipCredentialsValidation,
      skip_get_ec2_platforms: this.#config.skipGetEc2Platforms,
      skip_metadata_api_check: this.#config.skipMetadataApiCheck,
      skip_region_validation: this.#config.skipRegionValidation,
      skip_requesting_account_id: this.#config.skipRequestingAccountId,
      token: this.#config.token,
      assume_role: this.#config.assumeRole && writeAwsProviderAssumeRole(this.#config.assumeRole),
      endpoints: this.#config.endpoints?.map(writeAwsProviderEndpoints),
      ignore_tags: this.#config.ignoreTags && writeAwsProviderIgnoreTags(this.#config.ignoreTags),
    };
  }
}

function writeAwsProviderAssumeRole(from: AwsProviderAssumeRole): { [name: string]: unknown } {
  return {
    duration_seconds: from.durationSeconds,
    external_id: from.externalId,
    policy: from.policy,
    policy_arns: from.policyArns,
    role_arn: from.roleArn,
    session_name: from.sessionName,
    tags: from.tags,
    transitive_tag_keys: from.transitiveTagKeys,
  };
}

function writeAwsProviderEndpoints(from: AwsProviderEndpoints): { [name: string]: unknown } {
  return {
    accessanalyzer: from.accessanalyzer,
    acm: from.acm,
    acmpca: from.acmpca,
    amplify: from.amplify,
    apigateway: from.apigateway,
    applicationautoscaling: from.applicationautoscaling,
    applicationinsights: from.applicationinsights,
    appmesh: from.appmesh,
    appstream: from.appstream,
    appsync: from.appsync,
    athena: from.athena,
    autoscaling: from.autoscaling,
    autoscalingplans: from.autoscalingplans,
    backup: from.backup,
    batch: from.batch,
    budgets: from.budgets,
    cloud9: from.cloud9,
    cloudformation: from.cloudformation,
    cloudfront: from.cloudfront,
    cloudhsm: from.cloudhsm,
    cloudsearch: from.cloudsearch,
    cloudtrail: from.cloudtrail,
    cloudwatch: from.cloudwatch,
    cloudwatchevents: from.cloudwatchevents,
    cloudwatchlogs: from.cloudwatchlogs,
    codeartifact: from.codeartifact,
    codebuild: from.codebuild,
    codecommit: from.codecommit,
    codedeploy: from.codedeploy,
    codepipeline: from.codepipeline,
    cognitoidentity: from.cognitoidentity,
    cognitoidp: from.cognitoidp,
    configservice: from.configservice,
    cur: from.cur,
    dataexchange: from.dataexchange,
    datapipeline: from.datapipeline,
    datasync: from.datasync,
    dax: from.dax,
    devicefarm: from.devicefarm,
    directconnect: from.directconnect,
    dlm: from.dlm,
    dms: from.dms,
    docdb: from.docdb,
    ds: from.ds,
    dynamodb: from.dynamodb,
    ec2: from.ec2,
    ecr: from.ecr,
    ecs: from.ecs,
    efs: from.efs,
    eks: from.eks,
    elasticache: from.elasticache,
    elasticbeanstalk: from.elasticbeanstalk,
    elastictranscoder: from.elastictranscoder,
    elb: from.elb,
    emr: from.emr,
    es: from.es,
    firehose: from.firehose,
    fms: from.fms,
    forecast: from.forecast,
    fsx: from.fsx,
    gamelift: from.gamelift,
    glacier: from.glacier,
    globalaccelerator: from.globalaccelerator,
    glue: from.glue,
    greengrass: from.greengrass,
    guardduty: from.guardduty,
    iam: from.iam,
    imagebuilder: from.imagebuilder,
    inspector: from.inspector,
    iot: from.iot,
    iotanalytics: from.iotanalytics,
    iotevents: from.iotevents,
    kafka: from.kafka,
    kinesis: from.kinesis,
    kinesisanalytics: from.kinesisanalytics,
    kinesisanalyticsv2: from.kinesisanalyticsv2,
    kinesisvideo: from.kinesisvideo,
    kms: from.kms,
    lakeformation: from.lakeformation,
    lambda: from.lambda,
    lexmodels: from.lexmodels,
    licensemanager: from.licensemanager,
    lightsail: from.lightsail,
    macie: from.macie,
    managedblockchain: from.managedblockchain,
    marketplacecatalog: from.marketplacecatalog,
    mediaconnect: from.mediaconnect,
    mediaconvert: from.mediaconvert,
    medialive: from.medialive,
    mediapackage: from.mediapackage,
    mediastore: from.mediastore,
    mediastoredata: from.mediastoredata,
    mq: from.mq,
    neptune: from.neptune,
    networkmanager: from.networkmanager,
    opsworks: from.opsworks,
    organizations: from.organizations,
    outposts: from.outposts,
    personalize: from.personalize,
    pinpoint: from.pinpoint,
    pricing: from.pricing,
    qldb: from.qldb,
    quicksight: from.quicksight,
    ram: from.ram,
    rds: from.rds,
    redshift: from.redshift,
    resourcegroups: from.resourcegroups,
    resourcegroupstaggingapi: from.resourcegroupstaggingapi,
    route53: from.route53,
    route53domains: from.route53domains,
    route53resolver: from.route53resolver,
    s3: from.s3,
    s3control: from.s3control,
    sagemaker: from.sagemaker,
    sdb: from.sdb,
    secretsmanager: from.secretsmanager,
    securityhub: from.securityhub,
    serverlessrepo: from.serverlessrepo,
    servicecatalog: from.servicecatalog,
    servicediscovery: from.servicediscovery,
    servicequotas: from.servicequotas,
    ses: from.ses,
    shield: from.shield,
    sns: from.sns,
    sqs: from.sqs,
    ssm: from.ssm,
    stepfunctions: from.stepfunctions,
    storagegateway: from.storagegateway,
    sts: from.sts,
    swf: from.swf,
    synthetics: from.synthetics,
    transfer: from.transfer,
    waf: from.waf,
    wafregional: from.wafregional,
    wafv2: from.wafv2,
    worklink: from.worklink,
    workmail: from.workmail,
    workspaces: from.workspaces,
    xray: from.xray,
  };
}

function writeAwsProviderIgnoreTags(from: AwsProviderIgnoreTags): { [name: string]: unknown } {
  return { key_prefixes: from.keyPrefixes, keys: from.keys };
}
