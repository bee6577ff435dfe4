import type { KindRules } from '../kinds/kind';
import type { Condition, KubeObject } from '../objects';
import { timestamp } from '../world';
import { checkDefinition } from './check-definition';
import { cleanupFinalizer, type Definition } from './definition';

/** The rules of CustomResourceDefinitions themselves. */
export const definitionRules: KindRules = {
  status: true,
  generation: true,
  conditionalUpdate: true,
  returnsDeleted: true,
  prepare: (object, old) => rememberStorage(object as Definition, old as Definition | undefined),
  check: (object, old) => checkDefinition(object as Definition, old as Definition | undefined),
  beforeDelete: (object, now) => markTerminating(object as Definition, now),
};

function rememberStorage(object: Definition, old: Definition | undefined): void {
  const storage = object.spec.versions.find((version) => version.storage)?.name;
  const stored = old?.status.storedVersions ?? [];
  const known = storage === undefined || stored.includes(storage) ? stored : [...stored, storage];
  object.status = { ...(old?.status ?? object.status), storedVersions: known };
}

// Its objects go first: a finalizer holds it until then.
function markTerminating(definition: Definition, now: number): KubeObject {
  const { finalizers = [] } = definition.metadata;
  if (definition.metadata.deletionTimestamp !== undefined) return definition;
  const condition = {
    type: 'Terminating',
    status: 'True',
    reason: 'InstanceDeletionPending',
    message: 'CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon',
  } as const;
  return {
    ...definition,
    metadata: {
      ...definition.metadata,
      finalizers: finalizers.includes(cleanupFinalizer) ? finalizers : [...finalizers, cleanupFinalizer],
    },
    status: { ...definition.status, conditions: withCondition(definition, condition, now) },
  };
}

/** The conditions of a definition with one of them set; the time of one that only repeats itself stays. */
export function withCondition(definition: Definition, condition: Condition, now: number): Condition[] {
  const before = definition.status.conditions ?? [];
  const same = before.find((one) => one.type === condition.type);
  const { type, status, ...rest } = condition;
  const lastTransitionTime = same?.status === status ? same.lastTransitionTime : timestamp(now);
  const made = { type, status, lastTransitionTime: lastTransitionTime ?? timestamp(now), ...rest };
  return same ? before.map((one) => (one.type === type ? made : one)) : [...before, made];
}
