// The classes that users extend: a Component is a capability, an AppConfig is an app.
import type { Until } from '@konfig/core';
import { Construct, type IConstruct } from 'constructs';
import { type Defaults, type DefaultsOption, defaultsOf, setDefaults } from './defaults';
import { startNames } from './former-path';
import { derivedName } from './names';
import type { SettingOverride } from './settings/declared';
import { giveSettings } from './settings/give';
import { either, fields, fitting, kind, object, oneOf, shown, text } from './shape';
import type { Stack } from './stack';
import { callLine, report, synthOf } from './synth';
import { standardLabels } from './workload/labels';

/** What every component can be told. */
export interface ComponentOptions {
  /** Defaults of this component and of those in it, over the stack's; `'none'` switches all off. */
  readonly defaults?: DefaultsOption;
  /** What is overridden of the platform's settings for this component and those in it, over the stack's. Default: nothing. */
  readonly settings?: readonly SettingOverride[];
  /**
   * The workspace's target that its objects go to; for one object, manifests included, the annotation `konfig.dev/target` says the same.
   * Default: the parent's; at the top `main`. Unknown there: SPEC_TARGET.
   */
  readonly target?: string;
  /**
   * What happens to its objects when they go from the program: `'protect'` refuses to delete or replace them, `'retain'` leaves them in
   * the cluster, no longer ours, `'collect'` deletes them once nothing in the cluster uses them any more. For one object, manifests
   * included, the annotation `konfig.dev/on-removal` says the same. Default: the parent's; at the top `'delete'`, but for
   * CustomResourceDefinitions, which are deleted only where `'delete'` is written down.
   */
  readonly onRemoval?: 'delete' | 'protect' | 'retain' | 'collect';
}

const optionsShape = fields(
  {
    defaults: either(
      kind((value) => value === 'none', "'none', or an object like { readiness: false }"),
      object(''),
    ),
    target: text('the name of a target of the workspace'),
    onRemoval: oneOf('delete', 'protect', 'retain', 'collect'),
  },
  'an object with its fields: { … }',
  [],
  {},
);

const given = new WeakMap<IConstruct, ComponentOptions>();

/**
 * A capability that a platform offers: a Service, a database, a route. Extend it to write your own.
 *
 * ```ts
 * export class RedisCache extends Component {
 *   constructor(scope: Construct, id: string, props: RedisCacheProps = {}) {
 *     super(scope, id, props);
 *     new Service(this, 'redis', { containers: { redis: { image: 'redis:8', ports: { redis: 6379 } } } });
 *   }
 * }
 * ```
 */
export class Component extends Construct {
  constructor(scope: Construct, id: string, options: ComponentOptions = {}) {
    super(scope, id);
    const fit = fitting(this, options, optionsShape);
    setDefaults(this, fit.defaults);
    giveSettings(this, [{ layer: 'component', by: '', settings: fit.settings }]);
    given.set(this, fit);
  }

  /**
   * Makes everything in this component wait for everything in another one.
   * @param until `'ready'` (default): until it is healthy; `'present'`: until it exists.
   */
  dependsOn(other: IConstruct, options: { readonly until?: Until } = {}): void {
    const line = callLine(this);
    const bad = (message: string, hint: string) => report(this, { code: 'PROPS_INVALID', message, hint, at: 'dependsOn' }, line);
    const until = options?.until ?? 'ready';
    if (until !== 'ready' && until !== 'present') bad(`dependsOn waits until ${shown(until)}.`, "Write 'ready' or 'present'.");
    if (Construct.isConstruct(other)) synthOf(this)?.dependencies.push({ from: this, on: other, until, line });
    else bad(`dependsOn was given ${shown(other)}.`, 'Give it one construct of this stack: app.dependsOn(job).');
  }

  /** The defaults that hold here, after the workspace, the stack and the parents had their say. */
  protected get defaults(): Defaults {
    return defaultsOf(this);
  }

  /** The labels that its objects should have: `app.kubernetes.io/…`, or none where the default `labels` is off. */
  protected get labels(): { readonly [label: string]: string } {
    return standardLabels(this, this.derivedName, this.defaults);
  }

  /** The name that objects of this component get when they are given none: the ids from below the AppConfig down to here. */
  protected get derivedName(): string {
    return derivedName(this);
  }
}

/**
 * An app, as the team that owns it sees it. Extend it; what its constructor makes is the app.
 *
 * Ids below it become names of objects: `new Service(this, 'web', …)` in an AppConfig makes the Deployment `web`.
 */
export class AppConfig extends Component {
  /** The stack that it is deployed as: its name, its project, its workspace. */
  readonly stack: Stack;

  constructor(stack: Stack, id: string, options: ComponentOptions = {}) {
    super(stack, id, options);
    this.stack = stack;
    startNames(this);
  }
}

/** The target that a construct's objects go to. */
export function targetOf(construct: IConstruct): string {
  return nearest(construct, 'target') ?? 'main';
}

/** What happens to a construct's objects when they go from the program; undefined where nothing was said. */
export function onRemovalOf(construct: IConstruct): ComponentOptions['onRemoval'] {
  return nearest(construct, 'onRemoval');
}

function nearest<K extends 'target' | 'onRemoval'>(construct: IConstruct, option: K): ComponentOptions[K] | undefined {
  const { scopes } = construct.node;
  const named = scopes.findLast((scope) => given.get(scope)?.[option] !== undefined);
  return named && given.get(named)?.[option];
}
