// What the scenarios need of a cluster: the embedded one and the real control plane both give it.
import { readFileSync } from 'node:fs';
import { type HttpServer, sendHttp } from './http';

/** An object as the API server gives it. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid: string;
    readonly resourceVersion: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly status?: Readonly<Record<string, unknown>>;
  readonly data?: Readonly<Record<string, string>>;
}

/** The objects of a cluster, read and changed as somebody other than Konfig. */
export interface Objects {
  /** GET of a path: `/apis/apps/v1/namespaces/shop/deployments/web`; undefined for 404. */
  get(path: string): Promise<KubernetesObject | undefined>;
  /** The items of a list. */
  list(path: string): Promise<readonly KubernetesObject[]>;
  create(path: string, object: unknown): Promise<void>;
  /** JSON merge patch under the name of another field manager, as a person or another tool would do it. */
  patch(path: string, patch: unknown, manager: string): Promise<void>;
  remove(path: string): Promise<void>;
}

export interface ScenarioCluster extends Objects {
  /** How a workspace names it, as TypeScript: `kubernetes({ kubeconfig: '…' })`. */
  readonly target: string;
  readonly server: HttpServer;
  /** What it does about Services of type LoadBalancer: nothing, as long as no cloud is there; a test may play one. */
  readonly hasCloud: boolean;
  /** Ends the API server with all its connections and starts it again at the same address; its objects stay. */
  interrupt(): Promise<void>;
  stop(): Promise<void>;
}

export function targetOf(kubeconfig: string): string {
  return `kubernetes({ kubeconfig: ${JSON.stringify(kubeconfig)} })`;
}

/** The file that a cluster's target names. */
export function kubeconfigOf({ target }: Pick<ScenarioCluster, 'target'>): string {
  return JSON.parse(/kubeconfig: (".*?")/.exec(target)?.[1] as string) as string;
}

export function objectsOf(server: HttpServer): Objects {
  const ask = async (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown) => {
    const contentType = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
    const answer = await sendHttp(server, { method, path, contentType, ...(body === undefined ? {} : { body }) });
    if (answer.status === 404) return undefined;
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.body}`);
    return JSON.parse(answer.body) as unknown;
  };
  return {
    get: async (path) => (await ask('GET', path)) as KubernetesObject | undefined,
    list: async (path) => ((await ask('GET', path)) as { items: readonly KubernetesObject[] } | undefined)?.items ?? [],
    async create(path, object) {
      await ask('POST', path, object);
    },
    async patch(path, patch, manager) {
      if (!(await ask('PATCH', `${path}?fieldManager=${manager}`, patch))) throw new Error(`There is no ${path} to patch.`);
    },
    async remove(path) {
      await ask('DELETE', path);
    },
  };
}

/** The server of a kubeconfig in JSON, with its client certificate. */
export function serverOf(kubeconfig: string): HttpServer {
  const { clusters, users } = JSON.parse(readFileSync(kubeconfig, 'utf8')) as Kubeconfig;
  const bytes = (base64: string | undefined) => Buffer.from(base64 ?? '', 'base64');
  return {
    url: clusters[0].cluster.server,
    tls: {
      ca: bytes(clusters[0].cluster['certificate-authority-data']),
      cert: bytes(users[0].user['client-certificate-data']),
      key: bytes(users[0].user['client-key-data']),
    },
  };
}

interface Kubeconfig {
  readonly clusters: readonly [{ readonly cluster: { readonly server: string; readonly 'certificate-authority-data'?: string } }];
  readonly users: readonly [{ readonly user: { readonly 'client-certificate-data'?: string; readonly 'client-key-data'?: string } }];
}
