import type { Service } from '../objects';
import type { Actor } from './actor';
import { type Controller, itself, readKey } from './controller';

const provisionMillis = 150;

/** Gives a Service of type LoadBalancer an address after a moment, out of 192.0.2.0/24 (RFC 5737, for documentation). */
export class LoadBalancers implements Controller {
  readonly name = 'service';
  readonly wakes = { services: itself };
  private readonly asked = new Map<string, number>();

  reconcile(key: string, actor: Actor): number | undefined {
    const { namespace, name } = readKey(key);
    const service = actor.get<Service>('services', namespace, name);
    if (!service || service.metadata.deletionTimestamp) return undefined;
    const has = (service.status.loadBalancer.ingress ?? []).length > 0;
    const wants = service.spec.type === 'LoadBalancer' && service.spec.loadBalancerClass === undefined;
    if (!wants) {
      if (has && service.spec.type !== 'LoadBalancer') actor.setStatus('services', service, { ...service.status, loadBalancer: {} });
      return undefined;
    }
    if (has) return undefined;
    return this.provision(actor, service);
  }

  private provision(actor: Actor, service: Service): number | undefined {
    const { uid } = service.metadata;
    const since = this.asked.get(uid);
    if (since === undefined) {
      this.asked.set(uid, actor.now());
      actor.event(service, 'Normal', 'EnsuringLoadBalancer', 'Ensuring load balancer');
      return provisionMillis;
    }
    const left = since + provisionMillis - actor.now();
    if (left > 0) return left;
    this.asked.delete(uid);
    actor.setStatus('services', service, { ...service.status, loadBalancer: { ingress: [{ ip: freeAddress(actor) }] } });
    actor.event(service, 'Normal', 'EnsuredLoadBalancer', 'Ensured load balancer');
    return undefined;
  }
}

function freeAddress(actor: Actor): string {
  const taken = new Set(
    actor.list<Service>('services').flatMap((service) => (service.status.loadBalancer.ingress ?? []).map((ingress) => ingress.ip)),
  );
  for (let last = 1; last < 255; last++) if (!taken.has(`192.0.2.${last}`)) return `192.0.2.${last}`;
  return '192.0.2.254';
}
