// What Terraform knows to be sensitive: whether a state may lie in the open, and whether an output tells more than it should.
import { isObject, type Json, type Problem, shortId } from '@konfig/core';
import { child, holdsTrue } from './fields';
import { nameOf, type PlanJson, resourcesIn } from './plan-json';
import { makeKeyCommand } from './seal';
import { withoutKey } from './state';
import { blocksOf, type StackWish } from './wish';

/** What a state would hold that nobody may read, by address; names of outputs as `output.x`. */
export function sensitiveIn(plan: PlanJson, { outputs }: StackWish): readonly string[] {
  const unknown = new Map((plan.resource_changes ?? []).map((one) => [nameOf(one), one.change.after_unknown]));
  const held = resourcesIn(plan.planned_values).filter(({ address, values, sensitive_values: marks }) =>
    holdsMarked(values, unknown.get(address), marks),
  );
  // All that Konfig adds is sensitive to Terraform; whether it is a secret, Konfig knows.
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

/** Outputs that the program takes for plain values, though Terraform knows that they are none. */
export function exposedOutputs(plan: PlanJson, wish: StackWish): readonly Problem[] {
  const resources = new Map(resourcesIn(plan.planned_values).map((one) => [one.address, one.sensitive_values]));
  return Object.entries(wish.outputs).flatMap(([name, { secret }]): readonly Problem[] => {
    const declared = isObject(wish.configuration.output) ? wish.configuration.output[name] : undefined;
    const isDeclassified = isObject(declared) && typeof declared.value === 'string' && declared.value.includes('nonsensitive(');
    if (secret || isDeclassified) return [];
    const { references = [] } = plan.configuration?.root_module?.outputs?.[name]?.expression ?? {};
    const from = references.find((one) => isSensitive(one, resources));
    if (from === undefined) return [];
    return [
      {
        code: 'SPEC_SECRET_EXPOSED',
        message: `The output ${name} of ${shortId(wish.id)} is used as a plain value, but Terraform says that ${from} is sensitive.`,
        hint: 'Say in the program that it is one: secretValue(…). To write it in the open all the same, Terraform has nonsensitive().',
        at: `${wish.id} configuration.output.${name}`,
      },
    ];
  });
}

/** `random_password.main.result`: is that attribute, or anything in it, marked? */
function isSensitive(reference: string, resources: ReadonlyMap<string, Json | undefined>): boolean {
  const parts = reference.match(/\[(?:\d+|"(?:[^"\\]|\\.)*")\]|[\w-]+/g) ?? [];
  const length = parts[0] === 'data' ? 3 : 2;
  const base = parts.slice(0, length).join('.');
  const key = parts[length]?.startsWith('[') ? parts[length] : '';
  const path = parts
    .slice(length + (key === '' ? 0 : 1))
    .map((part) => (part.startsWith('[') ? (JSON.parse(part.slice(1, -1)) as string | number) : part));
  // A whole resource is referred to beside each attribute of it.
  if (path.length === 0) return false;
  return [...resources].some(([address, marks]) => {
    if (address !== `${base}${key}` && !(key === '' && withoutKey(address) === base)) return false;
    let here = marks;
    for (const part of path) here = here === true ? true : child(here, part);
    return holdsTrue(here);
  });
}
