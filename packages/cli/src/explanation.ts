// Where a resource and its fields come from, as data.
import {
  type Author,
  type DependencyEdge,
  type FieldChange,
  type FieldSource,
  type Json,
  latersIn,
  type Path,
  type Problem,
  pathText,
  type Ref,
  type Resource,
  type ResourceId,
  type SecretSource,
  type SourceLine,
  type SourceTable,
  secretsIn,
  sourceOf,
  valueAt,
} from '@konfig/core';
import type { Field } from './fields';
import { withLaterText } from './render/later-text';

/** A resource, and where it and its fields come from. */
export interface Explanation {
  readonly stack: string;
  readonly id: ResourceId;
  readonly type: string;
  /** The construct's path. */
  readonly construct: string;
  readonly source?: SourceLine;
  readonly waitsFor: readonly DependencyEdge[];
  readonly neededBy: readonly DependencyEdge[];
  /** Undefined: nobody asked, or it could not be looked at. */
  readonly exists?: boolean;
  /** Why it could not, and what else the cluster says of it. */
  readonly problems?: readonly Problem[];
  readonly fields: readonly ExplainedField[];
}

export interface ExplainedField {
  readonly field: string;
  /** With words for what is known later, and for secrets. */
  readonly value: Json;
  /** Where its value was written. */
  readonly source?: FieldSource;
  /** From the call of the construct to there, through whatever code the value came. */
  readonly chain: readonly SourceLine[];
  /** Fields of other resources that it is made of. */
  readonly refersTo?: readonly { readonly resource: ResourceId; readonly field: string; readonly source?: SourceLine }[];
  /** Where its secret parts are read. */
  readonly secrets?: readonly SecretSource[];
  /** Undefined: it was not asked for, or it is as wished. */
  readonly live?: { readonly value?: Json; readonly by?: Author };
}

/** What it is explained from. */
interface Known {
  readonly stack: string;
  readonly sources: SourceTable;
  readonly edges: readonly DependencyEdge[];
  readonly live: Live | undefined;
}

export function explanationOf({ id, type, path }: Resource, fields: readonly Field[], { stack, sources, edges, live }: Known): Explanation {
  const source = sourceOf(sources, id);
  return {
    stack,
    id,
    type,
    construct: path,
    ...(source ? { source } : {}),
    waitsFor: edges.filter(({ from }) => from === id),
    neededBy: edges.filter(({ on }) => on === id),
    ...(live?.exists === undefined ? {} : { exists: live.exists }),
    ...(live && live.problems.length > 0 ? { problems: live.problems } : {}),
    fields: fields.map((field) => explainField(field, { id, sources, live })),
  };
}

function explainField(
  { path, value }: Field,
  { id, sources, live }: { readonly id: ResourceId } & Pick<Known, 'sources' | 'live'>,
): ExplainedField {
  const source = sourceOf(sources, id, pathText(path));
  const refs = latersIn(value).flatMap(({ later }) => ('$ref' in later ? [later.$ref] : []));
  const secrets = secretsIn(value).map((one) => one.source);
  const changed = live?.changes.find((change) => startsWith(path, change.path) || startsWith(change.path, path));
  return {
    field: pathText(path),
    value: withLaterText(value),
    ...(source ? { source } : {}),
    chain: chainOf(source, sourceOf(sources, id)),
    ...(refs.length > 0 ? { refersTo: refs.map((ref) => explainRef(ref, sources)) } : {}),
    ...(secrets.length > 0 ? { secrets } : {}),
    ...(changed ? { live: liveField(changed, path) } : {}),
  };
}

/** `app.ts:12 → platform/service.ts:80 → workspaces/prod.ts:9`. What was read in a file came through nothing. */
function chainOf(source: FieldSource | undefined, made: SourceLine | undefined): readonly SourceLine[] {
  if (!source || (source.guess && !source.through && isSamePlace(source, made))) return [];
  const { through = [], ...origin } = source;
  const lines = [...(made && !/\.(ya?ml|json)$/.test(origin.file) ? [made] : []), ...through, origin];
  return lines.filter((line, i) => !isSamePlace(line, lines[i - 1]));
}

function isSamePlace(one: SourceLine, other: SourceLine | undefined): boolean {
  return one.file === other?.file && one.line === other.line;
}

function explainRef({ resource, path }: Ref['$ref'], sources: SourceTable): NonNullable<ExplainedField['refersTo']>[number] {
  const source = sourceOf(sources, resource);
  return { resource, field: pathText(path), ...(source ? { source } : {}) };
}

function startsWith(path: Path, start: Path): boolean {
  return pathText(path.slice(0, start.length)) === pathText(start);
}

function liveField({ path: changed, before, by, sensitive }: FieldChange, path: Path): NonNullable<ExplainedField['live']> {
  const isInside = path.length > changed.length;
  const value = sensitive ? undefined : isInside ? valueAt(before, path.slice(changed.length)) : before;
  return { ...(value === undefined ? {} : { value }), ...(by ? { by } : {}) };
}

/** How a resource is in the world. */
export interface Live {
  /** Undefined: it could not be looked at. */
  readonly exists?: boolean;
  /** What an apply would change of it. */
  readonly changes: readonly FieldChange[];
  readonly problems: readonly Problem[];
}
