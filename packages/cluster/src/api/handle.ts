import type { Kind } from '../kinds/kind';
import type { KubeObject } from '../objects';
import type { JsonObject } from '../schema/type';
import type { Logs } from '../simulation/logs';
import type { World } from '../world';
import type { Answer } from './answer';
import { apply } from './apply';
import { readDeletion } from './deletion';
import { aggregated, coreVersions, groupList, oneGroup, resourceList } from './discovery';
import { evict, evictionBody } from './eviction';
import { failure, forbidden, invalid, methodNotAllowed, noSuchPath, notFound, problem, type Status } from './failure';
import { type Form, readForm, shapeList, shapeObject } from './form';
import { listPage } from './listing';
import { readLog } from './log';
import { finalizeNamespace } from './namespace';
import { openApiV2, openApiV3 } from './openapi';
import { type PatchKind, patch } from './patch';
import { remove, removeAll } from './remove';
import { type ApiRequest, asObject, duplicateFields, queryFlag, readBody, readWriting } from './request';
import { answerReview } from './reviews';
import type { Route } from './route';
import { readRoute } from './route';
import { patchScale, replaceScale, scaleBody, scaleOf } from './scale';
import { fetchObject } from './stored';
import { create, replace } from './write';
import type { Writing } from './writing';

/** What the server knows beside the objects. */
export interface Backstage {
  readonly world: World;
  readonly logs: Logs;
  readonly address: string;
  setFaults(body: unknown): void;
}

/** Answers one request; throws `ApiFailure` when it must be refused. Everything happens at once: no request sees half of another. */
export function handle(backstage: Backstage, request: ApiRequest): Answer {
  const route = readRoute(request.path, backstage.world.kinds);
  if (route.to === 'elsewhere') return handleElsewhere(backstage, request);
  const answer = route.to === 'collection' ? handleCollection(backstage, request, route) : handleObject(backstage, request, route);
  const deprecation = route.kind.custom?.deprecation;
  return deprecation === undefined ? answer : { ...answer, warnings: [deprecation, ...answer.warnings] };
}

type CollectionRoute = Extract<Route, { to: 'collection' }>;
type ObjectRoute = Extract<Route, { to: 'object' }>;

function handleCollection({ world }: Backstage, request: ApiRequest, { kind, namespace }: CollectionRoute): Answer {
  const form = readForm(request.accept);
  const { query } = request;
  switch (request.method) {
    case 'GET':
      if (queryFlag(query, 'watch')) return { kind: 'watch', watch: { kind, namespace, query, form }, warnings: [] };
      return json(200, listText(world, kind, namespace, query, form));
    case 'POST': {
      if (kind.namespaced && namespace === undefined) throw methodNotAllowed();
      const writing = { ...readWriting(request, ''), duplicateFields: duplicateFields(request) };
      const object = create(world, kind, namespace ?? '', readBody(request, kind.type), writing);
      return json(201, shapeObject(kind, object, form, query, world.now()), writing.warnings);
    }
    case 'DELETE':
      return removeMany(world, kind, namespace, request);
    default:
      throw methodNotAllowed();
  }
}

function listText(world: World, kind: Kind, namespace: string | undefined, query: URLSearchParams, form: Form): string {
  const page = listPage(world, kind, namespace, query);
  const metadata = {
    resourceVersion: String(page.revision),
    ...(page.next && { continue: page.next }),
    ...(page.remaining !== undefined && { remainingItemCount: page.remaining }),
  };
  return shapeList(kind, page.objects, metadata, { form, query, now: world.now() });
}

function removeMany(world: World, kind: Kind, namespace: string | undefined, request: ApiRequest): Answer {
  const deletion = readDeletion(request);
  const { objects, revision } = listPage(world, kind, namespace, request.query);
  removeAll(world, kind, objects, deletion);
  const list = shapeList(kind, objects, { resourceVersion: String(revision) }, { form: 'plain', query: request.query, now: world.now() });
  return json(200, list, deletion.warnings);
}

function handleObject(backstage: Backstage, request: ApiRequest, route: ObjectRoute): Answer {
  const { kind, subresource } = route;
  if (subresource === '' || (subresource === 'status' && kind.rules.status)) return handleMain(backstage.world, request, route);
  if (subresource === 'scale' && kind.rules.scale) return handleScale(backstage.world, request, route);
  if (subresource === 'log' && kind.resource === 'pods') return handleLog(backstage, request, route);
  if (subresource === 'finalize' && kind.resource === 'namespaces')
    return json(200, JSON.stringify(finalizeNamespace(backstage.world, route.name, asObject(readBody(request)))));
  if (subresource === 'eviction' && kind.resource === 'pods') return handleEviction(backstage, request, route);
  if (subresource === 'token' && kind.resource === 'serviceaccounts') return issueToken(backstage.world, request, route);
  throw kind.custom ? notFound(kind, route.name) : noSuchPath();
}

function handleMain(world: World, request: ApiRequest, { kind, namespace, name, subresource }: ObjectRoute): Answer {
  const { query } = request;
  const form = readForm(request.accept);
  const live = fetchObject(world, kind, namespace, name);
  const shape = (object: KubeObject): string => shapeObject(kind, object, form, query, world.now());
  switch (request.method) {
    case 'GET':
      if (queryFlag(query, 'watch'))
        return { kind: 'watch', watch: { kind, namespace: kind.namespaced ? namespace : undefined, name, query, form }, warnings: [] };
      if (!live) throw notFound(kind, name);
      return json(200, shape(live));
    case 'PUT': {
      const writing = { ...readWriting(request, subresource), duplicateFields: duplicateFields(request) };
      const object = replace(world, kind, namespace, name, readBody(request, kind.type), writing);
      return json(live ? 200 : 201, shape(object), writing.warnings);
    }
    case 'PATCH': {
      const writing = readWriting(request, subresource);
      const object = patchMain(world, request, { kind, namespace, name, live, writing });
      return json(live ? 200 : 201, shape(object), writing.warnings);
    }
    case 'DELETE':
      if (subresource !== '') throw methodNotAllowed();
      return removeOne(world, kind, live, name, request);
    default:
      throw methodNotAllowed();
  }
}

function patchMain(
  world: World,
  request: ApiRequest,
  about: {
    readonly kind: Kind;
    readonly namespace: string;
    readonly name: string;
    readonly live: KubeObject | undefined;
    readonly writing: Writing;
  },
): KubeObject {
  const { kind, namespace, name, live, writing } = about;
  const force = queryFlag(request.query, 'force');
  if (!request.contentType.startsWith('application/apply-patch')) {
    if (request.query.has('force'))
      throw invalid({ group: 'meta.k8s.io', kind: 'PatchOptions' }, '', [
        problem.forbidden('force', 'may not be specified for non-apply patch'),
      ]);
    return patch(world, kind, live, name, { kind: patchKind(request, kind), body: readBody(request) }, writing);
  }
  if (!request.query.get('fieldManager')) {
    throw invalid({ group: 'meta.k8s.io', kind: 'PatchOptions' }, '', [problem.required('fieldManager', 'is required for apply patch')]);
  }
  return apply(world, kind, namespace, name, readBody({ ...request, contentType: 'application/yaml' }), { ...writing, force });
}

function patchKind({ contentType }: ApiRequest, { custom }: Kind): PatchKind {
  if (contentType.startsWith('application/json-patch+json')) return 'json';
  if (contentType.startsWith('application/merge-patch+json')) return 'merge';
  if (contentType.startsWith('application/strategic-merge-patch+json') && !custom) return 'strategic';
  if (custom) {
    const known = 'application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml';
    throw failure(415, 'UnsupportedMediaType', `the body of the request was in an unknown format - accepted media types include: ${known}`);
  }
  throw failure(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {});
}

function removeOne(world: World, kind: Kind, live: KubeObject | undefined, name: string, request: ApiRequest): Answer {
  const deletion = readDeletion(request);
  if (!live) throw notFound(kind, name);
  const removed = remove(world, kind, live, deletion);
  const whole = removed.outcome === 'terminating' || kind.rules.returnsDeleted;
  if (whole) return json(200, shapeObject(kind, removed.object, 'plain', request.query, world.now()), deletion.warnings);
  const details = { name, ...(kind.group !== '' && { group: kind.group }), kind: kind.plural, uid: live.metadata.uid };
  return json(200, JSON.stringify({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details }), deletion.warnings);
}

function handleScale(world: World, request: ApiRequest, { kind, namespace, name }: ObjectRoute): Answer {
  const live = fetchObject(world, kind, namespace, name);
  if (request.method === 'GET' && !live) throw notFound(kind, name);
  if (request.method === 'GET' && live) return json(200, JSON.stringify(scaleOf(kind, live)));
  const writing = { ...readWriting(request, 'scale'), duplicateFields: duplicateFields(request) };
  switch (request.method) {
    case 'PUT': {
      const scale = replaceScale(world, kind, live, name, readBody(request, scaleBody.type), writing);
      return json(200, JSON.stringify(scale), writing.warnings);
    }
    case 'PATCH': {
      const scale = patchScale(world, kind, live, name, { kind: patchKind(request, kind), body: readBody(request) }, writing);
      return json(200, JSON.stringify(scale), writing.warnings);
    }
    default:
      throw methodNotAllowed();
  }
}

function handleLog({ world, logs }: Backstage, { query }: ApiRequest, { kind, namespace, name }: ObjectRoute): Answer {
  const pod = world.store.get(kind.resource, namespace, name);
  if (!pod) throw notFound(kind, name);
  const log = readLog(logs, kind, pod, query, world.now());
  if (typeof log !== 'string') return { kind: 'log', log, warnings: [] };
  return { kind: 'body', status: 200, type: 'text/plain', text: log, warnings: [] };
}

function handleEviction({ world }: Backstage, request: ApiRequest, { kind, namespace, name }: ObjectRoute): Answer {
  if (request.method !== 'POST') throw methodNotAllowed();
  const writing = { ...readWriting(request, ''), duplicateFields: duplicateFields(request) };
  evict(world, kind, namespace, name, readBody(request, evictionBody.type), writing);
  return json(201, JSON.stringify({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 }), writing.warnings);
}

function issueToken(world: World, request: ApiRequest, { kind, namespace, name }: ObjectRoute): Answer {
  const account = world.store.get(kind.resource, namespace, name);
  if (!account) throw notFound(kind, name);
  if (request.method !== 'POST') throw forbidden(kind, name, 'a token can only be asked for');
  const expires = new Date(world.now() + 3_600_000).toISOString();
  const status = { token: `simulated.${account.metadata.uid}`, expirationTimestamp: expires };
  return json(
    201,
    JSON.stringify({
      kind: 'TokenRequest',
      apiVersion: 'authentication.k8s.io/v1',
      metadata: { name, namespace },
      // Who may use it, and for how long, makes no difference here.
      spec: request.contentType.includes('protobuf') ? {} : asObject(asObject(readBody(request)).spec),
      status,
    }),
  );
}

function handleElsewhere(backstage: Backstage, request: ApiRequest): Answer {
  const { world } = backstage;
  const { path } = request;
  if (path === '/simulation/faults' && request.method === 'PUT') {
    backstage.setFaults(readBody(request));
    return json(200, '{}');
  }
  const review = request.method === 'POST' ? answerReview(request) : undefined;
  if (review) return json(201, JSON.stringify(review));
  if (request.method !== 'GET') throw noSuchPath();
  const wantsAggregated = /as=APIGroupDiscoveryList/.test(request.accept ?? '') && /v=v2(?![a-z])/.test(request.accept ?? '');
  const aggregatedType = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
  switch (path) {
    case '/version':
      return json(200, JSON.stringify(version));
    case '/healthz':
    case '/livez':
    case '/readyz':
      return { kind: 'body', status: 200, type: 'text/plain; charset=utf-8', text: 'ok', warnings: [] };
    case '/api':
      return wantsAggregated
        ? typed(aggregatedType, aggregated(world.kinds, 'api'))
        : json(200, JSON.stringify(coreVersions(backstage.address)));
    case '/apis':
      return wantsAggregated ? typed(aggregatedType, aggregated(world.kinds, 'apis')) : json(200, JSON.stringify(groupList(world.kinds)));
    case '/openapi/v2':
      return openApiV2(request.accept);
    default:
      return describe(world, path);
  }
}

function describe(world: World, path: string): Answer {
  const found = path.startsWith('/openapi/v3') ? openApiV3(world.kinds, path) : describeGroup(world, path);
  if (!found) return { kind: 'body', status: 404, type: 'text/plain; charset=utf-8', text: '404 page not found\n', warnings: [] };
  return json(200, JSON.stringify(found));
}

function describeGroup(world: World, path: string): JsonObject | undefined {
  const parts = path.split('/').filter((part) => part !== '');
  if (parts[0] === 'api' && parts.length === 2) return resourceList(world.kinds, parts[1] as string);
  if (parts[0] !== 'apis') return undefined;
  if (parts.length === 2) return oneGroup(world.kinds, parts[1] as string);
  return parts.length === 3 ? resourceList(world.kinds, `${parts[1]}/${parts[2]}`) : undefined;
}

const version = {
  major: '1',
  minor: '36',
  emulationMajor: '1',
  emulationMinor: '36',
  minCompatibilityMajor: '1',
  minCompatibilityMinor: '35',
  gitVersion: 'v1.36.3',
  gitCommit: '',
  gitTreeState: 'clean',
  buildDate: '2026-01-01T00:00:00Z',
  goVersion: 'simulated',
  compiler: 'simulated',
  platform: 'linux/amd64',
};

export function json(status: number, text: string, warnings: readonly string[] = []): Answer {
  return { kind: 'body', status, type: 'application/json', text, warnings };
}

function typed(type: string, body: JsonObject): Answer {
  return { kind: 'body', status: 200, type, text: JSON.stringify(body), warnings: [] };
}

export function statusAnswer(status: Status): Answer {
  return json(status.code, JSON.stringify(status));
}
