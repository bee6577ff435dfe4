// The settings of a stack as its program's process told them: untrusted, so each field is looked at, and what is of a wrong kind left out.
import {
  type GivenSetting,
  type GivenValue,
  isObject,
  type Json,
  type ReadSetting,
  type SettingField,
  type SettingGiver,
  type SourceLine,
  type StackSettings,
  settingLayers,
} from '@konfig/core';

type IsKnown = (file: string) => boolean;
type Fields = { readonly [name: string]: unknown };

/** `isKnown`: is this a file of the program? A line in another one is left out. */
export function readSettings(value: unknown, isKnown: IsKnown): StackSettings {
  const { read, given } = fieldsOf(value);
  return {
    read: listOf(read).map((one) => readSetting(one, isKnown)),
    given: listOf(given).flatMap((one) => givenSetting(one, isKnown) ?? []),
  };
}

function readSetting({ setting, describe, readBy, fields }: Fields, isKnown: IsKnown): ReadSetting {
  return {
    setting: String(setting),
    ...(typeof describe === 'string' && { describe }),
    readBy: (Array.isArray(readBy) ? readBy : []).map(String),
    fields: listOf(fields).flatMap((field) => settingField(field, isKnown) ?? []),
  };
}

function settingField(field: Fields, isKnown: IsKnown): SettingField | undefined {
  const holds = givenValue(field, isKnown);
  const overrode = listOf(field.overrode).flatMap((one) => givenValue(one, isKnown) ?? []);
  return holds && { field: String(field.field), ...holds, overrode };
}

function givenValue(field: Fields, isKnown: IsKnown): GivenValue | undefined {
  const giver = giverOf(field, isKnown);
  return giver && Object.hasOwn(field, 'value') ? { value: field.value as Json, ...giver } : undefined;
}

function givenSetting(field: Fields, isKnown: IsKnown): GivenSetting | undefined {
  const giver = giverOf(field, isKnown);
  return giver && { setting: String(field.setting), isRead: field.isRead === true, ...giver };
}

function giverOf({ layer, by, source, reason }: Fields, isKnown: IsKnown): SettingGiver | undefined {
  const known = settingLayers.find((one) => one === layer);
  const line = lineOf(source, isKnown);
  return known && { layer: known, by: String(by), ...(line && { source: line }), ...(typeof reason === 'string' && { reason }) };
}

function lineOf(value: unknown, isKnown: IsKnown): SourceLine | undefined {
  const { file, line } = fieldsOf(value);
  return typeof file === 'string' && Number.isSafeInteger(line) && isKnown(file) ? { file, line: line as number } : undefined;
}

function listOf(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function fieldsOf(value: unknown): Fields {
  return isObject(value) ? value : {};
}
