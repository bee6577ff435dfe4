// Sequences that steer a terminal, in texts from clusters, programs and logs: https://ecma-international.org/publications-and-standards/standards/ecma-48/

// In one pass: what Node has for it reads on to the end of the text for each sequence that has none, which takes for ever.
const escapes = new RegExp(
  [
    '(?:\\u001b\\[|\\u009b)[0-?]*[ -/]*[@-~]', // colours, cursors
    '(?:\\u001b\\]|\\u009d)[^\\u0007\\u001b\\u009c]*(?:\\u0007|\\u001b\\\\|\\u009c)', // titles, links
    '\\u001b[ -/]*[0-~]',
  ].join('|'),
  'g',
);

/** The text without escape sequences. Control characters by themselves stay, and what stands behind a title that never ends. */
export function withoutEscapes(text: string): string {
  return text.replace(escapes, '');
}
