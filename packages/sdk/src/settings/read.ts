// What a setting is at a construct, and who has asked.
import type { Problem, SourceLine } from '@konfig/core';
import type { IConstruct } from 'constructs';
import { isRecord, shown } from '../shape';
import { type Synth, synthOf } from '../synth';
import type { Declared } from './declared';
import { frozenCopy, laidOver } from './fields';
import { fieldText, fit } from './fit';
import { type HeldOverride, overridesAt } from './give';

/** A setting as some constructs read it: they share what was given. */
export interface Reading {
  readonly declared: Declared;
  /** The strongest last. */
  readonly overrides: readonly HeldOverride[];
  readonly values: unknown;
  readonly readers: Set<IConstruct>;
}

const readings = new WeakMap<IConstruct, Reading[]>();

/** The values of a setting at a construct. What is wrong with them, or with the setting, is reported once. */
export function readSetting(declared: Declared, construct: IConstruct): unknown {
  const overrides = overridesAt(construct).filter((one) => one.declared === declared);
  const { root } = construct.node;
  const all = readings.get(root) ?? [];
  readings.set(root, all);
  const known = all.find((one) => one.declared === declared && isSame(one.overrides, overrides));
  const reading = known ?? newReading(declared, overrides);
  reading.readers.add(construct);
  if (!known) {
    all.push(reading);
    checkReading(reading, synthOf(construct));
  }
  return reading.values;
}

/** What was read in a tree, in the order in which it was read first. */
export function readingsIn(root: IConstruct): readonly Reading[] {
  return readings.get(root) ?? [];
}

/** Settings with one name that are not one setting, and settings whose own declaration is wrong: told when the stack is done. */
export function checkDeclarations(declared: Iterable<Declared>, synth: Synth): void {
  const first = new Map<string, Declared>();
  for (const one of declared) {
    synth.problems.push(...misdeclared(one, lineOf(one, synth)));
    const other = first.get(one.name);
    if (!other) first.set(one.name, one);
    else synth.problems.push(sameName(one, lineOf(one, synth), lineOf(other, synth)));
  }
}

function lineOf({ madeAt }: Declared, { reader }: Synth): SourceLine | undefined {
  return reader.inText(madeAt);
}

function newReading(declared: Declared, overrides: readonly HeldOverride[]): Reading {
  const values = overrides.reduce<unknown>((below, { held }) => laidOver(below, held), declared.defaults);
  return { declared, overrides, values: frozenCopy(values), readers: new Set() };
}

function isSame(one: readonly HeldOverride[], other: readonly HeldOverride[]): boolean {
  return one.length === other.length && one.every((override, i) => override === other[i]);
}

function checkReading({ declared, overrides, values }: Reading, synth: Synth | undefined): void {
  const message = declared.check?.(values as object);
  if (message === undefined || !synth) return;
  const last = overrides.at(-1);
  const source = last ? last.source : lineOf(declared, synth);
  synth.problems.push({
    code: 'SETTING_INVALID',
    message: `The setting ${declared.name} is ${valuesText(values)}: ${message}`,
    hint: `konfig settings ${synth.stack} shows who said what.`,
    at: `setting ${declared.name}`,
    ...(source && { source }),
  });
}

/** All of them, however many: which of them do not go together, only the check knows. */
function valuesText(values: unknown): string {
  if (!isRecord(values)) return shown(values);
  return `{${Object.entries(values)
    .map(([field, value]) => `${JSON.stringify(field)}:${valuesText(value)}`)
    .join(',')}}`;
}

function misdeclared({ name, defaults }: Declared, source: SourceLine | undefined): readonly Problem[] {
  const problem = (message: string, hint: string): Problem => ({ code: 'SETTING_INVALID', message, hint, ...(source && { source }) });
  const isName = typeof name === 'string' && /^[A-Za-z][-.A-Za-z0-9]*$/.test(name);
  const named = isName ? [] : [problem(`A setting is called ${shown(name)}.`, "Use letters, digits, - and .: 'postgres'.")];
  const { misfits } = fit(defaults, {});
  return [
    ...named,
    ...misfits.map(({ path, message, hint }) => problem(`The default of ${fieldText(String(name), path)} ${message}.`, hint)),
  ];
}

function sameName({ name }: Declared, source: SourceLine | undefined, other: SourceLine | undefined): Problem {
  return {
    code: 'SETTING_INVALID',
    message: `Two settings are called ${name}${other ? `, the first at ${other.file}:${other.line}` : ''}.`,
    hint: 'Rename one of them, with the name of its package in front: acme.postgres. Or is one package installed twice?',
    at: `setting ${name}`,
    ...(source && { source }),
  };
}
