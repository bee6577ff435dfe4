// Controllers without a condition for it say by Event that their Pods are refused.
import type { Finding } from '@konfig/core';
import type { KubeEvent, KubeObject } from '../objects';
import type { Related } from '../related';
import { failedCreate } from './replica-set';

/** FailedCreate, unless a Pod could be made afterwards. */
export function createFailures(object: KubeObject, related: Related): readonly Finding[] {
  const events = related.eventsOf(object);
  const last = (reason: string) => events.findLastIndex((event) => event.reason === reason);
  const failed = last('FailedCreate');
  if (failed < 0 || failed < last('SuccessfulCreate')) return [];
  return [failedCreate(object, (events[failed] as KubeEvent).message ?? 'its pods cannot be created')];
}
