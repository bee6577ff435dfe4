// An Ingress is ready when it is there: many controllers never write its address, so waiting for one would wait for ever.
import type { Ingress, KubeObject } from '../objects';
import { type Report, ready } from './report';

export function ingressHealth(object: KubeObject): Report {
  const addresses = (object as Ingress).status?.loadBalancer?.ingress ?? [];
  if (addresses.length === 0) return ready('is there, has no address yet');
  return ready(`at ${addresses.map(({ ip, hostname }) => ip ?? hostname).join(', ')}`);
}
