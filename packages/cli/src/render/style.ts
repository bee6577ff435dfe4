// Lines of toned pieces: laid out as plain text, painted last, so that no colour code is ever counted, cut or forged.
import { cleanText } from './clean-text';
import { symbolsOf } from './symbols';
import { cutEnd, widthOf } from './text-width';
import type { Tone } from './tone';

export type Piece = string | { readonly text: string; readonly tone: Tone };
export type Line = readonly Piece[];

/** How a renderer writes. */
export interface Style {
  readonly color: boolean;
  /** Only characters of ASCII for symbols and frames. Default false. */
  readonly ascii?: boolean;
  /** For who listens: words for symbols, and nothing drawn. Default false. */
  readonly spoken?: boolean;
}

const codes: { readonly [tone in Tone]: number } = { good: 32, bad: 31, warn: 33, busy: 36, strong: 1, faint: 2 };

export function toned(tone: Tone, text: string): Piece {
  return { text, tone };
}

export function textOf(piece: Piece): string {
  return typeof piece === 'string' ? piece : piece.text;
}

export function lineWidth(line: Line): number {
  return line.reduce((sum, piece) => sum + widthOf(textOf(piece)), 0);
}

/** The line as it is printed: clean, no wider than `width`, painted. Everything that is printed goes through here. */
export function paintLine(line: Line, style: Style, width = Number.POSITIVE_INFINITY): string {
  const clean = line.map((piece) => withText(piece, cleanText(width === Number.POSITIVE_INFINITY ? textOf(piece) : beginningOf(piece))));
  return (width === Number.POSITIVE_INFINITY ? clean : cutLine(clean, width, symbolsOf(style).cut))
    .map((piece) => (style.color && typeof piece !== 'string' && piece.text ? paint(piece) : textOf(piece)))
    .join('')
    .trimEnd();
}

export function paintLines(lines: readonly Line[], style: Style, width?: number): string {
  return lines.map((line) => `${paintLine(line, style, width)}\n`).join('');
}

// Much longer than any line: to clean a megabyte for each frame of a screen takes longer than the frame.
const mostCleaned = 20_000;

function beginningOf(piece: Piece): string {
  return textOf(piece).slice(0, mostCleaned);
}

function cutLine(line: Line, width: number, cut: string): Line {
  if (lineWidth(line) <= width) return line;
  const kept: Piece[] = [];
  let left = width - widthOf(cut);
  for (const piece of line) {
    const text = cutEnd(textOf(piece), left, '');
    kept.push(withText(piece, text));
    left -= widthOf(text);
    if (text !== textOf(piece)) break;
  }
  return [...kept, toned('faint', cut)];
}

function withText(piece: Piece, text: string): Piece {
  return typeof piece === 'string' ? text : { ...piece, text };
}

function paint({ text, tone }: { readonly text: string; readonly tone: Tone }): string {
  return `\u001b[${codes[tone]}m${text}\u001b[0m`;
}

/** Colours that mean nothing but «another one». Red is not among them: it means that something is wrong. */
const hues = [36, 35, 33, 34, 32, 96, 95, 93, 94, 92];

/** A clean text in the colour of its number. */
export function paintHue(text: string, hue: number, { color }: Style): string {
  return color ? `\u001b[${hues[hue % hues.length]}m${text}\u001b[0m` : text;
}

/** Should we write colours? FORCE_COLOR wins over NO_COLOR, as in Node itself. */
export function colorOf(env: { readonly [name: string]: string | undefined }, isTty: boolean): boolean {
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false';
  if (env.NO_COLOR) return false;
  return isTty && env.TERM !== 'dumb';
}

/** Must symbols be ASCII? Only a locale that says so, or the bare Linux console; an unset locale is usual in containers and means nothing. */
export function asciiOf(env: { readonly [name: string]: string | undefined }): boolean {
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || 'UTF-8';
  return !/utf-?8/i.test(locale) || env.TERM === 'linux';
}

/** Is there somebody who listens, by a screen reader? The variable that other commands ask as well. */
export function spokenOf({ ACCESSIBLE: said = '' }: { readonly ACCESSIBLE?: string | undefined }): boolean {
  return !['', '0', 'false'].includes(said.toLowerCase());
}
