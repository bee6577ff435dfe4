import { type ManagedFields, type Manager, managerKey } from '../fields/managers';
import { updateFields } from '../fields/ownership';
import { emptySet, type FieldSet, setOfFields } from '../fields/set';
import type { Kind } from '../kinds/kind';
import type { KubeObject } from '../objects';
import { zeroObject } from '../schema/decode';
import { timestamp, type World } from '../world';
import type { Writing } from './writing';

const metadataOfStatusWrites: FieldSet = setOfFields(['spec'], ['metadata', 'labels']);
const allButStatus: FieldSet = setOfFields(['spec'], ['metadata']);
const statusOnly: FieldSet = setOfFields(['status']);

/** Who owns which fields after a write that is not an apply. */
export function trackUpdate(
  world: World,
  kind: Kind,
  live: KubeObject | undefined,
  next: KubeObject,
  writing: Writing,
  known: ManagedFields,
): ManagedFields {
  const manager = managerKey(managerOf(kind, writing, 'Update'));
  const ignored = ignoredFields(kind, writing.subresource);
  const before = live ? withoutManagedFields(live) : zeroObject(kind.type);
  const { owners, took } = updateFields({
    type: kind.type,
    live: before,
    value: withoutManagedFields(next),
    owners: known.owners,
    manager,
    ignored,
  });
  const times = new Map(known.times);
  if (took) times.set(manager, timestamp(world.now()));
  return { owners, times };
}

function withoutManagedFields(object: KubeObject): KubeObject {
  const { managedFields, ...metadata } = object.metadata;
  return { ...object, metadata };
}

/** Who writes, as managedFields names it. */
export function managerOf(kind: Kind, writing: Writing, operation: Manager['operation']): Manager {
  return {
    name: writing.manager,
    operation,
    apiVersion: kind.apiVersion,
    ...(writing.subresource && { subresource: writing.subresource }),
  };
}

/** Fields that nobody gets to own through this door. */
export function ignoredFields(kind: Kind, subresource: Writing['subresource']): FieldSet {
  if (subresource === 'status') return kind.rules.statusWithoutMetadata ? allButStatus : metadataOfStatusWrites;
  return kind.rules.status ? statusOnly : emptySet;
}
