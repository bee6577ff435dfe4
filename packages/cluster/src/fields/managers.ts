import type { ManagedFieldsEntry } from '../objects';
import { sameJson } from './atom';
import type { FieldConflict, Owned, Owners } from './ownership';
import { printPath } from './path';
import { decodeFields, encodeFields } from './set';

/** Who writes: a manager, how it writes and through which door. Appliers stay the same when the version changes. */
export interface Manager {
  readonly name: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly subresource?: string;
}

export interface ManagedFields {
  readonly owners: Owners;
  readonly times: ReadonlyMap<string, string>;
}

export function managerKey(manager: Manager): string {
  return JSON.stringify([
    manager.name,
    manager.operation,
    manager.operation === 'Apply' ? '' : manager.apiVersion,
    manager.subresource ?? '',
  ]);
}

export function readManagedFields(entries: readonly ManagedFieldsEntry[] | undefined): ManagedFields {
  const owners = new Map<string, Owned>();
  const times = new Map<string, string>();
  for (const entry of entries ?? []) {
    const operation = entry.operation === 'Apply' ? 'Apply' : 'Update';
    const key = managerKey({
      name: entry.manager ?? '',
      operation,
      apiVersion: entry.apiVersion ?? '',
      ...(entry.subresource && { subresource: entry.subresource }),
    });
    owners.set(key, { set: decodeFields(entry.fieldsV1), applied: operation === 'Apply' });
    if (entry.time) times.set(key, entry.time);
  }
  return { owners, times };
}

export function writeManagedFields(fields: ManagedFields, apiVersion: string): ManagedFieldsEntry[] {
  const entries = [...fields.owners].map(([key, owned]): ManagedFieldsEntry => {
    const [manager, operation, version, subresource] = JSON.parse(key) as [string, string, string, string];
    const time = fields.times.get(key);
    return {
      manager,
      operation,
      apiVersion: version === '' ? apiVersion : version,
      ...(time && { time }),
      fieldsType: 'FieldsV1',
      fieldsV1: encodeFields(owned.set),
      ...(subresource !== '' && { subresource }),
    };
  });
  return entries.sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
}

function orderOf(entry: ManagedFieldsEntry): string {
  return [entry.operation, entry.time ?? '', entry.manager, entry.apiVersion, entry.subresource ?? ''].join('\u0000');
}

/** Equal but for the times: a write that only moves times is no write. */
export function sameManagers(a: readonly ManagedFieldsEntry[] | undefined, b: readonly ManagedFieldsEntry[] | undefined): boolean {
  return sameJson(withoutTimes(a), withoutTimes(b));
}

function withoutTimes(entries: readonly ManagedFieldsEntry[] = []): unknown {
  const stripped = entries.map(({ time, ...rest }) => rest);
  return stripped.sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
}

/** `"kubectl" using apps/v1`, as conflicts name a manager. */
export function printManager(key: string): string {
  const [name, operation, apiVersion, subresource] = JSON.parse(key) as [string, string, string, string];
  const through = subresource === '' ? '' : ` with subresource ${JSON.stringify(subresource)}`;
  return operation === 'Update' ? `${JSON.stringify(name)}${through} using ${apiVersion}` : `${JSON.stringify(name)}${through}`;
}

export function printConflicts(conflicts: readonly FieldConflict[]): string {
  const [first] = conflicts;
  if (first && conflicts.length === 1) {
    return `Apply failed with 1 conflict: conflict with ${printManager(first.manager)}: ${printPath(first.path)}`;
  }
  const lines = [...new Set(conflicts.map((conflict) => conflict.manager))].sort().flatMap((manager) => {
    const paths = conflicts.filter((conflict) => conflict.manager === manager).map((conflict) => `- ${printPath(conflict.path)}`);
    return [`conflicts with ${printManager(manager)}:`, ...paths];
  });
  return `Apply failed with ${conflicts.length} conflicts: ${lines.join('\n')}`;
}
