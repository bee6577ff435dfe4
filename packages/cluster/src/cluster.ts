import { badRequest } from './api/failure';
import type { Backstage } from './api/handle';
import { ApiServer } from './api/server';
import { Actor } from './controllers/actor';
import { autoscalerController } from './controllers/autoscaler';
import { budgetController } from './controllers/budget';
import { claimController, volumeController } from './controllers/claim';
import { claimProtectionController } from './controllers/claim-protection';
import type { Controller } from './controllers/controller';
import { cronJobController } from './controllers/cronjob';
import { daemonSetController } from './controllers/daemonset';
import { definitionController } from './controllers/definition';
import { deploymentController } from './controllers/deployment';
import { endpointSliceController } from './controllers/endpointslice';
import { GarbageCollector } from './controllers/garbage';
import { makeJobController } from './controllers/job';
import { namespaceController } from './controllers/namespace';
import { quotaController } from './controllers/quota';
import { replicaSetController } from './controllers/replicaset';
import { Runner } from './controllers/runner';
import { LoadBalancers } from './controllers/service';
import { furnish, serviceAccountController } from './controllers/service-account';
import { statefulSetController } from './controllers/statefulset';
import { withCustomKinds } from './custom/registry';
import { makeCatalog } from './kinds/catalog';
import { Usage } from './kinds/usage';
import type { Fault } from './simulation/fault';
import { Kubelet } from './simulation/kubelet';
import { Logs } from './simulation/logs';
import { registerNodes } from './simulation/nodes';
import { makeScheduler } from './simulation/scheduler';
import type { Settings } from './simulation/settings';
import { StateFile } from './store/state-file';
import { Store } from './store/store';
import type { World } from './world';

/** How a cluster behaves; everything has a default. */
export interface ClusterOptions {
  /** The port to listen on at 127.0.0.1; 0 takes a free one. Default 0. */
  readonly port?: number;
  /** From the moment a pod has a node until its containers run. Default 300. */
  readonly podStartMillis?: number;
  /** From the moment a container runs until it is ready. Default 0. */
  readonly podReadyMillis?: number;
  /** How long a container runs that is meant to end, as a Job's. Default 100. */
  readonly podRunMillis?: number;
  /** How long a pod takes to stop, within its grace period. Default 50. */
  readonly podStopMillis?: number;
  /** The first wait after a failed pull or the second crash; it doubles up to `maxBackOffMillis`. Default 200. */
  readonly backOffMillis?: number;
  /** The longest wait between two such tries. Default 5000. */
  readonly maxBackOffMillis?: number;
  /** What goes wrong from the start. Default: nothing. */
  readonly faults?: readonly Fault[];
  /** Simulated nodes, each with 16 cores, 64 GiB and room for 110 pods. Default 2. */
  readonly nodes?: number;
  /** How many changes a watch can catch up on; older resourceVersions are 410 Gone. Default 10000. */
  readonly historyLength?: number;
  /** Where the objects are kept between runs; without it, they end with the cluster. */
  readonly stateFile?: string;
}

/** A running cluster. */
export interface Cluster {
  /** Its address, as `http://127.0.0.1:40123`. */
  readonly server: string;
  /** The uid of the namespace kube-system, by which a cluster is known. */
  readonly uid: string;
  /** The text of a kubeconfig that reaches it. */
  kubeconfig(): string;
  /** Replaces the faults. */
  inject(faults: readonly Fault[]): void;
  /** Ends all watches, timers and connections. */
  stop(): Promise<void>;
}

/** Starts a Kubernetes API server with controllers and simulated nodes in this process, reachable by any client. */
export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const settings = readSettings(options);
  const world = makeWorld(options);
  const stateFile = options.stateFile === undefined ? undefined : new StateFile(options.stateFile, world.store);
  const logs = new Logs();
  const kubelet = new Kubelet(settings, logs);
  const runner = new Runner(world.store, casting(world, settings, kubelet));
  runner.wakeAll(world.store);
  furnishCluster(world, settings);
  const inject = (faults: readonly Fault[]): void => {
    settings.faults = faults;
    for (const key of kubelet.keys()) runner.wake('kubelet', key);
    runner.wake('scheduler', '*/*');
  };
  let address = '';
  const backstage = (): Backstage => ({ world, logs, address, setFaults: (body) => inject(readFaults(body)) });
  const server = new ApiServer(backstage, () => settings.faults);
  const port = await server.listen(options.port ?? 0);
  address = `127.0.0.1:${port}`;
  const uid = world.store.get('namespaces', '', 'kube-system')?.metadata.uid ?? '';
  return {
    server: `http://${address}`,
    uid,
    kubeconfig: () => kubeconfigFor(`http://${address}`),
    inject,
    stop: async () => {
      runner.stop();
      await server.stop();
      await stateFile?.stop();
    },
  };
}

function readSettings(options: ClusterOptions): Settings {
  return {
    faults: options.faults ?? [],
    nodes: options.nodes ?? 2,
    podStartMillis: options.podStartMillis ?? 300,
    readyMillis: options.podReadyMillis ?? 0,
    runMillis: options.podRunMillis ?? 100,
    stopMillis: options.podStopMillis ?? 50,
    backOffMillis: options.backOffMillis ?? 200,
    maxBackOffMillis: options.maxBackOffMillis ?? 5000,
  };
}

function makeWorld(options: ClusterOptions): World {
  const store = new Store(options.historyLength ?? 10_000);
  return { store, kinds: withCustomKinds(makeCatalog(), store), usage: new Usage(store), now: () => Date.now() };
}

function casting(world: World, settings: Settings, kubelet: Kubelet): ConstructorParameters<typeof Runner>[1] {
  const managed = (controller: Controller, component: string) => ({
    controller,
    actor: new Actor(world, 'kube-controller-manager', component),
  });
  return [
    managed(deploymentController, 'deployment-controller'),
    managed(replicaSetController, 'replicaset-controller'),
    managed(daemonSetController, 'daemonset-controller'),
    managed(statefulSetController, 'statefulset-controller'),
    managed(makeJobController(settings.backOffMillis), 'job-controller'),
    managed(autoscalerController, 'horizontal-pod-autoscaler'),
    managed(cronJobController, 'cronjob-controller'),
    managed(new LoadBalancers(), 'service-controller'),
    managed(endpointSliceController, 'endpoint-slice-controller'),
    managed(claimController, 'persistentvolume-controller'),
    managed(claimProtectionController, 'pvc-protection-controller'),
    managed(volumeController, 'persistentvolume-controller'),
    managed(quotaController, 'resourcequota-controller'),
    managed(budgetController, 'controllermanager'),
    { controller: definitionController, actor: new Actor(world, 'kube-apiserver') },
    managed(new GarbageCollector(), 'garbage-collector'),
    managed(namespaceController, 'namespace-controller'),
    managed(serviceAccountController, 'serviceaccount-controller'),
    { controller: makeScheduler(settings), actor: new Actor(world, 'kube-scheduler', 'default-scheduler') },
    { controller: kubelet, actor: new Actor(world, 'kubelet') },
  ];
}

const storageClasses = 'storageclasses.storage.k8s.io';

function furnishCluster(world: World, settings: Settings): void {
  const actor = new Actor(world, 'kube-apiserver');
  for (const name of ['default', 'kube-system', 'kube-public', 'kube-node-lease']) {
    if (!actor.get('namespaces', '', name)) actor.create('namespaces', '', { metadata: { name } });
    furnish(new Actor(world, 'kube-controller-manager'), name);
  }
  const provisioner = 'konfig.dev/simulated';
  if (!actor.get(storageClasses, '', 'standard')) {
    const annotations = { 'storageclass.kubernetes.io/is-default-class': 'true' };
    actor.create(storageClasses, '', { metadata: { name: 'standard', annotations }, provisioner });
  }
  if (!actor.get(storageClasses, '', 'standard-late'))
    actor.create(storageClasses, '', { metadata: { name: 'standard-late' }, provisioner, volumeBindingMode: 'WaitForFirstConsumer' });
  registerNodes(new Actor(world, 'kubelet'), settings.nodes);
}

function readFaults(body: unknown): readonly Fault[] {
  if (!Array.isArray(body)) throw badRequest('the faults must be a list, as [{"image": "web:*", "fault": "image-pull"}]');
  return body as readonly Fault[];
}

function kubeconfigFor(server: string): string {
  const name = 'konfig';
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server } }],
    users: [{ name, user: {} }],
    contexts: [{ name, context: { cluster: name, user: name, namespace: 'default' } }],
    'current-context': name,
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}
