// Who set a value that is not as we left it: the other field manager that owns it now.
import { equalJson, type FieldChange, type Json, type Path } from '@konfig/core';
import { type FieldSet, isLeaf, ownedBy, partOf } from './field-set';
import type { KubeObject, ManagedFields } from './objects';

/** The changes, each with who set the value that is there, where that was not us. What we still own is as we set it. */
export function withAuthors(changes: readonly FieldChange[], live: KubeObject, manager: string): readonly FieldChange[] {
  const ours = ownedBy(live, manager);
  const others = (live.metadata.managedFields ?? []).filter((entry) => entry.subresource !== 'status');
  return changes.map((change) => {
    if (change.before === undefined && !change.sensitive) return change;
    if (owns(ours, change.path)) return change;
    const author = others.filter((entry) => owns(entry.fieldsV1 ?? {}, change.path)).reduce<ManagedFields | undefined>(later, undefined);
    if (author?.manager === undefined) return change;
    return { ...change, by: { name: author.manager, ...(author.time === undefined ? {} : { time: author.time }) } };
  });
}

function later(one: ManagedFields | undefined, other: ManagedFields): ManagedFields {
  return one && (one.time ?? '') >= (other.time ?? '') ? one : other;
}

/** Is what stands at the path, or something below it, in the set? What is in it as a whole has no parts of its own. */
function owns(set: FieldSet, path: Path): boolean {
  const [first, ...rest] = path;
  if (first === undefined) return true;
  const key = Object.keys(set).find((candidate) => equalJson(partOf(candidate) as Json, first as Json));
  if (key === undefined) return false;
  const children = set[key] as FieldSet;
  return rest.length === 0 || isLeaf(children) || owns(children, rest);
}
