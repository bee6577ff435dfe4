// What was meant by a field that a custom kind does not have.
import { didYouMean, isObject, type JsonObject, type Path, pathText } from '@konfig/core';

/** A field of a similar name beside it, or the nearest place of the schema that has one of this name. */
export function customFieldHint(name: string, here: JsonObject, root: JsonObject): string | undefined {
  const near = didYouMean(name, Object.keys(propertiesOf(here))).trim();
  if (near) return near;
  const place = placeOf(name, root);
  if (place === undefined) return undefined;
  return `It belongs into ${place.length === 0 ? 'the object itself' : pathText(place)}.`;
}

function propertiesOf(schema: JsonObject): JsonObject {
  return isObject(schema.properties) ? schema.properties : {};
}

function placeOf(name: string, root: JsonObject): Path | undefined {
  let level: readonly { readonly schema: JsonObject; readonly path: Path }[] = [{ schema: root, path: [] }];
  for (let depth = 0; depth < 8 && level.length > 0; depth++) {
    const found = level.find(({ schema }) => Object.hasOwn(propertiesOf(schema), name));
    if (found) return found.path;
    level = level.flatMap(({ schema, path }) =>
      Object.entries(propertiesOf(schema)).flatMap(([key, child]) => {
        if (!isObject(child) || (path.length === 0 && key === 'status')) return [];
        return isObject(child.items) ? [{ schema: child.items, path: [...path, key, 0] }] : [{ schema: child, path: [...path, key] }];
      }),
    );
  }
  return undefined;
}
