import type { FieldProblem } from '../api/failure';
import type { KubeObject } from '../objects';
import type { Type } from '../schema/type';
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
}

export interface KindRules {
  readonly name?: NameRule;
  /** Has the subresource `status`, and so a status that other writes leave alone. */
  readonly status?: boolean;
  readonly scale?: boolean;
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
  /** A DELETE answers with the object as it was last, not with a Status. */
  readonly returnsDeleted?: boolean;
  readonly columns?: readonly Column[];
  /** Deletion waits: how many seconds the object stays, given what was asked for. */
  readonly graceSeconds?: (object: KubeObject, asked: number | undefined) => number;
}

/** How a name is written: a DNS subdomain, a DNS label, a label that starts with a letter, or one path segment. */
export type NameRule = 'subdomain' | 'label' | 'label1035' | 'segment';

/** A column that `kubectl get` shows; `wide` ones only with `-o wide`. */
export interface Column {
  readonly name: string;
  readonly type?: string;
  readonly format?: string;
  readonly wide?: boolean;
  readonly cell: (object: KubeObject, now: number) => string | number;
}
