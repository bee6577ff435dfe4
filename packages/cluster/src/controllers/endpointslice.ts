import { sameJson } from '../fields/atom';
import { hasEnded } from '../kinds/pod-phase';
import type { KubeObject, Pod, Service, ServicePort } from '../objects';
import { matchSelector } from '../store/selector';
import type { Store } from '../store/store';
import type { Actor } from './actor';
import { type Controller, controllerReference, itself, readKey } from './controller';
import { isReady } from './pods';

const serviceLabel = 'kubernetes.io/service-name';

/** Lists the addresses behind each Service that has a selector. */
export const endpointSliceController: Controller = {
  name: 'endpointslice',
  wakes: {
    services: itself,
    pods: ({ object, previous }, store) => [...new Set([...servicesOf(object, store), ...(previous ? servicesOf(previous, store) : [])])],
  },
  reconcile(key, actor) {
    const { namespace, name } = readKey(key);
    const service = actor.get<Service>('services', namespace, name);
    if (!service?.spec.selector || service.metadata.deletionTimestamp) return undefined;
    const pods = actor
      .select<Pod>('pods', namespace, { matchLabels: service.spec.selector })
      .filter((pod) => pod.status.podIP !== undefined && !hasEnded(pod));
    write(actor, service, { endpoints: pods.sort(byAddress).map((pod) => endpointOf(pod, service)), ports: portsOf(service, pods[0]) });
    return undefined;
  },
};

function servicesOf(pod: KubeObject, store: Store): string[] {
  const keys: string[] = [];
  for (const object of store.each('services', pod.metadata.namespace ?? '')) {
    const { selector } = (object as Service).spec;
    if (selector && matchSelector({ matchLabels: selector })(pod.metadata.labels))
      keys.push(`${pod.metadata.namespace ?? ''}/${object.metadata.name}`);
  }
  return keys;
}

function byAddress(a: Pod, b: Pod): number {
  return String(a.status.podIP) < String(b.status.podIP) ? -1 : 1;
}

function endpointOf(pod: Pod, service: Service): object {
  const terminating = pod.metadata.deletionTimestamp !== undefined;
  const serving = isReady(pod);
  const { name, namespace, uid } = pod.metadata;
  return {
    addresses: [pod.status.podIP],
    conditions: { ready: service.spec.publishNotReadyAddresses === true || (serving && !terminating), serving, terminating },
    nodeName: pod.spec.nodeName,
    targetRef: { kind: 'Pod', namespace, name, uid },
  };
}

function portsOf(service: Service, pod: Pod | undefined): object[] {
  return (service.spec.ports ?? []).flatMap((port) => {
    const number = targetOf(port, pod);
    return number === undefined
      ? []
      : [{ name: port.name ?? '', port: number, protocol: port.protocol, ...(port.appProtocol && { appProtocol: port.appProtocol }) }];
  });
}

function targetOf(port: ServicePort, pod: Pod | undefined): number | undefined {
  if (typeof port.targetPort === 'number') return port.targetPort;
  const ports = (pod?.spec.containers ?? []).flatMap((container) => container.ports ?? []);
  return ports.find((one) => one.name === port.targetPort)?.containerPort;
}

function write(actor: Actor, service: Service, content: { readonly endpoints: object[]; readonly ports: object[] }): void {
  const namespace = service.metadata.namespace ?? '';
  const known = actor.select('endpointslices.discovery.k8s.io', namespace, { matchLabels: { [serviceLabel]: service.metadata.name } });
  const slice = known.find((one) => one.metadata.labels?.['endpointslice.kubernetes.io/managed-by'] === 'endpointslice-controller.k8s.io');
  if (slice) {
    if (!sameJson([slice.endpoints ?? [], slice.ports ?? []], [content.endpoints, content.ports]))
      actor.change('endpointslices.discovery.k8s.io', slice, content);
    return;
  }
  const headless: { [label: string]: string } = service.spec.clusterIP === 'None' ? { 'service.kubernetes.io/headless': '' } : {};
  actor.create('endpointslices.discovery.k8s.io', namespace, {
    metadata: {
      generateName: `${service.metadata.name}-`,
      labels: {
        ...service.metadata.labels,
        [serviceLabel]: service.metadata.name,
        'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
        ...headless,
      },
      ownerReferences: [controllerReference(service)],
    },
    addressType: 'IPv4',
    ...content,
  });
}
