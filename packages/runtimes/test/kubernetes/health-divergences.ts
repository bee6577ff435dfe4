// Where we judge an object of the corpora otherwise than whoever made them, and why. docs/health.md prints this table.

export interface Divergence {
  /** Below the corpus's folder. */
  readonly file: string;
  readonly ours: string;
  readonly why: string;
}

export const divergences: { readonly [corpus: string]: readonly Divergence[] } = {
  'cli-utils-kstatus': [
    {
      file: 'PodStatus/podCompletedFailed.yaml',
      ours: 'degraded',
      why: 'a failed Pod did not do its work; kstatus only asks whether anything still moves',
    },
    {
      file: 'PodStatus/podBeingScheduled.yaml',
      ours: 'degraded',
      why: 'kstatus waits 15 s by the clock; a rule of ours has no clock, its finding has a grace',
    },
    { file: 'ReplicasetStatus/rsReplicaFailure.yaml', ours: 'degraded', why: 'quota or admission refuses its Pods; waiting does not help' },
    { file: 'JobStatus/jobInProgress.yaml', ours: 'progressing', why: 'who waits for a Job waits for its end, not for its start' },
    {
      file: 'CRDGenericStatus/crdNoCondition.yaml',
      ours: 'progressing',
      why: 'its only condition is False: that it is there nobody has said; kstatus knows Ready alone',
    },
    { file: 'ServiceStatus/serviceLBok.yaml', ours: 'progressing', why: 'a clusterIP is no address of a load balancer' },
  ],
  'gitops-engine-health': [
    {
      file: 'ingress-unassigned.yaml',
      ours: 'ready',
      why: 'many ingress controllers never write an address: waiting for one would wait for ever',
    },
    {
      file: 'hpa-v1-progressing-with-no-annotations.yaml',
      ours: 'ready',
      why: 'its controller comes by every 15 s, and its target does not wait for it',
    },
    {
      file: 'pod-error.yaml',
      ours: 'progressing',
      why: 'two crashes may mend (a database that starts later); the third makes it degraded',
    },
    {
      file: 'pod-running-restart-never.yaml',
      ours: 'ready',
      why: 'a Pod that is Ready serves; that it may end some day is a matter for Jobs',
    },
    { file: 'pod-running-restart-never-hook-with-ignore-annotation.yaml', ours: 'ready', why: 'hooks of Argo CD mean nothing to us' },
    { file: 'pod-running-restart-onfailure.yaml', ours: 'degraded', why: 'four crashes are no progress, whatever the restart policy' },
  ],
  'argocd-resource-customizations': [
    {
      file: 'apiextensions.k8s.io/CustomResourceDefinition/testdata/crd-v1-non-structual-degraded.yaml',
      ours: 'ready',
      why: 'it is established, and its resources can be made',
    },
    {
      file: 'apiextensions.k8s.io/CustomResourceDefinition/testdata/crd-v1-not-established-degraded.yaml',
      ours: 'progressing',
      why: 'its names are accepted; that it is established follows',
    },
    { file: 'kafka.strimzi.io/KafkaBridge/testdata/degraded.yaml', ours: 'progressing', why: 'it is being deleted' },
    { file: 'kafka.strimzi.io/KafkaBridge/testdata/healthy.yaml', ours: 'progressing', why: 'it is being deleted' },
    {
      file: 'operator.knative.dev/KnativeServing/testdata/degraded.yaml',
      ours: 'progressing',
      why: 'a Ready that is neither True nor False is not known yet',
    },
    {
      file: 'apps.kruise.io/AdvancedCronJob/testdata/notScheduled.yaml',
      ours: 'ready',
      why: 'a schedule whose first time has not come is as it should be: so is a CronJob, and the time may be weeks away',
    },
    {
      file: 'apps.kruise.io/DaemonSet/testdata/no-update-strategy-partition.yaml',
      ours: 'ready',
      why: 'no node is meant (desiredNumberScheduled is 0, of the generation that is seen): nothing is left to roll out',
    },
    {
      file: 'rollouts.kruise.io/Rollout/testdata/degraded.yaml',
      ours: 'suspended',
      why: 'its phase is Disabled, as spec.disabled has it: somebody wished that it rests, and nothing is broken',
    },
    {
      file: 'cluster.x-k8s.io/MachinePool/testdata/scaling_provisioned.yaml',
      ours: 'progressing',
      why: 'it scales and says so: 2 of 3 machines are available; it is ready when the third is',
    },
  ],
  'helm4-statuswait': [
    {
      file: 'TestStatusWait: Job is ready but not complete',
      ours: 'progressing',
      why: 'who waits for a Job waits for its end: as with its --wait-for-jobs',
    },
  ],
  'kubedog-status-rules': [
    {
      file: 'ExternalSecret.external-secrets.io False',
      ours: 'progressing',
      why: 'that it is not ready is no error; the reason beside it, at which kubedog does not look, may tell of one',
    },
    { file: 'Application.argoproj.io Suspended', ours: 'suspended', why: 'it rests because it was wished so, and nobody waits for it' },
  ],
};
