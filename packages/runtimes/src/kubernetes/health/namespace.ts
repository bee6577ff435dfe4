// A Namespace: active.
import type { KubeObject } from '../objects';
import { type Report, ready, waiting } from './report';

export function namespaceHealth(object: KubeObject): Report {
  const { phase } = (object.status ?? {}) as { readonly phase?: string };
  return phase === undefined || phase === 'Active' ? ready('active') : waiting(phase.toLowerCase());
}
