// How a resource is, what is wrong with it, and when wrong is wrong enough to give up.
import type { ResourceId, Settings } from './spec';

/** How a resource is. `degraded`: something is in the way that will hardly mend by itself; `suspended`: at rest because it was wished so. */
export type Health = 'ready' | 'progressing' | 'degraded' | 'suspended' | 'unknown';

/**
 * How sure a finding is. `terminal`: will not mend by itself, fail now. `likely`: fail after a grace. `transient`: show and wait.
 */
export type FindingClass = 'terminal' | 'likely' | 'transient';

/** Why a resource is not ready. */
export interface Finding {
  /** The system's own word: `ImagePullBackOff`, `CrashLoopBackOff`, `Unschedulable`. */
  readonly code: string;
  readonly class: FindingClass;
  /** One line: what, with the value (`app: back-off pulling image "shop:1.4.x"`). */
  readonly message: string;
  /** The object that has it: `Pod/web-6c9-9tq`. */
  readonly on: string;
  /** Path in the wished resource's attributes of the field that most likely causes it, e.g. `spec.template.spec.containers[name=app].image`. */
  readonly field?: string;
  /** Where else its cause may be, the nearest first: an environment variable comes from a ConfigMap, that from an output of Terraform. */
  readonly leads?: readonly Lead[];
  /** Further lines: the last log line, the last exit code, the Event. */
  readonly details?: readonly string[];
  /** When the system tries again by itself, by its own clock; milliseconds since the epoch. */
  readonly retriesAt?: number;
  /** Default grace of a `likely` finding, in seconds; the workspace's `graces[code]` wins. */
  readonly grace?: number;
}

/** A field of another resource of the program. */
export interface Lead {
  readonly id: ResourceId;
  /** Path in its attributes: `data.host`; of a Terraform stack, of its outputs. */
  readonly field: string;
}

/** One thing that hangs from a resource: a ReplicaSet, a Pod, an EndpointSlice. */
export interface RelatedNode {
  /** `Pod/web-6c9-x2k` */
  readonly name: string;
  readonly health: Health;
  /** One line: `app: CrashLoopBackOff, exit 1, 3 restarts`. */
  readonly message: string;
  readonly children?: readonly RelatedNode[];
}

/** What a runtime's watch saw of one resource. */
export interface Observation {
  readonly id: ResourceId;
  /** False after a delete. */
  readonly exists: boolean;
  readonly uid?: string;
  /** metadata.generation that was seen; a health of an older generation than the applied one does not count. */
  readonly generation?: number;
  readonly health: Health;
  /** `2 of 3 ready`, `waits for an address`. */
  readonly message: string;
  readonly findings: readonly Finding[];
  readonly related: readonly RelatedNode[];
  /** One line, where it is not ready: what of it serves meanwhile (`old Pods serve on: 3 of 3 of revision 4`, `no Pod serves`). */
  readonly serving?: string;
  /** Resources of the same stack through which it gets ready (a Service through its Deployment): when one of them fails, it is not waited for. */
  readonly through?: readonly ResourceId[];
}

/** A finding with the time it was first seen, kept while it lasts. */
export interface DatedFinding extends Finding {
  /** Milliseconds since the epoch. */
  readonly since: number;
}

/** The new list of dated findings: what lasts keeps its date, what is gone goes. */
export function dateFindings(before: readonly DatedFinding[], now: readonly Finding[], time: number): readonly DatedFinding[] {
  return now.map((finding) => {
    const same = before.find((old) => old.code === finding.code && old.on === finding.on);
    return { ...finding, since: same?.since ?? time };
  });
}

/** When this finding fails its resource, in milliseconds since the epoch; undefined: never by itself. */
export function failsAt(finding: DatedFinding, settings: Pick<Settings, 'graces'>): number | undefined {
  if (finding.class === 'transient') return undefined;
  if (finding.class === 'terminal') return finding.since + (settings.graces[finding.code] ?? finding.grace ?? 0) * 1000;
  return finding.since + (settings.graces[finding.code] ?? finding.grace ?? 60) * 1000;
}
