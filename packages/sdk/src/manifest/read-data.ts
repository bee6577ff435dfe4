// A file of data that is no manifest: one document in YAML or JSON.
import type { Json, Problem } from '@konfig/core';
import { parseYaml } from './parse-yaml';

/** What a text says, or what is wrong with it. */
export type DataRead = { readonly value: Json; readonly problems?: undefined } | { readonly problems: readonly Problem[] };

/** @param file as people know it: a path, or `standard input` */
export function readData(text: string, file: string): DataRead {
  const { documents, lines } = parseYaml(text);
  const problem = (offset: number, message: string, hint: string): Problem => ({
    code: 'MANIFEST_INVALID',
    message,
    hint,
    source: { file, line: lines.linePos(offset).line },
  });
  const problems = documents.flatMap(({ errors }) =>
    errors.map(({ pos, message }) => problem(pos[0], message.split('\n')[0] as string, 'Correct the syntax of the file.')),
  );
  if (problems.length > 0) return { problems };
  if (documents.length > 1)
    return { problems: [problem(documents[1]?.range[0] ?? 0, 'The file has several documents.', 'Write one list.')] };
  try {
    // A document may refer to itself so often that nothing could hold it.
    return { value: (documents[0]?.toJS({ maxAliasCount: 100 }) ?? null) as Json };
  } catch (error) {
    return { problems: [problem(0, (error as Error).message, 'Write it without aliases.')] };
  }
}
