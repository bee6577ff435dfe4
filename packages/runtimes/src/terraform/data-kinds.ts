// Which kinds of Terraform's resources hold data that is gone with them: by the words that providers use in the names of kinds, and by name where they use others.
import type { PlannedPart } from '@konfig/core';
import { withoutKey } from './state';

/** With the end of the kind's name, in all providers: `aws_s3_bucket`, `google_compute_region_disk`, `postgresql_database`, `openstack_blockstorage_volume_v3`. */
const ends = [
  'bucket',
  'database',
  'dataset',
  'db',
  'disk',
  'file_share',
  'file_system',
  'filesystem',
  'keyspace',
  'queue',
  'snapshot',
  'table',
  'volume',
];

/** They end alike and hold none. */
const others = /_(route_table|routing_table|job_queue)$/;

/** By the name that comes after that of the provider. `*` stands for any words. */
const kinds: { readonly [provider: string]: readonly string[] } = {
  aiven: [
    'pg',
    'mysql',
    'redis',
    'valkey',
    'kafka',
    'kafka_topic',
    'opensearch',
    'clickhouse',
    'cassandra',
    'influxdb',
    'm3db',
    'dragonfly',
  ],
  alicloud: ['db_instance', 'kvstore_instance', 'mongodb_instance', 'polardb_cluster', 'kms_key', 'kms_secret', 'log_store'],
  aws: [
    'backup_vault',
    'cloudwatch_log_group',
    'codecommit_repository',
    'cognito_user_pool',
    'db_instance',
    'docdb_cluster',
    'docdbelastic_cluster',
    'dsql_cluster',
    'ecr_repository',
    'elasticache_cluster',
    'elasticache_replication_group',
    'elasticache_serverless_cache',
    'elasticsearch_domain',
    'glacier_vault',
    'kms_*key',
    'memorydb_cluster',
    'mq_broker',
    'msk_cluster',
    'msk_serverless_cluster',
    'neptune_cluster',
    'opensearch_domain',
    'opensearchserverless_collection',
    'qldb_ledger',
    'rds_cluster',
    'rds_global_cluster',
    'redshift_cluster',
    'redshiftserverless_namespace',
    'kinesis_stream',
    's3_*object',
    'secretsmanager_secret',
    'secretsmanager_secret_version',
    'ssm_parameter',
  ],
  azurerm: [
    '*_flexible_server',
    'container_registry',
    'cosmosdb_account',
    'cosmosdb_*_container',
    'cosmosdb_*_collection',
    'data_protection_backup_vault',
    'eventhub',
    'eventhub_namespace',
    'key_vault',
    'key_vault_certificate',
    'key_vault_key',
    'key_vault_secret',
    'kusto_cluster',
    'log_analytics_workspace',
    'mariadb_server',
    'mssql_managed_instance',
    'mssql_server',
    'mysql_server',
    'postgresql_server',
    'recovery_services_vault',
    'redis_cache',
    'redis_enterprise_cluster',
    'search_service',
    'servicebus_namespace',
    'servicebus_topic',
    'storage_account',
    'storage_blob',
    'storage_container',
    'storage_share*',
    'synapse_*_pool',
    'synapse_workspace',
  ],
  cloudflare: ['workers_kv*'],
  cockroach: ['cluster'],
  confluent: ['kafka_cluster', 'kafka_topic'],
  consul: ['key*'],
  databricks: ['catalog', 'schema'],
  digitalocean: ['database_cluster', 'container_registry', 'spaces_bucket_object'],
  elasticsearch: ['index'],
  elasticstack: ['elasticsearch_index'],
  exoscale: ['dbaas'],
  google: [
    'alloydb_cluster',
    'alloydb_instance',
    'artifact_registry_repository',
    'bigtable_instance',
    'dataproc_metastore_service',
    'filestore_instance',
    'firestore_document',
    'kms_crypto_key',
    'memorystore_instance',
    'pubsub_*topic',
    'pubsub_*subscription',
    'redis_cluster',
    'redis_instance',
    'secret_manager_*secret',
    'secret_manager_*secret_version',
    'spanner_instance',
    'sql_database_instance',
    'storage_bucket_object',
  ],
  kafka: ['topic'],
  kubernetes: ['namespace', 'persistent_volume', 'persistent_volume_claim'],
  linode: ['database_mysql*', 'database_postgresql*', 'object_storage_object'],
  minio: ['s3_object'],
  mongodbatlas: ['cluster', 'advanced_cluster', 'flex_cluster', 'serverless_instance', 'project'],
  neon: ['project', 'branch'],
  oci: [
    'database_db_system',
    'mysql_mysql_db_system',
    'objectstorage_object',
    'psql_db_system',
    'kms_key',
    'streaming_stream',
    'vault_secret',
  ],
  openstack: ['db_instance', 'objectstorage_container', 'objectstorage_object', 'sharedfilesystem_share'],
  planetscale: ['branch'],
  opensearch: ['index'],
  postgresql: ['schema'],
  scaleway: ['mnq_sqs_queue', 'object', 'rdb_instance', 'redis_cluster', 'registry_namespace'],
  snowflake: ['schema', 'stage'],
  supabase: ['project'],
  vault: ['mount', 'kv_*', 'generic_secret'],
  vsphere: ['virtual_disk'],
  vultr: ['block_storage', 'database*', 'object_storage'],
  yandex: ['mdb_*_cluster', 'ydb_database*', 'kms_symmetric_key', 'lockbox_secret*'],
};

/** Is what it made gone with it? `aws_db_instance` */
export function isDataKind(kind: string): boolean {
  const name = kind.replace(/_v\d+(alpha|beta)?\d*$/, '');
  if (others.test(name)) return false;
  const [provider = '', ...rest] = name.split('_');
  const own = rest.join('_');
  if (rest.length === 0) return false;
  if (ends.some((end) => own === end || own.endsWith(`_${end}`))) return true;
  return kinds[provider]?.some((pattern) => fits(own, pattern)) === true;
}

function fits(name: string, pattern: string): boolean {
  return new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(name);
}

const losing: ReadonlySet<PlannedPart['action']> = new Set(['delete', 'replace']);

/** With a mark at those whose data would go. */
export function markData(parts: readonly PlannedPart[]): readonly PlannedPart[] {
  return parts.map((part) => (losing.has(part.action) && isDataKind(kindOf(part.name)) ? { ...part, losesData: true } : part));
}

/** `aws_subnet` of `module.net["a"].aws_subnet.main[0] (deposed 5f3a9c01)` */
function kindOf(address: string): string {
  return (
    withoutKey(address.replace(/ \(deposed .*\)$/, ''))
      .split('.')
      .at(-2) ?? ''
  );
}
