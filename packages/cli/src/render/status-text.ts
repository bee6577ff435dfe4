// How a stack is now: its last release, and everything it owns; what is not well, expanded.
import type { Observation, ReleaseSummary } from '@konfig/core';
import { healthLines } from './health-text';
import { changesText, commitText, phasePiece } from './release-words';
import { resourceNames } from './resource-name';
import { type Line, type Piece, paintLines, type Style, toned } from './style';
import { healthSigns, type Sign, type Symbols, symbolsOf } from './symbols';
import { padTo, widthOf } from './text-width';
import { agoText } from './time-text';

export interface StackStatus {
  readonly stack: string;
  /** Undefined: never applied. */
  readonly lastRelease?: ReleaseSummary;
  readonly observations: readonly Observation[];
}

export interface StatusTextOptions extends Style {
  readonly width: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** What `konfig status` prints. */
export function statusText(status: StackStatus, options: StatusTextOptions): string {
  const symbols = symbolsOf(options);
  const nameOf = resourceNames(status.observations.map((one) => one.id));
  const nameWidth = Math.min(
    44,
    status.observations.reduce((widest, one) => Math.max(widest, widthOf(nameOf(one.id))), 0),
  );
  const body = status.observations.flatMap((one): readonly Line[] => {
    const { symbol, tone } = signOf(one);
    const message = isWell(one) || one.exists ? one.message : 'is not there';
    const head: Line = [' ', toned(tone, symbols[symbol]), ` ${padTo(nameOf(one.id), nameWidth)}  `, message];
    return isWell(one) && one.findings.length === 0 ? [head] : [head, ...healthLines(one, options.now, symbols)];
  });
  return paintLines([headLine(status, options, symbols), ...body, ...countLines(status.observations)], options, options.width);
}

/** A task that has run may be gone, and that is well. */
function isWell({ health }: Observation): boolean {
  return health === 'ready';
}

function signOf(one: Observation): Sign {
  return one.exists || isWell(one) ? healthSigns[one.health] : healthSigns.degraded;
}

function headLine({ stack, lastRelease, observations }: StackStatus, { now }: StatusTextOptions, symbols: Symbols): Line {
  if (!lastRelease && observations.length > 0) return [toned('strong', stack), toned('warn', '  its last release cannot be read')];
  if (!lastRelease) return [toned('strong', stack), '  was never applied'];
  const { number, kind, phase, startedAt, endedAt, by } = lastRelease;
  const parts: readonly Piece[] = [
    `  release ${number}  `,
    phasePiece(phase, symbols),
    ` ${agoText(Date.parse(endedAt ?? startedAt), now)} by ${by}${lastRelease.commit === undefined ? '' : ` from ${commitText(lastRelease)}`}`,
    toned('faint', `  ${kind} ${changesText(lastRelease)}`),
  ];
  return [toned('strong', stack), ...parts];
}

/** `2 of 3 ready.` */
function countLines(observations: readonly Observation[]): readonly Line[] {
  if (observations.length === 0) return [];
  const ready = observations.filter(isWell).length;
  return [[toned('strong', `${ready} of ${observations.length} ready.`)]];
}
