// What the scenarios need of a cluster: the embedded one and the real control plane both give it.

/** An object as the API server gives it. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly status?: Readonly<Record<string, unknown>>;
  readonly data?: Readonly<Record<string, string>>;
}

export interface ScenarioCluster {
  /** How a workspace names it, as TypeScript: `kubernetes({ kubeconfig: '…' })`. */
  readonly target: string;
  readonly kubeconfig: string;
  /** GET of a path: `/apis/apps/v1/namespaces/shop/deployments/web`; undefined for 404. */
  get(path: string): Promise<KubernetesObject | undefined>;
  /** The items of a list. */
  list(path: string): Promise<readonly KubernetesObject[]>;
  /** JSON merge patch under the name of another field manager, as a person or another tool would do it. */
  patch(path: string, patch: unknown, manager: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** Makes what lies between client and server break: every connection is cut, and the server is back after that. */
  interrupt(): Promise<void>;
  stop(): Promise<void>;
}
