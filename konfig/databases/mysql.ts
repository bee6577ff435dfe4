// MySQL as the company runs it: a database of Amazon RDS behind a security group of its own, in one Terraform stack.
import { Component, type ComponentOptions, terraformValue, type Value } from '@konfig/sdk';
import { TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { DbInstance } from '../imports/aws/db-instance';
import { AwsProvider } from '../imports/aws/provider';
import { SecurityGroup } from '../imports/aws/security-group';
import { mysql } from './settings';

export interface MysqlDatabaseProps extends Pick<ComponentOptions, 'onRemoval' | 'settings'> {
  /** What it is called in the cloud. */
  readonly name: string;
  /** Of the user `root`. */
  readonly password: Value<string>;
  /** Where the cloud is. Default: Amazon's region us-east-1. */
  readonly cloud?: Cloud;
}

/** A cloud that speaks as Amazon's does: one for tests, on your own machine. */
export interface Cloud {
  /** `http://127.0.0.1:5000`, for all of its services. */
  readonly endpoint: string;
  /** What it calls MySQL. */
  readonly engine: string;
}

/** A MySQL database in the cloud, open to the world. */
export class MysqlDatabase extends Component {
  /** Its host name, known once it is there. */
  readonly address: string;

  constructor(scope: Construct, id: string, { name, password, cloud, ...options }: MysqlDatabaseProps) {
    super(scope, id, options);
    const size = mysql.of(this);
    const terraform = new TerraformStack(this, 'Default');
    new AwsProvider(terraform, 'aws', { region: 'us-east-1', ...(cloud && atEndpoint(cloud)) });
    const everybody = { cidrBlocks: ['0.0.0.0/0'], description: '', self: false };
    const group = new SecurityGroup(terraform, 'group', {
      name,
      ingress: [{ ...everybody, protocol: 'tcp', fromPort: 3306, toPort: 3306 }],
      egress: [{ ...everybody, protocol: '-1', fromPort: 0, toPort: 0 }],
    });
    const database = new DbInstance(terraform, 'instance', {
      identifier: name,
      engine: cloud?.engine ?? 'MySQL',
      engineVersion: '5.7',
      instanceClass: size.instanceClass,
      allocatedStorage: size.storageGigabytes,
      username: 'root',
      password: terraformValue.text(terraform, password),
      // A cloud for tests has none that is there by itself.
      ...(!cloud && { dbSubnetGroupName: 'default' }),
      publiclyAccessible: true,
      skipFinalSnapshot: true,
      vpcSecurityGroupIds: [group.id],
    });
    this.address = database.address;
  }
}

/** Nothing is asked of Amazon itself. Its keys are anything; they open nothing. */
function atEndpoint({ endpoint }: Cloud) {
  return {
    accessKey: 'anybody',
    secretKey: 'anything',
    skipCredentialsValidation: true,
    skipMetadataApiCheck: true,
    skipRequestingAccountId: true,
    skipRegionValidation: true,
    endpoints: [{ ec2: endpoint, rds: endpoint, sts: endpoint, iam: endpoint }],
  };
}
