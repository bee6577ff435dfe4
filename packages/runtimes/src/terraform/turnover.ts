// OpenTofu takes a state of Terraform's over, and writes its own registry for each provider: Terraform does not go on from such a state.
import { KonfigError, type Problem, shortId } from '@konfig/core';
import type { KeptStack } from './kept';
import { requirementsOf } from './requirements';
import { providersIn } from './state';
import type { StackWish } from './wish';
import type { TerraformWorld } from './world';

const registry = 'registry.terraform.io/';

/** Would a change by this binary turn over the state of another one? */
export function turnsOver(
  { binary: { kind } }: Pick<TerraformWorld, 'binary'>,
  { configuration }: StackWish,
  { text }: KeptStack,
): boolean {
  if (kind !== 'tofu' || text === undefined) return false;
  // Whoever writes the host out means it, with either binary.
  const meant = new Set(requirementsOf(configuration, kind).map(({ address }) => address));
  return providersIn(text).some((address) => address.startsWith(registry) && !meant.has(address));
}

/** Only a workspace that names OpenTofu has it take a state over: what happens to be on a PATH must not decide that for everyone. */
export function refuseTurnover(world: Pick<TerraformWorld, 'binary' | 'config'>, wish: StackWish, kept: KeptStack): void {
  const isMeant = world.config.binary !== undefined;
  if (isMeant || !turnsOver(world, wish, kept)) return;
  throw new KonfigError({
    code: 'TARGET_CONFIG',
    message: `Terraform has made the state of ${shortId(wish.id)}, and this run has OpenTofu (${world.binary.path}), which would take it over: Terraform could not go on from it then.`,
    hint: "Run it with Terraform: KONFIG_TERRAFORM=terraform. If everyone is to go on with OpenTofu, say so in the workspace: terraform({ binary: 'tofu' }).",
    at: wish.id,
  });
}

/** Said before it is done. */
export function turnoverWarning(world: TerraformWorld, wish: StackWish): Problem {
  return {
    code: 'TARGET_CONFIG',
    severity: 'warning',
    message: `OpenTofu takes over the state of ${shortId(wish.id)}, which Terraform has made: Terraform cannot go on from it then.`,
    hint: `The way back: ${wayBack(world.stack, shortId(wish.id))}.`,
    at: wish.id,
  };
}

/** For a state that Konfig keeps, or lies in a backend of the program's own. */
function wayBack(stack: string, name: string): string {
  return `konfig state pull ${stack} ${name} --out FILE, for each provider terraform state replace-provider -state=FILE registry.opentofu.org/NAME ${registry}NAME, and konfig state push ${stack} ${name} FILE (with a backend in the program: terraform state push)`;
}
