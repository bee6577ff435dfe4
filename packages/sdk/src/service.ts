// A long-running workload with its network name: Deployment, Service, PodDisruptionBudget and what its pods need.
import type { JsonObject } from '@konfig/core';
import type { Construct } from 'constructs';
import { ask } from './asked';
import { Component, type ComponentOptions } from './component';
import { derivedName, nameBeside } from './names';
import { KubernetesObject } from './object';
import type { Output } from './output';
import { follow } from './provenance/props';
import { below, fitting, shown } from './shape';
import { callLine, report } from './synth';
import { type NamedPort, portsOf } from './workload/container';
import { deploymentRules, disruptionBudgetRules, serviceRules } from './workload/follows';
import { standardLabels } from './workload/labels';
import { type DeploymentOverride, type KubernetesServiceOverride, type MetadataOverride, overridden } from './workload/override';
import { makePod, type Pod, type PodProps } from './workload/pod';
import { exposureShape, serviceShape } from './workload/shape';

/** A port of a Kubernetes Service: its number, or more about it. */
export type ServicePortProps<P extends string> =
  | number
  | {
      /** 1 to 65535. Default: the container's. */
      readonly port?: number;
      /**
       * Where it leads: a port of a container by name, or any number. Default: the container's port of the same name.
       * `false` leaves `targetPort` out, which is the same number.
       */
      readonly to?: NoInfer<P> | number | false;
      /** Default: the container port's, else left out, which is TCP. */
      readonly protocol?: 'TCP' | 'UDP' | 'SCTP';
      /** `'http'`, `'kubernetes.io/h2c'` …: for meshes and gateways. */
      readonly appProtocol?: string;
      /** 30000 to 32767, for types NodePort and LoadBalancer. Default: chosen by the cluster. */
      readonly nodePort?: number;
      /** Write the name into the manifest? Kubernetes needs it from two ports on. Default true. */
      readonly named?: boolean;
    };

/** How a Kubernetes Service makes a workload reachable. */
export interface Exposure<P extends string, S extends string> {
  /** Default: left out, which is ClusterIP: reachable in the cluster only. */
  readonly type?: 'ClusterIP' | 'NodePort' | 'LoadBalancer';
  /** Its ports by name. Default: every port of the containers under its own name and number. */
  readonly ports?: { readonly [K in S]?: ServicePortProps<P> };
  /** Default: the name of the workload, and for `expose(id)` with the id behind it, shortened where it must be. */
  readonly name?: string;
  /** True: no address of its own; the name leads to the pods (`clusterIP: None`). Default false. */
  readonly headless?: boolean;
  /** Labels of the Kubernetes Service, over those of the workload. */
  readonly labels?: { readonly [name: string]: string };
  /** Annotations of the Kubernetes Service: settings of the cloud's load balancer. */
  readonly annotations?: { readonly [name: string]: string };
  /** Lays any other field over it; `null` takes one out. */
  readonly override?: KubernetesServiceOverride;
}

/** What a Service is told. `P` are the names of its containers' ports, `S` those of its Kubernetes Service. */
export interface ServiceProps<P extends string, S extends string> extends PodProps<P>, ComponentOptions {
  /**
   * Pods that run side by side: a whole number from 0. With more than one come a PodDisruptionBudget and a spread over nodes.
   * `'autoscaled'` leaves the field to an autoscaler, and counts as more than one. Default: left out, which is 1 in Kubernetes.
   */
  readonly replicas?: number | 'autoscaled';
  /** Its Kubernetes Service; `false`: none. Default: one with all ports of its containers, when they have any. */
  readonly service?: Exposure<P, S> | false;
  /** What makes its pods its own. Kubernetes does not let it change. Default: by the default `labels`, else `app: <name>`. */
  readonly selector?: { readonly [name: string]: string };
  /** How pods are replaced: `'recreate'` stops all first. Default: one new pod at a time, none stopped before it is ready. */
  readonly strategy?: 'recreate' | { readonly maxSurge?: number | `${number}%`; readonly maxUnavailable?: number | `${number}%` };
  /** Lays any other field over the manifests that are made; `null` takes one out. Lists of named entries are merged by name. */
  readonly override?: {
    readonly deployment?: DeploymentOverride;
    readonly disruptionBudget?: { readonly metadata?: MetadataOverride; readonly spec?: JsonObject };
  };
}

/** A port of a Service, for what leads to it: routes, scrapers, other services. */
export interface ServicePort {
  /** Name of the Kubernetes Service. */
  readonly host: string;
  readonly name: string;
  readonly port: number;
  /** `web:8080`: how others in the namespace reach it. */
  readonly address: string;
  /** The labels of the pods behind it. */
  readonly selector: { readonly [name: string]: string };
}

/**
 * A long-running workload with its network name: a Deployment and a Kubernetes Service of one name, with what operators call good
 * practice around them (see {@link Defaults}; `defaults: 'none'` writes only what you wrote).
 *
 * ```ts
 * const web = new Service(this, 'web', {
 *   containers: { web: { image: 'registry.example/shop:1.4.0', ports: { http: 8080 }, readiness: { http: '/healthz' } } },
 *   replicas: 3,
 * });
 * ```
 * Wrong values are reported as PROPS_INVALID with this construct's line, all of them together.
 */
export class Service<const P extends string = never, const S extends string = never> extends Component {
  /** Name of its objects: `web`. */
  readonly name: string;
  /** The Deployment, to patch it or to take outputs: `web.deployment.output('metadata.uid')`. */
  readonly deployment: KubernetesObject;
  /** What makes its pods its own. */
  readonly selector: { readonly [name: string]: string };
  /** As given, else by the default `replicas`; undefined: left to Kubernetes, which makes it 1. */
  readonly replicas: number | 'autoscaled' | undefined;
  #service: KubernetesServiceObject | undefined;
  /** False where some of its props did not fit, and were told. */
  readonly #isWhole: boolean;
  readonly #containerPorts: readonly NamedPort[];
  readonly #labels: { readonly [name: string]: string };

  constructor(scope: Construct, id: string, props: ServiceProps<P, S>) {
    super(scope, id, props);
    const given = fitting(this, props as unknown as ServiceProps<string, string>, serviceShape);
    // What was not told apart may have had ports, so that none is missed later.
    this.#isWhole = given === (props as unknown);
    this.name = given.name ?? derivedName(this);
    this.replicas = given.replicas ?? (this.defaults.replicas || undefined);
    const isMany = this.replicas === 'autoscaled' || (this.replicas ?? 1) > 1;
    const selector = given.selector && { selector: given.selector };
    const pod = makePod(this, this.name, given, { ...selector, spread: isMany });
    this.selector = pod.selector;
    this.#labels = pod.labels;
    this.#containerPorts = Object.values(given.containers).flatMap(portsOf);
    this.#checkReplicas();
    this.#checkPorts();
    this.deployment = this.#makeDeployment(given, pod);
    const wanted = given.service ?? (this.#containerPorts.length > 0 ? {} : false);
    this.#service = wanted ? this.#makeService('Service', wanted.name ?? this.name, wanted) : undefined;
    if (isMany && pod.defaults.disruptionBudget) this.#makeDisruptionBudget(given);
  }

  /**
   * Its Kubernetes Service, to patch it or to take outputs: `web.service.output('spec.clusterIP')`.
   * Where there is none (no container has a port, or `service: false`), asking for it is reported as PROPS_INVALID.
   */
  get service(): KubernetesObject {
    return this.#mainService().object;
  }

  /** A field of its Kubernetes Service once it is applied: `web.output('status.loadBalancer.ingress[0].ip')`. */
  output<T = string>(path: string): Output<T> {
    return this.service.output<T>(path);
  }

  /** A port of its Kubernetes Service, to lead something to it. An unknown name does not compile. */
  port(name: P | S): ServicePort {
    return this.#portOf(this.#mainService(), name);
  }

  /**
   * Makes a second Kubernetes Service that leads to the same pods, `web-external` for the id `external`.
   *
   * ```ts
   * web.expose('external', { type: 'LoadBalancer', ports: { http: { port: 80, to: 'http' } } });
   * ```
   */
  expose<const E extends string = never>(id: string, exposure: Exposure<P, E>): KubernetesObject {
    const given = fitting(this, exposure as Exposure<string, string>, exposureShape, `expose('${id}')`);
    return this.#makeService(id, given.name ?? nameBeside(this.name, id, 'Service'), given).object;
  }

  #mainService(): KubernetesServiceObject {
    if (this.#service) return this.#service;
    if (this.#isWhole) {
      const hint = 'Give a container a port, and no service: false.';
      report(this, { code: 'PROPS_INVALID', message: 'It has no Kubernetes Service.', hint }, callLine(this));
    }
    // Something to go on with, so that what follows is checked too and this is told once.
    const object = new KubernetesObject(this, 'Service', { apiVersion: 'v1', kind: 'Service', metadata: { name: this.name } });
    this.#service = { object, ports: new Map() };
    return this.#service;
  }

  #portOf(service: KubernetesServiceObject, name: string): ServicePort {
    const port = service.ports.get(name);
    if (port === undefined && this.#isWhole) {
      const known = [...service.ports.keys()].join(', ') || 'none';
      const message = `Its Kubernetes Service has no port ${typeof name === 'string' ? `'${name}'` : shown(name)}; it has ${known}.`;
      const hint = 'Write one that it has, or name this one under service.ports or under the ports of a container.';
      report(this, { code: 'PROPS_INVALID', message, hint }, callLine(this));
    }
    const host = service.object.name;
    return { host, name, port: port ?? 1, address: `${host}:${port ?? 1}`, selector: this.selector };
  }

  #makeDeployment(props: ServiceProps<string, string>, pod: Pod): KubernetesObject {
    const spec = {
      replicas: this.replicas === 'autoscaled' ? undefined : this.replicas,
      revisionHistoryLimit: pod.defaults.revisionHistoryLimit === false ? undefined : pod.defaults.revisionHistoryLimit,
      selector: { matchLabels: this.selector },
      strategy: strategyOf(props.strategy, pod),
      template: pod.template,
    };
    const manifest = overridden({ metadata: this.#metadata(this.name, props), spec } as unknown as JsonObject, props.override?.deployment);
    const object = new KubernetesObject(this, 'Deployment', { apiVersion: 'apps/v1', kind: 'Deployment', ...manifest });
    ask(object, { rolloutOnChange: pod.defaults.rolloutOnChange });
    return follow(object, deploymentRules, props.override?.deployment);
  }

  #makeService(id: string, name: string, exposure: Exposure<string, string>): KubernetesServiceObject {
    const ports = this.#servicePorts(exposure);
    const labels = { ...this.#labels, ...exposure.labels };
    const manifest = {
      metadata: { name, labels, ...(exposure.annotations && { annotations: exposure.annotations }) },
      spec: {
        type: exposure.type,
        clusterIP: exposure.headless ? 'None' : undefined,
        selector: this.selector,
        ports: ports.map(([, manifest]) => manifest),
      },
    };
    const object = new KubernetesObject(this, id, {
      apiVersion: 'v1',
      kind: 'Service',
      ...overridden(manifest as unknown as JsonObject, exposure.override),
    });
    follow(object, serviceRules, exposure.override);
    return { object, ports: new Map(ports.map(([port, entry]) => [port, entry.port as number])) };
  }

  #servicePorts(exposure: Exposure<string, string>): readonly (readonly [string, JsonObject])[] {
    const wanted: readonly (readonly [string, ServicePortProps<string> | undefined])[] = exposure.ports
      ? Object.entries(exposure.ports)
      : this.#containerPorts.map(({ name }) => [name, {}]);
    return wanted.flatMap(([name, given]) => (given === undefined ? [] : [[name, this.#servicePort(name, given)] as const]));
  }

  #servicePort(name: string, given: ServicePortProps<string>): JsonObject {
    const props = typeof given === 'number' ? { port: given } : given;
    const target = this.#containerPorts.find((port) => port.name === (typeof props.to === 'string' ? props.to : name));
    const port = props.port ?? target?.port;
    const leads = typeof props.to === 'number' ? props.to : target && (target.named ? target.name : target.port);
    if (this.#isWhole && (port === undefined || (leads === undefined && props.to !== false))) {
      const at = below('service.ports', name);
      const message = `${at} leads to no port of a container${typeof props.to === 'string' ? `: '${props.to}' is none` : ''}.`;
      const hint = 'Say which with to, or give it the name of a container port.';
      report(this, { code: 'PROPS_INVALID', message, hint, at }, callLine(this));
    }
    const protocol = props.protocol ?? (target && target.protocol !== 'TCP' ? target.protocol : undefined);
    return {
      ...(props.named !== false && { name }),
      port: port ?? 1,
      ...(props.to !== false && leads !== undefined && { targetPort: leads }),
      ...(protocol !== undefined && { protocol }),
      ...(props.appProtocol !== undefined && { appProtocol: props.appProtocol }),
      ...(props.nodePort !== undefined && { nodePort: props.nodePort }),
    };
  }

  #makeDisruptionBudget(props: ServiceProps<string, string>): void {
    const spec = { maxUnavailable: 1, selector: { matchLabels: this.selector } };
    const metadata = { name: this.name, labels: standardLabels(this, this.name, this.defaults) };
    const manifest = overridden({ metadata, spec }, props.override?.disruptionBudget);
    const object = new KubernetesObject(this, 'DisruptionBudget', { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', ...manifest });
    follow(object, disruptionBudgetRules, props.override?.disruptionBudget);
  }

  #metadata(name: string, props: ServiceProps<string, string>): JsonObject {
    return { name, labels: this.#labels, ...(props.annotations && { annotations: props.annotations }) };
  }

  #checkReplicas(): void {
    const { replicas } = this;
    if (replicas === undefined || replicas === 'autoscaled' || (Number.isInteger(replicas) && replicas >= 0)) return;
    report(this, {
      code: 'PROPS_INVALID',
      message: `replicas is ${shown(replicas)}.`,
      hint: 'Write a whole number from 0.',
      at: 'replicas',
    });
  }

  #checkPorts(): void {
    const names = this.#containerPorts.map(({ name }) => name);
    for (const name of new Set(names.filter((one, i) => names.indexOf(one) !== i))) {
      const message = `Two containers have a port called '${name}'.`;
      report(this, {
        code: 'PROPS_INVALID',
        message,
        hint: 'Names are unique in a pod; rename one of them.',
        at: `containers.*.ports.${name}`,
      });
    }
  }
}

interface KubernetesServiceObject {
  readonly object: KubernetesObject;
  /** Port numbers by name. */
  readonly ports: ReadonlyMap<string, number>;
}

function strategyOf(given: ServiceProps<string, string>['strategy'], pod: Pod): JsonObject | undefined {
  if (given === 'recreate') return { type: 'Recreate' };
  if (given) return { type: 'RollingUpdate', rollingUpdate: { ...given } };
  return pod.defaults.rollingUpdate ? { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } } : undefined;
}
