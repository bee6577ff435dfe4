import { type Cluster, type ClusterOptions, startCluster } from '../src';

/** Answers, of which tests know the form; a wrong path fails them. */
// biome-ignore lint/suspicious/noExplicitAny: spelling out every kind would hide what a test is about.
export type Json = any;

/** A cluster that is quick for tests, and a client that speaks to it in few words. */
export interface TestCluster extends Cluster {
  get(path: string): Promise<Reply>;
  post(path: string, body: unknown): Promise<Reply>;
  put(path: string, body: unknown): Promise<Reply>;
  patch(path: string, contentType: PatchType, body: unknown): Promise<Reply>;
  delete(path: string, body?: unknown): Promise<Reply>;
  /** Server-side apply of an object at its place. */
  apply(object: TestObject, manager?: string, query?: string): Promise<Reply>;
  /** Waits, by watching, until the object at a path is as asked; an object that is not there counts as undefined. */
  until(path: string, holds: (object: Json) => boolean): Promise<Json>;
}

export interface Reply {
  readonly code: number;
  readonly body: Json;
  readonly headers: Headers;
}

export type TestObject = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly [field: string]: unknown;
};

type PatchType = 'json-patch+json' | 'merge-patch+json' | 'strategic-merge-patch+json' | 'apply-patch+yaml';

const plurals: { readonly [kind: string]: string } = {
  Ingress: 'ingresses',
  NetworkPolicy: 'networkpolicies',
  StorageClass: 'storageclasses',
};
const clusterScoped = new Set(['Namespace', 'Node', 'ClusterRole', 'ClusterRoleBinding', 'StorageClass']);

export async function startTestCluster(options: ClusterOptions = {}): Promise<TestCluster> {
  const cluster = await startCluster({
    podStartMillis: 10,
    podRunMillis: 10,
    podStopMillis: 5,
    backOffMillis: 10,
    maxBackOffMillis: 50,
    ...options,
  });
  const send = async (method: string, path: string, body?: unknown, contentType = 'application/json'): Promise<Reply> => {
    const response = await fetch(`${cluster.server}${path}`, {
      method,
      headers: { 'content-type': contentType, 'user-agent': 'test/1' },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json');
    return { code: response.status, body: isJson ? JSON.parse(text) : text, headers: response.headers };
  };
  return {
    ...cluster,
    get: (path) => send('GET', path),
    post: (path, body) => send('POST', path, body),
    put: (path, body) => send('PUT', path, body),
    patch: (path, contentType, body) => send('PATCH', path, body, `application/${contentType}`),
    delete: (path, body) => send('DELETE', path, body),
    apply: (object, manager = 'test', query = '') =>
      send('PATCH', `${pathOf(object)}?fieldManager=${manager}${query}`, object, 'application/apply-patch+yaml'),
    until: (path, holds) => until(cluster.server, path, holds),
  };
}

/** Where an object lies. */
export function pathOf({ apiVersion, kind, metadata }: TestObject): string {
  const root = apiVersion === 'v1' ? '/api/v1' : `/apis/${apiVersion}`;
  const plural = plurals[kind] ?? `${kind.toLowerCase()}s`;
  return clusterScoped.has(kind)
    ? `${root}/${plural}/${metadata.name}`
    : `${root}/namespaces/${metadata.namespace ?? 'default'}/${plural}/${metadata.name}`;
}

/** The events of a watch, one by one, until the reader has seen enough. */
export async function* watch(server: string, path: string): AsyncGenerator<{ readonly type: string; readonly object: Json }> {
  const abort = new AbortController();
  const response = await fetch(`${server}${path}`, { signal: abort.signal });
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) yield JSON.parse(line);
    }
  } finally {
    abort.abort();
  }
}

async function until(server: string, path: string, holds: (object: Json) => boolean): Promise<Json> {
  const slash = path.lastIndexOf('/');
  const name = path.slice(slash + 1);
  const listed = await (await fetch(`${server}${path.slice(0, slash)}?fieldSelector=metadata.name=${name}`)).json();
  const present = (listed as { items: unknown[] }).items[0];
  if (holds(present)) return present;
  const from = (listed as { metadata: { resourceVersion: string } }).metadata.resourceVersion;
  for await (const { type, object } of watch(
    server,
    `${path.slice(0, slash)}?watch=true&fieldSelector=metadata.name=${name}&resourceVersion=${from}`,
  )) {
    const now = type === 'DELETED' ? undefined : object;
    if (holds(now)) return now;
  }
  throw new Error(`The watch of ${path} ended.`);
}

/** A Deployment with one container. */
export function deployment(name: string, image: string, spec: object = {}): TestObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'default' },
    spec: {
      selector: { matchLabels: { app: name } },
      ...spec,
      template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'main', image }] } },
    },
  };
}

export function isRolledOut(object: Json): boolean {
  const { status, spec, metadata } = object ?? {};
  return (
    status?.observedGeneration >= metadata?.generation &&
    status?.updatedReplicas === spec.replicas &&
    status?.replicas === spec.replicas &&
    status?.availableReplicas === spec.replicas
  );
}
