// The settings of a stack as data: what was read, what it was, who said so, and what nobody read.
import {
  type Json,
  pathText,
  type ReadSetting,
  type SettingField,
  type SettingGiver,
  type SourceLine,
  type StackSettings,
  unreadProblem,
} from '@konfig/core';
import type { IConstruct } from 'constructs';
import { isOutput } from '../output';
import type { Synth } from '../synth';
import { type FieldPath, fieldAt, leavesOf } from './fields';
import { type HeldOverride, lineOfField, overridesIn } from './give';
import { checkDeclarations, type Reading, readingsIn } from './read';

/** The settings of a stack that was filled. What was given to the stack or to a component of it, and is read by nothing, is reported. */
export function settingsOf(root: IConstruct, synth: Synth): StackSettings {
  const readings = readingsIn(root);
  const overrides = overridesIn(root);
  const isRead = new Set(readings.flatMap((reading) => reading.overrides));
  checkDeclarations(new Set([...readings, ...overrides].map(({ declared }) => declared)), synth);
  const given = overrides.map((one) => ({ setting: one.declared.name, ...giverOf(one), isRead: isRead.has(one) }));
  for (const one of given) {
    // Of the others more stacks than this one decide.
    if (!one.isRead && (one.layer === 'stack' || one.layer === 'component')) synth.problems.push(unreadProblem(one));
  }
  return { given, read: readings.map((reading) => toldReading(reading, synth)) };
}

function giverOf({ layer, by, source, reason }: HeldOverride, line: SourceLine | undefined = source): SettingGiver {
  return { layer, by, ...(line && { source: line }), ...(reason !== undefined && { reason: String(reason) }) };
}

function toldReading({ declared, overrides, values, readers }: Reading, synth: Synth): ReadSetting {
  const fields = leavesOf(values).flatMap((path) => toldField(path, { declared, overrides }, synth) ?? []);
  return {
    setting: declared.name,
    ...(declared.describe !== undefined && { describe: String(declared.describe) }),
    readBy: [...readers].map((reader) => synth.pathOf(reader)),
    fields,
  };
}

/** Who gave the field, the strongest first. */
function toldField(
  path: FieldPath,
  { declared, overrides }: Pick<Reading, 'declared' | 'overrides'>,
  synth: Synth,
): SettingField | undefined {
  const given = overrides.flatMap((override) => {
    const value = fieldAt(override.held, path);
    return value === undefined
      ? []
      : [{ value: asJson(value), ...giverOf(override, lineOfField(override, path, synth) ?? override.source) }];
  });
  const first = fieldAt(declared.defaults, path);
  const source = lineOfField({ values: declared.defaults }, path, synth) ?? synth.reader.inText(declared.madeAt);
  const byDefault = { value: asJson(first), layer: 'default' as const, by: declared.name, ...(source && { source }) };
  const [holds, ...overrode] = [...given.reverse(), ...(first === undefined ? [] : [byDefault])];
  return holds && { field: pathText(path), ...holds, overrode };
}

/** As it can be shown: of an Output nothing is known yet, and it may be secret. */
function asJson(value: unknown): Json {
  if (isOutput(value)) return value.secret ? '(secret)' : '(known after apply)';
  if (Array.isArray(value)) return value.map(asJson);
  if (typeof value !== 'object' || value === null) return value as Json;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, asJson(one)]));
}
