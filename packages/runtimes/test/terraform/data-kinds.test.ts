// Which kinds hold data, and what a plan says of their parts.
import { isDataKind, markData } from '../../src/terraform/data-kinds';

test.each([
  ['aws_db_instance', 'aws_rds_cluster', 'aws_dynamodb_table', 'aws_s3_bucket', 'aws_s3_object', 'aws_ebs_volume', 'aws_efs_file_system'],
  ['aws_fsx_lustre_file_system', 'aws_sqs_queue', 'aws_kinesis_stream', 'aws_elasticache_replication_group', 'aws_kms_key'],
  ['google_sql_database_instance', 'google_sql_database', 'google_storage_bucket', 'google_bigquery_dataset', 'google_compute_region_disk'],
  ['google_pubsub_topic', 'google_filestore_instance', 'google_kms_crypto_key', 'google_secret_manager_secret'],
  ['azurerm_postgresql_flexible_server', 'azurerm_mssql_database', 'azurerm_storage_account', 'azurerm_managed_disk', 'azurerm_key_vault'],
  ['azurerm_cosmosdb_sql_container', 'azurerm_servicebus_queue', 'azurerm_storage_share'],
  [
    'postgresql_database',
    'mysql_database',
    'mongodbatlas_cluster',
    'digitalocean_database_cluster',
    'digitalocean_volume',
    'hcloud_volume',
  ],
  ['openstack_blockstorage_volume_v3', 'openstack_db_instance_v1', 'kubernetes_persistent_volume_claim_v1', 'cloudflare_r2_bucket'],
  ['kafka_topic', 'docker_volume', 'oci_core_volume', 'scaleway_rdb_instance', 'snowflake_table', 'vault_kv_secret_v2'],
])('%s and the like hold data', (...held) => {
  expect(held.filter((kind) => !isDataKind(kind))).toEqual([]);
});

test('what serves, leads and names does not', () => {
  const free = [
    'aws_instance',
    'aws_route_table',
    'aws_s3_bucket_policy',
    'aws_batch_job_queue',
    'aws_secretsmanager_secret_policy',
    'aws_sns_topic',
    'azurerm_key_vault_access_policy',
    'azurerm_route_table',
    'google_compute_instance',
    'google_pubsub_schema',
    'postgresql_role',
    'random_pet',
    'random_password',
    'terraform_data',
    'null_resource',
    'database',
  ];
  expect(free.filter(isDataKind)).toEqual([]);
});

test('a part is marked where it would lose its data, by the kind in its address', () => {
  const part = (name: string, action: 'delete' | 'replace' | 'update') => ({ name, action, changes: [] });
  const parts = markData([
    part('postgresql_database.a', 'delete'),
    part('module.x["a.b"].aws_db_instance.main[0]', 'replace'),
    part('aws_ebs_volume.disk["x.y"] (deposed 5f3a9c01)', 'delete'),
    part('postgresql_database.b', 'update'),
    part('postgresql_role.c', 'delete'),
  ]);
  expect(parts.map(({ losesData = false }) => losesData)).toEqual([true, true, true, false, false]);
});
