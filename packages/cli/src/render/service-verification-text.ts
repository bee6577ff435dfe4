// What a self-built service does as its protocol wants it, one check a line; under a failed one what was sent and what came back.
import { namesText } from '@konfig/core';
import type { CheckResult, ServiceVerification } from '@konfig/runtimes';
import { cleanLines } from './clean-text';
import { type Line, paintLines, type Style, toned } from './style';
import { type Sign, stateSigns, symbolsOf } from './symbols';
import { wrapText } from './text-width';

type TextOptions = Style & { readonly width: number };

const signs: { readonly [outcome in CheckResult['outcome']]: Sign } = {
  passed: stateSigns.done,
  failed: stateSigns.failed,
  'not here': stateSigns.pending,
};

/** One check, as soon as it was made. */
export function checkText({ name, outcome, why, exchanges = [] }: CheckResult, options: TextOptions): string {
  const { symbol, tone } = signs[outcome];
  const below = (text: string): readonly Line[] =>
    cleanLines(text).flatMap((line) => wrapText(line, Math.max(30, options.width - 4)).map((part): Line => ['    ', part]));
  const exchanged = exchanges.flatMap(({ sent, body, got }) => [
    ...below(`sent ${sent}${body === undefined ? '' : ` ${JSON.stringify(body)}`}`),
    ...below(`got  ${got}`),
  ]);
  const first: Line = [
    toned(tone, symbolsOf(options)[symbol]),
    ` ${name}`,
    ...(outcome === 'not here' ? [toned('faint', '  (it has nothing to ask this of)')] : []),
  ];
  return paintLines([first, ...(why === undefined ? [] : below(`${why}.`)), ...exchanged], options);
}

/** The last words. */
export function verifiedText({ url, type, results, left }: ServiceVerification, options: TextOptions): string {
  const count = (outcome: CheckResult['outcome']) => results.filter((result) => result.outcome === outcome).length;
  const failed = count('failed');
  const words = failed === 0 ? 'It keeps konfig.dev/service/v1' : `${failed} of ${results.length} checks failed`;
  const leftOver = left.length === 0 ? [] : [toned('warn', `Could not be deleted: ${type} ${namesText(left)}.`)];
  return paintLines([[], [toned('strong', `${words}: ${url}, by the type ${type}.`)], ...(leftOver.length > 0 ? [leftOver] : [])], options);
}
