// Texts measured in terminal columns: cut, padded and wrapped.
// Made when the first text has to be cut: it takes 7 ms.
let segmenter: Intl.Segmenter | undefined;

// Nearly all that we print: measured by its length, since the full rules cost 50 ms to load and much per line.
const narrow = /^[ -~\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027\u2190-\u21ff\u2500-\u25fc\u2713-\u2718]*$/;

/** How many columns a clean text takes. */
export function widthOf(text: string): number {
  return narrow.test(text) ? text.length : fullWidth(text);
}

/**
 * A family of emoji takes two columns, or as many as its members do: terminals differ, and a line must fit on all of them. A flag or a letter with its marks is
 * what it looks like everywhere.
 */
function fullWidth(text: string): number {
  const { default: stringWidth } = require('string-width') as typeof import('string-width');
  let sum = 0;
  for (const part of chunksOf(text)) for (const member of part.includes(joiner) ? part.split(joiner) : [part]) sum += stringWidth(member);
  return sum;
}

const joiner = '\u200d';

export function padTo(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

/** So many characters fill any line of this width: what is longer need not be read to its end. */
function enoughFor(width: number): number {
  return 1000 + 32 * width;
}

/** The text, or its beginning and `…`. */
export function cutEnd(text: string, width: number, ellipsis = '…'): string {
  const near = text.slice(0, enoughFor(width));
  if (near === text && widthOf(text) <= width) return text;
  if (width <= widthOf(ellipsis)) return takeStart(ellipsis, width);
  return takeStart(near, width - widthOf(ellipsis)) + ellipsis;
}

/** The text, or its beginning, `…` and its end: both ends of an image or a path tell more than its middle. */
export function cutMiddle(text: string, width: number, ellipsis = '…'): string {
  const room = width - widthOf(ellipsis);
  const enough = enoughFor(width);
  if (text.length <= enough && widthOf(text) <= width) return text;
  if (room < 2) return cutEnd(text, width, ellipsis);
  return takeStart(text.slice(0, enough), Math.ceil(room / 2)) + ellipsis + takeEnd(text.slice(-enough), Math.floor(room / 2));
}

/** The text in lines no wider than this, broken at spaces; every line keeps the first one's indent. A word too long is broken. */
export function wrapText(text: string, width: number): readonly string[] {
  const indent = (/^ */.exec(text) as RegExpExecArray)[0].slice(0, Math.max(0, width - 10));
  const lines: string[] = [];
  let line = indent;
  for (const word of text.trim().split(/ +/)) {
    const sameLine = line === indent ? line + word : `${line} ${word}`;
    if (widthOf(sameLine) <= width) {
      line = sameLine;
      continue;
    }
    if (line !== indent) lines.push(line);
    const parts = partsOf(word, Math.max(1, width - indent.length));
    lines.push(...parts.slice(0, -1).map((part) => indent + part));
    line = indent + (parts.at(-1) ?? '');
  }
  return line.trim() === '' && lines.length > 0 ? lines : [...lines, line];
}

/** A word in pieces no wider than this; a character that is wider stands alone. */
function partsOf(word: string, width: number): readonly string[] {
  if (widthOf(word) <= width) return [word];
  const parts: string[] = [];
  let part = '';
  let taken = 0;
  for (const segment of segmentsOf(word)) {
    const more = widthOf(segment);
    if (part !== '' && taken + more > width) {
      parts.push(part);
      part = '';
      taken = 0;
    }
    part += segment;
    taken += more;
  }
  return [...parts, part];
}

function takeStart(text: string, width: number): string {
  let taken = '';
  let left = width;
  for (const segment of segmentsOf(text)) {
    left -= widthOf(segment);
    if (left < 0) break;
    taken += segment;
  }
  return taken;
}

function takeEnd(text: string, width: number): string {
  let taken = '';
  let left = width;
  for (const segment of [...segmentsOf(text)].reverse()) {
    left -= widthOf(segment);
    if (left < 0) break;
    taken = segment + taken;
  }
  return taken;
}

/** What a reader takes for one character each. */
function* segmentsOf(text: string): Generator<string> {
  if (narrow.test(text)) {
    yield* text;
    return;
  }
  segmenter ??= new Intl.Segmenter();
  for (const part of chunksOf(text)) for (const { segment } of segmenter.segment(part)) yield segment;
}

// What tells characters apart takes for each of them the longer the longer the text is.
const chunk = 1000;

function* chunksOf(text: string): Generator<string> {
  for (let at = 0; at < text.length; ) {
    const last = text.charCodeAt(at + chunk - 1);
    // Not between the halves of a character.
    const end = at + chunk + (last >= 0xd800 && last < 0xdc00 ? 1 : 0);
    yield text.slice(at, end);
    at = end;
  }
}
