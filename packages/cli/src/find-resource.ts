// A resource of a stack as people name it: `Deployment/web`, `deployment/web`, `web`, or its whole id.
import { didYouMean, KonfigError, type ResourceId, shortId } from '@konfig/core';

/** All resources that the name fits, by the strictest of the ways that fits any. Fails with USAGE where it fits none. */
export function findResources(name: string, ids: readonly ResourceId[], stack: string): readonly ResourceId[] {
  const wanted = name.toLowerCase();
  const ways: readonly ((id: ResourceId) => boolean)[] = [
    (id) => id === name,
    (id) => id.slice(id.indexOf(':') + 1) === name,
    (id) => shortId(id).toLowerCase() === wanted,
    // Kind, namespace and name, without the group.
    (id) =>
      id
        .slice(id.indexOf(':') + 1)
        .replace(/^([^./]+)[^/]*\//, '$1/')
        .toLowerCase() === wanted,
    (id) => id.slice(id.lastIndexOf('/') + 1) === name,
    (id) => shortId(id).split('/')[0]?.toLowerCase() === wanted,
  ];
  for (const fits of ways) {
    const found = ids.filter(fits);
    if (found.length > 0) return found;
  }
  const names = ids.map(shortId);
  const some = names.slice(0, 8).join(', ');
  throw new KonfigError({
    code: 'USAGE',
    message: `${stack} has no resource ${JSON.stringify(name)}.`,
    hint:
      names.length === 0
        ? 'It has none at all.'
        : `${didYouMean(name, [...names.flatMap((one) => one.split('/')), ...names])}It has ${some}${names.length > 8 ? ` and ${names.length - 8} more` : ''}.`,
  });
}

/** The one resource that was found by this name. Fails with USAGE where there are several. */
export function onlyOne(name: string, found: readonly ResourceId[], stack: string): ResourceId {
  if (found.length === 1) return found[0] as ResourceId;
  const names = new Set(found.map(shortId));
  throw new KonfigError({
    code: 'USAGE',
    message: `${JSON.stringify(name)} is the name of ${found.length} resources of ${stack}.`,
    hint: `Write which: ${(names.size === found.length ? [...names] : found).slice(0, 8).join(', ')}.`,
  });
}
