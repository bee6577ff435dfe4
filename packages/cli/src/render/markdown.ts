// Texts from anywhere within Markdown: they must neither format what is around them nor call anybody.
import { cleanText } from './clean-text';

/** Signs that Markdown obeys, and those that mention people and issues in a comment. */
const obeyed = /[&<>@#\\`*_~|[\]!]/g;

/** A text as one line that reads as it stands, in a table too. */
export function markdownText(text: string): string {
  return cleanText(text).replace(obeyed, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** Lines as they stand, in a fence that they cannot close. */
export function fenced(text: string, language = ''): string {
  const fence = '`'.repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length + 1)));
  return `${fence}${language}\n${text}\n${fence}`;
}
