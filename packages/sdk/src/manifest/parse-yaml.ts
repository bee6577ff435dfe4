// The syntax of YAML, by the `yaml` package, and as lenient as the parser of kubectl where that does not mind how lines are indented.
import type { Document, LineCounter } from 'yaml';

/** A text as documents, and the lines of its offsets. */
export interface ParsedYaml {
  readonly documents: readonly Document.Parsed[];
  readonly lines: Pick<LineCounter, 'linePos'>;
}

/** Parses all documents of a text. Errors stand in the documents. */
export function parseYaml(text: string): ParsedYaml {
  const strict = parse(text);
  if (!strict.documents.some(hasError)) return strict;
  const { lenient, moved } = movedIn(text, strict);
  // An error on a line that was moved tells nothing about the text as it is: a bracket or a quote was open for good.
  const errors = lenient.documents.flatMap((document) => document.errors.map(({ pos }) => lenient.lines.linePos(pos[0]).line));
  return errors.some((line) => moved.has(line)) ? strict : lenient;
}

function hasError({ errors }: Document.Parsed): boolean {
  return errors.length > 0;
}

/** More lines than these are no slip, and each costs a parse. */
const mostMoved = 100;
const farIn = ' '.repeat(200);

/**
 * What stands between brackets or quotes may begin anywhere on its line for kubectl, while YAML 1.2 wants it further in than what it belongs to. So
 * such lines are moved in, where white space says nothing, until there is no such error. The numbers of lines stay.
 */
function movedIn(text: string, strict: ParsedYaml): { readonly lenient: ParsedYaml; readonly moved: ReadonlySet<number> } {
  const rows = text.split('\n');
  const moved = new Set<number>();
  let lenient = strict;
  while (moved.size < mostMoved) {
    const row = looseRow(lenient, rows);
    if (row === undefined || moved.has(row)) break;
    moved.add(row);
    rows[row - 1] = farIn + rows[row - 1];
    lenient = parse(rows.join('\n'));
  }
  return { lenient, moved };
}

/** The line, from 1, whose place the first error is about; undefined where it is about something else. */
function looseRow({ documents, lines }: ParsedYaml, rows: readonly string[]): number | undefined {
  const error = documents.find(hasError)?.errors[0];
  if (!error) return undefined;
  const { line } = lines.linePos(error.pos[0]);
  if (error.code === 'BAD_INDENT' && error.message.startsWith('Flow')) return line <= rows.length ? line : undefined;
  if (error.code !== 'MISSING_CHAR' || !error.message.startsWith('Missing closing')) return undefined;
  const next = rows.findIndex((row, i) => i >= line && row.trim() !== '');
  return next < 0 ? undefined : next + 1;
}

function parse(text: string): ParsedYaml {
  // Loaded where it is needed: most programs read no manifests.
  const { LineCounter, parseAllDocuments } = require('yaml') as typeof import('yaml');
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, {
    lineCounter: lines,
    // All scalars as texts: what they mean is not for this package to say.
    schema: 'failsafe',
    version: '1.1',
    resolveKnownTags: false,
    merge: false,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
  }) as readonly Document.Parsed[];
  return { documents, lines };
}
