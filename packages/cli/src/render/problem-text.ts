// Problems for a tired person: the code, what is wrong, what to do, where.
import { catalogue, isError, type Problem, sourceText } from '@konfig/core';
import { cleanLines, cutText } from './clean-text';
import { type Line, paintLines, type Style, toned } from './style';
import { symbolsOf } from './symbols';
import { widthOf, wrapText } from './text-width';

export interface ProblemTextOptions extends Style {
  /** Default 100. */
  readonly width?: number;
  /** Also the catalogue's title of the code. Default false. */
  readonly title?: boolean;
}

/**
 * ```
 * SPEC_CYCLE  Service/web waits for itself: Service/web → Route/web → Service/web.
 *             Remove one of these dependencies.
 *             at main:Service/shop/web (projects/shop/app.ts:12)
 * ```
 */
export function problemText(problem: Problem, options: ProblemTextOptions): string {
  return paintLines(problemLines(problem, options), options);
}

/** All of them with an empty line between, warnings last. */
export function problemsText(problems: readonly Problem[], options: ProblemTextOptions): string {
  const ordered = [...problems.filter(isError), ...problems.filter((problem) => !isError(problem))];
  return ordered.map((problem) => problemText(problem, options)).join('\n');
}

/** Characters of a message: what a system says may be a megabyte, and scrolls away all that was said before. */
const longest = 20_000;

export function problemLines(problem: Problem, options: ProblemTextOptions): readonly Line[] {
  const width = options.width ?? 100;
  // Beside a long code there is too little room on a narrow screen.
  const isNarrow = width < 60;
  const indent = isNarrow ? 4 : widthOf(problem.code) + 2;
  const wrap = (text: string) =>
    cleanLines(cutText(text, longest)).flatMap((line) =>
      wrapText(withoutCommand(line, symbolsOf(options).quote), Math.max(20, width - indent)),
    );
  const message = wrap(`${isError(problem) ? '' : 'warning: '}${problem.message}`);
  const body: readonly Line[] = [
    ...(options.title ? [[toned('strong', catalogue[problem.code])]] : []),
    ...message.map((line): Line => [line]),
    ...(problem.hint === undefined ? [] : wrap(problem.hint).map((line): Line => [line])),
    ...placeText(problem).map((line): Line => [toned('faint', line)]),
  ];
  const code = toned(isError(problem) ? 'bad' : 'warn', problem.code);
  if (isNarrow) return [[code], ...body.map((line): Line => ['    ', ...line])];
  return body.map((line, i): Line => (i === 0 ? [code, '  ', ...line] : [' '.repeat(indent), ...line]));
}

/** CI systems take a line that begins so for a command, however far it is indented, and some lines come from clusters. */
function withoutCommand(line: string, bar: string): string {
  return line.replace(/^(\s*)(?=::|##)/, `$1${bar} `);
}

function placeText({ at, source }: Problem): readonly string[] {
  if (at === undefined && !source) return [];
  if (at === undefined) return [`at ${sourceText(source as NonNullable<typeof source>)}`];
  return [`at ${at}${source ? ` (${sourceText(source)})` : ''}`];
}
