// Events for programs: one JSON object a line.
import type { Event } from '@konfig/core';

// JSON escapes only the older control characters; a terminal would also obey these.
const unescaped = /[\u007f-\u009f\u2028\u2029]/g;

export function ndjsonLine(event: Event): string {
  const escaped = JSON.stringify(event).replace(unescaped, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return `${escaped}\n`;
}
