// Who gives which settings to a construct: a stack is given what its workspace, team and project say; a component what stands in its options.
import type { Path, Problem, SettingLayer, SourceLine } from '@konfig/core';
import type { IConstruct } from 'constructs';
import { sourceOfPath } from '../provenance/trail-lines';
import { shown } from '../shape';
import { type Synth, synthOf } from '../synth';
import { type Declared, type MadeOverride, overrideBehind, type SettingOverride } from './declared';
import { type FieldPath, leavesOf } from './fields';
import { fieldText, fit } from './fit';

/** What one of those who may give settings gave. */
export interface Giving {
  readonly layer: Exclude<SettingLayer, 'default'>;
  /** Its name. */
  readonly by: string;
  readonly settings: readonly SettingOverride[] | undefined;
}

/** An override as far as it fits, and who gave it. */
export interface HeldOverride extends MadeOverride {
  readonly layer: Giving['layer'];
  readonly by: string;
  /** What fits; its fields lead to where they were written. */
  readonly held: unknown;
  readonly source: SourceLine | undefined;
}

const heldBy = new WeakMap<IConstruct, readonly HeldOverride[]>();

/** Gives settings to a construct and to all below it, the weakest giver first. What is wrong with them is reported. */
export function giveSettings(construct: IConstruct, given: readonly Giving[]): void {
  const held = given.flatMap((one) => heldOf(construct, one));
  if (held.length > 0) heldBy.set(construct, held);
}

/** What was given to the constructs from the root down to this one: the strongest last. */
export function overridesAt(construct: IConstruct): readonly HeldOverride[] {
  return construct.node.scopes.flatMap((scope) => heldBy.get(scope) ?? []);
}

/** Everything that was given to the constructs of a tree. */
export function overridesIn(root: IConstruct): readonly HeldOverride[] {
  return root.node.findAll().flatMap((construct) => heldBy.get(construct) ?? []);
}

function heldOf(construct: IConstruct, { layer, by, settings }: Giving): readonly HeldOverride[] {
  if (settings === undefined) return [];
  const synth = synthOf(construct);
  const giver = { layer, by: by || (synth?.pathOf(construct) ?? construct.node.path) };
  const tell = (problem: Omit<Problem, 'code'>) =>
    synth?.problems.push({ source: synth.lineOf(construct), code: 'SETTING_INVALID', ...problem });
  if (!Array.isArray(settings)) {
    tell({ message: `The settings of ${layer} ${giver.by} are ${shown(settings)}.`, hint: 'Write a list: settings: [postgres({ … })].' });
    return [];
  }
  const held = settings.flatMap((value: unknown) => {
    const override = overrideBehind(value);
    if (override) return [{ ...override, ...giver, ...fittingOverride(override, { ...giver, synth }) }];
    tell({
      message: `The settings of ${layer} ${giver.by} hold ${shown(value)}.`,
      hint: 'Make it by its setting: postgres({ multiAz: true }).',
    });
    return [];
  });
  if (synth) for (const problem of conflicts(held, synth)) synth.problems.push(problem);
  return held;
}

interface Giver {
  readonly layer: Giving['layer'];
  readonly by: string;
  readonly synth: Synth | undefined;
}

function fittingOverride(override: MadeOverride, { layer, by, synth }: Giver): Pick<HeldOverride, 'held' | 'source'> {
  const { declared, values, reason, madeAt } = override;
  const source = synth?.reader.inText(madeAt);
  const { values: held, misfits } = fit(values ?? null, declared.defaults);
  const tell = (problem: Omit<Problem, 'code'>) => synth?.problems.push({ code: 'SETTING_INVALID', ...(source && { source }), ...problem });
  for (const { path, message, hint } of misfits) {
    const line = lineOfField(override, path, synth) ?? source;
    const field = fieldText(declared.name, path);
    tell({ message: `${field} of ${layer} ${by} ${message}.`, hint, at: `setting ${field}`, ...(line && { source: line }) });
  }
  if (reason !== undefined && typeof reason !== 'string') {
    tell({ message: `The reason for ${declared.name} is ${shown(reason)}.`, hint: 'Write a sentence.', at: `setting ${declared.name}` });
  } else if (declared.reasonRequired && !reason?.trim()) {
    const message = `The setting ${declared.name} of ${layer} ${by} has no reason, and must have one.`;
    tell({ message, hint: `Say why: ${declared.name}({ … }, 'customers are here').`, at: `setting ${declared.name}` });
  }
  return { held, source };
}

/** The line of a field that was given, where it is known. */
export function lineOfField({ values }: Pick<MadeOverride, 'values'>, path: Path, synth: Synth | undefined): SourceLine | undefined {
  if (!synth?.notes || typeof values !== 'object' || values === null) return undefined;
  const found = sourceOfPath(values, path.map(String), synth.notes);
  return found && { file: found.source.file, line: found.source.line };
}

/** One giver says each field once: which of two would count, the order of a list should not decide. */
function conflicts(held: readonly HeldOverride[], synth: Synth): readonly Problem[] {
  const first = new Map<Declared, { readonly path: FieldPath; readonly line: SourceLine | undefined }[]>();
  return held.flatMap((override) => {
    const { declared, layer, by, source } = override;
    const before = first.get(declared) ?? [];
    const fields = leavesOf(override.held).map((path) => ({ path, line: lineOfField(override, path, synth) ?? source }));
    first.set(declared, [...before, ...fields]);
    return fields.flatMap(({ path, line }): Problem[] => {
      const other = before.find((one) => isWithin(one.path, path) || isWithin(path, one.path));
      if (!other) return [];
      const field = fieldText(declared.name, path);
      const where = other.line ? `, first at ${other.line.file}:${other.line.line}` : '';
      return [
        {
          code: 'SETTING_INVALID',
          message: `${field} is given twice by ${layer} ${by}${where}.`,
          hint: 'Keep one of the two.',
          at: `setting ${field}`,
          ...(line && { source: line }),
        },
      ];
    });
  });
}

function isWithin(path: FieldPath, other: FieldPath): boolean {
  return path.every((key, i) => other[i] === key);
}
