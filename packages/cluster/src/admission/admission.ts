import { badRequest, failure } from '../api/failure';
import { applyJsonPatch, PatchError } from '../api/json-patch';
import type { KubeObject } from '../objects';
import type { Store } from '../store/store';
import { callWebhook, type Verdict } from './call';
import { type Attributes, type Listed, webhooksFor } from './match';
import type { Stage } from './webhook';

/**
 * Thrown out of a write when webhooks must be asked first. Writes happen at once and cannot wait; whoever called waits for
 * `ask` and then does all of it again, with the same `Admission`, which knows the answers by then.
 */
export class WebhooksToAsk extends Error {
  constructor(readonly ask: () => Promise<void>) {
    super('webhooks must be asked first');
  }
}

/** Asks webhooks about the writes of one request, or of one round of a controller. */
export class Admission {
  private readonly verdicts = new Map<string, Verdict>();

  constructor(private readonly store: Store) {}

  /** What webhooks have to say about one write; nothing when nobody wants to be asked. */
  review(attributes: Attributes, warnings: string[] | undefined): Review | undefined {
    const mutating = webhooksFor(this.store, 'mutating', attributes);
    const validating = webhooksFor(this.store, 'validating', attributes);
    if (mutating.length === 0 && validating.length === 0) return undefined;
    return new Review(this, { attributes, warnings: warnings ?? [], mutating, validating });
  }

  verdict(key: string): Verdict | undefined {
    return this.verdicts.get(key);
  }

  async ask(stage: Stage, asked: readonly { readonly key: string; readonly listed: Listed }[], attributes: Attributes): Promise<void> {
    const answers = asked.map(async ({ key, listed }) => {
      this.verdicts.set(key, await callWebhook(listed.webhook, stage, attributes, this.store));
    });
    await Promise.all(answers);
  }
}

interface Matter {
  readonly attributes: Attributes;
  readonly warnings: string[];
  readonly mutating: readonly Listed[];
  readonly validating: readonly Listed[];
}

/** One write before its webhooks. */
export class Review {
  private readonly content: string;

  constructor(
    private readonly admission: Admission,
    private readonly matter: Matter,
  ) {
    this.content = contentOf(matter.attributes);
  }

  /** The object as mutating webhooks, one after the other, want it. */
  mutate<T extends KubeObject | undefined>(object: T): T {
    return this.matter.mutating.reduce<T>((current, listed) => {
      const [verdict] = this.verdicts('mutating', [listed], current);
      if (!verdict?.allowed || !verdict.patch?.length) return current;
      if (!current) throw cannotChange(listed.webhook.name);
      return patched(listed.webhook.name, current, verdict.patch) as T;
    }, object);
  }

  /** Refuses the write when one of the validating webhooks does. */
  validate(object: KubeObject | undefined): void {
    this.verdicts('validating', this.matter.validating, object);
  }

  private verdicts(stage: Stage, webhooks: readonly Listed[], object: KubeObject | undefined): Verdict[] {
    const { attributes, warnings } = this.matter;
    for (const { webhook } of webhooks) {
      if (attributes.dryRun && webhook.sideEffects !== 'None' && webhook.sideEffects !== 'NoneOnDryRun')
        throw badRequest(`admission webhook ${JSON.stringify(webhook.name)} does not support dry run`);
    }
    const keyed = webhooks.map((listed) => ({ listed, key: `${listed.key} ${this.content}` }));
    const unknown = keyed.filter(({ key }) => this.admission.verdict(key) === undefined);
    if (unknown.length > 0) throw new WebhooksToAsk(() => this.admission.ask(stage, unknown, { ...attributes, object }));
    const verdicts = keyed.map(({ key }) => this.admission.verdict(key) as Verdict);
    for (const verdict of verdicts) {
      warnings.push(...verdict.warnings);
      if (!verdict.allowed) throw verdict.refusal;
    }
    return verdicts;
  }
}

// What is drawn by lot is drawn anew when a write is done again, and must not count as another question.
function contentOf({ kind, operation, subresource, namespace, name, dryRun, object, old }: Attributes): string {
  const { uid, creationTimestamp, managedFields, resourceVersion, ...metadata } = object?.metadata ?? ({} as KubeObject['metadata']);
  const named = metadata.generateName ? { ...metadata, name: '' } : metadata;
  const place = [operation, kind.resource, kind.version, subresource, namespace, metadata.generateName ?? name, String(dryRun)];
  return JSON.stringify([...place, old?.metadata.resourceVersion ?? '', object && { ...object, metadata: named }]);
}

// What is deleted is not written, and can not become another.
function cannotChange(webhook: string): Error {
  const said = `admission webhook ${JSON.stringify(webhook)} attempted to modify the object, which is not supported for this operation`;
  return failure(500, 'InternalError', `Internal error occurred: ${said}`);
}

function patched(webhook: string, object: KubeObject, patch: readonly unknown[]): KubeObject {
  try {
    return applyJsonPatch(object, patch) as KubeObject;
  } catch (error) {
    if (!(error instanceof PatchError)) throw error;
    throw failure(500, 'InternalError', `Internal error occurred: admission webhook ${JSON.stringify(webhook)}: ${error.message}`);
  }
}
