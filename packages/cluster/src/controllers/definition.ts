import { cleanupFinalizer, conditionHolds, type Definition, type DefinitionNames, definitions } from '../custom/definition';
import { withCondition } from '../custom/rules';
import { sameJson } from '../fields/atom';
import type { Condition } from '../objects';
import type { Change } from '../store/store';
import type { Actor } from './actor';
import { type Controller, itself, readKey } from './controller';

/** Accepts the names of CustomResourceDefinitions, establishes them, and takes their objects away before they go. */
export const definitionController: Controller = {
  name: 'definition',
  wakes: { [definitions]: itselfAndRivals, '*': heldDefinition },
  reconcile(key, actor) {
    const { name } = readKey(key);
    const definition = actor.get<Definition>(definitions, '', name);
    if (!definition) return undefined;
    if (definition.metadata.deletionTimestamp) terminate(actor, definition);
    else establish(actor, acceptNames(actor, definition));
    return undefined;
  },
};

// Names that one definition gives up may be what another one waits for.
function itselfAndRivals(change: Change, store: Parameters<Controller['wakes'][string]>[1]): string[] {
  if (change.type !== 'DELETED') return itself(change);
  return store.list(definitions).map((one) => `/${one.metadata.name}`);
}

// A definition is named as its objects are kept in the store.
function heldDefinition({ type, resource }: Change, store: Parameters<Controller['wakes'][string]>[1]): string[] {
  if (type !== 'DELETED' || !resource.includes('.')) return [];
  return store.get(definitions, '', resource)?.metadata.deletionTimestamp ? [`/${resource}`] : [];
}

function acceptNames(actor: Actor, definition: Definition): Definition {
  const { spec, status } = definition;
  const wanted = spec.names;
  if (sameJson(wanted, status.acceptedNames)) return definition;
  const others = actor.list<Definition>(definitions).filter((one) => one !== definition && one.spec.group === spec.group);
  const taken = takenNames(others.map((one) => one.status.acceptedNames));
  const problems = conflictsOf(wanted, status.acceptedNames, taken);
  const free = (part: string): boolean => !problems.some((problem) => problem.part === part);
  const accepted = {
    plural: free('plural') ? wanted.plural : status.acceptedNames.plural,
    singular: free('singular') ? wanted.singular : status.acceptedNames.singular,
    shortNames: free('shortNames') ? wanted.shortNames : status.acceptedNames.shortNames,
    kind: free('kind') ? wanted.kind : status.acceptedNames.kind,
    listKind: free('listKind') ? wanted.listKind : status.acceptedNames.listKind,
    categories: wanted.categories,
  };
  const last = problems.at(-1);
  const condition: Condition = last
    ? { type: 'NamesAccepted', status: 'False', reason: last.reason, message: last.message }
    : { type: 'NamesAccepted', status: 'True', reason: 'NoConflicts', message: 'no conflicts found' };
  const named = { ...definition, status: { ...status, conditions: withCondition(definition, condition, actor.now()) } };
  const established = conditionHolds(definition, 'Established')
    ? named.status.conditions
    : withCondition(named, pending(!last), actor.now());
  return actor.setStatus(definitions, definition, { ...status, acceptedNames: accepted, conditions: established });
}

function pending(accepted: boolean): Condition {
  return accepted
    ? { type: 'Established', status: 'False', reason: 'Installing', message: 'the initial names have been accepted' }
    : { type: 'Established', status: 'False', reason: 'NotAccepted', message: 'not all names are accepted' };
}

interface Taken {
  readonly resources: ReadonlySet<string>;
  readonly kinds: ReadonlySet<string>;
}

function takenNames(names: readonly DefinitionNames[]): Taken {
  const resources = names.flatMap(({ plural, singular = '', shortNames = [] }) => [plural, singular, ...shortNames]);
  return { resources: new Set(resources), kinds: new Set(names.flatMap(({ kind, listKind = '' }) => [kind, listKind])) };
}

interface NameConflict {
  readonly part: string;
  readonly reason: string;
  readonly message: string;
}

function conflictsOf(wanted: DefinitionNames, accepted: DefinitionNames, taken: Taken): NameConflict[] {
  const one = (part: 'plural' | 'singular' | 'kind' | 'listKind', reason: string, names: ReadonlySet<string>): NameConflict[] => {
    const name = wanted[part] ?? '';
    return name !== accepted[part] && names.has(name) ? [{ part, reason, message: `${JSON.stringify(name)} is already in use` }] : [];
  };
  const short = (wanted.shortNames ?? []).filter((name) => !accepted.shortNames?.includes(name) && taken.resources.has(name));
  const said = short.map((name) => `${JSON.stringify(name)} is already in use`);
  const message = said.length === 1 ? (said[0] as string) : `[${said.join(', ')}]`;
  return [
    ...one('plural', 'PluralConflict', taken.resources),
    ...one('singular', 'SingularConflict', taken.resources),
    ...(short.length > 0 ? [{ part: 'shortNames', reason: 'ShortNamesConflict', message }] : []),
    ...one('kind', 'KindConflict', taken.kinds),
    ...one('listKind', 'ListKindConflict', taken.kinds),
  ];
}

function establish(actor: Actor, definition: Definition): void {
  if (!conditionHolds(definition, 'NamesAccepted') || conditionHolds(definition, 'Established')) return;
  const condition: Condition = {
    type: 'Established',
    status: 'True',
    reason: 'InitialNamesAccepted',
    message: 'the initial names have been accepted',
  };
  actor.setStatus(definitions, definition, { ...definition.status, conditions: withCondition(definition, condition, actor.now()) });
}

function terminate(actor: Actor, definition: Definition): void {
  const resource = definition.metadata.name;
  if (!definition.metadata.finalizers?.includes(cleanupFinalizer)) return;
  for (const object of actor.list(resource)) if (!object.metadata.deletionTimestamp) actor.remove(resource, object);
  const left = actor.list(resource).length;
  const never = !conditionHolds(definition, 'Established');
  const condition: Condition =
    left > 0
      ? {
          type: 'Terminating',
          status: 'True',
          reason: 'InstanceDeletionInProgress',
          message: 'CustomResource deletion is in progress',
        }
      : {
          type: 'Terminating',
          status: 'False',
          reason: never ? 'NeverEstablished' : 'InstanceDeletionCompleted',
          message: never ? 'resource was never established' : 'removed all instances',
        };
  const status = { ...definition.status, conditions: withCondition(definition, condition, actor.now()) };
  const told = actor.setStatus(definitions, definition, status);
  if (left > 0) return;
  const { finalizers = [], ...metadata } = told.metadata;
  const kept = finalizers.filter((finalizer) => finalizer !== cleanupFinalizer);
  actor.change(definitions, told, { metadata: { ...metadata, ...(kept.length > 0 && { finalizers: kept }) } });
}
