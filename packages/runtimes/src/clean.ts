// Text that comes from outside is untrusted: what a pod, a service or a provider writes must not steer a terminal.
import { withoutEscapes } from '@konfig/core';

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not reach a terminal.
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/** Text from outside on one line, without escape sequences and control characters: what a pod writes must not steer a terminal. */
export function clean(text: string, limit = 500): string {
  const line = withoutEscapes(text)
    .replace(/[\t\n\r]+/g, ' ')
    .replace(controls, '')
    .trim();
  return line.length > limit ? `${line.slice(0, limit - 1)}…` : line;
}

/** A line that a program printed: whole and with its indentation, but without what could steer a terminal. */
export function cleanLine(text: string): string {
  return withoutControls(withoutEscapes(text).replace(/[\n\r]+$/, ''));
}

/** A text with its lines, but without what could steer a terminal. */
export function withoutControls(text: string): string {
  return withoutEscapes(text).replace(/\r/g, ' ').replace(controls, '');
}
