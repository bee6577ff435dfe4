import type { FieldProblem } from '../api/failure';
import type { Definition, JsonSchema, ScalePaths } from '../custom/definition';
import type { KubeObject } from '../objects';
import type { JsonObject, Type } from '../schema/type';
import type { Store } from '../store/store';

/** One kind of object the server keeps: where it lies in the API, its schema, and the rules that are its own. */
export interface Kind {
  readonly group: string;
  readonly version: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  /** The key in the store: `deployments.apps`, and only `pods` in the core group. */
  readonly resource: string;
  readonly type: Type;
  readonly rules: KindRules;
  /** What a list of them is called; without it, the kind with `List` behind. */
  readonly listKind?: string;
  /** How this version differs from the one in which objects are stored; without it, it is that one. */
  readonly conversion?: Conversion;
  /** What is set for the kinds of CustomResourceDefinitions only. */
  readonly custom?: CustomKind;
}

/** Between a version of a kind and the one in which all versions are stored. */
export interface Conversion {
  /** The object as this version shows it, whichever version it was stored in. */
  readonly present: (stored: KubeObject) => KubeObject;
  /** The object in the version in which all versions are stored. */
  readonly store: (object: KubeObject) => KubeObject;
}

/** A version of a kind that a CustomResourceDefinition brings. */
export interface CustomKind {
  readonly definition: Definition;
  /** The schema of this version. */
  readonly schema: JsonSchema;
  /** What every request to a deprecated version is told. */
  readonly deprecation?: string;
}

export interface KindRules {
  readonly name?: NameRule;
  /** Has the subresource `status`, and so a status that other writes leave alone. */
  readonly status?: boolean;
  /** Has the subresource `scale`, with its counts in the usual places or in places of its own. */
  readonly scale?: true | ScalePaths;
  /** Counts changes of the spec in `metadata.generation`. */
  readonly generation?: boolean;
  /** What else than the spec counts as a change of it. */
  readonly alsoGeneration?: (object: KubeObject, old: KubeObject) => boolean;
  /** A PUT must name the resourceVersion it was read at. */
  readonly conditionalUpdate?: boolean;
  /** A PUT of what is not there creates it. */
  readonly createOnUpdate?: boolean;
  /** Fields beyond name and namespace by which lists can be narrowed. */
  readonly selectable?: readonly string[];
  /** What the server writes into a new or changed object, which is a private copy that may be changed in place. */
  readonly prepare?: (object: KubeObject, old: KubeObject | undefined, store: Store) => void;
  readonly check?: (object: KubeObject, old: KubeObject | undefined) => FieldProblem[];
  /** What is wrong with a new status; of built-in kinds only controllers write it. */
  readonly checkStatus?: (object: KubeObject, old: KubeObject) => FieldProblem[];
  /** Reads a body; without it, the schema does. What is not known is left out and told in `unknownFields`. */
  readonly decode?: (body: JsonObject, unknownFields: string[]) => JsonObject;
  /** A write of the status leaves all metadata as it is. */
  readonly statusWithoutMetadata?: true;
  /** What a DELETE does to the object before it is marked or goes. */
  readonly beforeDelete?: (object: KubeObject, now: number) => KubeObject;
  /** A DELETE answers with the object as it was last, not with a Status. */
  readonly returnsDeleted?: boolean;
  readonly columns?: readonly Column[];
  /** Deletion waits: how many seconds the object stays, given what was asked for. */
  readonly graceSeconds?: (object: KubeObject, asked: number | undefined) => number;
}

/** How a name is written: a DNS subdomain, a DNS label, a label that starts with a letter, or one path segment. */
export type NameRule = 'subdomain' | 'label' | 'label1035' | 'segment';

/** A column that `kubectl get` shows; those with a priority only with `-o wide`. */
export interface Column {
  readonly name: string;
  readonly type?: string;
  readonly format?: string;
  readonly description?: string;
  readonly priority?: number;
  readonly cell: (object: KubeObject, now: number) => string | number | boolean | null;
}
