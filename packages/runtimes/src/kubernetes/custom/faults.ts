// What is wrong with a custom resource by its definition, in the words that faults of built-in kinds have.
import type { Resource } from '@konfig/core';
import { kindOf } from '../address';
import { type Fault, quoted } from '../schema/fault';
import type { Definition } from './definition';
import { faultsIn } from './validate';

export function customFaults({ type, attributes }: Resource, { name, versions }: Definition): readonly Fault[] {
  const { version } = kindOf(type);
  const found = versions.find((one) => one.name === version);
  if (!found?.served) {
    const served = versions.filter((one) => one.served).map((one) => one.name);
    const hint = served.length > 0 ? `It serves ${served.join(', ')}: use one of these versions.` : 'It serves no version at all.';
    return [{ path: ['apiVersion'], message: `CustomResourceDefinition/${name} does not serve ${type}.`, hint }];
  }
  if (!found.schema) return [];
  return faultsIn(found.schema, attributes).map(({ path, message, value, hint }) => {
    const last = path[path.length - 1];
    const what = typeof last === 'string' ? last : `an entry of ${String(path.filter((part) => typeof part === 'string').pop())}`;
    return { path, message: `${what} ${value === undefined ? '' : `is ${quoted(value)}, but `}${message}.`, ...(hint ? { hint } : {}) };
  });
}
