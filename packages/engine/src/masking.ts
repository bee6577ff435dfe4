// Keeps secrets out of whatever leaves the engine: by value wherever a text may hold one, by position where a field is made of one.
import {
  type FieldChange,
  type JsonObject,
  type Mask,
  type Observation,
  type PlannedPart,
  type PlannedRow,
  type Problem,
  type Ref,
  type RelatedNode,
  type ResourceId,
  type Spec,
  touchesSecret,
} from '@konfig/core';
import type { World } from './world';

interface Known {
  readonly spec: Spec;
  readonly mask: Mask;
  readonly world: Pick<World, 'runtimes'>;
}

/** Changes under a secret's path lose their values, and what carries the value elsewhere is masked. */
export function hideSecrets(rows: readonly PlannedRow[], { spec, mask, world }: Known): readonly PlannedRow[] {
  const wished = new Map(spec.resources.map((resource) => [resource.id, resource]));
  const isSecret = ({ resource: id, path }: Ref['$ref']) => {
    const referred = wished.get(id);
    return referred !== undefined && (world.runtimes[referred.runtime]?.isSecret(referred.type, path) ?? false);
  };
  const hide = (change: FieldChange, id: ResourceId) => hideChange(change, wished.get(id)?.attributes, { mask, isSecret });
  return rows.map((row) => ({
    ...row,
    changes: row.changes.map((change) => hide(change, row.id)),
    immutable: row.immutable.map((field) => ({ ...field, message: mask.text(field.message) })),
    notes: row.notes.map((note) => mask.text(note)),
    ...(row.parts ? { parts: row.parts.map((part) => maskPart(part, mask)) } : {}),
  }));
}

/** Its runtime knows which of its fields are secret. */
function maskPart(part: PlannedPart, mask: Mask): PlannedPart {
  return {
    ...part,
    ...(part.reason === undefined ? {} : { reason: mask.text(part.reason) }),
    changes: part.changes.map((change) => hideChange(change, undefined, { mask, isSecret: () => false })),
  };
}

function hideChange(
  change: FieldChange,
  wished: JsonObject | undefined,
  { mask, isSecret }: { readonly mask: Mask; readonly isSecret: (ref: Ref['$ref']) => boolean },
): FieldChange {
  const rest = { ...(change.isOurs ? { isOurs: true } : {}), ...(change.by ? { by: change.by } : {}) };
  if (change.sensitive || (wished && touchesSecret(wished, change.path, isSecret))) return { path: change.path, sensitive: true, ...rest };
  return {
    path: change.path,
    ...(change.before === undefined ? {} : { before: mask.json(change.before) }),
    ...(change.after === undefined ? {} : { after: mask.json(change.after) }),
    ...rest,
  };
}

/** No secret leaves in a problem. Where it is stays readable: an id is none. */
export function maskProblems(problems: readonly Problem[], { mask }: { readonly mask: Mask }): readonly Problem[] {
  return problems.map((problem) => ({
    ...problem,
    message: mask.text(problem.message),
    ...(problem.hint === undefined ? {} : { hint: mask.text(problem.hint) }),
  }));
}

/** A bug of ours tells no secret either. */
export function maskError(error: unknown, mask: Mask): Error {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  return Object.assign(new Error(mask.text(message)), { stack: mask.text(stack ?? '') });
}

/** No secret leaves in what was seen. */
export function maskObservation(observation: Observation, mask: Mask): Observation {
  const { message, findings, related, serving } = observation;
  return {
    ...observation,
    message: mask.text(message),
    findings: findings.map((finding) => ({
      ...finding,
      message: mask.text(finding.message),
      ...(finding.details ? { details: finding.details.map((line) => mask.text(line)) } : {}),
    })),
    related: related.map((node) => maskNode(node, mask)),
    ...(serving === undefined ? {} : { serving: mask.text(serving) }),
  };
}

function maskNode(node: RelatedNode, mask: Mask): RelatedNode {
  const children = node.children ? { children: node.children.map((child) => maskNode(child, mask)) } : {};
  return { ...node, message: mask.text(node.message), ...children };
}
