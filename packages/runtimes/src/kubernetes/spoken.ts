// Is a setting what a log line speaks of? By words that hardly stand there by chance.
import type { Json } from '@konfig/core';

const shortest = 4;

/** What of a value would be recognised in a log line: the whole, and of a URL its host. Plain words (`info`, `production`) say nothing. */
export function wordsOf(value: Json | undefined): readonly string[] {
  if (typeof value !== 'string' || value.length > 1000) return [];
  const words = [value, ...hostsIn(value)];
  return words.filter((word) => word.length >= shortest && /[\d./:@_-]/.test(word) && !/\s/.test(word));
}

function hostsIn(value: string): readonly string[] {
  const [, host = ''] = /^[a-z][a-z0-9+.-]*:\/\/(?:[^@/]*@)?([^/?#]+)/i.exec(value) ?? [];
  return host === '' ? [] : [host, host.replace(/:\d+$/, '')];
}

/** Does it stand in a line by itself, and not as a part of a longer word? */
export function isWord(word: string, line: string): boolean {
  if (word.length < shortest) return false;
  for (let found = line.indexOf(word); found >= 0; found = line.indexOf(word, found + 1)) {
    const before = line[found - 1];
    const behind = line[found + word.length];
    if (!isPart(before) && !isPart(behind)) return true;
  }
  return false;
}

function isPart(character: string | undefined): boolean {
  return character !== undefined && /[\w-]/.test(character);
}
