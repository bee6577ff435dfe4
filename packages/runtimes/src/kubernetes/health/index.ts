// How an object is: deletion first, then the generation, then its kind's rule.

import { groupOf } from '../address';
import { clean } from '../clean';
import type { KubeObject } from '../objects';
import type { Related } from '../related';
import { conditionsHealth } from './conditions';
import { deploymentHealth } from './deployment';
import { podHealth } from './pod';
import { replicaSetHealth } from './replica-set';
import { type Report, type Rule, waiting } from './report';
import { serviceHealth } from './service';

/** Rules by kind and group; every other kind goes by its conditions. */
const rules: { readonly [groupKind: string]: Rule } = {
  'Deployment.apps': deploymentHealth,
  'ReplicaSet.apps': replicaSetHealth,
  Pod: podHealth,
  Service: serviceHealth,
};

export function healthOf(object: KubeObject, related: Related): Report {
  if (object.metadata.deletionTimestamp) return deleting(object);
  const generation = object.metadata.generation ?? 0;
  const observed = observedGeneration(object);
  if (observed !== undefined && observed < generation) return waiting(`generation ${generation} is not seen yet by its controller`);
  const rule = rules[groupOf(object)];
  return rule ? rule(object, related) : conditionsHealth(object);
}

function deleting(object: KubeObject): Report {
  const finalizers = object.metadata.finalizers ?? [];
  const waits = finalizers.length > 0 ? `, waits for ${finalizers.map((name) => clean(name, 100)).join(', ')}` : '';
  return waiting(`is being deleted${waits}`);
}

function observedGeneration(object: KubeObject): number | undefined {
  const observed = (object.status as { readonly observedGeneration?: unknown } | undefined)?.observedGeneration;
  return typeof observed === 'number' ? observed : undefined;
}
