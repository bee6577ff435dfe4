// Why the server did not take an object, with what has to be looked up to say it well.
import { isObject, type Problem, type Resource, shortId } from '@konfig/core';
import { clean } from '../clean';
import { type Answer, statusOf } from './answer';
import { isTerminating, terminatingNamespace, terminatingProblem } from './namespaces';
import type { Status } from './objects';
import { inOwnWords } from './own-words';
import { rejectionOf } from './rejection';
import { silentWebhook, webhookProblem } from './webhooks';
import { placeIn, type RefusedGrant, type World } from './world';

export async function refusalOf(world: World, resource: Resource, answer: Answer, signal: AbortSignal): Promise<readonly Problem[]> {
  const status = statusOf(answer);
  const webhook = silentWebhook(status);
  if (webhook) return [await webhookProblem(world, resource.id, webhook, signal)];
  const { namespace } = placeIn(world, resource);
  if (namespace !== undefined && isTerminating(status)) {
    const found = await terminatingNamespace(world, namespace, signal);
    return [terminatingProblem(shortId(resource.id), namespace, `${resource.id} metadata.namespace`, found)];
  }
  const granted = grantedBeyond(status);
  if (granted !== undefined) return [grantProblem(world, resource, granted)];
  return inOwnWords(world, resource, rejectionOf(resource, answer.status, status), signal);
}

/** `user "u" … is attempting to grant RBAC permissions not currently held:` and the rules. */
function grantedBeyond({ message = '' }: Status): string | undefined {
  const found = /attempting to grant RBAC permissions not currently held:?\s*([\s\S]*)/.exec(message);
  return found ? clean(found[1] as string, 600) : undefined;
}

function grantProblem(world: World, resource: Resource, granted: string): Problem {
  const grant = grantOf(world, resource, granted);
  world.refusedGrants.set(resource.id, grant);
  const what = `${grant.plural}.rbac.authorization.k8s.io`;
  return {
    code: 'PERMISSION_MISSING',
    message: `${shortId(resource.id)} grants permissions that you do not hold yourself: ${granted}`,
    hint: `Ask for the verb ${grant.verb} on ${what}, or for these permissions.`,
    at: resource.id,
  };
}

function grantOf(world: World, resource: Resource, granted: string): RefusedGrant {
  const { kind, namespace } = placeIn(world, resource);
  const inside = kind.startsWith('Cluster') ? undefined : namespace;
  if (!kind.endsWith('Binding'))
    return { verb: 'escalate', plural: kind === 'Role' ? 'roles' : 'clusterroles', namespace: inside, granted };
  const { roleRef } = resource.attributes;
  const role = isObject(roleRef) ? roleRef : {};
  const plural = role.kind === 'Role' ? 'roles' : 'clusterroles';
  return { verb: 'bind', plural, namespace: inside, granted, ...(typeof role.name === 'string' ? { name: role.name } : {}) };
}
