// Where a stack goes, and what the platform team decided for everything that goes there.
import { defaultSettings, type Problem, type Records, type Settings, type Target } from '@konfig/core';
import type { DefaultsOption } from './defaults';
import { type Duration, secondsOf } from './duration';
import { isOutput, type Output } from './output';
import type { ServiceTarget } from './service-target';
import type { SettingOverride } from './settings/declared';
import type { TerraformTarget } from './terraform-target';

/** A Kubernetes cluster, by kubeconfig context. Made by {@link kubernetes} or {@link embeddedCluster}. */
export interface ClusterTarget extends Target {
  readonly runtime: 'kubernetes';
}

/** How a cluster is reached. Read only by the machine that applies. */
export interface KubernetesProps {
  /** Context of the kubeconfig. Default: its current context, which differs between machines; name one for anything shared. */
  readonly context?: string;
  /** Path of the kubeconfig. Default: `KUBECONFIG`, then `~/.kube/config`. */
  readonly kubeconfig?: string;
  /** Namespace of objects that have none. Default: the context's. Prefer the stack's `namespace`, which is written into the objects. */
  readonly namespace?: string;
  /** The version of Kubernetes that the cluster has, `'1.34'`: what `konfig validate` checks for. Default: the newest that Konfig knows. */
  readonly version?: string;
  /** How objects of kinds are that say it in words of their own: docs/health.md. They go before Konfig's own rules; a platform package may export a list of them. Default: none. */
  readonly healthRules?: readonly HealthRule[];
}

/** How the objects of one kind are, as data: a Spec carries it. */
export interface HealthRule {
  /** Kind and group: `Certificate.cert-manager.io`; `*.cert-manager.io` is every kind of a group. */
  readonly kind: string;
  /** Where the documentation of the kind says so. */
  readonly from?: string;
  /** The first that applies decides; where none does, whatever would judge without this rule. */
  readonly cases: readonly HealthCase[];
}

/** What an object is when something holds of it. */
export interface HealthCase {
  /**
   * An expression in CEL that is true or false: `status.phase == 'Failed'`. It is given `self`, `spec`, `status`, `metadata`, `generic` (how the object is
   * without this rule), `condition('Ready')` and `reason('Ready')`.
   */
  readonly when: string;
  readonly health: 'ready' | 'progressing' | 'degraded' | 'suspended';
  /** One line for people. Default: the expression. */
  readonly message?: string;
  /** The same as an expression that is a text. */
  readonly messageExpression?: string;
  /** How sure it is that something degraded stays so: `terminal` fails now, `likely` after a minute, `transient` is shown and waited for. Default `likely`. */
  readonly class?: 'terminal' | 'likely' | 'transient';
}

/** What a workspace is told. */
export interface WorkspaceProps {
  /** The cluster that stacks go to: the target `main`. */
  readonly kubernetes: ClusterTarget;
  /** Further clusters by name, to which a component goes with `target: 'eu'`; the company's own services, each by the name that it gives itself; and `terraform`. */
  readonly targets?: { readonly [name: string]: ClusterTarget | ServiceTarget | TerraformTarget };
  /**
   * Where releases, inventory and lock live. Default: Secrets in namespace `konfig` of the target `main`;
   * for the embedded cluster, files below `.konfig/`. A PostgreSQL keeps those of all stacks in one place, in its schema `konfig`; its URL, with user and
   * password, is a secret: `{ store: 'postgres', url: secret.env('KONFIG_RECORDS_URL') }`.
   */
  readonly records?:
    | { readonly store: 'files' }
    | { readonly store: 'kubernetes'; readonly namespace?: string; readonly target?: string }
    | { readonly store: 'postgres'; readonly url: Output<string> };
  /** How long operations wait, how patient they are, how much they do at once. */
  readonly operations?: OperationOptions;
  /** What is overridden of the platform's settings for all stacks that go here: `[postgres({ multiAz: true }, 'customers are here')]`. Default: nothing. */
  readonly settings?: readonly SettingOverride[];
  /** Defaults of all stacks that go here, over Konfig's; `'none'` switches all off. */
  readonly defaults?: DefaultsOption;
  /** Image prefixes to rewrite, the longest match wins: `{ 'registry.example/': 'registry.prod.example/' }`. Default: none. */
  readonly images?: { readonly [prefix: string]: string };
}

/** How long operations wait, how patient they are, how much they do at once. */
export interface OperationOptions {
  /** The whole operation, and what makes its plan before. Whatever is in flight by then is told to end, and given up half a minute later. Default `'30m'`. */
  readonly totalTimeout?: Duration;
  /** One resource, from its apply until it is ready. Default `'10m'`. */
  readonly resourceTimeout?: Duration;
  /** No change of a resource's health or of what hangs from it. Default `'5m'`. */
  readonly noProgressTimeout?: Duration;
  /** How long a finding that may still mend by itself is tolerated, by its code: `{ ImagePullBackOff: '60s' }`. */
  readonly graces?: { readonly [finding: string]: Duration };
  /** Steps carried out side by side. Default 12. */
  readonly concurrency?: number;
}

/** Where a stack goes: a cluster, and what the platform team decided for it. */
export interface Workspace {
  readonly name: string;
  readonly targets: { readonly [name: string]: Target };
  readonly records: Records;
  readonly operations: Settings;
  readonly settings: readonly SettingOverride[];
  readonly defaults?: DefaultsOption;
  readonly images: { readonly [prefix: string]: string };
  /** What is wrong with it; reported by each synth that goes here. */
  readonly problems: readonly Problem[];
}

/**
 * Describes where stacks go.
 *
 * ```ts
 * export const prod = workspace('prod', { kubernetes: kubernetes({ context: 'prod-eu1' }), defaults: { replicas: 2 } });
 * ```
 */
export function workspace(name: string, props: WorkspaceProps): Workspace {
  const problems: Problem[] = [];
  if (props.targets?.main) {
    problems.push({
      code: 'PROPS_INVALID',
      message: `Workspace '${name}' names a second target 'main'.`,
      hint: "The cluster under `kubernetes` is the target 'main'; call the other one differently.",
      at: `workspace ${name}`,
    });
  }
  return {
    name,
    targets: { ...props.targets, main: props.kubernetes },
    records: recordsOf(props, problems),
    operations: operationsOf(name, props.operations ?? {}, problems),
    settings: props.settings ?? [],
    ...(props.defaults !== undefined && { defaults: props.defaults }),
    images: props.images ?? {},
    problems,
  };
}

/** A cluster by its kubeconfig context. */
export function kubernetes(props: KubernetesProps = {}): ClusterTarget {
  // The rules are data, as all of a config: what is undefined in them is left out.
  return { runtime: 'kubernetes', config: JSON.parse(JSON.stringify(props)) };
}

/** The cluster that comes with Konfig and runs on your machine: for first steps, tests and demos. Nothing to install. */
export function embeddedCluster(props: Pick<KubernetesProps, 'healthRules'> = {}): ClusterTarget {
  return { runtime: 'kubernetes', config: { ...kubernetes(props).config, embedded: true } };
}

function recordsOf(props: WorkspaceProps, problems: Problem[]): Records {
  if (props.records?.store === 'files') return { store: 'files' };
  if (props.records?.store === 'postgres') return postgresRecords(props.records.url, problems);
  if (!props.records && props.kubernetes.config.embedded === true) return { store: 'files' };
  return { store: 'kubernetes', target: props.records?.target ?? 'main', namespace: props.records?.namespace ?? 'konfig' };
}

function postgresRecords(url: unknown, problems: Problem[]): Records {
  if (isOutput(url) && url.secret) return { store: 'postgres', url: url.resolve() };
  problems.push({
    code: 'PROPS_INVALID',
    message: 'The url of records in PostgreSQL is no secret: its password would stand in every plan and release.',
    hint: "Name where it is read: url: secret.env('KONFIG_RECORDS_URL').",
  });
  return { store: 'files' };
}

function operationsOf(name: string, given: OperationOptions, problems: Problem[]): Settings {
  const bad = (field: string, value: unknown, wanted: string) =>
    problems.push({
      code: 'PROPS_INVALID',
      message: `Workspace '${name}' has ${field}: ${JSON.stringify(value)}.`,
      hint: `Write ${wanted}.`,
      at: `workspace ${name}`,
    });
  const seconds = (field: string, duration: Duration | undefined, otherwise: number): number => {
    if (duration === undefined) return otherwise;
    const value = secondsOf(duration);
    if (value === undefined) bad(field, duration, "a duration like '30s', '5m' or '2h'");
    return value ?? otherwise;
  };
  const concurrency = given.concurrency ?? defaultSettings.concurrency;
  if (!Number.isInteger(concurrency) || concurrency < 1) bad('operations.concurrency', concurrency, 'a whole number from 1');
  return {
    totalTimeout: seconds('operations.totalTimeout', given.totalTimeout, defaultSettings.totalTimeout),
    resourceTimeout: seconds('operations.resourceTimeout', given.resourceTimeout, defaultSettings.resourceTimeout),
    noProgressTimeout: seconds('operations.noProgressTimeout', given.noProgressTimeout, defaultSettings.noProgressTimeout),
    graces: Object.fromEntries(
      Object.entries(given.graces ?? {}).map(([code, grace]) => [code, seconds(`operations.graces.${code}`, grace, 60)]),
    ),
    concurrency,
  };
}
