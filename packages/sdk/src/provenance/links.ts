// Fields that were taken over from another object by code that nobody instruments: Konfig's own.

interface Field {
  readonly object: object;
  readonly key: string;
}

const links = new WeakMap<object, Map<string, Field>>();

/** Says that a field has the value of a field of another object: its line is that one's. */
export function linkField(object: object, key: string, from: object, fromKey: string): void {
  const known = links.get(object) ?? new Map<string, Field>();
  links.set(object, known);
  known.set(key, { object: from, key: fromKey });
}

/** The field that a field was taken over from. */
export function linkOf(object: object, key: string): Field | undefined {
  return links.get(object)?.get(key);
}
