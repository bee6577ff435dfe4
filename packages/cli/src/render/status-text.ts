// How a stack is now: its last release, and everything it owns; what is not well, expanded.
import type { Observation, ReleaseSummary } from '@konfig/core';
import { healthLines } from './health-text';
import { changesText, commitText, phasePiece } from './release-words';
import { type NameOf, resourceNames } from './resource-name';
import { firstLines, shareRows } from './row-shares';
import { type Line, type Piece, paintLine, paintLines, type Style, toned } from './style';
import { healthSigns, type Sign, type Symbols, symbolsOf } from './symbols';
import { padTo, widthOf } from './text-width';
import { agoText } from './time-text';

export interface StackStatus {
  readonly stack: string;
  /** Undefined: never applied. */
  readonly lastRelease?: ReleaseSummary;
  readonly observations: readonly Observation[];
}

export interface StatusTextOptions extends Style {
  readonly width: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** What `konfig status` prints. */
export function statusText(status: StackStatus, options: StatusTextOptions): string {
  const page = pageOf(status, options);
  const body = status.observations.flatMap((one) => blockOf(one, page));
  return paintLines([headLine(status, page), ...body, ...countLines(status.observations)], options, options.width);
}

/**
 * What `konfig status --watch` shows, in at most so many rows: what is not well with as much of what is wrong as there is room for, then what is well, of which
 * folds what finds none. In the order of the inventory, so that lines do not jump.
 */
export function statusScreen(status: StackStatus, options: StatusTextOptions, rows: number): readonly string[] {
  const page = pageOf(status, options);
  const head = headLine(status, page);
  const counts = countLines(status.observations);
  const ill = status.observations.filter((one) => !isWell(one));
  const well = status.observations.filter(isWell);
  const room = Math.max(0, rows - 1 - counts.length);
  const shown = fitted(
    ill.map((one) => blockOf(one, page)),
    { room: well.length > 0 ? room - 1 : room, page },
  );
  const left = room - shown.length;
  const calm = well.length <= left ? well.map((one) => nameLine(one, page)) : left > 0 ? [foldedLine(well.length, page)] : [];
  return [head, ...shown, ...calm, ...counts].slice(0, rows).map((line) => paintLine(line, options, options.width));
}

interface Page {
  readonly now: number;
  readonly symbols: Symbols;
  readonly nameOf: NameOf;
  readonly nameWidth: number;
}

function pageOf({ observations }: StackStatus, options: StatusTextOptions): Page {
  const nameOf = resourceNames(observations.map((one) => one.id));
  const nameWidth = Math.min(
    44,
    observations.reduce((widest, one) => Math.max(widest, widthOf(nameOf(one.id))), 0),
  );
  return { now: options.now, symbols: symbolsOf(options), nameOf, nameWidth };
}

function nameLine(one: Observation, { symbols, nameOf, nameWidth }: Page): Line {
  const { symbol, tone } = signOf(one);
  const message = isWell(one) || one.exists ? one.message : 'is not there';
  return [' ', toned(tone, symbols[symbol]), ` ${padTo(nameOf(one.id), nameWidth)}  `, message];
}

/** With what is wrong. */
function blockOf(one: Observation, page: Page): readonly Line[] {
  const head = nameLine(one, page);
  if (isWell(one) && one.findings.length === 0) return [head];
  const next: readonly Line[] = one.serving === undefined ? [] : [[toned('strong', '    now    '), one.serving]];
  return [head, ...healthLines(one, page.now, page.symbols), ...next];
}

/** Every block's first line, and of the rest what finds room, with a fair share for each; of blocks that find none, how many there are. */
function fitted(blocks: readonly (readonly Line[])[], { room, page }: { readonly room: number; readonly page: Page }): readonly Line[] {
  if (blocks.length > room) {
    const named = blocks.slice(0, Math.max(0, room - 1)).flatMap((block) => block.slice(0, 1));
    return room === 0 ? [] : [...named, [toned('warn', ` ${page.symbols.warning} ${blocks.length - named.length} more are not ready`)]];
  }
  const rows = shareRows(
    blocks.map((block) => block.length - 1),
    room - blocks.length,
  );
  return blocks.flatMap(([head = [], ...details], i) => [head, ...firstLines(details, rows[i] ?? 0, page.symbols)]);
}

function foldedLine(count: number, { symbols }: Page): Line {
  return [' ', toned('good', symbols[healthSigns.ready.symbol]), ` ${count} ready`];
}

/** The sign, name and message of one resource, and below what is wrong with it: a line of a log. */
export function observedLines(one: Observation, nameOf: NameOf, options: StatusTextOptions): readonly Line[] {
  return blockOf(one, { now: options.now, symbols: symbolsOf(options), nameOf, nameWidth: 0 });
}

/** How the last release went, and when. */
export function releaseLine(status: StackStatus, options: StatusTextOptions): Line {
  return headLine(status, { now: options.now, symbols: symbolsOf(options) });
}

/** A task that has run may be gone, and that is well. */
function isWell({ health }: Observation): boolean {
  return health === 'ready';
}

function signOf(one: Observation): Sign {
  return one.exists || isWell(one) ? healthSigns[one.health] : healthSigns.degraded;
}

function headLine({ stack, lastRelease, observations }: StackStatus, { now, symbols }: Pick<Page, 'now' | 'symbols'>): Line {
  if (!lastRelease && observations.length > 0) return [toned('strong', stack), toned('warn', '  its last release cannot be read')];
  if (!lastRelease) return [toned('strong', stack), '  was never applied'];
  const { number, kind, phase, startedAt, endedAt, by } = lastRelease;
  const parts: readonly Piece[] = [
    `  release ${number}  `,
    phasePiece(phase, symbols),
    ` ${agoText(Date.parse(endedAt ?? startedAt), now)} by ${by}${lastRelease.commit === undefined ? '' : ` from ${commitText(lastRelease)}`}`,
    toned('faint', `  ${kind} ${changesText(lastRelease, symbols)}`),
  ];
  return [toned('strong', stack), ...parts];
}

function countLines(observations: readonly Observation[]): readonly Line[] {
  return observations.length === 0 ? [] : [[toned('strong', countText(observations))]];
}

/** `2 of 3 ready.` */
export function countText(observations: readonly Observation[]): string {
  return `${observations.filter(isWell).length} of ${observations.length} ready.`;
}
