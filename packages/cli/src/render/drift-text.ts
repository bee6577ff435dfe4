// How a stack differs from its last release, for a reader: from what was released to what is there, with whoever changed it.
import { type FieldChange, pathText, sourceOf, sourceText } from '@konfig/core';
import type { Drift, Drifted, DriftedPart } from '@konfig/engine';
import { cleanText } from './clean-text';
import { changeLines } from './plan-text';
import { type NameOf, resourceNames } from './resource-name';
import { type Line, paintLines, type Style, toned } from './style';
import { areWords, type Sign, symbolsOf } from './symbols';
import { agoText } from './time-text';

export interface DriftTextOptions extends Style {
  readonly width: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** What `konfig drift` prints. */
export function driftText(drift: Drift, options: DriftTextOptions): string {
  const { stack, release, drifted } = drift;
  if (release === undefined) return paintLines([[`${stack} was never applied: there is nothing to drift from.`]], options);
  if (drifted.length === 0) return paintLines([[toned('strong', `No drift: ${stack} is as release ${release} left it.`)]], options);
  const nameOf = resourceNames(drifted.map(({ id }) => id));
  const lines = drifted.flatMap((one) => resourceLines(one, { drift, nameOf, options }));
  const count = drifted.reduce((sum, { parts = [] }) => sum + Math.max(1, parts.length), 0);
  const are = count === 1 ? 'resource is' : 'resources are';
  const end = [
    [],
    [toned('strong', `Drift: ${count} ${are} no longer as release ${release} of ${stack} left ${count === 1 ? 'it' : 'them'}.`)],
    ...(drifted.some(({ how }) => how !== 'taken over')
      ? [[toned('faint', `konfig apply ${stack} takes it back; to keep it, write it into the program.`)]]
      : []),
  ];
  return paintLines([...lines, ...end], options);
}

interface Page {
  readonly drift: Drift;
  readonly nameOf: NameOf;
  readonly options: DriftTextOptions;
}

const signs: { readonly [how in Drifted['how']]: Sign } = {
  changed: { symbol: 'update', tone: 'warn' },
  deleted: { symbol: 'delete', tone: 'bad' },
  recreated: { symbol: 'replace', tone: 'bad' },
  'taken over': { symbol: 'adopt', tone: 'bad' },
  unfinished: { symbol: 'giveUp', tone: 'faint' },
};

/** What is said of it stands behind its name anyway. */
function signText(symbol: Sign['symbol'], options: DriftTextOptions): string {
  const symbols = symbolsOf(options);
  return areWords(symbols) ? '' : `${symbols[symbol]} `;
}

function resourceLines({ id, how, changes, parts = [] }: Drifted, page: Page): readonly Line[] {
  const { drift, nameOf, options } = page;
  const { symbol, tone } = signs[how];
  const head: Line = [toned(tone, signText(symbol, options)), toned('strong', nameOf(id)), `  ${how}${authorsText(changes, options.now)}`];
  const own = changeLines({ id, changes: changes.map(toWorld), immutable: [] }, drift.sources, options);
  return [head, ...own, ...parts.flatMap((part) => partLines(id, part, page))];
}

const partIndent = '    ';

/** Who has changed a part is told as `outside of Terraform`. */
function partLines(id: string, { name, how, changes, at }: DriftedPart, { drift, options }: Page): readonly Line[] {
  const { symbol, tone } = signs[how];
  const source = at && sourceOf(drift.sources, id, pathText(at));
  const who = changes.find(({ by }) => by)?.by?.name;
  const inner = { ...options, width: options.width - partIndent.length };
  const lines = changeLines({ id, changes: changes.map(toWorld), immutable: [], ...(at ? { at } : {}) }, drift.sources, inner);
  const head: Line = [
    partIndent,
    toned(tone, signText(symbol, options)),
    `${cleanText(name)}  ${how}${who === undefined ? '' : ` ${cleanText(who)}`}`,
    ...(source ? [toned('faint', `  ${sourceText(source)}`)] : []),
  ];
  return [head, ...lines.map((line): Line => [partIndent, ...line])];
}

/** A plan goes back to what was released; drift went the other way. */
function toWorld({ before, after, ...change }: FieldChange): FieldChange {
  return { ...change, ...(after === undefined ? {} : { before: after }), ...(before === undefined ? {} : { after: before }) };
}

function authorsText(changes: readonly FieldChange[], now: number): string {
  const authors = new Map(changes.flatMap(({ by }) => (by ? [[by.name, by.time] as const] : [])));
  const texts = [...authors].map(([name, time]) => `${cleanText(name)}${time === undefined ? '' : `, ${agoText(Date.parse(time), now)}`}`);
  return texts.length === 0 ? '' : ` by ${texts.join(' and ')}`;
}
