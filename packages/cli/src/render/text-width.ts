// Texts measured in terminal columns: cut, padded and wrapped.
// Made when the first text has to be cut: it takes 7 ms.
let segmenter: Intl.Segmenter | undefined;

// Nearly all that we print: measured by its length, since the full rules cost 50 ms to load and much per line.
const narrow = /^[ -~\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027\u2190-\u21ff\u2500-\u25fc\u2713-\u2718]*$/;

/** How many columns a clean text takes. */
export function widthOf(text: string): number {
  return narrow.test(text) ? text.length : fullWidth(text);
}

function fullWidth(text: string): number {
  const { default: stringWidth } = require('string-width') as typeof import('string-width');
  return stringWidth(text);
}

export function padTo(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

/** The text, or its beginning and `…`. */
export function cutEnd(text: string, width: number, ellipsis = '…'): string {
  if (widthOf(text) <= width) return text;
  if (width <= widthOf(ellipsis)) return takeStart(ellipsis, width);
  return takeStart(text, width - widthOf(ellipsis)) + ellipsis;
}

/** The text, or its beginning, `…` and its end: both ends of an image or a path tell more than its middle. */
export function cutMiddle(text: string, width: number, ellipsis = '…'): string {
  const room = width - widthOf(ellipsis);
  if (widthOf(text) <= width) return text;
  if (room < 2) return cutEnd(text, width, ellipsis);
  return takeStart(text, Math.ceil(room / 2)) + ellipsis + takeEnd(text, Math.floor(room / 2));
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
    let rest = word;
    while (widthOf(indent + rest) > width) {
      const part = takeStart(rest, Math.max(1, width - indent.length)) || rest;
      lines.push(indent + part);
      rest = rest.slice(part.length);
    }
    line = indent + rest;
  }
  return line.trim() === '' && lines.length > 0 ? lines : [...lines, line];
}

function takeStart(text: string, width: number): string {
  let taken = '';
  let left = width;
  for (const { segment } of segmentsOf(text)) {
    left -= widthOf(segment);
    if (left < 0) break;
    taken += segment;
  }
  return taken;
}

function takeEnd(text: string, width: number): string {
  const segments = [...segmentsOf(text)].map(({ segment }) => segment);
  let taken = '';
  let left = width;
  for (const segment of segments.reverse()) {
    left -= widthOf(segment);
    if (left < 0) break;
    taken = segment + taken;
  }
  return taken;
}

function segmentsOf(text: string): Intl.Segments {
  segmenter ??= new Intl.Segmenter();
  return segmenter.segment(text);
}
