// The door to the world: what every runtime (Kubernetes, Terraform, a self-built service) must be able to do.
import type { Observation } from './health';
import type { Json, JsonObject, Path } from './json';
import type { Keeper } from './keeper';
import type { GrowingMask } from './mask';
import type { Problem } from './problem';
import type { Dependency, Resource, ResourceId, Target } from './spec';

declare global {
  // Merges with the one of Node or of the browser; a user whose types have neither can read ours all the same.
  interface AbortSignal {}
}

/** A system that keeps resources. One folder of `packages/runtimes` each. */
export interface Runtime {
  readonly name: string;
  /** Errors in the wished resources that can be seen without the system. Pure. */
  check(resources: readonly Resource[]): readonly Problem[];
  /**
   * What else is wrong with them by what is known of their kinds and of the targets they go to. The system itself may know better, so that no
   * preview hangs on it.
   */
  validate(resources: readonly Resource[], targets: { readonly [name: string]: Target }): readonly Problem[];
  /** Dependencies that follow from references inside the attributes (a Deployment uses a ConfigMap). Pure. */
  references(resources: readonly Resource[]): ReadonlyMap<ResourceId, readonly Dependency[]>;
  /** Where kinds stand when nothing else orders them; lower goes first. Pure. */
  rank(resource: Resource): number;
  /** Does the system itself keep what stands at this path secret, as Kubernetes does the values of a Secret? Pure. */
  isSecret(type: string, path: Path): boolean;
  /** All that stands at such paths. Pure. */
  secretsIn(type: string, attributes: JsonObject): readonly HeldSecret[];
  /** To plan a delete and to carry it out takes what was wished last: it is handed over with what is removed. Default false. */
  readonly needsLastWish?: boolean;
  /** Names of the parts that a resource is made of, as far as it wishes them. Pure. Default: none. */
  partNames?(resource: Resource): readonly string[];
  /** What a program has written of each part, to recognise one that was only renamed. Pure. Default: none. */
  wishedParts?(resource: Resource): readonly WishedPart[];
  /**
   * Opens a target. Fails with TARGET_CONFIG, TARGET_UNREACHABLE or TARGET_CREDENTIALS, saying which server and why.
   */
  connect(name: string, target: Target, signal: AbortSignal): Promise<Connection>;
}

/** A part as it is written in the attributes of its resource. */
export interface WishedPart {
  /** `aws_subnet.all`; where it is there several times, the names of parts begin with it. */
  readonly name: string;
  /** What it may be compared with: `aws_subnet`. */
  readonly type: string;
  /** Where it stands in the attributes. */
  readonly at: Path;
  /** Ids of its construct, below the stack: `['app', 'cloud', 'main']`. */
  readonly construct: readonly string[];
}

/** A value that a system keeps secret. */
export interface HeldSecret {
  readonly path: Path;
  /** As whoever uses it reads it. Undefined: it is known only later. */
  readonly text: string | undefined;
}

/** An open target. Safe to use from many steps at once. */
export interface Connection {
  /** What makes this target this one: the cluster's uid. A plan is bound to it. */
  readonly identity: string;
  /** For people: `https://10.0.0.1:6443 (context prod-eu1)`. */
  readonly description: string;
  /** Hands over what a runtime keeps in the store of releases; called before anything else, where the store could be opened. */
  attach?(keeper: Keeper): void;
  /**
   * From now on, whatever it comes to know that its system keeps secret is added to this, before anything is told that could hold it; called before anything else.
   * What other systems hold and a Spec refers to is known without it.
   */
  maskWith?(mask: GrowingMask): void;
  /** Dry-runs what is wished and looks at what is owned; changes nothing. Attributes come resolved, but for `$unknown`. */
  plan(request: PlanRequest, signal: AbortSignal): Promise<readonly PlannedRow[]>;
  /** Permissions that the rows need and that are missing. Asked before the first change. */
  missingPermissions(
    rows: readonly { readonly resource: ResourceId; readonly type: string; readonly verb: 'create' | 'patch' | 'delete' }[],
    signal: AbortSignal,
  ): Promise<readonly Problem[]>;
  /** Makes one resource as wished. Throws KonfigError with RESOURCE_REJECTED, RESOURCE_CONFLICT, PLAN_STALE, CONNECTION_LOST … */
  apply(request: ApplyRequest, signal: AbortSignal): Promise<Applied>;
  /** Asks for the delete; `observe` tells when it is gone. Never deletes another object than the one with this uid. */
  delete(request: DeleteRequest, signal: AbortSignal): Promise<'deleting' | 'gone'>;
  /** Takes our mark from the object with this uid and leaves it otherwise as it is. Does nothing where it is gone. */
  abandon(request: DeleteRequest & { readonly stack: string }, signal: AbortSignal): Promise<void>;
  /**
   * What the containers behind these resources say, oldest first as far as that can be told. With `follow` it goes on, with containers that come later too,
   * until the signal aborts.
   */
  logs(request: LogRequest, onLine: (line: LogLine) => void, signal: AbortSignal): Promise<void>;
  /** The resources as they are now, with what hangs from them. */
  observe(resources: readonly Watched[], signal: AbortSignal): Promise<readonly Observation[]>;
  /** The wished fields of resources as they are now, for outputs: undefined where there is none. */
  read(id: ResourceId, type: string, signal: AbortSignal): Promise<JsonObject | undefined>;
  /**
   * Observations of these resources, first as they are, then at every change, until the signal aborts.
   * Survives disconnects and expired watches. `add` widens it while it runs.
   */
  watch(resources: readonly Watched[], onChange: (observation: Observation) => void, signal: AbortSignal): Promise<Watch>;
  /** The state that is kept of a resource, as its system writes it, with every secret in clear. Undefined: there is none. A runtime that keeps none lacks it. */
  pullState?(id: ResourceId): Promise<string | undefined>;
  /** Keeps this state instead. Throws USAGE for what is none, RECORD_CONFLICT where it is not what comes after the one that is there. */
  pushState?(push: StatePush): Promise<PushedState>;
  close(): Promise<void>;
}

/** A running watch. */
export interface Watch {
  /** Also watch these, e.g. a kind that did not exist when the watch began. */
  add(resources: readonly Watched[]): Promise<void>;
  /** Rejects when the watch can no longer tell the truth (credentials expired, target gone); else settles at the abort. */
  readonly ended: Promise<void>;
}

/** A state that is to be kept from now on. */
export interface StatePush {
  readonly id: ResourceId;
  readonly text: string;
  /** Where the text comes from, for messages: `terraform.tfstate`. */
  readonly name: string;
  /** As the program wishes it now. Undefined: not at all. */
  readonly resource?: Resource;
  /** Also where it is not what comes after the state that is there. */
  readonly isForced: boolean;
}

/** What is kept now, and what was before. */
export interface PushedState {
  /** Undefined: nothing, or nothing that could be read. */
  readonly before?: ToldState;
  readonly after: ToldState;
}

/** A state in numbers: how often it was written, and how much it knows. */
export interface ToldState {
  readonly serial: number;
  readonly resources: number;
}

/** What a watch needs to know of a resource. */
export interface Watched {
  readonly id: ResourceId;
  readonly type: string;
  readonly attributes?: JsonObject;
  /** This operation does not change it: `attributes` is what was last applied, and what differs from it has not come out as wished. */
  readonly isLookedAt?: boolean;
}

/** What a target is to be planned for: the part of the stack that goes there. */
export interface PlanRequest {
  /** `shop/prod`; tells our objects from those of others. */
  readonly stack: string;
  readonly wished: readonly Resource[];
  /** What the inventory says we own and the Spec no longer wishes. */
  readonly removed: readonly OwnedResource[];
  /** What else is wished here and was planned already: what the rest stands on may be among it. */
  readonly beside?: readonly Resource[];
  /** Parts to take over from the world. */
  readonly imports?: readonly PartImport[];
}

/** A part that is in the world already, and the id by which its system knows it. */
export interface PartImport {
  readonly resource: ResourceId;
  readonly part: string;
  readonly id: string;
}

/** A resource of the inventory. */
export interface OwnedResource {
  readonly id: ResourceId;
  readonly type: string;
  /** Undefined while it is not known to exist. */
  readonly uid?: string;
  readonly onRemoval?: Resource['onRemoval'];
  /** What was wished of it last, resolved: for runtimes that say `needsLastWish`, where the last release still tells. */
  readonly attributes?: JsonObject;
}

/** What a runtime found out about one resource: facts, no decision. */
export interface PlannedRow {
  readonly id: ResourceId;
  /** Undefined: it is not there. */
  readonly live?: LiveIdentity;
  /** It could not be looked at or planned, its problems say why: nothing is done about it, nor about what waits for it. Default false. */
  readonly isUnseen?: boolean;
  /** It is being deleted, and will be gone as soon as nothing holds it up. Default false. */
  readonly isGoing?: boolean;
  /** Who owns it, where that is not this stack. */
  readonly owner?: Owner;
  /** What applying would change of the fields that are ours, in the order of their paths. For a create: none, it is all new. */
  readonly changes: readonly FieldChange[];
  /** The subset of changes that cannot be made in place, with the system's words. */
  readonly immutable: readonly { readonly path: string; readonly message: string }[];
  /** May a replace go ahead without being told so? False where it would lose data (PersistentVolumeClaim, Namespace). */
  readonly replaceable: boolean;
  /** Of what is removed: it holds data itself, so that even a destroy does not lose it unasked; what only holds others does not. Default false. */
  readonly holdsData?: boolean;
  /** May a delete go ahead without `onRemoval: 'delete'` being written down? False where others' objects go with it (CustomResourceDefinition). Default true. */
  readonly deletable?: boolean;
  /** Of what is removed: wished resources that its delete would take along (those in a Namespace). */
  readonly contains?: readonly ResourceId[];
  /** Of what is removed: what else is removed and is to stay, though its delete would take it along. */
  readonly keeps?: readonly ResourceId[];
  /** Of what is removed: objects of others that its delete would take along, by short id, with their owner where one is known. */
  readonly takesAlong?: readonly string[];
  /** Asked for what is removed with `onRemoval: 'collect'`: what in the world still uses it, by short id. */
  readonly usedBy?: readonly string[];
  /** Of what others may refer to: the paths whose values an update in place changes, to something that only the apply tells. Default: none. */
  readonly later?: readonly Path[];
  /** `server`: dry run; `offline`: by schema; `none`: not checked. */
  readonly checked: 'server' | 'offline' | 'none';
  /** Said once in the preview: deprecations, what was yielded to an autoscaler. */
  readonly notes: readonly string[];
  readonly problems: readonly Problem[];
  /** What becomes of each of the things that it is made of; `changes` is empty then. */
  readonly parts?: readonly PlannedPart[];
  /**
   * What `read` will give once this was carried out, as far as it can be told; the rest is not known before. Default: what is wished, else what stays. May hold
   * secrets, and is kept nowhere.
   */
  readonly ahead?: JsonObject;
}

/**
 * One of several things that one resource is made of and that have a fate of their own: a resource of a Terraform stack. All of them change in one step, and
 * each has a row in plans and views.
 */
export interface PlannedPart {
  /** As its system calls it: `aws_db_instance.main`. Unique in its resource. */
  readonly name: string;
  readonly action: PartAction;
  /** Why it is replaced, what it was called before, the id that it is imported by: `engine cannot be changed in place`. */
  readonly reason?: string;
  /** Of a create: what it will be. Values that are known only after the apply are `$unknown`. Paths count from the part. */
  readonly changes: readonly FieldChange[];
  /** It is replaced, and the new one is made before the old one is deleted. Default: the old one goes first. */
  readonly createsFirst?: boolean;
  /** It is deleted or replaced, and what it holds goes with it. */
  readonly losesData?: boolean;
  /** Where it stands in the attributes of its resource: its source line is looked up there, and of a field below it. */
  readonly at?: Path;
  /** It was listed from the configuration, since it cannot be planned before this is known: `Service/shop/web status.loadBalancer.ingress[0].ip`. */
  readonly plannedWhen?: string;
}

/** What becomes of a part. `read`: asked for again at the apply; `move`: it has another name; `forget`: it stays in the world and is no longer ours. */
export type PartAction = 'create' | 'update' | 'replace' | 'delete' | 'import' | 'move' | 'forget' | 'read' | 'keep';

/** The very object that was seen, and which version of it. */
export interface LiveIdentity {
  readonly uid: string;
  /** The system's own word for it: a resourceVersion. */
  readonly version: string;
}

/** Somebody who says a resource is theirs. */
export interface Owner {
  /** `Konfig stack shop/prod`, `Helm release web`, `Argo CD application shop`; undefined kinds are `nobody`. */
  readonly name: string;
  readonly kind: 'konfig' | 'helm' | 'argocd' | 'flux' | 'nobody';
}

/** One field that an apply would change. */
export interface FieldChange {
  readonly path: Path;
  /** Undefined: the field is new. */
  readonly before?: Json;
  /** Undefined: the field goes. */
  readonly after?: Json;
  /** The value is secret: shown as changed, never printed. Then before and after are left out. */
  readonly sensitive?: boolean;
  /** It is of what we keep of the resource: nothing in the world differs. Default false. */
  readonly isOurs?: boolean;
  /** Who set the value that is there now, where that was not us. */
  readonly by?: Author;
}

/** Who changed a field in the world. */
export interface Author {
  /** The system's own word for it: the name of a field manager. */
  readonly name: string;
  /** ISO 8601. */
  readonly time?: string;
}

/** Which logs to read. */
export interface LogRequest {
  readonly resources: readonly Watched[];
  readonly follow: boolean;
  /** Lines from the end, of each container. Default: all. */
  readonly tail?: number;
  /** Seconds back from now. Default: all. */
  readonly since?: number;
  /** Of the containers before their last restart. Default false. */
  readonly previous?: boolean;
  /** Only containers of this name. Default: all. */
  readonly container?: string;
}

/** One line that a container said. */
export interface LogLine {
  readonly id: ResourceId;
  /** Who said it: `web-6c9-x2k/app`. */
  readonly from: string;
  /** When it was said, where the system tells: ISO 8601 in UTC with nine digits after the second, so that times compare as text. */
  readonly time?: string;
  readonly text: string;
}

/** One resource to make as wished, and what the plan showed of it. */
export interface ApplyRequest {
  readonly stack: string;
  /** Fully resolved. */
  readonly resource: Resource;
  readonly action: 'create' | 'update' | 'replace' | 'adopt';
  /** What the plan saw; a different object in its place stops the step with PLAN_STALE. */
  readonly live?: LiveIdentity;
  /** What the plan showed. If the object has a newer version, the effect is looked at again and must be this one: else PLAN_STALE. */
  readonly changes: readonly FieldChange[];
  /** What the plan showed of its parts: anything else stops the step with PLAN_STALE. */
  readonly parts?: readonly PlannedPart[];
  /** Tells how it goes, while the call lasts. */
  readonly tell?: (progress: Observation) => void;
  /** Tells what becomes of its parts after all, where that had to be planned anew; before anything of it is begun. */
  readonly planned?: (parts: readonly PlannedPart[]) => void;
  /** Aborts when the operation is cancelled: what is under way is finished, and nothing more of it is begun. The other signal gives it up. */
  readonly cancelled?: AbortSignal;
}

/** The system's answer to an apply: it took the resource, which need not be ready yet. */
export interface Applied {
  readonly uid: string;
  /** An observation of an older one does not count. */
  readonly generation?: number;
  /** The resource as the system answered, for outputs. */
  readonly live: JsonObject;
  /** Undefined where only the watch can tell: a Service hangs on its endpoints. The watch then speaks again, unless nothing was changed. */
  readonly observation?: Observation;
  /** There was nothing to change, so what the watch has seen before still holds. Default: false. */
  readonly isUnchanged?: boolean;
  /** The system's own, such as deprecations; said as notes. */
  readonly warnings: readonly string[];
}

/** One resource to delete. */
export interface DeleteRequest {
  readonly id: ResourceId;
  readonly type: string;
  /** Of the only object that may be deleted; undefined where it was never heard of. */
  readonly uid?: string;
  /** What was wished of it last, resolved: as in `OwnedResource`. */
  readonly attributes?: JsonObject;
  /** What the plan showed of its parts, as in `ApplyRequest`. */
  readonly parts?: readonly PlannedPart[];
  /** Tells how it goes, while the call lasts. */
  readonly tell?: (progress: Observation) => void;
  /** As in `ApplyRequest`. */
  readonly planned?: (parts: readonly PlannedPart[]) => void;
  /** As in `ApplyRequest`. */
  readonly cancelled?: AbortSignal;
}
