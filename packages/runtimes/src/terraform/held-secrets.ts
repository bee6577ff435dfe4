// What Terraform holds sensitive, handed to the mask of an operation before a message could tell it: what it makes itself is known to nobody else.
import { type GrowingMask, isObject, type Json } from '@konfig/core';
import type { Said } from './diagnostics';
import { child } from './fields';
import type { KeptStack } from './kept';
import { type PlanJson, resourcesIn, type Values } from './plan-json';
import { instancesIn } from './state';
import type { Outputs, StackWish } from './wish';

/** Whoever has the mask of the operation that runs, if one does. */
interface Masking {
  readonly mask: () => GrowingMask | undefined;
}

/** What a plan says to be sensitive of its resources, by address. */
export type Marks = ReadonlyMap<string, Json | undefined>;

/** `marks`: of the plan that has led to it, since states of older versions leave out what only the provider says to be sensitive. */
export function learnState({ mask }: Masking, { text, outputs }: KeptStack, marks: Marks = new Map()): void {
  if (text !== undefined) mask()?.add(secretsOfState(text, outputs, marks));
}

export function learnPlan({ mask }: Masking, plan: PlanJson, wish: StackWish): void {
  mask()?.add(secretsOfPlan(plan, wish));
}

/** `show -json` of a state: what it answers where it could. */
export function learnValues({ mask }: Masking, { code, stdout }: { readonly code: number | undefined; readonly stdout: string }): void {
  if (code === 0) mask()?.add(secretsOfValues((JSON.parse(stdout) as { readonly values?: Values }).values));
}

export function marksOf({ resource_changes: changes = [] }: PlanJson): Marks {
  return new Map(changes.map(({ address, change }) => [address, change.after_sensitive]));
}

/** What a run has said, masked while its texts are whole: of a secret that is cut off later, a part would be left. */
export function maskSaid<S extends Said>({ mask }: Masking, said: S): S {
  const known = mask();
  if (!known) return said;
  const messages = said.messages.map(({ diagnostic, ...message }) => {
    if (!diagnostic) return message;
    const { summary, detail } = diagnostic;
    return { ...message, diagnostic: { ...diagnostic, summary: known.text(summary), detail: known.text(detail) } };
  });
  return { ...said, messages, stderr: known.text(said.stderr) };
}

function secretsOfState(text: string, outputs: Outputs, marks: Marks): readonly string[] {
  const state: unknown = JSON.parse(text);
  if (!isObject(state)) return [];
  const told = Object.entries(isObject(state.outputs) ? state.outputs : {}).flatMap(([name, output]) =>
    isObject(output) && (outputs[name]?.secret ?? output.sensitive === true) ? textsIn(output.value) : [],
  );
  const held = instancesIn(state).flatMap(({ address, attributes, sensitive }) => [
    ...sensitive.flatMap((path) => textsIn(valueAt(attributes, path))),
    ...textsMarked(attributes, marks.get(address)),
  ]);
  return [...told, ...held];
}

function secretsOfPlan({ resource_changes = [], resource_drift = [], output_changes = {}, prior_state }: PlanJson, { outputs }: StackWish) {
  // All that Konfig adds is sensitive to Terraform; whether it is a secret, Konfig knows.
  const told = Object.entries(output_changes).flatMap(([name, change]) => (outputs[name]?.secret === false ? [] : [change]));
  const changes = [...resource_changes, ...resource_drift].map(({ change }) => change);
  return [
    ...[...told, ...changes].flatMap(({ before, after, before_sensitive, after_sensitive }) => [
      ...textsMarked(before, before_sensitive),
      ...textsMarked(after, after_sensitive),
    ]),
    ...secretsOfValues(prior_state?.values),
  ];
}

function secretsOfValues(shown: Values | undefined): readonly string[] {
  return resourcesIn(shown).flatMap(({ values, sensitive_values }) => textsMarked(values, sensitive_values));
}

/** A path as a state has it: `[{ type: 'get_attr', value: 'list' }, { type: 'index', value: { value: 0, type: 'number' } }]`. */
function valueAt(attributes: Json | undefined, path: readonly Json[]): Json | undefined {
  return path.reduce((here: Json | undefined, step) => {
    const key = isObject(step) && isObject(step.value) ? step.value.value : isObject(step) ? step.value : undefined;
    return typeof key === 'string' || typeof key === 'number' ? child(here, key) : undefined;
  }, attributes);
}

function textsMarked(value: Json | undefined, mark: Json | undefined): readonly string[] {
  if (mark === true) return textsIn(value);
  if (Array.isArray(mark)) return mark.flatMap((one: Json, i) => textsMarked(child(value, i), one));
  return isObject(mark) ? Object.entries(mark).flatMap(([key, one]) => textsMarked(child(value, key), one)) : [];
}

/** Which of them are too short to be looked for, the mask knows. */
function textsIn(value: Json | undefined): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'number') return [String(value)];
  if (Array.isArray(value)) return value.flatMap((one: Json) => textsIn(one));
  return isObject(value) ? Object.values(value).flatMap((one) => textsIn(one)) : [];
}
