import type { Kind } from '../kinds/kind';
import type { KubeObject, Labels } from '../objects';
import { matchSelector } from '../store/selector';
import type { Store } from '../store/store';
import { configurationsOf, type Operation, type Rule, type Stage, type Webhook, type WebhookConfiguration } from './webhook';

/** A write, as webhooks are asked about it. */
export interface Attributes {
  readonly kind: Kind;
  readonly operation: Operation;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
  readonly dryRun: boolean;
  /** Who writes, as managedFields names it. */
  readonly manager: string;
  /** As it is to become; nothing for a DELETE. */
  readonly object: KubeObject | undefined;
  /** As it is; nothing for a CREATE. */
  readonly old: KubeObject | undefined;
}

/** A webhook, known by its configuration and its own name. */
export interface Listed {
  readonly key: string;
  readonly webhook: Webhook;
}

/** The webhooks of a stage that want to be asked about a write, in the order in which they are. */
export function webhooksFor(store: Store, stage: Stage, attributes: Attributes): Listed[] {
  // Nobody can lock himself out of changing the webhooks.
  if (attributes.kind.group === 'admissionregistration.k8s.io') return [];
  const configurations = store.list(configurationsOf[stage]) as WebhookConfiguration[];
  return configurations.flatMap(({ metadata, webhooks = [] }) =>
    webhooks
      .filter((webhook) => wants(webhook, attributes, store))
      .map((webhook) => ({ key: `${stage} ${metadata.name} ${webhook.name}`, webhook })),
  );
}

function wants(webhook: Webhook, attributes: Attributes, store: Store): boolean {
  if (!(webhook.rules ?? []).some((rule) => fits(rule, attributes, webhook.matchPolicy))) return false;
  const { object, old } = attributes;
  const isObject = matchSelector(webhook.objectSelector);
  const chosen = [object, old].some((one) => one && isObject(one.metadata.labels));
  return chosen && matchesNamespace(webhook, attributes, store);
}

function fits(rule: Rule, { kind, operation, subresource }: Attributes, matchPolicy: string): boolean {
  const has = (names: readonly string[] | undefined, name: string): boolean => names?.some((one) => one === '*' || one === name) ?? false;
  // The same kind in another version is the same to whoever does not insist.
  const anyVersion = matchPolicy === 'Equivalent' && (kind.custom?.definition.spec.versions.length ?? 1) > 1;
  const versions = anyVersion ? (kind.custom?.definition.spec.versions ?? []).map((version) => version.name) : [kind.version];
  return (
    has(rule.operations, operation) &&
    has(rule.apiGroups, kind.group) &&
    versions.some((version) => has(rule.apiVersions, version)) &&
    (rule.resources?.some((name) => fitsResource(name, kind.plural, subresource)) ?? false) &&
    (rule.scope === '*' || (rule.scope === 'Namespaced') === kind.namespaced)
  );
}

function fitsResource(rule: string, plural: string, subresource: string): boolean {
  const [resource, below = ''] = rule.split('/');
  return (resource === '*' || resource === plural) && (below === '*' || below === subresource);
}

// A Namespace counts as in itself; what is in none is not narrowed by them.
function matchesNamespace(webhook: Webhook, { kind, namespace, object, old }: Attributes, store: Store): boolean {
  const isChosen = matchSelector(webhook.namespaceSelector);
  if (kind.resource === 'namespaces') return isChosen((object ?? old)?.metadata.labels);
  if (!kind.namespaced) return true;
  const labels: Labels | undefined = store.get('namespaces', '', namespace)?.metadata.labels;
  return isChosen(labels);
}
