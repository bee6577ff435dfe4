// All that can be said of a stack's objects by what is known of their kinds, without a cluster. Pure.
import { type JsonObject, type Path, type Problem, pathText, type Resource, shortId, type Target } from '@konfig/core';
import { groupKind, kindOf } from './address';
import { checkResources } from './check';
import { type Definition, definitionOf } from './custom/definition';
import { customFaults } from './custom/faults';
import { targetRuleProblems } from './health/rules/of-target';
import { missingReferences } from './references-missing';
import { missingPorts } from './references-ports';
import type { Fault } from './schema/fault';
import { findKind } from './schema/kind';
import { objectFaults } from './schema/object';
import { metadataFaults } from './schema/structure';
import { enumHint } from './schema/suggest';
import { minorOfTarget, versionHint } from './schema/version';

export interface Validating {
  /** By name: their config may say which version of Kubernetes they have. */
  readonly targets: { readonly [name: string]: Target };
  /** CustomResourceDefinitions that are known beside those of the stack; asked where a kind is neither built in nor of the stack. */
  readonly definitions: () => readonly JsonObject[];
}

export function validateResources(resources: readonly Resource[], { targets, definitions }: Validating): readonly Problem[] {
  const own = new Map(resources.flatMap(({ attributes }) => entryOf(attributes)));
  let others: ReadonlyMap<string, Definition> | undefined;
  const find = (kind: string) => {
    others ??= own.has(kind) ? undefined : new Map(definitions().flatMap(entryOf));
    return own.get(kind) ?? others?.get(kind);
  };
  const found = [
    ...versionProblems(targets),
    ...Object.entries(targets).flatMap(([name, target]) => targetRuleProblems(name, target)),
    ...resources.flatMap((resource) => problemsOf(resource, targets, find)),
    ...unknownKinds(resources, targets, find, () => [...own.values(), ...(others?.values() ?? [])]),
    ...missingReferences(resources),
    ...missingPorts(resources),
  ];
  // Names and labels are told by the check that every preview begins with.
  const told = new Set(checkResources(resources).map(({ at }) => at));
  return found.filter(({ at }) => !told.has(at));
}

function versionProblems(targets: Validating['targets']): readonly Problem[] {
  return Object.entries(targets).flatMap(([name, { runtime, config }]) => {
    const hint = runtime === 'kubernetes' ? versionHint(config.version) : undefined;
    if (hint === undefined) return [];
    return [
      {
        code: 'TARGET_CONFIG',
        message: `Target ${name}: version is ${JSON.stringify(config.version)}, which Konfig does not know.`,
        hint,
        severity: 'warning',
      },
    ];
  });
}

function entryOf(attributes: JsonObject): readonly (readonly [string, Definition])[] {
  const definition = definitionOf(attributes);
  return definition ? [[groupKind(definition), definition]] : [];
}

function problemsOf(
  resource: Resource,
  targets: Validating['targets'],
  definitionOfKind: (kind: string) => Definition | undefined,
): readonly Problem[] {
  const { attributes, type } = resource;
  const minor = minorOfTarget(targets[resource.target]);
  const faults = objectFaults(attributes, type, minor);
  if (faults) return faults.map((fault) => problemOf(resource, fault));
  const definition = definitionOfKind(groupKind(kindOf(type)));
  const custom = [...metadataFaults(attributes, minor), ...(definition ? customFaults(resource, definition) : [])];
  return custom.map((fault) => problemOf(resource, fault));
}

function problemOf({ id }: Resource, { path, message, hint, severity }: Fault): Problem {
  return {
    code: isOfKind(path) ? 'KIND_UNKNOWN' : 'SPEC_INVALID',
    message: `${shortId(id)}: ${message}`,
    ...(hint ? { hint } : {}),
    ...(severity ? { severity } : {}),
    at: `${id} ${pathText(path)}`.trim(),
  };
}

function isOfKind(path: Path): boolean {
  return path.length === 1 && (path[0] === 'apiVersion' || path[0] === 'kind');
}

function isOfOthers({ type, target }: Resource, targets: Validating['targets']): boolean {
  return findKind(type, minorOfTarget(targets[target])).is === 'other';
}

/** Told once for each kind, at its first object. */
function unknownKinds(
  resources: readonly Resource[],
  targets: Validating['targets'],
  definitionOfKind: (kind: string) => Definition | undefined,
  known: () => readonly Definition[],
): readonly Problem[] {
  const unknown = new Map<string, readonly Resource[]>();
  for (const resource of resources) {
    const { type } = resource;
    if (isOfOthers(resource, targets) && !definitionOfKind(groupKind(kindOf(type))))
      unknown.set(type, [...(unknown.get(type) ?? []), resource]);
  }
  return [...unknown].map(([type, [first, ...others]]) => unknownKind(first as Resource, type, others.length, known()));
}

function unknownKind({ id }: Resource, type: string, others: number, known: readonly Definition[]): Problem {
  const { group, kind } = kindOf(type);
  const near = enumHint(
    kind,
    known.filter((one) => one.group === group).map((one) => one.kind),
  );
  const who = others === 0 ? `${shortId(id)} is` : `${shortId(id)} and ${others} more are`;
  return {
    code: 'KIND_UNKNOWN',
    severity: 'warning',
    message: `${who} of the kind ${type}, which nobody here knows: ${others === 0 ? 'its' : 'their'} fields are not checked.`,
    hint: near ?? 'Put its CustomResourceDefinition into the folder crds/ of the monorepo, as YAML, or into the stack.',
    at: id,
  };
}
