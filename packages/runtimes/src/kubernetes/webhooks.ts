// An admission webhook that does not answer, so that the server takes no object that it is about: which one, and whose.
import { isObject, type Json, type Problem, type ResourceId, shortId } from '@konfig/core';
import { clean } from '../clean';
import { kindOf } from './address';
import type { Client } from './client';
import { collectionPath } from './discovery';
import type { Status } from './objects';
import type { World } from './world';

/** `Internal error occurred: failed calling webhook "policy.example": failed to call webhook: Post "https://…": connection refused` */
export function silentWebhook({ message = '' }: Status): { readonly name: string; readonly why: string } | undefined {
  const found = /failed calling webhook "([^"]+)": (?:failed to call webhook: )?([\s\S]*)/.exec(message);
  return found ? { name: found[1] as string, why: clean(found[2] as string, 300) } : undefined;
}

export async function webhookProblem(
  world: World,
  id: ResourceId,
  { name, why }: { readonly name: string; readonly why: string },
  signal: AbortSignal,
): Promise<Problem> {
  const place = await knownPlace(world, name, signal);
  const asked = place?.service ? `Service ${place.service}` : 'what it calls';
  const allow = place ? `, set failurePolicy: Ignore in ${place.configuration}` : '';
  return {
    code: 'RESOURCE_REJECTED',
    message: `${shortId(id)}: the cluster asks the admission webhook ${name}${place ? ` of ${place.configuration}` : ''}, which does not answer: ${why}.`,
    hint: `Bring ${asked} back${allow}, or delete the configuration if nobody needs it any more; then run the same command again.`,
    at: id,
  };
}

interface WebhookPlace {
  /** `ValidatingWebhookConfiguration/policy` */
  readonly configuration: string;
  /** `policy/webhook`; undefined where it is called by its address. */
  readonly service?: string;
}

const places = new WeakMap<Client, Map<string, Promise<WebhookPlace | undefined>>>();

/** One that is silent stops many objects: it is looked up once. */
function knownPlace(world: World, name: string, signal: AbortSignal): Promise<WebhookPlace | undefined> {
  const known = places.get(world.client) ?? new Map<string, Promise<WebhookPlace | undefined>>();
  places.set(world.client, known);
  const place = known.get(name) ?? placeOfWebhook(world, name, signal);
  known.set(name, place);
  place.catch(() => known.delete(name));
  return place;
}

/** Undefined where configurations may not be listed. */
async function placeOfWebhook(world: World, name: string, signal: AbortSignal): Promise<WebhookPlace | undefined> {
  for (const kind of ['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration']) {
    const served = await world.discovery.find(kindOf(`admissionregistration.k8s.io/v1/${kind}`), signal);
    if (!served) continue;
    const { body } = await world.client.request({ method: 'GET', path: collectionPath(served) }, signal);
    for (const configuration of list(body.items)) {
      const hook = list(field(configuration, 'webhooks')).find((one) => field(one, 'name') === name);
      if (hook === undefined) continue;
      const service = field(field(hook, 'clientConfig'), 'service');
      return {
        configuration: `${kind}/${String(field(field(configuration, 'metadata'), 'name'))}`,
        ...(isObject(service) ? { service: `${String(service.namespace)}/${String(service.name)}` } : {}),
      };
    }
  }
  return undefined;
}

function list(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

function field(value: Json | undefined, key: string): Json | undefined {
  return isObject(value) ? value[key] : undefined;
}
