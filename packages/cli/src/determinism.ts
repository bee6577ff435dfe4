// What two synths of one program, under two conditions, do not agree on.
import {
  digest,
  type FieldChange,
  type Input,
  type Json,
  type Problem,
  pathText,
  type SourceTable,
  type Spec,
  shortId,
  sourceOf,
  specDigest,
} from '@konfig/core';
import { compareSpecs } from './compare';
import { valueText } from './render/value-text';

/** What a synth gave, as far as it is compared. */
export interface Synthesised {
  readonly spec: Spec;
  readonly sources: SourceTable;
  readonly inputs?: readonly Input[];
}

/** Digests of everything that must be equal. */
export interface Digests {
  readonly spec: string;
  readonly sources: string;
  readonly inputs: string;
}

export function digestsOf({ spec, sources, inputs = [] }: Synthesised): Digests {
  return { spec: specDigest(spec), sources: digest(sources as unknown as Json), inputs: digest(inputs as unknown as Json) };
}

export function areEqual(a: Digests, b: Digests): boolean {
  return a.spec === b.spec && a.sources === b.sources && a.inputs === b.inputs;
}

/** Fields that are told one by one. */
const mostFields = 10;

const hint = 'Find in the program what this comes from: an input that is not declared, or an order that nothing fixes.';

/** What differs between two that are not equal, the first fields with their lines. `how` is what made the difference: «under another time zone». */
export function differences(usual: Synthesised, other: Synthesised, how: string): readonly Problem[] {
  const { added, removed, changed, stack } = compareSpecs(usual.spec, other.spec);
  const fields = changed.flatMap(({ id, was, changes }) => changes.map((change) => fieldProblem(was, id, change, usual.sources, how)));
  const found: readonly Problem[] = [
    ...stack.map((change) => ({ code: 'PROGRAM_VARIES' as const, message: `${changeText(change)} ${how}.`, hint })),
    ...removed.map(({ id }) => oneSided(id, usual.sources, `${shortId(id)} is not there ${how}.`)),
    ...added.map(({ id }) => oneSided(id, other.sources, `${shortId(id)} is there only ${how}.`)),
    ...fields,
  ];
  if (found.length > 0) return firstOf(found);
  const a = digestsOf(usual);
  const b = digestsOf(other);
  const what =
    a.inputs !== b.inputs
      ? 'The program reads other inputs'
      : a.sources !== b.sources
        ? 'The Spec is the same, but its source lines differ'
        : 'The Spec differs in what is no field of an object, such as what waits for what,';
  return [{ code: 'PROGRAM_VARIES', message: `${what} ${how}.`, hint }];
}

function fieldProblem(was: string, id: string, change: FieldChange, sources: SourceTable, how: string): Problem {
  const path = pathText(change.path);
  const source = sourceOf(sources, was, path);
  return {
    code: 'PROGRAM_VARIES',
    message: `${changeText(change)} ${how}.`,
    hint,
    at: `${id} ${path}`,
    ...(source && { source }),
  };
}

function changeText({ path, before, after, sensitive }: FieldChange): string {
  if (sensitive) return `${pathText(path)} has another value`;
  const said = (value: Json | undefined) => (value === undefined ? 'not there' : valueText(value));
  return `${pathText(path)} is ${said(before)}, but ${said(after)}`;
}

function oneSided(id: string, sources: SourceTable, message: string): Problem {
  const source = sourceOf(sources, id);
  return { code: 'PROGRAM_VARIES', message, hint, at: id, ...(source && { source }) };
}

function firstOf(problems: readonly Problem[]): readonly Problem[] {
  if (problems.length <= mostFields) return problems;
  const more: Problem = { code: 'PROGRAM_VARIES', message: `${problems.length - mostFields} more fields differ.` };
  return [...problems.slice(0, mostFields), more];
}
