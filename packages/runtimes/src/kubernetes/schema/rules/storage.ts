// What the API server refuses in claims and classes of storage.
import { asLater } from '@konfig/core';
import { at, list, objectAt } from '../../field';
import { quoted } from '../fault';
import { quantityOf } from '../scalar';
import { isSubdomain } from '../syntax';
import type { Rule } from './rule';

export const persistentVolumeClaim: Rule = (object) =>
  (objectAt(object, 'spec')[0] ? objectAt(object, 'spec') : asLater(object.value.spec) ? [] : [{ value: {}, path: ['spec'] }]).flatMap(
    ({ value, path }) => {
      const storage = at(value, 'resources', 'requests', 'storage');
      const isKnown = !asLater(value.resources) && !asLater(at(value, 'resources', 'requests')) && !asLater(storage);
      const amount = quantityOf(storage);
      return [
        ...(asLater(value.accessModes) || list(value.accessModes).length > 0
          ? []
          : [{ path: [...path, 'accessModes'], message: 'accessModes is missing.', hint: 'Write accessModes: [ReadWriteOnce].' }]),
        ...(isKnown && storage === undefined
          ? [{ path: [...path, 'resources', 'requests', 'storage'], message: 'resources.requests.storage is missing.' }]
          : []),
        ...(amount !== undefined && amount <= 0
          ? [{ path: [...path, 'resources', 'requests', 'storage'], message: `storage is ${quoted(storage)}, but must be more than 0.` }]
          : []),
        ...(typeof value.storageClassName === 'string' && value.storageClassName !== '' && !isSubdomain(value.storageClassName)
          ? [
              {
                path: [...path, 'storageClassName'],
                message: `storageClassName is ${quoted(value.storageClassName)}, which is no name of a StorageClass.`,
              },
            ]
          : []),
      ];
    },
  );
