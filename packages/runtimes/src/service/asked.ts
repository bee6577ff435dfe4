// What is asked of a service by commands of its own. JSON Schema takes a while to load: nobody else must wait for it.
import type { CheckResult, ServiceVerification, VerifyServiceWish } from './conformance/verify';
import type { ServicePlace } from './describe';
import type { Description } from './protocol';

/**
 * Does a service keep `konfig.dev/service/v1`? Every check is made, one after the other, on scratch resources that are deleted in the end; `onResult` hears of each
 * at once. Fails with TARGET_UNREACHABLE, TARGET_CREDENTIALS, SERVICE_PROTOCOL or USAGE where the service cannot be asked at all, and with CANCELLED when the
 * signal aborts: after those resources are deleted.
 */
export function verifyService(
  wish: VerifyServiceWish,
  onResult?: (result: CheckResult) => void,
  signal?: AbortSignal,
): Promise<ServiceVerification> {
  return (require('./conformance/verify') as typeof import('./conformance/verify')).verifyService(wish, onResult, signal);
}

/** What a service says of itself. Fails as opening it as a target does. */
export function describeService(place: ServicePlace, signal: AbortSignal): Promise<Description> {
  return describing().askDescription(place, {}, signal);
}

/** The types in what a service says of itself; `where` that stands is for the message. Fails with SERVICE_PROTOCOL where it is none, or has a schema that is none. */
export function describedTypes(value: object, where: string): Pick<Description, 'name' | 'types'> {
  return describing().describedTypes(value, where);
}

function describing(): typeof import('./describe') {
  return require('./describe');
}
