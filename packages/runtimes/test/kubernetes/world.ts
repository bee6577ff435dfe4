// An embedded cluster with a connection to it, for tests that want the real thing.
import { type Cluster, type ClusterOptions, startCluster } from '@konfig/cluster';
import type { Json, JsonObject, Observation, PlannedRow, Resource, Watched } from '@konfig/core';
import { pathText } from '@konfig/core';
import { type KubernetesConnection, type KubernetesOptions, kubernetesRuntime } from '../../src';

export const stack = 'shop/dev';

export interface AnyWorld {
  readonly connection: KubernetesConnection;
  readonly signal: AbortSignal;
  /** Plans for this stack, one resource or many. */
  plan(...wished: readonly Resource[]): Promise<readonly PlannedRow[]>;
  /** Plans one, and says its changes as text. */
  changes(wished: Resource): Promise<readonly string[]>;
  create(...wished: readonly Resource[]): Promise<void>;
  update(wished: Resource): Promise<void>;
  /** Sends what another client would: answers the status and the body. */
  send(method: Method, path: string, body?: unknown, contentType?: string): Promise<{ readonly status: number; readonly body: JsonObject }>;
  stop(): Promise<void>;
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** A world whose cluster does as it is told. */
export interface TestWorld extends AnyWorld {
  readonly cluster: Cluster;
}

/** For tests about deletes that are held up. */
export const impatient: KubernetesOptions = { deletionPatience: 0.05 };

export async function startWorld(options: ClusterOptions = {}, runtime: KubernetesOptions = {}): Promise<TestWorld> {
  const cluster = await startCluster({ podStartMillis: 5, podReadyMillis: 5, podRunMillis: 20, backOffMillis: 20, ...options });
  return { cluster, ...(await openWorld({ server: cluster.server }, () => cluster.stop(), runtime)) };
}

/** A connection to the cluster that a target's config says. */
export async function openWorld(config: JsonObject, stop: () => Promise<void>, runtime: KubernetesOptions = {}): Promise<AnyWorld> {
  const { signal } = new AbortController();
  const connection = await kubernetesRuntime(runtime).connect('main', { runtime: 'kubernetes', config }, signal);
  const world: AnyWorld = {
    connection,
    signal,
    plan: (...wished) => connection.plan({ stack, wished, removed: [] }, signal),
    changes: async (wished) => (await world.plan(wished)).flatMap(changesText),
    create: async (...wished) => {
      for (const resource of wished) await connection.apply({ stack, resource, action: 'create', changes: [] }, signal);
    },
    update: async (resource) => {
      const row = (await world.plan(resource))[0];
      const planned = { ...(row?.live ? { live: row.live } : {}), changes: row?.changes ?? [] };
      await connection.apply({ stack, resource, action: 'update', ...planned }, signal);
    },
    send: (method, path, body, contentType = 'application/json') =>
      connection.client.request({ method, path, contentType, ...(body === undefined ? {} : { body }), attempts: 1 }, signal),
    stop: async () => {
      await connection.close();
      await stop();
    },
  };
  return world;
}

/** A manifest as the resource that the sdk would make of it. */
export function resource(attributes: JsonObject): Resource {
  const { apiVersion, kind, metadata } = attributes as {
    readonly apiVersion: string;
    readonly kind: string;
    readonly metadata: JsonObject;
  };
  const group = apiVersion.includes('/') ? `.${apiVersion.split('/')[0]}` : '';
  const address = [`${kind}${group}`, ...(metadata.namespace ? [metadata.namespace] : []), metadata.name].join('/');
  return {
    id: `main:${address}`,
    target: 'main',
    runtime: 'kubernetes',
    type: `${apiVersion}/${kind}`,
    attributes,
    path: `shop/${String(metadata.name)}`,
  };
}

export const namespace = (name: string) => resource({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });

export const configMap = (name: string, namespace: string, data: JsonObject) =>
  resource({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data });

/** A Deployment `web` of one container `app`. */
export function deployment(namespace: string, { spec = {}, container = {}, annotations }: DeploymentParts = {}): Resource {
  const metadata = { labels: { app: 'web' }, ...(annotations ? { annotations } : {}) };
  const template = { metadata, spec: { containers: [{ name: 'app', image: 'shop:1', ...container }] } };
  return resource({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace },
    spec: { replicas: 2, selector: { matchLabels: { app: 'web' } }, template, ...spec },
  });
}

export interface DeploymentParts {
  readonly spec?: JsonObject;
  readonly container?: JsonObject;
  readonly annotations?: JsonObject;
}

export function changesText(row: PlannedRow): readonly string[] {
  const value = (json: Json | undefined) => (json === undefined ? '(none)' : JSON.stringify(json));
  return row.changes.map(
    (change) => `${pathText(change.path)}: ${change.sensitive ? 'secret' : `${value(change.before)} → ${value(change.after)}`}`,
  );
}

/** Watches until an observation pleases; fails after ten seconds with the last one. */
export async function until(world: AnyWorld, watched: Watched, isIt: (observation: Observation) => boolean): Promise<Observation> {
  const stop = new AbortController();
  let last: Observation | undefined;
  try {
    return await new Promise<Observation>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`it did not come; the last was ${JSON.stringify(last)}`)), 10_000);
      stop.signal.addEventListener('abort', () => clearTimeout(timer));
      const see = (observation: Observation) => {
        last = observation;
        if (isIt(observation)) resolve(observation);
      };
      world.connection.watch([watched], see, stop.signal).catch(reject);
    });
  } finally {
    stop.abort();
  }
}

/** Waits until it is so; fails after five seconds. */
export async function eventually(isSo: () => boolean, what: () => unknown): Promise<void> {
  for (const end = performance.now() + 5000; !isSo(); ) {
    if (performance.now() > end) throw new Error(`it did not come: ${JSON.stringify(what())}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
