// Why the server did not take an object, with what has to be looked up to say it well.
import { type Problem, type Resource, shortId } from '@konfig/core';
import { type Answer, statusOf } from './client';
import { isTerminating, terminatingNamespace, terminatingProblem } from './namespaces';
import { rejectionOf } from './rejection';
import { silentWebhook, webhookProblem } from './webhooks';
import { placeIn, type World } from './world';

export async function refusalOf(world: World, resource: Resource, answer: Answer, signal: AbortSignal): Promise<readonly Problem[]> {
  const status = statusOf(answer);
  const webhook = silentWebhook(status);
  if (webhook) return [await webhookProblem(world, resource.id, webhook, signal)];
  const { namespace } = placeIn(world, resource);
  if (namespace !== undefined && isTerminating(status)) {
    const found = await terminatingNamespace(world, namespace, signal);
    return [terminatingProblem(shortId(resource.id), namespace, `${resource.id} metadata.namespace`, found)];
  }
  return rejectionOf(resource, answer.status, status);
}
