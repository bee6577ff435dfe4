// What somebody says who writes a service: its name and the types of things that it keeps.
import type { Health } from './health';
import type { JsonObject } from './json';
import type { FieldError } from './problem';
import type { JsonSchema } from './schema';
import type { Store } from './store';

/** A type of things that the service keeps. `create`, `update` and `delete` may throw a `Refusal`; whatever else they throw is told as `failed`. */
export interface ResourceType<
  Config extends object = JsonObject,
  Outputs extends object = JsonObject,
  Secrets extends object = JsonObject,
> {
  /** One line for people. */
  readonly description?: string;
  /** JSON Schema of the config. `default` is filled in, `writeOnly` is never told again, `examples` are used by `konfig service verify`. */
  readonly config: JsonSchema;
  /** JSON Schema of what others may refer to. Default: there is nothing. */
  readonly outputs?: JsonSchema;
  /** The same for what must not be seen: it goes only to those who ask for this one resource. Default: there is nothing. */
  readonly secrets?: JsonSchema;
  /** Fields, as JSON pointers, that cannot be changed in place: Konfig replaces the resource instead. Default: none. */
  readonly immutable?: readonly string[];
  /** Outputs and secrets that no update changes, as JSON pointers: `['/outputs/id']`. What refers to others is planned as known only after the apply. Default: none. */
  readonly stable?: readonly string[];
  /** Would a replace lose data? Then Konfig does it only when told so. Default false. */
  readonly holdsData?: boolean;
  /** What the schema cannot say; asked before each plan and each change. */
  check?(wish: { readonly name: string; readonly config: Config }): Promise<readonly FieldError[]>;
  /** Makes it. After a crash it is called once more with the same uid, and must then end as if it had been called once. */
  create(wish: Wish<Config>): Promise<Made<Outputs, Secrets>>;
  /** Changes it in place. */
  update(wish: Wish<Config> & { readonly before: There<Config, Outputs, Secrets> }): Promise<Made<Outputs, Secrets>>;
  /** `deleting`: it takes a while; say `gone` on the running service when it is. */
  delete(there: There<Config, Outputs, Secrets>): Promise<undefined | 'deleting'>;
  /** How it really is, where others may change it behind the service's back; undefined: it is gone. Default: as it was made. */
  read?(there: There<Config, Outputs, Secrets>): Promise<Live<Config, Outputs> | undefined>;
}

/** What is asked for. */
export interface Wish<Config> {
  readonly name: string;
  readonly uid: string;
  readonly owner: string;
  /** As the schema wants it, defaults filled in. */
  readonly config: Config;
}

/** What is there. */
export interface There<Config, Outputs, Secrets> {
  readonly name: string;
  readonly uid: string;
  /** Without what is `writeOnly`. */
  readonly config: Config;
  readonly outputs: Outputs;
  readonly secrets: Secrets;
}

/** What came of a change. */
export interface Made<Outputs = JsonObject, Secrets = JsonObject> {
  readonly outputs?: Outputs;
  readonly secrets?: Secrets;
  /** Default: ready. If it is `progressing`, call `report` on the running service when it is more. */
  readonly health?: Health;
}

/** How a thing really is; what is left out is as it was made. */
export interface Live<Config, Outputs> {
  readonly config?: Config;
  readonly outputs?: Outputs;
  readonly health?: Health;
}

/** Who may talk to the service: whoever has one of these tokens, whoever the check lets in, or everybody. */
export type Authentication = { readonly tokens: readonly string[] } | { check(token: string): Promise<boolean> } | 'none';

/** What a service is made of. */
export interface ServiceOptions {
  /** `registry` */
  readonly name: string;
  /** What makes this service this one: `registry of prod`. A plan that was made for another is not applied. */
  readonly identity: string;
  readonly authentication: Authentication;
  // biome-ignore lint/suspicious/noExplicitAny: each type has a config of its own, which its schema vouches for.
  readonly types: { readonly [type: string]: ResourceType<any, any, any> };
  /** Default: in memory. */
  readonly store?: Store;
  /** Is told what `create`, `update` and the others threw. Default: it goes to stderr. */
  readonly onError?: (error: unknown, doing: string) => void;
}

/** Says a type with its own config and outputs, so that the compiler checks them. */
export function resourceType<Config extends object, Outputs extends object = JsonObject, Secrets extends object = JsonObject>(
  type: ResourceType<Config, Outputs, Secrets>,
): ResourceType<Config, Outputs, Secrets> {
  return type;
}
