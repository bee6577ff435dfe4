// How the generic rule judges kinds of widely used operators that stand in none of the corpora, in the shapes that their documentation gives a status.
import type { JsonObject } from '@konfig/core';
import { makeJudge } from '../../src/kubernetes/health/judge';

const is = (type: string, status: string, reason = '', message = '') => ({ type, status, reason, message });

interface Told {
  readonly health: string;
  readonly status: JsonObject;
}

const ready = (status: object): Told => ({ health: 'ready', status: status as JsonObject });
const progressing = (status: object): Told => ({ health: 'progressing', status: status as JsonObject });
const degraded = (status: object): Told => ({ health: 'degraded', status: status as JsonObject });
const suspended = (status: object): Told => ({ health: 'suspended', status: status as JsonObject });
const conditions = (...list: readonly object[]) => ({ conditions: list });

/** Without our rules for operators. */
const judged = (groupKind: string, status: JsonObject) => {
  const [kind, ...group] = groupKind.split('.');
  const object = { apiVersion: `${group.join('.')}/v1`, kind: kind as string, metadata: { name: 'it', generation: 1 }, spec: {}, status };
  return makeJudge([], []).put(object)[0]?.health;
};

const kinds: readonly (readonly [string, ...(readonly (readonly [string, Told])[])])[] = [
  // What runs to its end.
  [
    'PipelineRun.tekton.dev',
    [
      'runs',
      progressing(
        conditions(is('Succeeded', 'Unknown', 'Running', 'Tasks Completed: 1 (Failed: 0, Cancelled 0), Incomplete: 2, Skipped: 0')),
      ),
    ],
    ['is done', ready(conditions(is('Succeeded', 'True', 'Completed', 'Tasks Completed: 3 (Failed: 0, Cancelled 0), Skipped: 1')))],
    ['was cancelled', degraded(conditions(is('Succeeded', 'False', 'Cancelled', 'PipelineRun "it" was cancelled')))],
    ['timed out', degraded(conditions(is('Succeeded', 'False', 'PipelineRunTimeout')))],
  ],
  [
    'TaskRun.tekton.dev',
    ['waits for its Pod', progressing(conditions(is('Succeeded', 'Unknown', 'Pending', 'Pending')))],
    ['failed', degraded(conditions(is('Succeeded', 'False', 'Failed', '"step-build" exited with code 1')))],
  ],
  [
    'BuildRun.shipwright.io',
    ['runs', progressing(conditions(is('Succeeded', 'Unknown', 'Running', 'Not all Steps in the Task have finished executing')))],
    ['failed', degraded(conditions(is('Succeeded', 'False', 'BuildRunTimeout')))],
  ],
  [
    'PyTorchJob.kubeflow.org',
    ['runs', progressing(conditions(is('Created', 'True', 'PyTorchJobCreated'), is('Running', 'True', 'PyTorchJobRunning')))],
    [
      'is done',
      ready(
        conditions(
          is('Created', 'True', 'PyTorchJobCreated'),
          is('Running', 'False', 'PyTorchJobRunning'),
          is('Succeeded', 'True', 'PyTorchJobSucceeded'),
        ),
      ),
    ],
    ['failed', degraded(conditions(is('Created', 'True', 'PyTorchJobCreated'), is('Failed', 'True', 'PyTorchJobFailed')))],
    ['is suspended', suspended(conditions(is('Created', 'True', 'PyTorchJobCreated'), is('Suspended', 'True', 'PyTorchJobSuspended')))],
  ],
  [
    'Experiment.kubeflow.org',
    ['runs', progressing(conditions(is('Created', 'True', 'ExperimentCreated'), is('Running', 'True', 'ExperimentRunning')))],
    ['is done', ready(conditions(is('Created', 'True'), is('Running', 'False'), is('Succeeded', 'True', 'ExperimentGoalReached')))],
  ],
  [
    'Job.batch.volcano.sh',
    ['runs', progressing({ state: { phase: 'Running' }, running: 2, minAvailable: 2 })],
    ['is done', ready({ state: { phase: 'Completed' }, succeeded: 2 })],
    ['was aborted', degraded({ state: { phase: 'Aborted' } })],
  ],
  [
    'JobSet.jobset.x-k8s.io',
    [
      'runs',
      progressing({ restarts: 0, replicatedJobsStatus: [{ name: 'w', active: 2, ready: 2, failed: 0, succeeded: 0, suspended: 0 }] }),
    ],
    ['is done', ready({ terminalState: 'Completed', ...conditions(is('Completed', 'True', 'AllJobsCompleted')) })],
    ['failed', degraded({ terminalState: 'Failed', ...conditions(is('Failed', 'True', 'FailedJobs')) })],
  ],
  [
    'RayJob.ray.io',
    ['runs', progressing({ jobStatus: 'RUNNING', jobDeploymentStatus: 'Running' })],
    ['is done', ready({ jobStatus: 'SUCCEEDED', jobDeploymentStatus: 'Complete' })],
    ['failed', degraded({ jobStatus: 'FAILED', jobDeploymentStatus: 'Failed', reason: 'AppFailed' })],
  ],
  [
    'Backup.velero.io',
    ['is new', progressing({ phase: 'New' })],
    ['runs', progressing({ phase: 'InProgress', progress: { itemsBackedUp: 3, totalItems: 9 } })],
    ['waits for plugins', progressing({ phase: 'WaitingForPluginOperations' })],
    ['is done', ready({ phase: 'Completed', warnings: 1 })],
    ['failed in part', degraded({ phase: 'PartiallyFailed', errors: 2 })],
    ['is not valid', degraded({ phase: 'FailedValidation', validationErrors: ['an existing backup storage location was not specified'] })],
  ],
  [
    'DataUpload.velero.io',
    ['is taken on', progressing({ phase: 'Accepted' })],
    ['is prepared', progressing({ phase: 'Prepared' })],
    ['was cancelled', degraded({ phase: 'Canceled' })],
  ],
  ['Restore.velero.io', ['runs', progressing({ phase: 'InProgress' })], ['is done', ready({ phase: 'Completed' })]],
  ['Schedule.velero.io', ['is enabled', ready({ phase: 'Enabled' })], ['is new', progressing({ phase: 'New' })]],
  [
    'TestRun.k6.io',
    ['runs', progressing({ stage: 'started' })],
    ['is done', ready({ stage: 'finished' })],
    ['failed', degraded({ stage: 'error' })],
  ],
  [
    'Build.build.openshift.io',
    ['is new', progressing({ phase: 'New' })],
    ['is done', ready({ phase: 'Complete' })],
    ['was cancelled', degraded({ phase: 'Cancelled', reason: 'CancelledBuild' })],
  ],
  [
    'Workflow.tinkerbell.org',
    ['runs', progressing({ state: 'STATE_RUNNING' })],
    ['timed out', degraded({ state: 'STATE_TIMEOUT' })],
    ['is done', ready({ state: 'STATE_SUCCESS' })],
  ],
  [
    'Workload.kueue.x-k8s.io',
    ['waits for its quota', progressing(conditions(is('QuotaReserved', 'False', 'Pending', "couldn't assign flavors to pod set main")))],
    ['is admitted', ready(conditions(is('QuotaReserved', 'True', 'QuotaReserved'), is('Admitted', 'True', 'Admitted')))],
    ['has its quota only', progressing(conditions(is('QuotaReserved', 'True', 'QuotaReserved'), is('Admitted', 'False', 'NoReservation')))],
  ],
  // Disks and their copies.
  [
    'VolumeSnapshot.snapshot.storage.k8s.io',
    ['is being taken', progressing({ boundVolumeSnapshotContentName: 'snapcontent-1', readyToUse: false })],
    ['may be used', ready({ boundVolumeSnapshotContentName: 'snapcontent-1', readyToUse: true, restoreSize: '1Gi' })],
    ['failed', degraded({ readyToUse: false, error: { time: '2026-01-01T00:00:00Z', message: 'no such volume' } })],
  ],
  [
    'Volume.longhorn.io',
    ['is being attached', progressing({ state: 'attaching', robustness: 'unknown' })],
    [
      'serves',
      ready({
        state: 'attached',
        robustness: 'healthy',
        ...conditions(is('Scheduled', 'True'), is('Restore', 'False'), is('TooManySnapshots', 'False'), is('WaitForBackingImage', 'False')),
      }),
    ],
    ['is lost', degraded({ state: 'detached', robustness: 'faulted', ...conditions(is('Scheduled', 'True')) })],
    ['finds no room', degraded({ state: 'creating', ...conditions(is('Scheduled', 'False', 'ReplicaSchedulingFailure')) })],
  ],
  [
    'CephBlockPool.ceph.rook.io',
    ['is made', progressing({ phase: 'Progressing' })],
    ['is there', ready({ phase: 'Ready', observedGeneration: 1 })],
    ['failed', degraded({ phase: 'Failure' })],
  ],
  [
    'LVMVolume.local.openebs.io',
    ['is pending', progressing({ state: 'Pending' })],
    ['is there', ready({ state: 'Ready' })],
    ['failed', degraded({ state: 'Failed', error: { code: 'InsufficientCapacity', message: 'no space left' } })],
  ],
  ['CStorPoolInstance.cstor.openebs.io', ['serves', ready({ phase: 'ONLINE' })], ['is away', degraded({ phase: 'OFFLINE' })]],
  [
    'DataVolume.cdi.kubevirt.io',
    ['waits for its first consumer', progressing({ phase: 'WaitForFirstConsumer' })],
    [
      'imports',
      progressing({
        phase: 'ImportInProgress',
        progress: '12.5%',
        ...conditions(is('Bound', 'True', 'Bound'), is('Ready', 'False', 'TransferRunning'), is('Running', 'True', 'Pod is running')),
      }),
    ],
    [
      'is there',
      ready({
        phase: 'Succeeded',
        progress: '100.0%',
        ...conditions(is('Bound', 'True', 'Bound'), is('Ready', 'True'), is('Running', 'False', 'Completed', 'Import Complete')),
      }),
    ],
  ],
  // Nets.
  ['IPAddressPool.metallb.io', ['counts its addresses', ready({ assignedIPv4: 0, assignedIPv6: 0, availableIPv4: 10, availableIPv6: 0 })]],
  [
    'CiliumLoadBalancerIPPool.cilium.io',
    [
      'counts in conditions that are never known',
      ready(
        conditions(
          is('cilium.io/PoolConflict', 'False', 'resolved'),
          is('cilium.io/IPsTotal', 'Unknown', 'noop', '254'),
          is('cilium.io/IPsAvailable', 'Unknown', 'noop', '254'),
          is('cilium.io/IPsUsed', 'Unknown', 'noop', '0'),
        ),
      ),
    ],
    [
      'overlaps another',
      degraded(conditions(is('cilium.io/PoolConflict', 'True', 'cidr_overlap'), is('cilium.io/IPsTotal', 'Unknown', 'noop'))),
    ],
  ],
  [
    'CiliumEndpoint.cilium.io',
    ['waits', progressing({ state: 'waiting-for-identity' })],
    ['serves', ready({ state: 'ready' })],
    ['is not valid', degraded({ state: 'invalid' })],
  ],
  [
    'TigeraStatus.operator.tigera.io',
    ['serves', ready(conditions(is('Available', 'True'), is('Progressing', 'False'), is('Degraded', 'False')))],
    ['rolls out', progressing(conditions(is('Available', 'True'), is('Progressing', 'True'), is('Degraded', 'False')))],
    ['has trouble', degraded(conditions(is('Available', 'False'), is('Progressing', 'False'), is('Degraded', 'True')))],
  ],
  [
    'ServiceExport.multicluster.x-k8s.io',
    ['is exported', ready(conditions(is('Valid', 'True', 'Valid'), is('Conflict', 'False', 'NoConflicts')))],
    ['is in conflict', degraded(conditions(is('Valid', 'True'), is('Conflict', 'True', 'PortConflict')))],
  ],
  // Data bases and queues.
  [
    'MongoDBCommunity.mongodbcommunity.mongodb.com',
    ['is pending', progressing({ phase: 'Pending', currentMongoDBMembers: 0 })],
    ['serves', ready({ phase: 'Running', currentMongoDBMembers: 3 })],
    ['failed', degraded({ phase: 'Failed', message: 'version downgrade is not allowed' })],
  ],
  [
    'InnoDBCluster.mysql.oracle.com',
    ['starts', progressing({ cluster: { status: 'INITIALIZING', onlineInstances: 0 } })],
    ['serves', ready({ cluster: { status: 'ONLINE', onlineInstances: 3 } })],
    ['is away', degraded({ cluster: { status: 'OFFLINE', onlineInstances: 0 } })],
  ],
  [
    'RedisCluster.redis.redis.opstreelabs.in',
    ['starts', progressing({ state: 'Bootstrap', readyLeaderReplicas: 0 })],
    ['serves', ready({ state: 'Ready', readyLeaderReplicas: 3, readyFollowerReplicas: 3 })],
  ],
  [
    'ArangoDeployment.database.arangodb.com',
    ['serves', ready({ phase: 'Running', ...conditions(is('Ready', 'True'), is('UpToDate', 'True')) })],
    ['is not there yet', progressing({ phase: 'Running', ...conditions(is('Ready', 'False'), is('UpToDate', 'False')) })],
  ],
  [
    'ClickHouseInstallation.clickhouse.altinity.com',
    ['is worked at', progressing({ status: 'InProgress', hosts: 2 })],
    ['serves', ready({ status: 'Completed', hosts: 2, error: '' })],
    ['gave up', degraded({ status: 'Aborted' })],
  ],
  [
    'SolrCloud.solr.apache.org',
    ['starts', progressing({ replicas: 3, readyReplicas: 1 })],
    ['serves', ready({ replicas: 3, readyReplicas: 3 })],
  ],
  [
    'ZookeeperCluster.zookeeper.pravega.io',
    [
      'starts',
      progressing({
        replicas: 3,
        readyReplicas: 1,
        ...conditions(is('PodsReady', 'False'), is('Upgrading', 'False'), is('Error', 'False')),
      }),
    ],
    [
      'serves',
      ready({ replicas: 3, readyReplicas: 3, ...conditions(is('PodsReady', 'True'), is('Upgrading', 'False'), is('Error', 'False')) }),
    ],
  ],
  [
    'CassandraDatacenter.cassandra.datastax.com',
    [
      'serves',
      ready({
        cassandraOperatorProgress: 'Ready',
        ...conditions(
          is('Ready', 'True'),
          is('Healthy', 'True'),
          is('Stopped', 'False'),
          is('Updating', 'False'),
          is('ReplacingNodes', 'False'),
        ),
      }),
    ],
    ['is stopped', suspended({ cassandraOperatorProgress: 'Ready', ...conditions(is('Ready', 'False'), is('Stopped', 'True')) })],
  ],
  // Machines and clusters.
  [
    'AWSMachine.infrastructure.cluster.x-k8s.io',
    [
      'waits for its start script',
      progressing({ ready: false, ...conditions({ ...is('Ready', 'False', 'WaitingForBootstrapData'), severity: 'Info' }) }),
    ],
    ['serves', ready({ ready: true, instanceState: 'running', ...conditions(is('Ready', 'True'), is('InstanceReady', 'True')) })],
    ['failed', degraded({ ready: false, failureReason: 'CreateError', failureMessage: 'failed to run instance: quota' })],
    ['has a grave condition', degraded(conditions({ ...is('Ready', 'False', 'InstanceNotReady'), severity: 'Error' }))],
  ],
  [
    'DockerMachine.infrastructure.cluster.x-k8s.io',
    [
      'is being made',
      progressing({
        ready: false,
        ...conditions(is('ContainerProvisioned', 'True'), is('BootstrapExecSucceeded', 'False', 'BootstrapExec')),
      }),
    ],
    ['serves', ready({ ready: true, ...conditions(is('ContainerProvisioned', 'True'), is('BootstrapExecSucceeded', 'True')) })],
  ],
  [
    'BareMetalHost.metal3.io',
    [
      'is inspected',
      progressing({ operationalStatus: 'OK', errorMessage: '', errorCount: 0, provisioning: { state: 'inspecting', ID: 'x' } }),
    ],
    ['is at hand', ready({ operationalStatus: 'OK', errorMessage: '', errorCount: 0, provisioning: { state: 'available', ID: 'x' } })],
    [
      'has trouble',
      degraded({
        operationalStatus: 'error',
        errorType: 'registration error',
        errorMessage: 'Failed to get power state',
        provisioning: { state: 'registering' },
      }),
    ],
  ],
  [
    'ManagedCluster.cluster.open-cluster-management.io',
    [
      'has joined',
      ready(
        conditions(
          is('HubAcceptedManagedCluster', 'True', 'HubClusterAdminAccepted'),
          is('ManagedClusterJoined', 'True', 'ManagedClusterJoined'),
          is('ManagedClusterConditionAvailable', 'True', 'ManagedClusterAvailable'),
        ),
      ),
    ],
    [
      'is not heard of any more',
      progressing(
        conditions(
          is('HubAcceptedManagedCluster', 'True', 'HubClusterAdminAccepted'),
          is('ManagedClusterConditionAvailable', 'Unknown', 'ManagedClusterLeaseUpdateStopped'),
        ),
      ),
    ],
  ],
  [
    'ClusterOperator.config.openshift.io',
    [
      'serves, and may not be upgraded',
      ready(
        conditions(
          is('Available', 'True'),
          is('Progressing', 'False'),
          is('Degraded', 'False'),
          is('Upgradeable', 'False', 'IncompatibleOperatorsInstalled'),
        ),
      ),
    ],
  ],
  [
    'MachineConfigPool.machineconfiguration.openshift.io',
    [
      'rolls out',
      progressing(conditions(is('Updated', 'False'), is('Updating', 'True', '', 'All nodes are updating'), is('Degraded', 'False'))),
    ],
    [
      'serves',
      ready(conditions(is('Updated', 'True'), is('Updating', 'False'), is('NodeDegraded', 'False'), is('RenderDegraded', 'False'))),
    ],
  ],
  [
    'ClusterPolicy.nvidia.com',
    ['is not ready', progressing({ state: 'notReady' })],
    ['serves', ready({ state: 'ready', namespace: 'gpu' })],
  ],
  // What runs for good.
  [
    'RayCluster.ray.io',
    ['serves', ready({ state: 'ready', desiredWorkerReplicas: 1, availableWorkerReplicas: 1 })],
    ['failed', degraded({ state: 'failed', reason: 'quota exceeded' })],
    ['rests', suspended({ state: 'suspended' })],
  ],
  ['Jaeger.jaegertracing.io', ['is pending', progressing({ phase: 'Pending' })], ['serves', ready({ phase: 'Running', version: '1.60' })]],
  [
    'TempoStack.tempo.grafana.com',
    ['serves', ready(conditions(is('Pending', 'False', 'Pending'), is('Ready', 'True', 'Ready', 'All components are operational')))],
    ['is pending', progressing(conditions(is('Pending', 'True', 'PendingComponents'), is('Ready', 'False', 'Ready')))],
    ['is not configured right', degraded(conditions(is('ConfigurationError', 'True', 'MissingStorageSecret')))],
  ],
  [
    'LeaderWorkerSet.leaderworkerset.x-k8s.io',
    [
      'serves',
      ready({
        replicas: 2,
        readyReplicas: 2,
        ...conditions(is('Available', 'True', 'AllGroupsReady'), is('Progressing', 'False', 'GroupsProgressing')),
      }),
    ],
    [
      'starts',
      progressing({
        replicas: 2,
        readyReplicas: 0,
        ...conditions(is('Available', 'False', 'AllGroupsReady'), is('Progressing', 'True', 'GroupsProgressing')),
      }),
    ],
  ],
  [
    'Sensor.argoproj.io',
    ['serves', ready(conditions(is('DependenciesProvided', 'True'), is('TriggersProvided', 'True'), is('Deployed', 'True')))],
    ['is not deployed yet', progressing(conditions(is('DependenciesProvided', 'True'), is('Deployed', 'False')))],
  ],
  [
    'PodGroup.scheduling.volcano.sh',
    ['is in the queue', progressing({ phase: 'Inqueue' })],
    ['runs', ready({ phase: 'Running', running: 2 })],
  ],
  [
    'VerticalPodAutoscaler.autoscaling.k8s.io',
    ['advises', ready(conditions(is('RecommendationProvided', 'True')))],
    ['has nothing to advise yet', ready(conditions(is('RecommendationProvided', 'False'), is('NoPodsMatched', 'True', 'NoPodsMatched')))],
  ],
  [
    'ScaledJob.keda.sh',
    [
      'waits for work',
      ready(conditions(is('Ready', 'True', 'ScaledJobReady'), is('Active', 'False', 'ScalerNotActive'), is('Paused', 'Unknown'))),
    ],
  ],
  // Things outside of the cluster, secrets and policies.
  [
    'VirtualNetwork.network.azure.com',
    ['is being made', progressing(conditions({ ...is('Ready', 'False', 'Reconciling'), severity: 'Info' }))],
    ['is refused', degraded(conditions({ ...is('Ready', 'False', 'LocationNotAvailableForResourceType'), severity: 'Error' }))],
    ['is there', ready(conditions(is('Ready', 'True', 'Succeeded')))],
  ],
  [
    'VaultAuth.secrets.hashicorp.com',
    ['is valid', ready({ valid: true, error: '' })],
    ['is not valid', degraded({ valid: false, error: 'no such mount' })],
  ],
  [
    'SealedSecret.bitnami.com',
    ['is unsealed', ready({ observedGeneration: 1, ...conditions(is('Synced', 'True')) })],
    [
      'cannot be unsealed',
      degraded({ observedGeneration: 1, ...conditions(is('Synced', 'False', '', 'no key could decrypt secret (password)')) }),
    ],
  ],
  ['ClusterPolicy.kyverno.io', ['is there', ready({ ready: true, ...conditions(is('Ready', 'True', 'Succeeded', 'Ready')) })]],
  [
    'ProviderRevision.pkg.crossplane.io',
    ['serves', ready(conditions(is('Healthy', 'True', 'HealthyPackageRevision')))],
    ['does not start', degraded(conditions(is('Healthy', 'False', 'UnhealthyPackageRevision', 'cannot apply package: denied')))],
  ],
  [
    'Workspace.app.terraform.io',
    ['applies', progressing({ workspaceID: 'ws-1', runStatus: 'applying' })],
    ['is applied', ready({ workspaceID: 'ws-1', runStatus: 'applied' })],
    ['failed', degraded({ workspaceID: 'ws-1', runStatus: 'errored' })],
  ],
  ['VirtualCluster.management.loft.sh', ['was asleep before', ready({ phase: 'Ready', previousPhase: 'Failed', desiredState: 'Running' })]],
];

describe.each(kinds.map(([groupKind, ...cases]) => ({ groupKind, cases })))('$groupKind', ({ groupKind, cases }) => {
  test.each(cases.map(([what, told]) => ({ what, ...told })))('$what: $health', ({ status, health }) => {
    expect(judged(groupKind, status)).toBe(health);
  });
});
