// A Terraform or OpenTofu on the machine that applies, as a target of a workspace.
import { type JsonObject, KonfigError, type Target } from '@konfig/core';
import { isOutput, type Output, type Value } from './output';

/** Where Terraform stacks go. Made by {@link terraform}. */
export interface TerraformTarget extends Target {
  readonly runtime: 'terraform';
}

/** How Terraform is run. Read only by the machine that applies. */
export interface TerraformProps {
  /** `'terraform'`, `'tofu'`, or a path. Default: `KONFIG_TERRAFORM`, then `terraform`, then `tofu` on the PATH. */
  readonly binary?: string;
  /** Folder of an unpacked filesystem mirror that providers are taken from. Default: as the binary finds them. */
  readonly mirror?: string;
  /** A CLI configuration file of Terraform. Default: that of `TF_CLI_CONFIG_FILE`, or of the home folder. */
  readonly cliConfig?: string;
  /** The key that states are encrypted with, 32 bytes as base64: a secret, `secret.env('KONFIG_STATE_KEY')`. Default: a state with anything sensitive in it is refused. */
  readonly stateKey?: Output<string>;
  /** Keys that states were encrypted with before: they can still be read, and are written with `stateKey`. Default: none. */
  readonly oldStateKeys?: readonly Output<string>[];
  /** Environment of the providers, whose credentials are secrets: `{ AWS_REGION: 'eu-central-1', AWS_SECRET_ACCESS_KEY: secret.env('…') }`. Default: none. */
  readonly env?: { readonly [name: string]: Value<string> };
  /** Resources that are worked on side by side, in one stack. Default: Terraform's own, 10. */
  readonly parallelism?: number;
}

/**
 * Terraform for the `targets` of a workspace. Without it, stacks of Terraform go to a target `terraform` with all defaults.
 *
 * ```ts
 * targets: { terraform: terraform({ stateKey: secret.env('KONFIG_STATE_KEY') }) }
 * ```
 * A component whose `target` names another one of these sends its Terraform stacks there.
 * @throws KonfigError PROPS_INVALID when a key is written out, or `parallelism` is no whole number from 1.
 */
export function terraform(props: TerraformProps = {}): TerraformTarget {
  const { stateKey, oldStateKeys = [], env, parallelism, ...rest } = props;
  if (parallelism !== undefined && (!Number.isInteger(parallelism) || parallelism < 1)) {
    throw invalid(`terraform: parallelism is ${parallelism}.`, 'Write a whole number from 1.');
  }
  for (const key of [stateKey, ...oldStateKeys]) {
    if (key === undefined || (isOutput(key) && key.secret)) continue;
    throw invalid(
      'terraform: a key of states is no secret: it would stand in every plan and release.',
      "Name where it is read: secret.env('KONFIG_STATE_KEY').",
    );
  }
  const config: Record<string, JsonObject[string]> = { ...rest };
  if (stateKey !== undefined) config.stateKey = stateKey.resolve();
  if (oldStateKeys.length > 0) config.oldStateKeys = oldStateKeys.map((key) => key.resolve());
  if (env !== undefined)
    config.env = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, isOutput(value) ? value.resolve() : value]));
  if (parallelism !== undefined) config.parallelism = parallelism;
  return { runtime: 'terraform', config };
}

function invalid(message: string, hint: string): KonfigError {
  return new KonfigError({ code: 'PROPS_INVALID', message, hint });
}
