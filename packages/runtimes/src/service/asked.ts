// What is asked of a service by commands of its own. JSON Schema takes a while to load: nobody else must wait for it.
import type { CheckResult, ServiceVerification, VerifyServiceWish } from './conformance/verify';
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
export async function describeService(
  { url, token }: { readonly url: string; readonly token?: string },
  signal: AbortSignal,
): Promise<Description> {
  const { openService } = require('./connect') as typeof import('./connect');
  const { defaultLimits } = require('./client') as typeof import('./client');
  const config = { url, ...(token === undefined ? {} : { token }) };
  const { client, description } = await openService('of this command', { runtime: 'service', config }, defaultLimits, signal);
  await client.close();
  return description;
}
