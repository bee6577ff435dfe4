// The pod template of a workload, and the objects that its containers need: ConfigMap, Secret, ServiceAccount.
import { equalJson, type Json, type JsonObject } from '@konfig/core';
import { ask } from '../asked';
import type { Component } from '../component';
import { type Defaults, defaultsOf } from '../defaults';
import { type Duration, secondsOf } from '../duration';
import { nameBeside } from '../names';
import { KubernetesObject, withoutEmpty } from '../object';
import { follow } from '../provenance/props';
import { isKnownNow } from '../put-together';
import { report } from '../synth';
import { type Container, type InitContainer, lowerContainer, type PodServices } from './container';
import { checkEnv, SecretEnv } from './env';
import { PodFiles } from './files';
import { filesRules, secretEnvRules, serviceAccountRules } from './follows';
import { selectorOf, standardLabels } from './labels';
import type { Volume } from './volume';

/** What a pod may do, for all of its containers. Written over what the defaults say. */
export interface PodSecurity {
  /** Number of the user. Default: the image's. */
  readonly runAsUser?: number;
  /** Number of the group. Default: the image's. */
  readonly runAsGroup?: number;
  /** Refuse to start as root. Default true, by the default `podSecurity`. */
  readonly runAsNonRoot?: boolean;
  /** Group that owns the files of its volumes. */
  readonly fsGroup?: number;
  /** When the files of volumes are given to that group. Kubernetes: `'Always'`. */
  readonly fsGroupChangePolicy?: 'OnRootMismatch' | 'Always';
  /** Further groups. */
  readonly supplementalGroups?: readonly number[];
  /** The system calls it may make. Default `RuntimeDefault`, by the default `podSecurity`. */
  readonly seccompProfile?: { readonly type: 'RuntimeDefault' | 'Unconfined' | 'Localhost'; readonly localhostProfile?: string };
  /** Settings of the kernel. */
  readonly sysctls?: readonly { readonly name: string; readonly value: string }[];
}

/** The identity of a pod. */
export interface ServiceAccountProps {
  /** Default: the name of the workload. */
  readonly name?: string;
  /** Does a pod get a token for the Kubernetes API? Default: false, by the default `withholdToken`. */
  readonly token?: boolean;
  /** E.g. the cloud role that it stands for. */
  readonly annotations?: { readonly [name: string]: string };
}

/** What Service, Job and CronJob have in common. */
export interface PodProps<P extends string> {
  /** The containers by name. The first one is meant where a container is not named. */
  readonly containers: { readonly [name: string]: Container<P> };
  /** Containers that run before, one after the other, in this order. */
  readonly initContainers?: { readonly [name: string]: InitContainer };
  /** Name of its objects. Default: the ids from below the AppConfig down to the component, joined with `-`. */
  readonly name?: string;
  /** Labels of the workload and its Services, over the defaults. Pods have the selector and `podLabels`. */
  readonly labels?: { readonly [name: string]: string };
  /** Annotations of the workload. */
  readonly annotations?: { readonly [name: string]: string };
  /** Further labels of its pods. */
  readonly podLabels?: { readonly [name: string]: string };
  /** Annotations of its pods. */
  readonly podAnnotations?: { readonly [name: string]: string };
  /** `true`: a ServiceAccount of its own; a string: one that is there already. Default: the namespace's. */
  readonly serviceAccount?: true | string | ServiceAccountProps;
  /** What its pods may do, over the default `podSecurity`. */
  readonly security?: PodSecurity;
  /** Time from the request to stop until the kill. Kubernetes: `'30s'`. */
  readonly terminationGracePeriod?: Duration;
  /** Secrets with credentials for the registry. */
  readonly imagePullSecrets?: readonly string[];
  /** Only nodes with these labels. */
  readonly nodeSelector?: { readonly [label: string]: string };
  /** Taints of nodes that its pods put up with. */
  readonly tolerations?: readonly {
    readonly key?: string;
    readonly operator?: 'Exists' | 'Equal';
    readonly value?: string;
    readonly effect?: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';
  }[];
  /** The PriorityClass: who goes first when a node is full. Default: the cluster's. */
  readonly priorityClass?: string;
  /** Is the ConfigMap of its `files` named by its content? Default: the default of the same name, which is false. */
  readonly versionedConfig?: boolean;
}

/** A pod template with what a workload must know of it. */
export interface Pod {
  readonly name: string;
  readonly defaults: Defaults;
  readonly labels: { readonly [name: string]: string };
  readonly selector: { readonly [name: string]: string };
  readonly template: JsonObject;
}

/** How the workload that has the pod differs from the others. */
export interface PodKind {
  readonly restartPolicy?: string;
  /** Jobs have no selector of their own; their pods carry all labels. */
  readonly selector?: { readonly [name: string]: string };
  readonly spread?: boolean;
}

/** Makes the pod's helpers under the component, and returns the template. */
export function makePod(owner: Component, name: string, props: PodProps<string>, kind: PodKind): Pod {
  const defaults = defaultsOf(owner);
  const labels = { ...standardLabels(owner, name, defaults), ...props.labels };
  const selector = kind.selector ?? selectorOf(owner, name, defaults);
  const secrets = new SecretEnv(nameBeside(name, 'env', 'Secret'));
  const files = new PodFiles({ config: nameBeside(name, 'files', 'ConfigMap'), secret: nameBeside(name, 'secret-files', 'Secret') });
  const volumes = new Map<string, Volume>();
  const services = podServices(owner, { defaults, secrets, files, volumes });
  const init = Object.entries(props.initContainers ?? {}).map(([id, container]) => lowerContainer(id, container, services(id), 'init'));
  const main = Object.entries(props.containers).map(([id, container]) => lowerContainer(id, container, services(id), 'main'));
  if (main.length === 0) {
    report(owner, {
      code: 'PROPS_INVALID',
      message: 'It has no container.',
      hint: 'Name at least one under containers.',
      at: 'containers',
    });
  }
  const metadata = withoutEmpty({ labels: standardLabels(owner, name, defaults) });
  const versioned = (props.versionedConfig ?? defaults.versionedConfig) && isKnownNow(files.config ?? {});
  makeHelpers(owner, metadata, { secrets, files, versioned });
  const template = {
    metadata: withoutEmpty({
      labels: { ...standardLabels(owner, name, defaults), ...selector, ...props.podLabels },
      annotations: props.podAnnotations,
    }),
    spec: {
      ...identityOf(owner, name, props, defaults, metadata),
      restartPolicy: kind.restartPolicy,
      terminationGracePeriodSeconds: props.terminationGracePeriod && seconds(owner, 'terminationGracePeriod', props.terminationGracePeriod),
      enableServiceLinks: defaults.noServiceLinks ? false : undefined,
      securityContext: nonEmpty(podSecurity(props.security, defaults)),
      imagePullSecrets: props.imagePullSecrets?.map((secret) => ({ name: secret })),
      nodeSelector: props.nodeSelector,
      tolerations: props.tolerations,
      priorityClassName: props.priorityClass,
      topologySpreadConstraints: kind.spread && defaults.spread ? spreadOver(selector) : undefined,
      initContainers: init.length > 0 ? init : undefined,
      containers: main,
      volumes: nonEmpty([...files.volumes, ...[...volumes.values()].map(({ name: id, source }) => ({ name: id, ...source }))]),
    },
  };
  return { name, defaults, labels, selector, template: template as unknown as JsonObject };
}

function podServices(
  owner: Component,
  pod: { readonly defaults: Defaults; readonly secrets: SecretEnv; readonly files: PodFiles; readonly volumes: Map<string, Volume> },
): (container: string) => PodServices {
  return (container) => {
    const place = (field: string) => (field ? `containers.${container}.${field}` : `containers.${container}`);
    const services: PodServices = {
      defaults: pod.defaults,
      bad: (field, message, hint) => {
        const what = field || `The container '${container}'`;
        report(owner, { code: 'PROPS_INVALID', message: `${what} ${message}`, hint, at: place(field) });
      },
      seconds: (field, duration) => seconds(owner, place(field), duration),
      env: (id, env) => {
        for (const [variable, value] of Object.entries(env)) checkEnv(variable, value, services.bad);
        return Object.entries(env).map(([variable, value]) => pod.secrets.lower(id, variable, value));
      },
      mounts: (_, given) => [
        ...Object.entries(given.files ?? {}).map(([path, file]) => pod.files.mount(path, file)),
        ...Object.entries(given.mounts ?? {}).map(([mountPath, mount]) => {
          const { volume, readOnly, subPath } = 'volume' in mount ? mount : { volume: mount };
          const other = pod.volumes.get(volume.name);
          if (other && !equalJson(other.source, volume.source)) {
            services.bad(
              `mounts.${mountPath}`,
              `is a second volume called '${volume.name}'.`,
              'Mount the same volume, or name it differently.',
            );
          }
          pod.volumes.set(volume.name, volume);
          return { name: volume.name, mountPath, ...(readOnly !== undefined && { readOnly }), ...(subPath !== undefined && { subPath }) };
        }),
      ],
    };
    return services;
  };
}

/** The seconds of a duration; reports one that cannot be read. */
export function seconds(owner: Component, field: string, duration: Duration): number {
  const value = secondsOf(duration);
  if (value === undefined) {
    const message = `${field.slice(field.lastIndexOf('.') + 1)} is ${JSON.stringify(duration)}.`;
    report(owner, { code: 'PROPS_INVALID', message, hint: "Write a duration like '30s', '5m' or '2h'.", at: field });
  }
  return value ?? 1;
}

/** What a pod needs beside itself. */
interface Helpers {
  readonly secrets: SecretEnv;
  readonly files: PodFiles;
  /** Is the ConfigMap named by its content? Then a change of it is a change of the pod's by itself. */
  readonly versioned: boolean;
}

function makeHelpers(owner: Component, metadata: JsonObject, { secrets, files, versioned }: Helpers): void {
  const make = (id: string, kind: 'ConfigMap' | 'Secret', name: string, data: JsonObject) =>
    follow(
      new KubernetesObject(owner, id, {
        apiVersion: 'v1',
        kind,
        metadata: { name, ...metadata },
        ...(kind === 'Secret' && { type: 'Opaque' }),
        data,
      }),
      id === 'Env' ? secretEnvRules : filesRules,
    );
  if (files.config) ask(make('Files', 'ConfigMap', files.names.config, files.config), { versioned });
  if (files.secrets) make('SecretFiles', 'Secret', files.names.secret, inBase64(files.secrets));
  if (secrets.data) make('Env', 'Secret', secrets.name, inBase64(secrets.data));
}

function inBase64(values: { readonly [key: string]: Json }): JsonObject {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, { $base64: value }]));
}

function identityOf(owner: Component, name: string, props: PodProps<string>, defaults: Defaults, metadata: JsonObject): JsonObject {
  const wanted = props.serviceAccount;
  const given: ServiceAccountProps = typeof wanted === 'object' ? wanted : {};
  const account = typeof wanted === 'string' ? wanted : (given.name ?? name);
  const token = given.token ?? (defaults.withholdToken ? false : undefined);
  if (wanted !== undefined && typeof wanted !== 'string') {
    const annotations = given.annotations && { annotations: given.annotations };
    const object = new KubernetesObject(owner, 'ServiceAccount', {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: account, ...metadata, ...annotations },
    });
    follow(object, serviceAccountRules);
  }
  return {
    ...(wanted !== undefined && { serviceAccountName: account }),
    ...(token !== undefined && { automountServiceAccountToken: token }),
  };
}

function podSecurity(given: PodSecurity | undefined, defaults: Defaults): JsonObject {
  return {
    ...(defaults.podSecurity && { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } }),
    ...(given as JsonObject | undefined),
  };
}

// As far as possible: a pod that cannot be spread still runs. The hash keeps the pods of two rollouts apart.
function spreadOver(selector: { readonly [name: string]: string }): readonly JsonObject[] {
  return ['kubernetes.io/hostname', 'topology.kubernetes.io/zone'].map((topologyKey) => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: 'ScheduleAnyway',
    labelSelector: { matchLabels: selector },
    matchLabelKeys: ['pod-template-hash'],
  }));
}

function nonEmpty<T extends object>(value: T): T | undefined {
  return Object.keys(value).length > 0 ? value : undefined;
}
