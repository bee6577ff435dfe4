// What the API server refuses in claims of storage.
import { asLater, type JsonObject } from '@konfig/core';
import { at, type Entry, list, objectAt } from '../../field';
import { type Fault, quoted } from '../fault';
import { textFaults } from '../limits';
import { quantityOf } from '../scalar';
import { isSubdomain, subdomainHint } from '../syntax';
import type { Rule } from './rule';

export const persistentVolumeClaim: Rule = (object) => {
  if (asLater(object.value.spec)) return [];
  return claimFaults(objectAt(object, 'spec')[0] ?? { value: {}, path: ['spec'] });
};

/** Of the spec of a claim, wherever it stands. */
export function claimFaults(spec: Entry): readonly Fault[] {
  const { value, path } = spec;
  const storage = at(value, 'resources', 'requests', 'storage');
  const amount = quantityOf(storage);
  const here = [...path, 'resources', 'requests', 'storage'];
  const hasModes = asLater(value.accessModes) !== undefined || list(value.accessModes).length > 0;
  return [
    ...(hasModes
      ? []
      : [{ path: [...path, 'accessModes'], message: 'accessModes is missing.', hint: 'Write accessModes: [ReadWriteOnce].' }]),
    ...(isMissing(value) ? [{ path: here, message: 'resources.requests.storage is missing.' }] : []),
    ...(amount !== undefined && amount <= 0 ? [{ path: here, message: `storage is ${quoted(storage)}, but must be more than 0.` }] : []),
    ...textFaults(spec, 'storageClassName', { isOk: isSubdomain, words: 'name of a StorageClass', hint: subdomainHint }),
  ];
}

function isMissing(claim: JsonObject): boolean {
  const [resources, requests, storage] = [['resources'], ['resources', 'requests'], ['resources', 'requests', 'storage']].map((path) =>
    at(claim, ...path),
  );
  return storage === undefined && !asLater(resources) && !asLater(requests);
}
