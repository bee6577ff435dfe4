import { isObject, type JsonObject, type Type } from '../schema/type';

/** RFC 7386: null takes a field away, everything but objects is replaced as a whole. */
export function applyMergePatch(document: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const out: JsonObject = isObject(document) ? { ...document } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete out[key];
    else out[key] = applyMergePatch(out[key], value);
  }
  return out;
}

/**
 * Kubernetes' own merge patch: like RFC 7386, but lists with a merge key are joined item by item, and `$patch`,
 * `$deleteFromPrimitiveList/…`, `$setElementOrder/…` and `$retainKeys` say the rest.
 */
export function applyStrategicPatch(type: Type | undefined, document: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  if (patch.$patch === 'replace') return withoutDirectives(patch);
  if (patch.$patch === 'delete') return undefined;
  const retained = Array.isArray(patch.$retainKeys) ? new Set(patch.$retainKeys.map(String)) : undefined;
  const source = isObject(document) ? document : {};
  const out: JsonObject = retained ? Object.fromEntries(Object.entries(source).filter(([key]) => retained.has(key))) : { ...source };
  for (const [key, value] of Object.entries(patch)) {
    const dropped = /^\$deleteFromPrimitiveList\/(.+)$/.exec(key);
    if (dropped) {
      const gone = new Set(value as readonly unknown[]);
      const list = out[dropped[1] as string];
      if (Array.isArray(list)) out[dropped[1] as string] = list.filter((item) => !gone.has(item));
    } else if (key.startsWith('$')) continue;
    else if (value === null) delete out[key];
    else patchField(type, out, key, value);
  }
  for (const [key, order] of Object.entries(patch)) {
    const ordered = /^\$setElementOrder\/(.+)$/.exec(key);
    if (ordered) sortBy(type, out, ordered[1] as string, order);
  }
  return out;
}

function patchField(type: Type | undefined, out: JsonObject, key: string, value: unknown): void {
  const below = type?.map?.fields.get(key)?.type ?? type?.map?.element;
  const list = below?.list;
  if (!Array.isArray(value)) out[key] = applyStrategicPatch(below, out[key], value);
  else if (list?.relationship === 'set' && below?.name.includes('set')) out[key] = [...new Set([...asList(out[key]), ...value])];
  else if (list?.mergeKey) out[key] = mergeItems(list.element, list.mergeKey, asList(out[key]), value);
  else out[key] = value;
}

function mergeItems(element: Type, mergeKey: string, items: readonly unknown[], patches: readonly unknown[]): unknown[] {
  if (patches.some((patch) => isObject(patch) && patch.$patch === 'replace'))
    return patches.filter((patch) => !(isObject(patch) && patch.$patch === 'replace'));
  let out = [...items];
  const fresh: unknown[] = [];
  for (const patch of patches) {
    if (!isObject(patch)) continue;
    const same = (item: unknown): boolean => isObject(item) && item[mergeKey] === patch[mergeKey];
    if (patch.$patch === 'delete') out = out.filter((item) => !same(item));
    else if (out.some(same)) out = out.map((item) => (same(item) ? applyStrategicPatch(element, item, patch) : item));
    else fresh.push(withoutDirectives(patch));
  }
  // Items the server has not seen yet come first, unless $setElementOrder says otherwise.
  return [...fresh, ...out];
}

function sortBy(type: Type | undefined, out: JsonObject, key: string, order: unknown): void {
  const list = out[key];
  const mergeKey = type?.map?.fields.get(key)?.type.list?.mergeKey;
  if (!Array.isArray(list) || !Array.isArray(order)) return;
  const nameOf = (item: unknown): unknown => (mergeKey && isObject(item) ? item[mergeKey] : item);
  const places = new Map(order.map((item, index) => [nameOf(item), index]));
  out[key] = list
    .map((item, index) => ({ item, place: places.get(nameOf(item)) ?? index }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}

function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function withoutDirectives(patch: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(patch).filter(([key, value]) => !key.startsWith('$') && value !== null));
}
