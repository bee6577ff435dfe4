// What Terraform knows to be sensitive: whether a state may lie in the open.
import { isObject, type Json, type Problem, shortId } from '@konfig/core';
import { child, holdsTrue } from './fields';
import { nameOf, type PlanJson, resourcesIn } from './plan-json';
import { makeKeyCommand } from './seal';
import { blocksOf, type StackWish } from './wish';

/** What a state would hold that nobody may read, by address; names of outputs as `output.x`. */
export function sensitiveIn(plan: PlanJson, { outputs }: StackWish): readonly string[] {
  const unknown = new Map((plan.resource_changes ?? []).map((one) => [nameOf(one), one.change.after_unknown]));
  const held = resourcesIn(plan.planned_values).filter(({ address, values, sensitive_values: marks }) =>
    holdsMarked(values, unknown.get(address), marks),
  );
  // What an older Konfig has added is all sensitive to Terraform.
  const told = Object.entries(plan.output_changes ?? {}).filter(
    ([name, { after_sensitive: mark, actions }]) => holdsTrue(mark) && !actions.includes('delete') && (outputs[name]?.secret ?? true),
  );
  return [...held.map(({ address }) => address), ...told.map(([name]) => `output.${name}`)];
}

/** The same as far as a configuration tells it, of a stack that cannot be planned yet: what of it is made of secrets, and which outputs are some. */
export function sensitiveIfWritten({ configuration, outputs }: StackWish): readonly string[] {
  const secret = blocksOf(configuration.variable).flatMap((block) =>
    Object.entries(block).flatMap(([name, declared]) => (isObject(declared) && declared.sensitive === true ? [name] : [])),
  );
  const refers = (value: Json) => secret.some((name) => new RegExp(`\\bvar\\.${name}(?![\\w-])`).test(JSON.stringify(value)));
  const held = blocksOf(configuration.resource).flatMap((block) =>
    Object.entries(block).flatMap(([type, named]) =>
      blocksOf(named).flatMap((one) => Object.entries(one).flatMap(([name, body]) => (refers(body) ? [`${type}.${name}`] : []))),
    ),
  );
  const told = Object.entries(outputs).flatMap(([name, output]) => (output.secret ? [`output.${name}`] : []));
  return [...held, ...told];
}

/** Marks stand where nothing is, too. */
function holdsMarked(value: Json | undefined, unknown: Json | undefined, mark: Json | undefined): boolean {
  if (mark === true) return unknown === true || (value !== undefined && value !== null);
  if (Array.isArray(mark)) return mark.some((one: Json, i) => holdsMarked(child(value, i), child(unknown, i), one));
  return isObject(mark) && Object.entries(mark).some(([key, one]) => holdsMarked(child(value, key), child(unknown, key), one));
}

export function keyMissing({ id }: StackWish, held: readonly string[], target: string): Problem {
  const some = `${held.slice(0, 3).join(', ')}${held.length > 3 ? ` and ${held.length - 3} more` : ''}`;
  return {
    code: 'TARGET_CONFIG',
    message: `The state of ${shortId(id)} would hold secrets (${some}), and the target ${target} has no key to seal it with.`,
    hint: `Make a key with ${makeKeyCommand}, keep it where your secrets are, and name it in the workspace: terraform({ stateKey: secret.env('KONFIG_STATE_KEY') }).`,
    at: id,
  };
}
