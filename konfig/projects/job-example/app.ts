// A task: computes π five times, and runs again when what it does has changed.
import { AppConfig, Job, KubernetesObject, type Stack, volume } from '@konfig/sdk';

export interface PiProps {
  /** Digits to compute. */
  readonly digits: number;
  readonly logLevel: 'DEBUG' | 'INFO';
  /** The cluster's name, for the labels by which the company finds its pods. */
  readonly cluster: string;
}

export class Pi extends AppConfig {
  constructor(stack: Stack, { digits, logLevel, cluster }: PiProps) {
    // The image starts as root.
    super(stack, 'job-example', { defaults: { podSecurity: false } });
    const instance = `${stack.project}-${stack.stackName}`;
    const labels = {
      'app.kubernetes.io/env': stack.stackName,
      'app.kubernetes.io/instance': instance,
      'app.kubernetes.io/name': stack.project,
      'cluster.x-k8s.io/cluster-name': cluster,
      foo: 'bar',
    };
    const config = new KubernetesObject(this, 'config', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'job-log-config' },
      data: { log_level: logLevel },
    });
    new Job(this, 'job', {
      name: instance,
      containers: {
        pi: {
          image: 'perl',
          command: ['perl', '-Mbignum=bpi', '-wle', `print bpi(${digits})`],
          // A folder of files, not single ones: Kubernetes keeps it up to date while the pod runs.
          mounts: {
            '/etc/config': volume.raw('config-vol', { configMap: { name: config.name, items: [{ key: 'log_level', path: 'log_level' }] } }),
          },
        },
      },
      completions: 5,
      parallelism: 1,
      backoffLimit: 5,
      deadline: '100s',
      ttlAfterFinished: '100s',
      runWhen: 'changed',
      podLabels: labels,
      serviceAccount: { name: 'job-example-sa' },
      override: { spec: { completionMode: 'NonIndexed', manualSelector: true, selector: { matchLabels: labels } } },
    });
  }
}
