// What the API server refuses in a CustomResourceDefinition.
import { asLater } from '@konfig/core';
import { at, entriesAt, objectAt } from '../../field';
import { quoted } from '../fault';
import type { Rule } from './rule';

export const customResourceDefinition: Rule = (object) =>
  objectAt(object, 'spec').flatMap((spec) => {
    const name = at(object.value, 'metadata', 'name');
    const wanted = `${String(at(spec.value, 'names', 'plural'))}.${String(spec.value.group)}`;
    const isKnown =
      typeof name === 'string' && typeof spec.value.group === 'string' && typeof at(spec.value, 'names', 'plural') === 'string';
    const versions = entriesAt(spec, 'versions');
    const stored = versions.filter(({ value }) => value.storage === true).length;
    const isOpen = asLater(spec.value.versions) || versions.some(({ value }) => asLater(value.storage));
    return [
      ...(isKnown && name !== wanted
        ? [{ path: ['metadata', 'name'], message: `The name is ${quoted(name)}, but must be <plural>.<group>: ${wanted}.` }]
        : []),
      ...(stored === 1 || isOpen
        ? []
        : [{ path: [...spec.path, 'versions'], message: `${stored} versions have storage: true, but exactly one must.` }]),
      ...versions
        .filter(({ value }) => !asLater(value.schema) && at(value, 'schema', 'openAPIV3Schema') === undefined)
        .map(({ path }) => ({
          path: [...path, 'schema', 'openAPIV3Schema'],
          message: 'schema.openAPIV3Schema is missing.',
          hint: 'At least {type: object, x-kubernetes-preserve-unknown-fields: true}.',
        })),
    ];
  });
