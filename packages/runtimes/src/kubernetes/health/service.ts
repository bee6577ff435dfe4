// A Service: an address where it wants one, and a ready endpoint where it selects Pods that should run.
import type { Finding } from '@konfig/core';
import { clean } from '../../clean';
import { shortName } from '../address';
import type { KubeObject, Service } from '../objects';
import type { Related } from '../related';
import { type Report, ready, waiting } from './report';

export function serviceHealth(object: KubeObject, related: Related): Report {
  const { spec = {}, status, metadata } = object as Service;
  if (spec.type === 'ExternalName') return ready('is there');
  const addresses = status?.loadBalancer?.ingress ?? [];
  if (spec.type === 'LoadBalancer' && addresses.length === 0 && (spec.externalIPs ?? []).length === 0)
    return waiting('waits for an address of its load balancer', noAddress(object, related));
  const endpoints = endpointsOf(object, related);
  const where = addresses.map(({ ip, hostname }) => ip ?? hostname).join(', ');
  const selector = spec.selector ?? {};
  const through = Object.keys(selector).length > 0 ? related.runnersOf(metadata.namespace, selector) : [];
  if (endpoints === 0 && through.length > 0) return { ...waiting('has no ready endpoint'), through };
  const text = endpoints === undefined ? 'is there' : `${endpoints} ready ${endpoints === 1 ? 'endpoint' : 'endpoints'}`;
  const isUnanswered = endpoints === 0 && Object.keys(selector).length > 0;
  return ready(where ? `${text} at ${where}` : text, isUnanswered ? [noEndpoints(object, selector)] : []);
}

/** Its Pods may come from elsewhere, and later: nothing that is known of the stack would make it ready, so it is told, and not waited for. */
function noEndpoints(service: KubeObject, selector: { readonly [label: string]: string }): Finding {
  const labels = Object.entries(selector).map(([name, value]) => `${name}=${value}`);
  const message = `nobody answers at it: no Pod that is ready has the ${labels.length === 1 ? 'label' : 'labels'} ${clean(labels.join(', '), 200)}`;
  return { code: 'NoEndpoints', class: 'transient', message, on: shortName(service), field: 'spec.selector' };
}

/** Controllers say by Event why they cannot; where none runs at all, nobody says anything. */
function noAddress(service: KubeObject, related: Related): readonly Finding[] {
  const event = related.eventsOf(service).findLast(({ type }) => type === 'Warning');
  const about = { on: shortName(service), field: 'spec.type' };
  if (event)
    return [
      { code: clean(event.reason ?? 'NoAddress', 80), class: 'likely', grace: 180, message: clean(event.message ?? '', 300), ...about },
    ];
  const message =
    'nobody has given it an address yet: a cloud does within minutes, a cluster without a controller for load balancers never';
  return [{ code: 'NoAddress', class: 'transient', message, ...about }];
}

function endpointsOf(service: KubeObject, related: Related): number | undefined {
  const slices = related.slicesOf(service);
  // No condition means ready: https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/#ready
  return slices?.flatMap((slice) => slice.endpoints ?? []).filter((endpoint) => endpoint.conditions?.ready !== false).length;
}
