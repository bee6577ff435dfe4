// One deployment of a project: the construct under which everything of it is made.
import { type ApiObject, Chart, ImplicitTokenResolver, type IResolver, LazyResolver, NumberStringUnionResolver } from 'cdk8s';
import type { Construct, IConstruct } from 'constructs';
import { ask } from './asked';
import { type DefaultsOption, setDefaults } from './defaults';
import { startNames } from './former-path';
import { PlainObjectResolver } from './lower/plain-objects';
import { derivedName } from './names';
import { KubernetesObject } from './object';
import { follow, noteProps } from './provenance/props';
import type { SettingOverride } from './settings/declared';
import { giveSettings } from './settings/give';
import type { Synth } from './synth';
import type { Team } from './team';
import { takeTerraformStacks } from './terraform/app';
import { TerraformTokenResolver } from './terraform/tokens';
import { namespaceRules } from './workload/follows';
import type { Workspace } from './workspace';

const brand = Symbol.for('konfig/Stack');

/** How one stack differs from others of its workspace. */
export interface StackOptions {
  /**
   * Namespace of all namespaced objects that have none. A Namespace object is made for it in each target that the stack has objects in,
   * unless `createNamespace` is false.
   * Default: none is written, and the objects go to the namespace of the target.
   */
  readonly namespace?: string;
  /** Make the Namespace object? Default true. */
  readonly createNamespace?: boolean;
  /** Defaults of this stack, over the workspace's; `'none'` switches all off. */
  readonly defaults?: DefaultsOption;
  /** What is overridden of the platform's settings for this stack, over the workspace's, the team's and the project's. Default: nothing. */
  readonly settings?: readonly SettingOverride[];
  /** Kinds of custom resources that live outside of namespaces, as `Kind.group`: `['ClusterIssuer.cert-manager.io']`. Built-in kinds are known, and those that the stack defines. */
  readonly clusterScoped?: readonly string[];
}

/**
 * One deployment of a project, `shop/prod`. Made by the project; the stack's function fills it.
 *
 * It is a cdk8s Chart: raw cdk8s objects, charts and cdk8s-plus constructs may be made right in it, and so may Terraform stacks of cdktf and cdktn. It is also the root of the tree, neither
 * a cdk8s.App nor a cdktf.App, so that paths, and the names cdk8s makes of them, are those of a chart right under a cdk8s.App.
 */
export class Stack extends Chart {
  /** cdk8s looks for its resolvers here, on the root of the tree. */
  readonly resolvers: IResolver[] = [
    new TerraformTokenResolver(),
    new LazyResolver(),
    new PlainObjectResolver(),
    new ImplicitTokenResolver(),
    new NumberStringUnionResolver(),
  ];
  /** Name of the project: `shop`. */
  readonly project: string;
  /** Name of the stack: `prod`. */
  readonly stackName: string;
  /** Where the stack goes. */
  readonly workspace: Workspace;
  /** The names of the workspace's clusters, `main` first: `for (const target of stack.targets) new Shop(this, target, { target })`. */
  readonly targets: readonly string[];
  /** Name of the team that owns the project. */
  readonly owner: string | undefined;
  readonly options: StackOptions;

  /** @internal Write `project('shop').stack('prod', …)`. */
  constructor(synth: Synth, place: StackPlace, options: StackOptions) {
    super(undefined as unknown as Construct, '', { ...(options.namespace !== undefined && { namespace: options.namespace }) });
    synth.plant(this);
    this.project = place.project;
    this.stackName = place.stack;
    this.workspace = place.workspace;
    const clusters = Object.entries(place.workspace.targets).filter(([, { runtime }]) => runtime === 'kubernetes');
    this.targets = ['main', ...clusters.map(([name]) => name).filter((name) => name !== 'main')];
    this.owner = place.owner?.name;
    this.options = options;
    noteProps(this, options);
    Object.defineProperty(this, brand, { value: true });
    startNames(this);
    takeTerraformStacks(this);
    setDefaults(this, place.workspace.defaults, options.defaults, place.defaults);
    giveSettings(this, [
      { layer: 'workspace', by: place.workspace.name, settings: place.workspace.settings },
      { layer: 'team', by: place.owner?.name ?? '', settings: place.owner?.settings },
      { layer: 'project', by: place.project, settings: place.settings },
      { layer: 'stack', by: '', settings: options.settings },
    ]);
    if (options.namespace !== undefined && options.createNamespace !== false) {
      this.#makeNamespace(options.namespace, 'main');
    }
  }

  /** @internal Makes the stack's Namespace in each of these targets that has none of that name. */
  makeNamespaces(targets: readonly string[]): readonly ApiObject[] {
    const { namespace, createNamespace } = this.options;
    return namespace === undefined || createNamespace === false ? [] : targets.map((target) => this.#makeNamespace(namespace, target));
  }

  #makeNamespace(name: string, target: string): KubernetesObject {
    const id = target === 'main' ? 'Namespace' : `Namespace-${target}`;
    const object = new KubernetesObject(this, id, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    ask(object, { target });
    return follow(object, namespaceRules);
  }

  /** Names of objects that were given none: see `derivedName`. cdk8s asks here. */
  override generateObjectName(object: ApiObject): string {
    return derivedName(object, object.kind);
  }
}

export interface StackPlace {
  readonly project: string;
  readonly owner: Team | undefined;
  /** The project's. */
  readonly settings: readonly SettingOverride[] | undefined;
  readonly stack: string;
  readonly workspace: Workspace;
  /** Defaults that this one synth asks for. */
  readonly defaults: DefaultsOption | undefined;
}

/** The stack that a construct belongs to; undefined in a tree that is not ours. */
export function stackOf(construct: IConstruct): Stack | undefined {
  const { root } = construct.node;
  return brand in root ? (root as unknown as Stack) : undefined;
}
