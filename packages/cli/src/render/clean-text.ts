// Texts from clusters, programs and logs are not to be trusted: what could steer a terminal goes, what can be read stays.
import { withoutEscapes } from '@konfig/core';

const printable = /^[ -~]*$/;
// Besides the control characters, those that turn the reading direction: they make a text look like another one.
const steering = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

// A letter has a few marks; a heap of them runs over the lines around it.
const heapedMarks = /(\p{M}{4})\p{M}+/gu;

/** The text as one line without escape sequences and control characters. */
export function cleanText(text: string): string {
  if (printable.test(text)) return text;
  return withoutEscapes(text).replace(/\r?\n/g, ' ').replaceAll('\t', '  ').replace(steering, '').replace(heapedMarks, '$1');
}

/** The lines of a text, each clean; an empty one at the end is dropped. */
export function cleanLines(text: string): readonly string[] {
  return text
    .replace(/\r?\n$/, '')
    .split(/\r?\n/)
    .map(cleanText);
}

/** No longer than this; what is cut off is marked. Half a character does not stay. */
export function cutText(text: string, most: number): string {
  return (text.length > most ? `${text.slice(0, most)}…` : text).toWellFormed();
}
