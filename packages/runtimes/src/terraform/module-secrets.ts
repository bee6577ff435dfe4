// What modules call sensitive. Terraform 1.11 forgets it outside of them (OpenTofu does not), so it is said once more where it is used.
import { isObject, type Json } from '@konfig/core';
import { type Reference, referencesIn, withReferences } from './module-references';
import type { ModuleConfiguration, OutputConfiguration, PlanJson } from './plan-json';

/** Names of outputs that are secrets, by the name of the module in its parent. */
type SecretOutputs = ReadonlyMap<string, ReadonlySet<string>>;

/** The configuration as it was written for Terraform, with `sensitive(…)` around all that is a secret of a module; undefined: it uses none. */
export function markModuleSecrets(text: string, { configuration }: PlanJson): string | undefined {
  const secrets = secretOutputs(configuration?.root_module);
  if (![...secrets.values()].some(({ size }) => size > 0)) return undefined;
  const marked = JSON.stringify(markIn(JSON.parse(text) as Json, secrets), undefined, 2);
  return marked === text.trimEnd() ? undefined : `${marked}\n`;
}

/** A module hands on what those in it hold secret, whether it says so or not. */
function secretOutputs({ module_calls: calls = {} }: ModuleConfiguration = {}): SecretOutputs {
  return new Map(
    Object.entries(calls).map(([name, { module = {} }]) => {
      const below = secretOutputs(module);
      const secret = Object.entries(module.outputs ?? {}).filter(([, output]) => isSecret(output, below));
      return [name, new Set(secret.map(([output]) => output))];
    }),
  );
}

function isSecret({ sensitive, expression }: OutputConfiguration, below: SecretOutputs): boolean {
  if (sensitive) return true;
  const references = expression?.references ?? [];
  // What is in a module stands beside the module.
  const whole = references.filter((one) => !references.some((other) => other.startsWith(`${one}.`) || other.startsWith(`${one}[`)));
  return referencesIn(whole.join(' ')).some((one) => holdsSecret(one, below));
}

function markIn(value: Json, secrets: SecretOutputs): Json {
  if (typeof value === 'string') return withReferences(value, (one) => (holdsSecret(one, secrets) ? `sensitive(${one.text})` : one.text));
  if (Array.isArray(value)) return value.map((one: Json) => markIn(one, secrets));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, markIn(one, secrets)]));
}

/** Of a module as a whole, one is enough. */
function holdsSecret({ module, output }: Reference, secrets: SecretOutputs): boolean {
  const of = secrets.get(module);
  return of !== undefined && (output === undefined ? of.size > 0 : of.has(output));
}
