// A setting: what a platform team lets others decide, with its type, its defaults and who may override them.
import type { IConstruct } from 'constructs';
import type { Output } from '../output';
import { stackText } from '../source';
import { type Declared, madeOverride, type SettingOverride } from './declared';
import { readSetting } from './read';

/** The fields of a setting that somebody overrides; lists are given whole. */
export type SettingPart<T> = T extends readonly unknown[] | Output<unknown>
  ? T
  : T extends object
    ? { readonly [K in keyof T]?: SettingPart<T[K]> }
    : T;

/** More about a setting. */
export interface SettingOptions<T extends object> {
  /** One sentence on what it decides; `konfig settings` prints it. */
  readonly describe?: string;
  /** What is wrong with values that fit their types, as a sentence: `'storage must be at least 10 GiB'`. Default: nothing ever is. */
  readonly check?: (values: T) => string | undefined;
  /** Must whoever overrides it say why? Default false. */
  readonly reasonRequired?: boolean;
}

/**
 * A setting. Called, it overrides some of its fields, for the `settings` of a workspace, a team, a project, a stack or a component; `of` reads it.
 * `Why` is how the reason is given.
 */
export interface Setting<T extends object, Why extends [reason?: string] = [reason?: string]> {
  /** Overrides some of its fields, and says why. */
  (values: SettingPart<T>, ...why: Why): SettingOverride;
  /**
   * Its values at a construct: the defaults, and over them what workspace, team, project, stack and the components around it say, in this order, field by
   * field. They cannot be changed. In a tree that is none of Konfig's: the defaults.
   */
  of(construct: IConstruct): T;
}

/**
 * Declares a setting: typed fields with their defaults.
 *
 * ```ts
 * export const postgres = setting('postgres', { instanceClass: 'db.t4g.small', multiAz: false });
 * export const prod = workspace('prod', { kubernetes: …, settings: [postgres({ multiAz: true }, 'customers are here')] });
 * postgres.of(this).multiAz // in a component
 * ```
 * A field that may be missing is `undefined` in the defaults: `{ zone: undefined as string | undefined }`; a map begins empty. What does not fit is
 * reported as SETTING_INVALID by every stack that it is given to.
 * @param name unique in a program, of letters, digits, `-` and `.`: `'postgres'`, `'acme.postgres'`.
 */
export function setting<T extends object>(
  name: string,
  defaults: T,
  options: SettingOptions<T> & { readonly reasonRequired: true },
): Setting<T, [reason: string]>;
export function setting<T extends object>(name: string, defaults: T, options?: SettingOptions<T>): Setting<T>;
export function setting<T extends object>(name: string, defaults: T, options: SettingOptions<T> = {}): Setting<T> {
  const declared: Declared = { name, defaults, madeAt: stackText(), ...(options as SettingOptions<object>) };
  const override = (values: SettingPart<T>, reason?: string) => madeOverride(declared, values, reason);
  const made = Object.assign(override, { of: (construct: IConstruct) => readSetting(declared, construct) as T });
  return Object.freeze(Object.defineProperty(made, 'name', { value: name }));
}
