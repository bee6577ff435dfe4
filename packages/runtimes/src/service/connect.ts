// From a target's config to an open service: it must answer, and speak our protocol.
import { isKonfigError, KonfigError, type Problem, type Target } from '@konfig/core';
import { reasonOf } from '../reason-of';
import { broken, type Limits, makeClient, type ServiceClient } from './client';
import { type Description, protocol } from './protocol';
import { readTarget } from './target';
import type { ServiceWorld } from './world';

export async function openService(name: string, target: Target, limits: Limits, signal: AbortSignal): Promise<ServiceWorld> {
  const client = makeClient(readTarget(name, target), limits);
  try {
    return { target: name, client, description: await describe(client, signal) };
  } catch (error) {
    await client.close();
    throw signal.aborted ? error : outOfReach(client, error);
  }
}

async function describe(client: ServiceClient, signal: AbortSignal): Promise<Description> {
  const { status, refusal, ...answer } = await client.request<Description>(
    { method: 'GET', path: '/v1/describe', attempts: 2 },
    'description',
    signal,
  );
  if (refusal)
    throw broken(
      `${client.url} answered GET /v1/describe with ${status}${refusal.detail ? `: ${refusal.detail}` : ''}.`,
      'Is this the address of a service of konfig.dev/service/v1?',
    );
  const { body } = answer as { readonly body: Description };
  if (!body.protocols.includes(protocol))
    throw broken(
      `${client.url} speaks ${body.protocols.map((one) => client.quote(one, 80)).join(', ') || 'no protocol'}, and this Konfig speaks ${protocol}.`,
      'Update the older one of the two.',
    );
  if (!body.watch.some((one) => one === 'events' || one === 'poll'))
    throw broken(
      `${client.url} can be watched by ${body.watch.map((one) => client.quote(one, 80)).join(', ')}; Konfig knows events and poll.`,
      'Update the older one of the two.',
    );
  return body;
}

function outOfReach(client: ServiceClient, error: unknown): unknown {
  if (!isKonfigError(error)) return error;
  const problems = error.problems.map(
    (problem): Problem => (problem.code === 'CONNECTION_LOST' ? unreachable(client, problem, error.cause) : problem),
  );
  return new KonfigError(problems, { cause: error });
}

function unreachable({ url, quote }: ServiceClient, problem: Problem, cause: unknown): Problem {
  const why = cause === undefined ? problem.message : `${url}: ${quote(reasonOf(cause))}`;
  const isCertificate = /certificate|CERT_|self.signed|SSL|TLS/i.test(why);
  return {
    code: isCertificate ? 'TARGET_CREDENTIALS' : 'TARGET_UNREACHABLE',
    message: why,
    hint: isCertificate
      ? 'Give its authority in the workspace: httpService({ url, tls: { ca } }); or has a certificate expired?'
      : 'Is the service running, is the address right, and is the network (VPN, proxy) up?',
  };
}
