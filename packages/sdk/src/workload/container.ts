// One container of a pod: what users write, and its part of the manifest.
import type { JsonObject } from '@konfig/core';
import type { Defaults } from '../defaults';
import type { Duration } from '../duration';
import { isOutput, type Output, type Value } from '../output';
import { lowerResources, type Resources } from '../quantity';
import { below, shown } from '../shape';
import { isOfTerraform } from '../terraform/later';
import type { EnvValue } from './env';
import type { FileContent } from './files';
import { lowerProbe, type Probe } from './probe';
import type { Mount } from './volume';

/** A port that a container listens on: its number, or more about it. */
export type ContainerPort =
  | number
  | {
      /** 1 to 65535. */
      readonly port: number;
      /** Default: left out, which is TCP. */
      readonly protocol?: 'TCP' | 'UDP' | 'SCTP';
      /** Write the name into the manifest? False leaves it out: then only the program knows it. Default true. */
      readonly named?: boolean;
      /** Also on the node, under this number. Only one such pod fits on a node. */
      readonly hostPort?: number;
    };

/** What a container may do. Written over what the defaults say. */
export interface ContainerSecurity {
  /** Number of the user. Default: the pod's. */
  readonly runAsUser?: number;
  /** Number of the group. Default: the pod's. */
  readonly runAsGroup?: number;
  /** Refuse to start as root. Default: the pod's. */
  readonly runAsNonRoot?: boolean;
  /** Everything that root on the node may do. Default false. */
  readonly privileged?: boolean;
  /** May a process get more rights than its parent? Default false, by the default `containerSecurity`. */
  readonly allowPrivilegeEscalation?: boolean;
  /** Only its volumes can be written. Default: the default of the same name. */
  readonly readOnlyRootFilesystem?: boolean;
  /** Single rights of root. Default: all dropped, by the default `containerSecurity`. */
  readonly capabilities?: { readonly add?: readonly string[]; readonly drop?: readonly string[] };
  /** The system calls it may make. Default: the pod's. */
  readonly seccompProfile?: { readonly type: 'RuntimeDefault' | 'Unconfined' | 'Localhost'; readonly localhostProfile?: string };
}

/** One container. `P` are the names of its ports, which probes and the Service refer to. */
export interface Container<P extends string = never> {
  /** Image with tag or digest: `'registry.example/shop:1.4.0'`. */
  readonly image: Value<string>;
  /** When to pull. Default: left out; Kubernetes pulls `:latest` always, other tags once a node. */
  readonly imagePullPolicy?: 'Always' | 'IfNotPresent' | 'Never';
  /** In place of the image's entry point. */
  readonly command?: readonly Value<string>[];
  /** In place of the image's arguments. */
  readonly args?: readonly Value<string>[];
  /** The ports it listens on, by name (at most 15 of a-z, 0-9 and `-`): `{ http: 8080, metrics: 9090 }`. */
  readonly ports?: { readonly [K in P]?: ContainerPort };
  /** Environment variables: plain values, Outputs, secrets, fields of the pod, keys of ConfigMaps and Secrets. */
  readonly env?: { readonly [name: string]: EnvValue };
  /** Does it serve? Traffic comes only then, and a rollout waits for it. Default: TCP on the first port. */
  readonly readiness?: Probe<P>;
  /** Does it live? If not it is restarted. Default: none, since a wrong one takes a service down. */
  readonly liveness?: Probe<P>;
  /** Has it started? Liveness and readiness wait for it. Default: none. */
  readonly startup?: Probe<P>;
  /** CPU, memory and storage. Default: `{ cpu: '100m', memory: '128Mi' }`. */
  readonly resources?: Resources;
  /** Config files by their path in the container. A change replaces the pods. */
  readonly files?: { readonly [path: `/${string}`]: FileContent };
  /** Volumes by the path they are mounted at. */
  readonly mounts?: { readonly [path: `/${string}`]: Mount };
  /** What it may do, over the default `containerSecurity`. */
  readonly security?: ContainerSecurity;
  /** Default: the image's. */
  readonly workingDir?: string;
  /**
   * Wait this long before the container is told to stop, until load balancers have stopped sending requests (`preStop: sleep`).
   * Must be shorter than `terminationGracePeriod`; needs Kubernetes 1.30. Default: none.
   */
  readonly drain?: Duration;
}

/** A container that runs before the others. */
export type InitContainer = Omit<Container<never>, 'ports' | 'readiness' | 'drain'> & {
  /** `'Always'` makes it a sidecar: it starts before the others and goes on beside them. */
  readonly restartPolicy?: 'Always';
};

/** What a container's lowering asks of its pod. */
export interface PodServices {
  readonly defaults: Defaults;
  /** Notes something wrong with a field of this container. */
  bad(field: string, message: string, hint: string): void;
  /** The `env` list of a container; secrets among it go to the pod's Secret. */
  env(container: string, env: { readonly [name: string]: EnvValue }): readonly JsonObject[];
  /** The `volumeMounts` of a container's files and volumes. */
  mounts(container: string, given: Pick<Container<string>, 'files' | 'mounts'>): readonly JsonObject[];
  /** Seconds of a duration, reported when it is none. */
  seconds(field: string, duration: Duration): number;
}

type AnyContainer = Container<string> & Pick<InitContainer, 'restartPolicy'>;

/** The container of a manifest. */
export function lowerContainer(name: string, container: AnyContainer, pod: PodServices, kind: 'main' | 'init'): JsonObject {
  const ports = portsOf(container);
  checkContainer(name, container, ports, pod);
  const findPort = (field: string) => (port: string | undefined) => {
    const found = port === undefined ? (ports.find((one) => one.name === 'http') ?? ports[0]) : ports.find((one) => one.name === port);
    if (!found) {
      const known = ports.map((one) => one.name).join(', ') || 'none';
      pod.bad(field, `asks port '${port ?? 'http'}', which this container does not have (it has ${known}).`, 'Name it under ports.');
    }
    return found?.port ?? 0;
  };
  const probe = (field: 'readiness' | 'liveness' | 'startup', given: Probe<string> | undefined) => {
    if (!given) return undefined;
    checkTiming(field, given, pod);
    return lowerProbe(given, findPort(field));
  };
  const resources = resourcesOf(container, pod);
  const env = pod.env(name, container.env ?? {});
  const mounts = pod.mounts(name, container);
  const security = securityOf(container, pod.defaults);
  const lowered = {
    name,
    image: lowerValue(container.image),
    imagePullPolicy: container.imagePullPolicy,
    restartPolicy: container.restartPolicy,
    command: container.command?.map(lowerValue),
    args: container.args?.map(lowerValue),
    workingDir: container.workingDir,
    ports: ports.length > 0 ? ports.map((port) => port.manifest) : undefined,
    env: env.length > 0 ? env : undefined,
    readinessProbe: probe('readiness', container.readiness ?? (kind === 'main' ? defaultReadiness(ports, pod.defaults) : undefined)),
    livenessProbe: probe('liveness', container.liveness),
    startupProbe: probe('startup', container.startup),
    resources: Object.keys(resources).length > 0 ? resources : undefined,
    volumeMounts: mounts.length > 0 ? mounts : undefined,
    securityContext: Object.keys(security).length > 0 ? security : undefined,
    lifecycle: container.drain === undefined ? undefined : { preStop: { sleep: { seconds: pod.seconds('drain', container.drain) } } },
  };
  return lowered as unknown as JsonObject;
}

/** A port with its name, its number, and its entry in the manifest. */
export interface NamedPort {
  readonly name: string;
  readonly port: number;
  readonly protocol: 'TCP' | 'UDP' | 'SCTP';
  /** Does the manifest have its name? */
  readonly named: boolean;
  readonly manifest: JsonObject;
}

/** The ports of a container, in the order they were written. */
export function portsOf(container: Pick<Container<string>, 'ports'>): readonly NamedPort[] {
  return Object.entries(container.ports ?? {}).flatMap(([name, given]) => {
    if (given === undefined) return [];
    const { port, protocol, named = true, hostPort } = typeof given === 'number' ? { port: given } : given;
    const manifest: JsonObject = {
      ...(named && { name }),
      containerPort: port,
      ...(protocol !== undefined && { protocol }),
      ...(hostPort !== undefined && { hostPort }),
    };
    return [{ name, port, protocol: protocol ?? 'TCP', named, manifest }];
  });
}

function defaultReadiness(ports: readonly NamedPort[], defaults: Defaults): Probe<string> | undefined {
  const first = ports.find((port) => port.protocol === 'TCP');
  return defaults.readiness && first ? { tcp: first.name } : undefined;
}

function securityOf(container: Container<string>, defaults: Defaults): JsonObject {
  return {
    ...(defaults.containerSecurity && { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } }),
    ...(defaults.readOnlyRootFilesystem && { readOnlyRootFilesystem: true }),
    ...(container.security as JsonObject | undefined),
  };
}

function resourcesOf(container: Container<string>, pod: PodServices): JsonObject {
  const wanted = container.resources ?? (pod.defaults.resources || undefined);
  if (!wanted) return {};
  const { resources, bad } = lowerResources(wanted);
  for (const { field, given, wanted: form } of bad)
    pod.bad(`resources.${field}`, `is ${isOfTerraform(given) ? shown(given) : `'${given}'`}.`, `Write ${form}.`);
  return resources;
}

function checkContainer(name: string, container: AnyContainer, ports: readonly NamedPort[], pod: PodServices): void {
  if (!/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name) || name.length > 63) {
    pod.bad('', `is called '${name}'.`, 'Use a-z, 0-9 and -, at most 63 characters.');
  }
  if (!isOutput(container.image) && !/^\S+$/.test(container.image ?? '')) {
    pod.bad('image', `is ${JSON.stringify(container.image)}.`, "Write an image like 'registry.example/shop:1.4.0'.");
  }
  for (const { name: port, port: number, named } of ports) {
    if (!Number.isInteger(number) || number < 1 || number > 65535) {
      pod.bad(below('ports', port), `is ${shown(number)}.`, 'Write a whole number from 1 to 65535.');
    }
    if (named && !/^(?=.*[a-z])[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(port)) {
      pod.bad(below('ports', port), 'has a name that Kubernetes does not take.', 'Use a-z, 0-9 and -, with at least one letter.');
    } else if (named && port.length > 15) {
      pod.bad(below('ports', port), `has a name of ${port.length} characters.`, 'Kubernetes takes at most 15.');
    }
  }
}

function checkTiming(field: string, probe: Probe<string>, pod: PodServices): void {
  for (const timing of ['initialDelay', 'period', 'timeout'] as const) {
    const duration = probe[timing];
    if (duration !== undefined) pod.seconds(`${field}.${timing}`, duration);
  }
  for (const threshold of ['failureThreshold', 'successThreshold'] as const) {
    const given = probe[threshold];
    if (given !== undefined && (!Number.isInteger(given) || given < 1)) {
      pod.bad(`${field}.${threshold}`, `is ${shown(given)}.`, 'Write a whole number from 1.');
    }
  }
}

function lowerValue(value: Value<string>): string | Output<string> {
  return value;
}
