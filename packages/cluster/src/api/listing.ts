import type { Kind } from '../kinds/kind';
import type { KubeObject } from '../objects';
import { type ObjectMatch, parseFieldSelector, parseLabelSelector, SelectorError } from '../store/selector';
import type { World } from '../world';
import { badRequest, expired } from './failure';

/** One page of a list, as objects, with the revision it shows. */
export interface Page {
  readonly objects: readonly KubeObject[];
  readonly revision: number;
  readonly next?: string;
  readonly remaining?: number;
}

export function listPage(world: World, kind: Kind, namespace: string | undefined, query: URLSearchParams): Page {
  const fits = readSelectors(kind, query);
  const from = readContinue(world, query.get('continue'));
  const stored = world.store.list(kind.resource, namespace);
  const all = (kind.conversion ? stored.map(kind.conversion.present) : stored).filter(fits);
  const rest = from ? all.filter((object) => orderOf(object) > from.after) : all;
  const limit = Number(query.get('limit') ?? 0);
  const revision = from?.revision ?? world.store.revision;
  if (limit <= 0 || rest.length <= limit) return { objects: rest, revision };
  const objects = rest.slice(0, limit);
  const after = orderOf(objects[objects.length - 1] as KubeObject);
  const next = Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv: revision, start: after })).toString('base64url');
  const narrowed = query.has('labelSelector') || query.has('fieldSelector');
  return { objects, revision, next, ...(!narrowed && { remaining: rest.length - limit }) };
}

/** What the request's label and field selectors let through. */
export function readSelectors(kind: Kind, query: URLSearchParams): ObjectMatch {
  const labels = query.get('labelSelector');
  const fields = query.get('fieldSelector');
  if (!labels && !fields) return () => true;
  const selectable = new Set(['metadata.name', 'metadata.namespace', ...(kind.rules.selectable ?? [])]);
  try {
    const fitsLabels = labels ? parseLabelSelector(labels) : undefined;
    const fitsFields = fields
      ? parseFieldSelector(
          fields,
          (path) => selectable.has(path),
          (path) => unknownField(kind, path),
        )
      : undefined;
    return (object) => (fitsLabels?.(object.metadata.labels) ?? true) && (fitsFields?.(object) ?? true);
  } catch (error) {
    if (error instanceof SelectorError) throw badRequest(error.message);
    throw error;
  }
}

// Kinds with fields of their own say it in other words than the rest.
function unknownField(kind: Kind, path: string): string {
  if (kind.rules.selectable) return `field label not supported: ${path}`;
  return `${JSON.stringify(path)} is not a known field selector: only "metadata.name"${kind.namespaced ? ', "metadata.namespace"' : ''}`;
}

function readContinue(world: World, token: string | null): { readonly after: string; readonly revision: number } | undefined {
  if (!token) return undefined;
  try {
    const { rv, start } = JSON.parse(Buffer.from(token, 'base64url').toString()) as { rv: number; start: string };
    if (typeof rv !== 'number' || typeof start !== 'string') throw new SyntaxError('no token');
    if (world.store.isTooOld(rv))
      throw expired(
        'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.',
      );
    return { after: start, revision: rv };
  } catch (error) {
    if (error instanceof SyntaxError) throw badRequest(`invalid continue token: continue key is not valid: ${error.message}`);
    throw error;
  }
}

function orderOf(object: KubeObject): string {
  return `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
}
