// A state that Konfig keeps, given out and taken in, as `terraform state pull` and `push` do it with a backend.
import { KonfigError, type PushedState, type ResourceId, type StatePush, shortId } from '@konfig/core';
import { refuseBesideOthers } from './at-work';
import { type KeptStack, withState } from './kept';
import { rewriteJson } from './number-text';
import { canSeal, makeKeyCommand } from './seal';
import { lookAt } from './seen';
import { hasOwnBackend, wishOf } from './wish';
import type { TerraformWorld } from './world';

/** As Terraform wrote it, in clear. Undefined: there is none. */
export async function pullState(world: TerraformWorld, id: ResourceId): Promise<string | undefined> {
  nameStack(world);
  return (await lookAt(world, id)).kept.text;
}

/** What is kept beside the state stays as it is: it tells of the last apply. */
export async function pushState(world: TerraformWorld, push: StatePush): Promise<PushedState> {
  const { id, isForced } = push;
  nameStack(world);
  refuseWhere(world, push);
  refuseBesideOthers(world, id);
  const pushed = readPushed(push);
  const { home, kept, rescued } = await lookAt(world, id);
  if (!isForced) refuseUnrelated(id, pushed, kept);
  const next = isForced ? newerThan(kept, pushed) : pushed;
  if (next.text !== kept.text || rescued) await home.write({ ...kept, ...next });
  if (rescued) world.rescue.drop(rescued);
  return { ...(kept.state ? { before: toldOf(kept.state) } : {}), after: toldOf(next.state) };
}

/** Nothing was planned, which names it else. */
function nameStack(world: TerraformWorld): void {
  world.stack = world.keeper()?.stack ?? '';
}

type State = Required<Pick<KeptStack, 'text' | 'state'>>;

function toldOf({ serial, addresses }: State['state']): PushedState['after'] {
  return { serial, resources: addresses.length };
}

function refuseWhere({ name, config, stack, binary: { kind } }: TerraformWorld, { id, resource }: StatePush): void {
  if (resource && hasOwnBackend(wishOf(resource)))
    throw new KonfigError({
      code: 'USAGE',
      message: `The program writes a backend of its own for ${shortId(id)}: its state lies there, and not with Konfig.`,
      hint: `Push it there: konfig synth ${stack} --format terraform --to FOLDER writes the configuration; in the folder of this one it is ${kind} init, then ${kind} state push FILE.`,
      at: id,
    });
  // What came from elsewhere may hold anything, and a state does not tell all that is sensitive by the provider's schema.
  if (!canSeal(config.keys))
    throw new KonfigError({
      code: 'TARGET_CONFIG',
      message: `The state of ${shortId(id)} may hold secrets, and the target ${name} has no key to seal it with.`,
      hint: `Make a key with ${makeKeyCommand}, keep it where your secrets are, and name it in the workspace: terraform({ stateKey: secret.env('KONFIG_STATE_KEY') }).`,
      at: id,
    });
}

function readPushed({ id, text, name }: StatePush): State {
  try {
    const read = withState(text);
    if (read.state.lineage !== '') return read;
  } catch {
    // said below
  }
  throw new KonfigError({
    code: 'USAGE',
    message: `${name} is no state of Terraform (version 4, with lineage and serial).`,
    hint: 'terraform state pull and konfig state pull write one.',
    at: id,
  });
}

/** Terraform's own rules for a push. */
function refuseUnrelated(id: ResourceId, { text, state: pushed }: State, { text: there, state }: KeptStack): void {
  if (!state || text === there) return;
  const refusal = (message: string, hint: string) => new KonfigError({ code: 'RECORD_CONFLICT', message, hint, at: id });
  if (pushed.lineage !== state.lineage)
    throw refusal(
      `This is the state of something else: its lineage is ${pushed.lineage}, and that of ${shortId(id)} ${state.lineage}.`,
      `Is it the right file, and the right stack? To go on from it all the same: --force. What only the present state knows (${state.addresses.length} resources) is nobody's then.`,
    );
  if (pushed.serial <= state.serial)
    throw refusal(
      `This state is not newer than that of ${shortId(id)}: its serial is ${pushed.serial}, and there it is ${state.serial}.`,
      'konfig state pull gives the present one out: change that, and give it a higher serial. To go on from this one all the same: --force.',
    );
}

/** Whoever knows the present one by its serial must see that it is no more. */
function newerThan({ state }: KeptStack, pushed: State): State {
  if (!state || state.lineage !== pushed.state.lineage || state.serial < pushed.state.serial) return pushed;
  return withState(rewriteJson(pushed.text, (value) => ({ ...value, serial: state.serial + 1 })));
}
