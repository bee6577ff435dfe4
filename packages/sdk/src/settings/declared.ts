// What a setting was declared as, and what was given for one, before anybody knows which stack it is for.
import { stackText } from '../source';

/** A setting as it was declared. */
export interface Declared {
  readonly name: string;
  readonly defaults: object;
  readonly describe?: string;
  readonly check?: (values: object) => string | undefined;
  readonly reasonRequired?: boolean;
  /** The stack of the call. */
  readonly madeAt: string;
}

/** Some fields of a setting, overridden. Made by calling the setting: `postgres({ multiAz: true }, 'customers are here')`. */
export interface SettingOverride {
  /** Name of the setting. */
  readonly setting: string;
  /** Why, as it was said. */
  readonly reason?: string;
}

/** What is behind an override. */
export interface MadeOverride {
  readonly declared: Declared;
  readonly values: unknown;
  readonly reason: string | undefined;
  /** The stack of the call. */
  readonly madeAt: string;
}

const made = new WeakMap<object, MadeOverride>();

export function madeOverride(declared: Declared, values: unknown, reason: string | undefined): SettingOverride {
  const override = Object.freeze({ setting: declared.name, ...(reason !== undefined && { reason }) });
  made.set(override, { declared, values, reason, madeAt: stackText() });
  return override;
}

/** Undefined: it was not made by a setting. */
export function overrideBehind(value: unknown): MadeOverride | undefined {
  return typeof value === 'object' && value !== null ? made.get(value) : undefined;
}
