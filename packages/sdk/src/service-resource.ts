// A resource of a company's own service, as a construct.
import type { JsonObject } from '@konfig/core';
import type { Construct, IConstruct } from 'constructs';
import { Component, type ComponentOptions } from './component';
import { Output, outputOf, type Value } from './output';
import { fields, fitting, object, oneOf, text } from './shape';
import { stackText } from './source';
import { synthOf } from './synth';

const brand = Symbol.for('konfig/ServiceResource');

/** What a service says of one of its types: `konfig service types` writes it. */
export interface ServiceType {
  /** As the service calls itself, which is the target that its resources go to unless they say another one. */
  readonly service: string;
  /** `Entry` */
  readonly type: string;
  /** JSON Schema of the config; what it marks `writeOnly` may be a secret. Default: the config is checked only by the service itself. */
  readonly config?: JsonObject;
}

/** A config in which every value may be one that is known only later: a single one, and a list or a map as a whole. */
export type Given<T> = { readonly [K in keyof T]: GivenField<T[K]> };

type GivenField<T> = [T] extends [string | number | boolean | null | undefined]
  ? Value<T>
  : T extends readonly (infer Item)[]
    ? Output<readonly Item[]> | readonly GivenField<Item>[]
    : T extends object
      ? Output<T> | Given<T>
      : T;

/** What a resource of a service is told. */
export interface ServiceResourceProps<Config extends object = JsonObject> extends Pick<ComponentOptions, 'onRemoval'> {
  /** What is wished, as the service wants it. */
  readonly config: Given<Config>;
  /** The name in the service. Default: as of an object at its place. */
  readonly name?: string;
  /** The workspace's target that it goes to. Default: the one that is called as the service calls itself; a component's `target` does not count. */
  readonly target?: string;
}

const propsShape = fields(
  {
    config: object('an object with what the service is to be told: { … }'),
    name: text('the name that it has in the service'),
    target: text('the name of a target of the workspace'),
    onRemoval: oneOf('delete', 'protect', 'retain', 'collect'),
  },
  'an object with its fields: { config: { … } }',
  ['config'],
  { config: {} },
);

/**
 * A resource that a self-built service keeps: an entry of the company's registry, a DNS name. The constructs of one service are written by
 * `konfig service types`; by hand:
 *
 * ```ts
 * export class Entry extends ServiceResource<EntryConfig, EntryOutputs, EntrySecrets> {
 *   constructor(scope: Construct, id: string, props: ServiceResourceProps<EntryConfig>) {
 *     super(scope, id, { service: 'registry', type: 'Entry' }, props);
 *   }
 * }
 * ```
 *
 * It is no workload: that is {@link Service}.
 */
export class ServiceResource<
  Config extends object = JsonObject,
  Outputs extends object = JsonObject,
  Secrets extends object = JsonObject,
> extends Component {
  /** What its service says of it. */
  readonly type: ServiceType;
  /** Where its resource goes. */
  readonly target: string;
  /** The name in the service. */
  readonly name: string;
  /** As it was given, for the line of each field. */
  readonly props: ServiceResourceProps<Config>;

  constructor(scope: Construct, id: string, type: ServiceType, props: ServiceResourceProps<Config>) {
    // Props that come in through `any` may be none: fitting tells.
    super(scope, id, props?.onRemoval === undefined ? {} : { onRemoval: props.onRemoval });
    this.#noteCaller();
    this.props = fitting(this, props, propsShape);
    this.type = type;
    this.target = this.props.target ?? type.service;
    this.name = this.props.name ?? this.derivedName;
    Object.defineProperty(this, brand, { value: true });
  }

  /** Where it was asked for: its class, which `konfig service types` wrote into the monorepo, is no place that anybody looks at. */
  #noteCaller(): void {
    const synth = synthOf(this);
    const above = stackText()
      .split('\n')
      .filter((frame) => !frame.includes(`at new ${this.constructor.name} `));
    const line = synth?.reader.inText(above.join('\n'));
    if (line) synth?.noteLine(this, line);
  }

  /** What the service tells of it once it is applied, for use in other resources, which then wait for it. */
  output<Name extends keyof Outputs & string>(name: Name): Output<Outputs[Name]> {
    return outputOf<Outputs[Name]>(this, `outputs[${JSON.stringify(name)}]`);
  }

  /** The same of what the service keeps secret: it goes into a container's environment by a Secret, and elsewhere only by `expose`. */
  secret<Name extends keyof Secrets & string>(name: Name): Output<Secrets[Name]> {
    return new Output<Secrets[Name]>(outputOf(this, `secrets[${JSON.stringify(name)}]`).resolve(), true);
  }
}

/** Recognises a resource of a service across several copies of this package. */
export function isServiceResource(construct: IConstruct): construct is ServiceResource {
  return brand in construct;
}
