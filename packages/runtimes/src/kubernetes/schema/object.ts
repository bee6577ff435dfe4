// All that can be said of one object of a built-in kind without a server.
import type { JsonObject } from '@konfig/core';
import type { Fault } from './fault';
import { findKind } from './kind';
import { ruleFaults } from './rules';
import { structureFaults } from './structure';

/** What is wrong with an object in a minor version of Kubernetes; undefined: its kind is not built in, so others must say. */
export function objectFaults(object: JsonObject, type: string, minor: number): readonly Fault[] | undefined {
  const found = findKind(type, minor);
  if (found.is === 'other') return undefined;
  if (found.is === 'wrong') return found.faults;
  return [...found.faults, ...structureFaults(object, found.kind, minor), ...ruleFaults(object, type, minor)];
}
