import { type FieldProblem, problem } from '../api/failure';
import type { Service, ServicePort } from '../objects';
import type { Store } from '../store/store';
import type { KindRules } from './kind';
import { checkName } from './names';
import { checkOneOf, checkPortName, checkPortNumber } from './pod-template';

/** A Service and the addresses the server gives it. */
export const serviceRules: KindRules = {
  name: 'label',
  status: true,
  returnsDeleted: true,
  selectable: ['spec.clusterIP', 'spec.type'],
  prepare: (object, old, store) => allocate(object as Service, old as Service | undefined, store),
  check: (object, old) => checkService(object as Service, old as Service | undefined),
};

type Draft = { -readonly [Name in keyof Service['spec']]: Service['spec'][Name] };

function allocate(service: Service, old: Service | undefined, store: Store): void {
  const spec = service.spec as Draft;
  if (spec.type === 'ExternalName') {
    if (old && old.spec.type !== 'ExternalName')
      for (const field of ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy']) delete spec[field];
    return;
  }
  const kept = old && old.spec.type !== 'ExternalName' ? old.spec : undefined;
  spec.clusterIP ??= kept?.clusterIP ?? spec.clusterIPs?.[0] ?? freeAddress(store);
  spec.clusterIPs ??= kept?.clusterIPs ?? [spec.clusterIP];
  const headlessWithoutSelector = spec.clusterIP === 'None' && spec.selector === undefined;
  spec.ipFamilies ??= kept?.ipFamilies ?? ['IPv4'];
  spec.ipFamilyPolicy ??= kept?.ipFamilyPolicy ?? (headlessWithoutSelector ? 'RequireDualStack' : 'SingleStack');
  if (headlessWithoutSelector && !kept) Object.assign(spec, { ipFamilies: ['IPv4', 'IPv6'] });
  if (spec.type === 'NodePort' || (spec.type === 'LoadBalancer' && spec.allocateLoadBalancerNodePorts !== false))
    allocatePorts(spec, kept, store);
  else if (spec.type === 'ClusterIP') dropOutside(spec, kept);
  allocateHealthPort(spec, kept, store);
}

// Where traffic stays on its node, load balancers ask each node whether it has a pod.
function allocateHealthPort(spec: Draft, old: Service['spec'] | undefined, store: Store): void {
  if (spec.type === 'LoadBalancer' && spec.externalTrafficPolicy === 'Local')
    spec.healthCheckNodePort ??= old?.healthCheckNodePort ?? freePort(takenPorts(store, spec));
  else if (spec.healthCheckNodePort === old?.healthCheckNodePort) delete spec.healthCheckNodePort;
}

function takenPorts(store: Store, ...more: readonly Service['spec'][]): Set<unknown> {
  const all = [...store.list('services').map((other) => (other as Service).spec), ...more];
  return new Set(all.flatMap((spec) => [spec.healthCheckNodePort, ...(spec.ports ?? []).map((port) => port.nodePort)]));
}

function allocatePorts(spec: Draft, old: Service['spec'] | undefined, store: Store): void {
  const taken = takenPorts(store);
  spec.ports = (spec.ports ?? []).map((port) => {
    const before = old?.ports?.find((other) => other.port === port.port && other.protocol === port.protocol)?.nodePort;
    const nodePort = port.nodePort ?? before ?? freePort(taken);
    taken.add(nodePort);
    return { ...port, nodePort };
  });
}

// When a Service stops being reachable from outside, the ports it no longer asks for are given back.
function dropOutside(spec: Draft, old: Service['spec'] | undefined): void {
  if (!old || old.type === 'ClusterIP') return;
  if (spec.externalTrafficPolicy === old.externalTrafficPolicy) delete spec.externalTrafficPolicy;
  spec.ports = (spec.ports ?? []).map(({ nodePort, ...port }): ServicePort => port);
}

function freePort(taken: ReadonlySet<unknown>): number {
  for (let port = 30_000 + Math.floor(Math.random() * 2768); ; port = port >= 32_767 ? 30_000 : port + 1) if (!taken.has(port)) return port;
}

function freeAddress(store: Store): string {
  const taken = new Set(store.list('services').map((other) => (other as Service).spec.clusterIP));
  for (let number = 1 + Math.floor(Math.random() * 65_000); ; number = number >= 65_530 ? 1 : number + 1) {
    const address = `10.96.${number >> 8}.${number & 255}`;
    if (!taken.has(address) && (number & 255) !== 0 && (number & 255) !== 255) return address;
  }
}

function checkService(service: Service, old: Service | undefined): FieldProblem[] {
  const { spec } = service;
  const ports = spec.ports ?? [];
  const headless = spec.clusterIP === 'None';
  return [
    ...(ports.length === 0 && !headless && spec.type !== 'ExternalName' ? [problem.required('spec.ports')] : []),
    ...(headless && spec.type !== 'ClusterIP'
      ? [problem.invalid('spec.clusterIPs[0]', 'None', `may not be set to 'None' for ${spec.type} services`)]
      : []),
    ...(spec.type === 'ExternalName' && !spec.externalName ? [problem.required('spec.externalName')] : []),
    ...checkPorts(ports),
    ...checkOneOf('spec.type', spec.type, ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort']),
    ...checkOneOf('spec.sessionAffinity', spec.sessionAffinity, ['ClientIP', 'None']),
    ...checkAddress(service, old),
  ];
}

function checkPorts(ports: readonly ServicePort[]): FieldProblem[] {
  const names = new Set<string>();
  const numbers = new Set<string>();
  return ports.flatMap((port, index) => {
    const at = `spec.ports[${index}]`;
    const twice = port.name !== undefined && names.has(port.name);
    if (port.name !== undefined) names.add(port.name);
    const number = `${port.port}/${port.protocol}`;
    const sameNumber = numbers.has(number);
    numbers.add(number);
    return [
      ...(port.name === undefined
        ? ports.length > 1
          ? [problem.required(`${at}.name`)]
          : []
        : checkName(`${at}.name`, 'label', port.name)),
      ...(twice ? [problem.duplicate(`${at}.name`, port.name)] : []),
      ...checkPortNumber(`${at}.port`, port.port),
      ...checkOneOf(`${at}.protocol`, port.protocol, ['SCTP', 'TCP', 'UDP']),
      ...(typeof port.targetPort === 'number'
        ? checkPortNumber(`${at}.targetPort`, port.targetPort)
        : checkPortName(`${at}.targetPort`, port.targetPort)),
      ...(sameNumber ? [problem.duplicate(at, { port: port.port, protocol: port.protocol })] : []),
    ];
  });
}

function checkAddress(service: Service, old: Service | undefined): FieldProblem[] {
  if (!old || service.spec.type === 'ExternalName' || old.spec.type === 'ExternalName') return [];
  const [address, before] = [service.spec.clusterIPs?.[0], old.spec.clusterIPs?.[0]];
  const primary =
    service.spec.clusterIP === address
      ? []
      : [problem.invalid('spec.clusterIPs', service.spec.clusterIPs, 'first value must match `clusterIP`')];
  if (address === before) return primary;
  return [...primary, problem.invalid('spec.clusterIPs[0]', address === undefined ? null : [address], 'may not change once set')];
}
