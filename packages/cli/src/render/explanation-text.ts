// Where a resource and its fields come from, for a reader.
import { type DependencyEdge, type Json, type SourceLine, shortId, sourceName, sourceText } from '@konfig/core';
import type { ExplainedField, Explanation } from '../explanation';
import { type Line, paintLines, type Style, toned } from './style';
import { padTo, widthOf } from './text-width';
import { agoText } from './time-text';
import { valueLines, valueText } from './value-text';

export interface ExplanationTextOptions extends Style {
  readonly width: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** The resource with all its fields, not some of them. */
  readonly whole: boolean;
}

/** What `konfig explain` prints. */
export function explanationText(of: Explanation, options: ExplanationTextOptions): string {
  const head: Line = [toned('strong', shortId(of.id)), `  ${of.id}`];
  const fields = options.whole ? tableOf(of, options) : of.fields.flatMap((field) => [[], ...fieldLines(field, of, options)]);
  return paintLines([head, ...(options.whole ? resourceLines(of) : []), ...fields], options);
}

function resourceLines(of: Explanation): readonly Line[] {
  const { source, waitsFor, neededBy, exists } = of;
  return [
    ['  made by     ', of.construct],
    ...(source ? [['  at          ', sourceText(source)]] : []),
    ...(waitsFor.length > 0 ? [['  waits for   ', waitsFor.map((edge) => edgeText(edge, edge.on)).join(', ')]] : []),
    ...(neededBy.length > 0 ? [['  needed by   ', neededBy.map((edge) => edgeText(edge, edge.from)).join(', ')]] : []),
    ...(exists === undefined ? [] : [['  live        ', exists ? 'is there' : 'is not there']]),
    [],
  ];
}

function edgeText({ until, explicit }: DependencyEdge, id: string): string {
  const words = [...(until === 'ready' ? ['ready'] : []), ...(explicit ? ['written'] : [])];
  return `${shortId(id)}${words.length > 0 ? ` (${words.join(', ')})` : ''}`;
}

const widestPath = 60;

/** Lines that are only the construct's call stand at the head, not at each field. */
function tableOf({ fields }: Explanation, options: ExplanationTextOptions): readonly Line[] {
  const width = Math.min(widestPath, Math.max(0, ...fields.map(({ field }) => widthOf(field))));
  return fields.map(({ field, value, source, live }): Line => {
    const known = source && !source.guess ? [toned('faint', `   ${sourceText(source)}`)] : [];
    const now = live ? [toned('warn', `   live: ${liveText(live, options)}`)] : [];
    return [padTo(field, width), '  ', wordsOf(value), ...now, ...known];
  });
}

function fieldLines(field: ExplainedField, of: Explanation, options: ExplanationTextOptions): readonly Line[] {
  const lines = isWords(field.value) ? [field.value] : valueLines(field.value);
  const value: readonly Line[] =
    lines.length === 1 ? [['  value       ', lines[0] as string]] : [['  value'], ...lines.map((line): Line => [`    ${line}`])];
  return [
    [toned('strong', field.field)],
    ...value,
    ...(field.source ? [['  set at      ', chainText(field), toned('faint', whatText(field, field.source))] as Line] : []),
    ...(field.refersTo ?? []).map(
      (to): Line => [
        '  refers to   ',
        `${shortId(to.resource)} ${to.field}`,
        toned('faint', to.source ? `  ${sourceText(to.source)}` : ''),
      ],
    ),
    ...(field.secrets ?? []).map((source): Line => ['  secret      ', `the ${sourceName(source)}`]),
    ...(of.exists === undefined
      ? []
      : [['  live        ', of.exists ? (field.live ? liveText(field.live, options) : 'the same') : 'is not there'] as Line]),
  ];
}

/** What stands for a value that is not there is no text to be quoted. */
function isWords(value: Json): value is string {
  return typeof value === 'string' && /^\((secret|hash of secret|after apply|known after apply)\b.*\)$/.test(value);
}

function wordsOf(value: Json): string {
  return isWords(value) ? value : valueText(value);
}

/** From the construct's call to the line that says it. */
function chainText({ chain, source }: ExplainedField): string {
  const lines = chain.length > 0 ? chain : source ? [source] : [];
  return lines.map(({ file, line }) => `${file}:${line}`).join(' → ');
}

function whatText({ chain }: ExplainedField, { file, guess }: SourceLine): string {
  if (/\.(ya?ml|json)$/.test(file)) return '  a manifest';
  if (!guess) return '';
  return chain.length > 0 ? '  as far as it is known' : '  the call of its construct: written there, or a default of what that makes';
}

function liveText({ value, by }: NonNullable<ExplainedField['live']>, { now }: ExplanationTextOptions): string {
  const set = by ? `, set by ${by.name}${by.time === undefined ? '' : ` ${agoText(Date.parse(by.time), now)}`}` : '';
  return `${value === undefined ? '(not set)' : valueText(value)}${set}`;
}
