// The settings of a stack, for a reader.
import {
  type GivenSetting,
  type GivenValue,
  giverText,
  type ReadSetting,
  type SettingField,
  type StackSettings,
  sourceText,
} from '@konfig/core';
import { type Line, paintLines, type Style, toned } from './style';
import { padTo, widthOf } from './text-width';
import { valueText } from './value-text';

export interface SettingsTextOptions extends Style {
  readonly width: number;
}

/** What `konfig settings` prints. */
export function settingsText({ stack, read, given }: StackSettings & { readonly stack: string }, options: SettingsTextOptions): string {
  const unread = given.filter(({ isRead }) => !isRead);
  const none: readonly Line[] = read.length === 0 ? [[`${stack} reads no settings.`]] : [];
  const blocks = [none, ...read.map(settingLines), unreadLines(unread)].filter((lines) => lines.length > 0);
  return paintLines(
    blocks.flatMap((lines, i) => (i === 0 ? lines : [[], ...lines])),
    options,
  );
}

const mostReaders = 3;

function settingLines({ setting, describe, readBy, fields }: ReadSetting): readonly Line[] {
  const more = readBy.length > mostReaders ? ` and ${readBy.length - mostReaders} more` : '';
  const names = Math.max(0, ...fields.map(({ field }) => widthOf(field)));
  const values = Math.min(
    30,
    Math.max(0, ...fields.flatMap((field) => [field, ...field.overrode]).map(({ value }) => widthOf(textOf(value)))),
  );
  return [
    [toned('strong', setting), ...(describe === undefined ? [] : [`  ${describe}`])],
    [toned('faint', `  read by ${readBy.slice(0, mostReaders).join(', ')}${more}`)],
    ...fields.flatMap((field) => fieldLines(field, names, values)),
  ];
}

function fieldLines(field: SettingField, names: number, values: number): readonly Line[] {
  return [
    ['  ', padTo(field.field, names), '  ', padTo(textOf(field.value), values), '  ', ...saidBy(field)],
    ...field.overrode.map(
      (one): Line => ['  ', padTo('', names), '  ', toned('faint', padTo(textOf(one.value), values)), '  ', ...saidBy(one, 'over ')],
    ),
  ];
}

function saidBy({ layer, by, source, reason }: Omit<GivenValue, 'value'>, over = ''): Line {
  const where = source ? `  ${sourceText(source)}` : '';
  return [toned('faint', `${over}${giverText({ layer, by })}${where}`), ...(reason === undefined ? [] : [`  «${reason}»`])];
}

function unreadLines(unread: readonly GivenSetting[]): readonly Line[] {
  if (unread.length === 0) return [];
  return [
    [toned('warn', 'Given, but read by nothing in this stack')],
    ...unread.map((one): Line => ['  ', one.setting, '  ', ...saidBy(one)]),
  ];
}

/** What stands for a value that is not known is no text to be quoted. */
function textOf(value: GivenValue['value']): string {
  return value === '(secret)' || value === '(known after apply)' ? value : valueText(value);
}
