// Lines of many containers, each with who said it, in a colour of its own where there are colours.
import type { LogLine } from '@konfig/core';
import { cleanText } from './clean-text';
import { paintHue, type Style } from './style';

/** Writes each line as `web-6c9-x2k/app  the line`. A container keeps its colour; the next new one gets another. */
export function linePrinter(write: (text: string) => void, style: Style): (line: LogLine) => void {
  const hues = new Map<string, number>();
  return ({ from, text }) => {
    const hue = hues.get(from) ?? hues.size;
    hues.set(from, hue);
    write(`${paintHue(cleanText(from), hue, style)}  ${cleanText(text)}\n`);
  };
}
