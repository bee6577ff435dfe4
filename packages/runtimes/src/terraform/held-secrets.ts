// What Terraform holds sensitive, handed to the mask of an operation before a message could tell it: what it makes itself is known to nobody else.
import { type GrowingMask, isObject, type Json } from '@konfig/core';
import type { Said } from './diagnostics';
import { child } from './fields';
import type { KeptStack } from './kept';
import { parseNumbers } from './number-text';
import { isSecretOutput } from './outputs';
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
  if (text !== undefined) learn(mask(), secretsOfState(text, outputs, marks));
}

/** A plan, and what is known of the outputs in it. */
interface Planned {
  readonly wish: StackWish;
  readonly kept: KeptStack;
}

export function learnPlan({ mask }: Masking, plan: PlanJson, planned: Planned): void {
  learn(mask(), secretsOfPlan(plan, planned));
}

/** `show -json` of a state: what it answers where it could. */
export function learnValues({ mask }: Masking, { code, stdout }: { readonly code: number | undefined; readonly stdout: string }): void {
  if (code === 0) learn(mask(), secretsOfValues((parseNumbers(stdout) as { readonly values?: Values }).values));
}

/** A text that is sensitive. */
interface Held {
  readonly text: string;
  /** Whose it is. Undefined for what is only part of something sensitive: much of that may be no secret. */
  readonly from?: string;
}

function learn(mask: GrowingMask | undefined, held: readonly Held[]): void {
  for (const { text, from } of held) mask?.add([text], from);
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

function secretsOfState(text: string, outputs: Outputs, marks: Marks): readonly Held[] {
  const state = parseNumbers(text);
  if (!isObject(state)) return [];
  const told = Object.entries(isObject(state.outputs) ? state.outputs : {}).flatMap(([name, output]) =>
    isObject(output) && (outputs[name]?.secret ?? output.sensitive === true) ? heldIn(output.value, `the output ${name}`) : [],
  );
  const held = instancesIn(state).flatMap(({ address, attributes, sensitive }) => [
    ...sensitive.flatMap((path) => heldIn(valueAt(attributes, path), address)),
    ...heldMarked(attributes, marks.get(address), address),
  ]);
  return [...told, ...held];
}

function secretsOfPlan(plan: PlanJson, { wish, kept }: Planned): readonly Held[] {
  const { resource_changes = [], resource_drift = [], output_changes = {}, prior_state } = plan;
  const told = Object.entries(output_changes).flatMap(([name, change]) =>
    isSecretOutput(name, [wish, kept]) === false ? [] : [{ change, from: `the output ${name}` }],
  );
  const changes = [...resource_changes, ...resource_drift].map(({ address, change }) => ({ change, from: address }));
  return [
    ...[...told, ...changes].flatMap(({ change: { before, after, before_sensitive, after_sensitive }, from }) => [
      ...heldMarked(before, before_sensitive, from),
      ...heldMarked(after, after_sensitive, from),
    ]),
    ...secretsOfValues(prior_state?.values),
  ];
}

function secretsOfValues(shown: Values | undefined): readonly Held[] {
  return resourcesIn(shown).flatMap(({ address, values, sensitive_values }) => heldMarked(values, sensitive_values, address));
}

/** A path as a state has it: `[{ type: 'get_attr', value: 'list' }, { type: 'index', value: { value: 0, type: 'number' } }]`. */
function valueAt(attributes: Json | undefined, path: readonly Json[]): Json | undefined {
  return path.reduce((here: Json | undefined, step) => {
    const key = isObject(step) && isObject(step.value) ? step.value.value : isObject(step) ? step.value : undefined;
    return typeof key === 'string' || typeof key === 'number' ? child(here, key) : undefined;
  }, attributes);
}

function heldMarked(value: Json | undefined, mark: Json | undefined, from: string): readonly Held[] {
  if (mark === true) return heldIn(value, from);
  if (Array.isArray(mark)) return mark.flatMap((one: Json, i) => heldMarked(child(value, i), one, from));
  return isObject(mark) ? Object.entries(mark).flatMap(([key, one]) => heldMarked(child(value, key), one, from)) : [];
}

function heldIn(value: Json | undefined, from: string): readonly Held[] {
  return typeof value === 'string' ? [{ text: value, from }] : textsIn(value).map((text) => ({ text }));
}

/** Which of them are too short to be looked for, the mask knows. */
function textsIn(value: Json | undefined): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'number') return [String(value)];
  if (Array.isArray(value)) return value.flatMap((one: Json) => textsIn(one));
  return isObject(value) ? Object.values(value).flatMap((one) => textsIn(one)) : [];
}
