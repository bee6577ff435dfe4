// The Spec: everything a stack wishes for, as data. The contract between synth and engine; another SDK could write it.
import { digest, type Json, type JsonObject, sorted } from './json';
import type { SourceLine } from './problem';

/** The format of Specs that this Konfig reads and writes. */
export const specVersion = 'konfig.dev/spec/v1';

/** What a resource is known by: `<target>:<Kind>[.<group>]/[<namespace>/]<name>`, e.g. `main:Deployment.apps/shop/web`, `main:Namespace/shop`. */
export type ResourceId = string;

/** The graph of everything wished for one stack. Sorted by id; its digest names it. */
export interface Spec {
  readonly version: typeof specVersion;
  readonly project: string;
  readonly stack: string;
  /** Who to ask, as the project says. */
  readonly owner?: string;
  readonly workspace: string;
  readonly targets: { readonly [name: string]: Target };
  /** Where releases, inventory and lock live. */
  readonly records: Records;
  readonly settings: Settings;
  readonly resources: readonly Resource[];
}

/** A system that a stack goes to: a cluster, an account. `config` is the runtime's own. */
export interface Target {
  readonly runtime: string;
  readonly config: JsonObject;
}

/**
 * Where releases, inventory and lock of a stack live: in Secrets of a target's namespace, in files on this machine, or in a PostgreSQL, whose `url` holds a
 * password: `{"$secret": …}`, and a text once that was read.
 */
export type Records =
  | { readonly store: 'kubernetes'; readonly target: string; readonly namespace: string }
  | { readonly store: 'files' }
  | { readonly store: 'postgres'; readonly url: Json };

/** How long to wait and how patient to be; all in seconds. */
export interface Settings {
  /** The whole operation. Default 1800. */
  readonly totalTimeout: number;
  /** One resource, from its apply until ready. Default 600. */
  readonly resourceTimeout: number;
  /** No change of a resource's health or of what hangs from it. Default 300. */
  readonly noProgressTimeout: number;
  /** How long a finding of the class «likely» may last before it fails its resource; by finding code. */
  readonly graces: { readonly [code: string]: number };
  /** Steps carried out side by side. Default 12. */
  readonly concurrency: number;
}

/** The settings of a workspace that says nothing else; in seconds, as in `Settings`. */
export const defaultSettings: Settings = { totalTimeout: 1800, resourceTimeout: 600, noProgressTimeout: 300, graces: {}, concurrency: 12 };

/** One node of the graph. */
export interface Resource {
  readonly id: ResourceId;
  readonly target: string;
  readonly runtime: string;
  /** The runtime's type: `apps/v1/Deployment`, `v1/Service`. */
  readonly type: string;
  /** What is wished, with `$ref` where a value is known only later and `$secret` where it must not be written. */
  readonly attributes: JsonObject;
  /** Explicit dependencies; those that follow from references are derived later. */
  readonly dependsOn?: readonly Dependency[];
  /** The construct's path in the tree. */
  readonly path: string;
  /**
   * What becomes of it when it goes from the program. `protect` refuses a delete or replace; `retain` leaves it in place, no longer ours; `collect` deletes it
   * once nothing in the world uses it any more. Default `delete`, but for kinds whose delete asks to be written down (CustomResourceDefinition).
   */
  readonly onRemoval?: 'delete' | 'protect' | 'retain' | 'collect';
  /** It is a task, which runs and ends: when it runs again. `changed`: when what it is to do differs from what it did last; `once`: never after a success. */
  readonly runWhen?: 'changed' | 'always' | 'once';
}

/** What is waited for of a dependency. `present`: it exists; `ready`: it is healthy. */
export type Until = 'present' | 'ready';

/** A resource that must be present or ready first. */
export interface Dependency {
  readonly on: ResourceId;
  readonly until: Until;
}

/** Where each field's value was set. Beside the Spec, outside its digest: a new comment must not make a plan stale. */
export interface SourceTable {
  readonly [id: ResourceId]: ResourceSource;
}

/** Where one resource and its fields were set in the user's code. */
export interface ResourceSource {
  /** The call of the construct that made the resource. */
  readonly made: SourceLine;
  /** Lines of single fields, by path text (`spec.replicas`); a parent's line holds for its children. */
  readonly fields?: { readonly [path: string]: FieldSource };
  /** By the path of a list, the names of each of its items: first the one that `fields` says, `[name=web]`, then others that it is known by. */
  readonly items?: { readonly [list: string]: readonly (readonly string[])[] };
}

/** The line that a field's value was written in. */
export interface FieldSource extends SourceLine {
  /** The lines that the value came through from there to the resource, the nearest to the resource first: `service.ts:80`, which reads `app.ts:12`. */
  readonly through?: readonly SourceLine[];
  /** What stands below it was not written there, but made by what is: for fields below, the line is a guess. */
  readonly isMade?: true;
}

/** What a synth gives: only this crosses back from the user's program. */
export interface SynthOutput {
  readonly spec: Spec;
  readonly sources: SourceTable;
}

/** The name of a stack as people type it: `shop/prod`. */
export function stackName(spec: Pick<Spec, 'project' | 'stack'>): string {
  return `${spec.project}/${spec.stack}`;
}

/** The Spec with resources sorted by id and keys sorted, so that equal Specs have equal bytes. */
export function normalSpec(spec: Spec): Spec {
  const resources = [...spec.resources].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  return sorted({ ...spec, resources } as unknown as JsonObject) as unknown as Spec;
}

/** SHA-256 of the normal Spec, in lower-case hex; the order of resources and keys does not count. */
export function specDigest(spec: Spec): string {
  return digest(normalSpec(spec) as unknown as Json);
}

/** The id without its target, as shown where a stack has one target: `Deployment/web` for `main:Deployment.apps/shop/web`. */
export function shortId(id: ResourceId): string {
  const address = id.slice(id.indexOf(':') + 1);
  const parts = address.split('/');
  const kind = (parts[0] as string).split('.')[0];
  return `${kind}/${parts[parts.length - 1]}`;
}

/** The line that set a field: the nearest recorded one above it, else the construct's call, marked as a guess. */
export function sourceOf(sources: SourceTable, id: ResourceId, path?: string): FieldSource | undefined {
  const source = sources[id];
  if (!source) return undefined;
  const above = pathsAbove(path ?? '', source.items ?? {});
  for (const here of above) {
    if (!source.fields || !Object.hasOwn(source.fields, here)) continue;
    const { isMade, ...line } = source.fields[here] as FieldSource;
    return isMade && here !== above[0] ? { ...line, guess: true } : line;
  }
  return path === undefined ? source.made : { ...source.made, guess: true };
}

/** One part of a path as `pathText` writes it: a key, or something in brackets, where a quoted text may hold anything. */
const pathPart = /\.?[\w$-]+|\[(?:"(?:[^"\\]|\\.)*"|[^\]"])*\]/gy;

/** The path itself, then each one above it, the nearest first; items by the names that the table has for them. */
function pathsAbove(path: string, items: NonNullable<ResourceSource['items']>): readonly string[] {
  const above: string[] = [];
  let here = '';
  for (const [part] of path.matchAll(pathPart)) {
    here += part.startsWith('[') && Object.hasOwn(items, here) ? nameOfItem(part, items[here] ?? []) : part;
    above.unshift(here);
  }
  return above;
}

function nameOfItem(part: string, items: readonly (readonly string[])[]): string {
  const number = /^\[(\d+)\]$/.exec(part);
  const names = number ? items[Number(number[1])] : items.find((one) => one.includes(part));
  return names?.[0] ?? part;
}
