import type { KubeObject, LabelSelector } from '../objects';

export type Operation = 'CREATE' | 'UPDATE' | 'DELETE';

/** One webhook of a configuration, with its defaults. */
export interface Webhook {
  readonly name: string;
  readonly clientConfig: ClientConfig;
  readonly rules?: readonly Rule[];
  readonly failurePolicy: 'Fail' | 'Ignore';
  readonly matchPolicy: 'Exact' | 'Equivalent';
  readonly namespaceSelector: LabelSelector;
  readonly objectSelector: LabelSelector;
  readonly sideEffects: string | null;
  readonly timeoutSeconds: number;
  readonly admissionReviewVersions: readonly string[] | null;
}

export interface ClientConfig {
  readonly url?: string;
  readonly service?: { readonly namespace: string; readonly name: string; readonly path?: string; readonly port: number };
  /** Base64 of PEM. */
  readonly caBundle?: string;
}

export interface Rule {
  readonly operations?: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly apiVersions?: readonly string[];
  readonly resources?: readonly string[];
  readonly scope: string;
}

/** A ValidatingWebhookConfiguration or a MutatingWebhookConfiguration. */
export interface WebhookConfiguration extends KubeObject {
  webhooks?: readonly Webhook[];
}

/** The key in the store of the configurations of either stage. */
export const configurationsOf = {
  mutating: 'mutatingwebhookconfigurations.admissionregistration.k8s.io',
  validating: 'validatingwebhookconfigurations.admissionregistration.k8s.io',
} as const;

export type Stage = keyof typeof configurationsOf;
