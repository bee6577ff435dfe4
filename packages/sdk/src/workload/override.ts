// The way to every field that has no name of its own in the SDK: a partial manifest laid over the one that was made.
import { isObject, type Json, type JsonObject, setOwn } from '@konfig/core';

/** Any value of a manifest; `null` takes the field out. */
export type Part = Json | undefined;

/** Metadata that can be laid over an object's. */
export interface MetadataOverride {
  readonly labels?: { readonly [name: string]: string | null };
  readonly annotations?: { readonly [name: string]: string | null };
  readonly finalizers?: readonly string[];
}

/** The fields of a container. Lists of named entries (`env`, `ports`, `volumeMounts` by path) are merged by name. */
export interface ContainerOverride {
  readonly name: string;
  readonly args?: readonly string[] | null;
  readonly command?: readonly string[] | null;
  readonly env?: readonly { readonly name: string; readonly value?: string; readonly valueFrom?: JsonObject | null }[];
  readonly envFrom?: readonly JsonObject[];
  readonly image?: string;
  readonly imagePullPolicy?: 'Always' | 'IfNotPresent' | 'Never';
  readonly lifecycle?: Part;
  readonly livenessProbe?: Part;
  readonly ports?: readonly JsonObject[];
  readonly readinessProbe?: Part;
  readonly resizePolicy?: Part;
  readonly resources?: Part;
  readonly restartPolicy?: 'Always' | 'OnFailure' | 'Never';
  readonly securityContext?: Part;
  readonly startupProbe?: Part;
  readonly stdin?: boolean;
  readonly stdinOnce?: boolean;
  readonly terminationMessagePath?: string;
  readonly terminationMessagePolicy?: 'File' | 'FallbackToLogsOnError';
  readonly tty?: boolean;
  readonly volumeDevices?: Part;
  readonly volumeMounts?: readonly JsonObject[];
  readonly workingDir?: string;
}

/** The fields of a pod's spec. */
export interface PodSpecOverride {
  readonly activeDeadlineSeconds?: number;
  readonly affinity?: Part;
  readonly automountServiceAccountToken?: boolean | null;
  readonly containers?: readonly ContainerOverride[];
  readonly dnsConfig?: Part;
  readonly dnsPolicy?: 'ClusterFirst' | 'ClusterFirstWithHostNet' | 'Default' | 'None';
  readonly enableServiceLinks?: boolean | null;
  readonly hostAliases?: Part;
  readonly hostIPC?: boolean;
  readonly hostNetwork?: boolean;
  readonly hostPID?: boolean;
  readonly hostUsers?: boolean;
  readonly hostname?: string;
  readonly imagePullSecrets?: Part;
  readonly initContainers?: readonly ContainerOverride[];
  readonly nodeName?: string;
  readonly nodeSelector?: Part;
  readonly os?: Part;
  readonly overhead?: Part;
  readonly preemptionPolicy?: 'Never' | 'PreemptLowerPriority';
  readonly priorityClassName?: string | null;
  readonly readinessGates?: Part;
  readonly resourceClaims?: Part;
  readonly resources?: Part;
  readonly restartPolicy?: 'Always' | 'OnFailure' | 'Never';
  readonly runtimeClassName?: string;
  readonly schedulerName?: string;
  readonly schedulingGates?: Part;
  readonly securityContext?: Part;
  readonly serviceAccountName?: string | null;
  readonly setHostnameAsFQDN?: boolean;
  readonly shareProcessNamespace?: boolean;
  readonly subdomain?: string;
  readonly terminationGracePeriodSeconds?: number | null;
  readonly tolerations?: Part;
  readonly topologySpreadConstraints?: Part;
  readonly volumes?: readonly JsonObject[];
}

/** The fields of a pod template. */
export interface PodTemplateOverride {
  readonly metadata?: MetadataOverride;
  readonly spec?: PodSpecOverride;
}

/** The fields of a Deployment. Its selector is `selector` of the Service. */
export interface DeploymentOverride {
  readonly metadata?: MetadataOverride;
  readonly spec?: {
    readonly minReadySeconds?: number;
    readonly paused?: boolean;
    readonly progressDeadlineSeconds?: number;
    readonly replicas?: number | null;
    readonly revisionHistoryLimit?: number | null;
    readonly strategy?: Part;
    readonly template?: PodTemplateOverride;
  };
}

/** The fields of a Kubernetes Service. */
export interface KubernetesServiceOverride {
  readonly metadata?: MetadataOverride;
  readonly spec?: {
    readonly allocateLoadBalancerNodePorts?: boolean;
    readonly clusterIP?: string;
    readonly clusterIPs?: readonly string[];
    readonly externalIPs?: readonly string[];
    readonly externalName?: string;
    readonly externalTrafficPolicy?: 'Cluster' | 'Local';
    readonly healthCheckNodePort?: number;
    readonly internalTrafficPolicy?: 'Cluster' | 'Local';
    readonly ipFamilies?: readonly ('IPv4' | 'IPv6')[];
    readonly ipFamilyPolicy?: 'SingleStack' | 'PreferDualStack' | 'RequireDualStack';
    readonly loadBalancerClass?: string;
    readonly loadBalancerIP?: string;
    readonly loadBalancerSourceRanges?: readonly string[];
    readonly ports?: readonly JsonObject[];
    readonly publishNotReadyAddresses?: boolean;
    readonly selector?: Part;
    readonly sessionAffinity?: 'ClientIP' | 'None';
    readonly sessionAffinityConfig?: Part;
    readonly trafficDistribution?: string;
    readonly type?: string;
  };
}

/** The fields of a Job, also those of a CronJob's runs. */
export interface JobOverride {
  readonly metadata?: MetadataOverride;
  readonly spec?: {
    readonly activeDeadlineSeconds?: number | null;
    readonly backoffLimit?: number | null;
    readonly backoffLimitPerIndex?: number;
    readonly completionMode?: 'NonIndexed' | 'Indexed';
    readonly completions?: number;
    readonly managedBy?: string;
    readonly manualSelector?: boolean;
    readonly maxFailedIndexes?: number;
    readonly parallelism?: number;
    readonly podFailurePolicy?: Part;
    readonly podReplacementPolicy?: 'TerminatingOrFailed' | 'Failed';
    readonly selector?: Part;
    readonly successPolicy?: Part;
    readonly suspend?: boolean;
    readonly template?: PodTemplateOverride;
    readonly ttlSecondsAfterFinished?: number | null;
  };
}

/**
 * Lays a partial manifest over a whole one: maps are merged, `null` takes a field out, lists whose entries have names are merged by
 * name (volume mounts by path), other lists are replaced.
 */
export function overridden(manifest: JsonObject, over: object | undefined): JsonObject {
  return over === undefined ? manifest : (merge(manifest, over as JsonObject) as JsonObject);
}

function merge(under: Json | undefined, over: Json): Json {
  if (isObject(under) && isObject(over) && isPlain(under) && isPlain(over)) return mergeMaps(under, over);
  if (Array.isArray(under) && Array.isArray(over)) return mergeLists(under, over);
  return over;
}

function mergeMaps(under: JsonObject, over: JsonObject): Json {
  const merged: Record<string, Json> = { ...under };
  for (const [key, value] of Object.entries(over)) {
    // A null stays for now: the Spec leaves out all nulls.
    if (value !== undefined) setOwn(merged, key, merge(merged[key], value));
  }
  return merged;
}

function mergeLists(under: readonly Json[], over: readonly Json[]): Json {
  const key = ['mountPath', 'name'].find((candidate) =>
    [...under, ...over].every((item) => isObject(item) && item[candidate] !== undefined),
  );
  if (key === undefined || under.length === 0) return over;
  const nameOf = (item: Json) => (item as JsonObject)[key];
  const kept = under.map((item) => {
    const change = over.find((other) => nameOf(other) === nameOf(item));
    return change === undefined ? item : merge(item, change);
  });
  return [...kept, ...over.filter((item) => !under.some((other) => nameOf(other) === nameOf(item)))];
}

// An Output among the values is one value, not a map to be merged into.
function isPlain(value: JsonObject): boolean {
  return Object.getPrototypeOf(value)?.constructor?.name === 'Object';
}
