// What can be in the way of a resource, each with a program that runs into it.
import { askUntil } from './ask-until';
import type { KubernetesObject, ScenarioCluster } from './cluster';
import { service } from './programs';
import type { ShopOptions } from './scene';

export interface Entry {
  /** Its heading in docs/findings.md. */
  readonly title: string;
  /** What its screen has to name. */
  readonly code: string;
  /** Of the project and its namespace. */
  readonly name: string;
  /** The last line that its containers write, where they crash. */
  readonly log?: string;
  /** Of its AppConfig. */
  readonly lines: readonly string[];
  readonly options?: ShopOptions;
  /** It fails nothing: it is told, and the apply goes well. */
  readonly isOnlyTold?: true;
  /** What is done to the cluster before. */
  readonly before?: (cluster: ScenarioCluster) => Promise<void>;
  /** What somebody does in the cluster while the program is applied. */
  readonly during?: (cluster: ScenarioCluster) => Promise<void>;
  /** What is done to the cluster when the program was applied well; it is destroyed then. */
  readonly after?: (cluster: ScenarioCluster) => Promise<void>;
}

/** A failure of the embedded cluster that Pods ask for. */
const simulate = (what: Readonly<Record<string, string>>) => ({
  pods: Object.fromEntries(Object.entries(what).map(([name, value]) => [`simulate.konfig.dev/${name}`, value])),
});

/** What a kubelet would find out by itself, as the embedded cluster does, and has to be told to who only plays one on the real control plane. */
const asKubelet = (what: 'waits' | 'mount-fails', words: string) => simulate({ [what]: words });

/** How long one resource may take, and what is tolerated for how long, where the scenarios' own graces are too long for a test. */
const patience = (resourceTimeout: string, graces = ''): ShopOptions => ({
  operations: `resourceTimeout: '${resourceTimeout}', noProgressTimeout: '${resourceTimeout}', ${graces && `graces: { ${graces} },`}`,
});

/** An object that is written out. */
const object = (id: string, manifest: string) => `new KubernetesObject(this, '${id}', ${manifest});`;

interface DeploymentText {
  /** Further fields, each with a comma behind it. */
  readonly spec?: string;
  readonly pod?: string;
  readonly container?: string;
  /** Of its Pods. */
  readonly annotations?: string;
}

/** A Deployment of one container. */
function deployment(id: string, { spec = '', pod = '', container = '', annotations = '{}' }: DeploymentText = {}): string {
  const containers = `containers: [{ name: '${id}', image: 'registry.example/${id}:1.0.0', ${container} }]`;
  const template = `{ metadata: { labels: { app: '${id}' }, annotations: ${annotations} }, spec: { ${pod}${containers} } }`;
  const whole = `{ ${spec}selector: { matchLabels: { app: '${id}' } }, template: ${template} }`;
  return object(id, `{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: '${id}' }, spec: ${whole} }`);
}

const written = (more: ShopOptions = {}): ShopOptions => ({ imports: 'KubernetesObject', ...more });
const namespaceOf = (name: string) => `/api/v1/namespaces/${name}`;

/** By an Event on the first Pod that has no node. */
async function autoscalerSays(cluster: ScenarioCluster, namespace: string, reason: string, message: string): Promise<void> {
  const path = `${namespaceOf(namespace)}/pods`;
  await askUntil(
    cluster.server,
    { method: 'GET', path },
    { wish: 'a Pod without a node', holds: ({ body }) => body.includes('"Unschedulable"') },
  );
  const [{ metadata }] = (await cluster.list(path)) as [KubernetesObject];
  await cluster.create(`${namespaceOf(namespace)}/events`, {
    metadata: { name: 'autoscaler' },
    type: 'Normal',
    reason,
    message,
    reportingComponent: 'cluster-autoscaler',
    involvedObject: { apiVersion: 'v1', kind: 'Pod', namespace, name: metadata.name, uid: metadata.uid },
  });
}

export const catalogue: readonly Entry[] = [
  {
    title: 'A wrong image name',
    code: 'InvalidImageName',
    name: 'name',
    lines: [
      service('web', {
        image: 'registry.example/Web:1.0.0',
        ...asKubelet(
          'waits',
          'InvalidImageName: Failed to apply default image tag "registry.example/Web:1.0.0": couldn\'t parse image name "registry.example/Web:1.0.0": invalid reference format: repository name (Web) must be lowercase',
        ),
      }),
    ],
  },
  {
    title: 'An image that cannot be pulled',
    code: 'ImagePullBackOff',
    name: 'image',
    lines: [service('web', { image: 'registry.example/web:does-not-exist' })],
  },
  {
    title: 'A container that crashes',
    code: 'CrashLoopBackOff',
    name: 'crash',
    log: 'panic: no database',
    lines: [service('web', simulate({ crash: '3', log: 'panic: no database' }))],
  },
  {
    title: 'A container that crashes over one of its variables',
    code: 'see data.db of ConfigMap/settings',
    name: 'variable',
    log: 'panic: lookup db.internal: no such host',
    lines: [
      object('settings', "{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' }, data: { db: 'db.internal' } }"),
      deployment('web', {
        container: "env: [{ name: 'DB_HOST', valueFrom: { configMapKeyRef: { name: 'settings', key: 'db' } } }] ",
        annotations: "{ 'simulate.konfig.dev/crash': '1', 'simulate.konfig.dev/log': 'panic: lookup db.internal: no such host' }",
      }),
    ],
    options: written(),
  },
  {
    title: 'A container that runs out of memory',
    code: 'OOMKilled',
    name: 'memory',
    log: '',
    lines: [service('web', simulate({ crash: '137' }))],
  },
  {
    title: 'A key that a ConfigMap does not have',
    code: "couldn't find key port",
    name: 'key',
    lines: [
      object('settings', "{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' }, data: { host: 'db' } }"),
      deployment('web', {
        container: "env: [{ name: 'PORT', valueFrom: { configMapKeyRef: { name: 'settings', key: 'port' } } }] ",
        annotations: JSON.stringify(
          asKubelet('waits', "CreateContainerConfigError: couldn't find key port in ConfigMap key/settings").pods,
        ),
      }),
    ],
    options: written(patience('60s', "CreateContainerConfigError: '1s'")),
  },
  {
    title: 'A volume that cannot be mounted',
    code: 'FailedMount',
    name: 'mount',
    lines: [
      deployment('web', {
        pod: "volumes: [{ name: 'certs', secret: { secretName: 'certs' } }], ",
        annotations: JSON.stringify(
          asKubelet('mount-fails', 'MountVolume.SetUp failed for volume "certs" : secret "certs" not found').pods,
        ),
      }),
    ],
    options: written(patience('60s', "FailedMount: '1s'")),
  },
  {
    title: 'A readiness probe that fails',
    code: 'Unhealthy',
    name: 'probe',
    lines: [service('web', simulate({ unready: 'true' }))],
    options: patience('3s'),
  },
  {
    title: 'A liveness probe that fails',
    code: 'Liveness probe failed',
    name: 'liveness',
    log: '',
    lines: [service('web', simulate({ crash: '143', 'liveness-fails': 'true' }))],
  },
  {
    title: 'An init container that does not end',
    code: 'PodInitializing',
    name: 'init',
    lines: [
      service('web', { ...simulate({ 'init-hangs': 'true' }), more: "initContainers: { wait: { image: 'registry.example/wait:1.0.0' } }" }),
    ],
    options: patience('3s'),
  },
  {
    title: 'A quota that is used up',
    code: 'exceeded quota',
    name: 'quota',
    before: async (cluster) => {
      await cluster.create('/api/v1/namespaces', { metadata: { name: 'quota' } });
      await cluster.create(`${namespaceOf('quota')}/resourcequotas`, { metadata: { name: 'pods' }, spec: { hard: { pods: '0' } } });
    },
    lines: [service('web')],
    options: patience('60s', "FailedCreate: '1s'"),
  },
  {
    title: 'A Pod that admission refuses',
    code: 'maximum cpu usage per Container',
    name: 'admission',
    before: async (cluster) => {
      await cluster.create('/api/v1/namespaces', { metadata: { name: 'admission' } });
      await cluster.create(`${namespaceOf('admission')}/limitranges`, {
        metadata: { name: 'small' },
        spec: { limits: [{ type: 'Container', max: { cpu: '1' } }] },
      });
    },
    lines: [deployment('web', { container: "resources: { limits: { cpu: '4' } } " })],
    options: written(patience('60s', "FailedCreate: '1s'")),
  },
  {
    title: 'A Pod for which there is no node',
    code: 'Unschedulable',
    name: 'node',
    lines: [deployment('web', { pod: "nodeSelector: { gpu: 'yes' }, " })],
    options: written(patience('60s', "Unschedulable: '1s'")),
  },
  {
    title: 'A Pod for which an autoscaler makes room, but not in time',
    code: '(autoscaler:',
    name: 'room',
    lines: [deployment('web', { pod: "nodeSelector: { gpu: 'yes' }, " })],
    during: (cluster) => autoscalerSays(cluster, 'room', 'TriggeredScaleUp', 'pod triggered scale-up: [{gpus 0->1 (max: 3)}]'),
    options: written(patience('4s', "Unschedulable: '30s'")),
  },
  {
    title: 'A Pod for which an autoscaler has no room either',
    code: "didn't trigger scale-up",
    name: 'full',
    lines: [deployment('web', { pod: "nodeSelector: { gpu: 'yes' }, " })],
    during: (cluster) => autoscalerSays(cluster, 'full', 'NotTriggerScaleUp', "pod didn't trigger scale-up: 1 max node group size reached"),
    options: written(patience('60s', "Unschedulable: '3s'")),
  },
  {
    title: 'A claim for which nobody makes a volume',
    code: 'storageclass.storage.k8s.io "fast" not found',
    name: 'claim',
    lines: [
      object(
        'data',
        "{ apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'data' }, spec: { storageClassName: 'fast', accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } }",
      ),
      deployment('web', { pod: "volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }], " }),
    ],
    options: written(patience('60s', "ProvisioningFailed: '1s', Unschedulable: '1s'")),
  },
  {
    title: 'A volume of a StatefulSet that nobody makes',
    code: 'spec.volumeClaimTemplates[name=data].spec.storageClassName',
    name: 'volume',
    lines: [
      object(
        'web',
        "{ apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name: 'web' }, spec: { serviceName: 'web', selector: { matchLabels: { app: 'web' } }, template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'registry.example/web:1.0.0', volumeMounts: [{ name: 'data', mountPath: '/data' }] }] } }, volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: { storageClassName: 'fast', accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } }] } }",
      ),
    ],
    options: written(patience('60s', "ProvisioningFailed: '1s', Unschedulable: '5s'")),
  },
  {
    title: 'A Job that has no retries left',
    code: 'BackoffLimitExceeded',
    name: 'job',
    log: 'no such table',
    lines: [
      "new Job(this, 'seed', { containers: { seed: { image: 'registry.example/seed:1.0.0' } }, backoffLimit: 0, podAnnotations: { 'simulate.konfig.dev/crash': '7', 'simulate.konfig.dev/log': 'no such table' } });",
    ],
    options: { imports: 'Job' },
  },
  {
    title: 'A rollout that does not get on',
    code: 'ProgressDeadlineExceeded',
    name: 'deadline',
    lines: [
      deployment('web', {
        spec: 'progressDeadlineSeconds: 3, ',
        pod: "initContainers: [{ name: 'wait', image: 'registry.example/wait:1.0.0' }], ",
        annotations: "{ 'simulate.konfig.dev/init-hangs': 'true' }",
      }),
    ],
    options: written(),
  },
  {
    title: 'A load balancer without an address',
    code: 'NoAddress',
    name: 'address',
    lines: [
      object(
        'web',
        "{ apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' }, spec: { type: 'LoadBalancer', loadBalancerClass: 'example.com/none', ports: [{ port: 80 }] } }",
      ),
    ],
    options: written(patience('3s')),
  },
  {
    title: 'A Service without endpoints',
    code: 'NoEndpoints',
    name: 'endpoints',
    isOnlyTold: true,
    lines: [
      deployment('web'),
      object(
        'front',
        "{ apiVersion: 'v1', kind: 'Service', metadata: { name: 'front' }, spec: { selector: { app: 'webb' }, ports: [{ port: 80 }] } }",
      ),
    ],
    options: written(),
  },
  {
    title: 'A definition whose names another one has',
    code: 'NamesNotAccepted',
    name: 'definition',
    before: async (cluster) => {
      await cluster.create('/apis/apiextensions.k8s.io/v1/customresourcedefinitions', definition('lamps', 'Lamp'));
    },
    lines: [
      object(
        'lights',
        JSON.stringify({ apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', ...definition('lights', 'Lamp') }),
      ),
    ],
    options: written(),
  },
  {
    title: 'A namespace that does not go',
    code: 'is being deleted since',
    name: 'ending',
    before: async (cluster) => {
      await cluster.create('/api/v1/namespaces', { metadata: { name: 'ending' } });
      await cluster.create(`${namespaceOf('ending')}/configmaps`, { metadata: { name: 'held', finalizers: ['example.com/hold'] } });
      await cluster.remove(namespaceOf('ending'));
      // Its controller comes by, and says what it found.
      const ask = { method: 'GET', path: namespaceOf('ending') } as const;
      await askUntil(cluster.server, ask, { wish: 'what holds it', holds: ({ body }) => body.includes('example.com/hold') });
    },
    lines: [service('web')],
  },
  {
    title: 'A finalizer that nobody takes away',
    code: 'example.com/hold',
    name: 'finalizer',
    lines: [object('settings', "{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' }, data: { host: 'db' } }")],
    after: (cluster) =>
      cluster.patch(`${namespaceOf('finalizer')}/configmaps/settings`, { metadata: { finalizers: ['example.com/hold'] } }, 'somebody'),
    options: written(patience('12s')),
  },
  {
    title: 'A webhook that does not answer',
    code: 'webhook',
    name: 'webhook',
    before: async (cluster) => {
      await cluster.create('/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations', {
        metadata: { name: 'policy' },
        webhooks: [
          {
            name: 'policy.example.com',
            clientConfig: { service: { namespace: 'policy', name: 'policy', path: '/' } },
            rules: [{ apiGroups: ['batch'], apiVersions: ['v1'], operations: ['CREATE'], resources: ['cronjobs'] }],
            admissionReviewVersions: ['v1'],
            sideEffects: 'None',
          },
        ],
      });
    },
    lines: [
      object(
        'night',
        "{ apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name: 'night' }, spec: { schedule: '0 3 * * *', jobTemplate: { spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'night', image: 'registry.example/night:1.0.0' }] } } } } } }",
      ),
    ],
    options: written(),
  },
];

function definition(plural: string, kind: string) {
  const schema = { openAPIV3Schema: { type: 'object' } };
  return {
    metadata: { name: `${plural}.home.example` },
    spec: {
      group: 'home.example',
      scope: 'Namespaced',
      names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
      versions: [{ name: 'v1', served: true, storage: true, schema }],
    },
  };
}
