// What an apply of a config would change, asked of nobody but what is remembered.
import { below, equalJson, isObject, isWithin, type Json, type JsonObject, valueAt } from './json';
import { isDigestOf } from './sensitive';
import type { StoredResource } from './store';

/** One field that an apply would change. */
export interface FieldChange {
  /** JSON pointer into the config. */
  readonly field: string;
  readonly before?: Json;
  readonly after?: Json;
  readonly sensitive?: true;
}

export interface Compared {
  readonly config: JsonObject;
  readonly writeOnly: readonly string[];
  /** Fields whose value is not known yet. */
  readonly unknown: readonly string[];
}

/** The fields that differ between what is there and what is wished, in the order of their names. */
export async function changesTo(there: Pick<StoredResource, 'config' | 'digests'>, wished: Compared): Promise<readonly FieldChange[]> {
  const { config, writeOnly, unknown } = wished;
  const isHidden = (field: string) => writeOnly.some((one) => isWithin(field, one));
  const open = leavesThatDiffer(there.config, config, '').filter(({ field }) => !isHidden(field));
  const hidden = await Promise.all(
    writeOnly.map(async (field): Promise<readonly FieldChange[]> => {
      const same = !unknown.includes(field) && (await isDigestOf(there.digests[field], valueAt(config, field)));
      return same ? [] : [{ field, sensitive: true }];
    }),
  );
  const later = ({ after, ...change }: FieldChange): FieldChange =>
    unknown.includes(change.field) ? change : { ...change, ...(after === undefined ? {} : { after }) };
  return [...open, ...hidden.flat()].map(later).sort((a, b) => (a.field < b.field ? -1 : 1));
}

function leavesThatDiffer(before: Json | undefined, after: Json | undefined, field: string): readonly FieldChange[] {
  if (equalJson(before, after)) return [];
  if (!isObject(before) || !isObject(after))
    return [{ field, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) }];
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys.flatMap((key) => leavesThatDiffer(before[key], after[key], below(field, key)));
}
