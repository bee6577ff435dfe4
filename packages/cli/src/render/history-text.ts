// The releases of a stack as a table, newest first.
import type { ReleaseSummary } from '@konfig/core';
import { changesText, commitText, phasePiece, tookText } from './release-words';
import { paintLines, type Style, toned } from './style';
import { symbolsOf } from './symbols';
import { type Column, tableLines } from './table';
import { agoText, minuteText } from './time-text';

export interface HistoryTextOptions extends Style {
  readonly width: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Default: the machine's. */
  readonly timeZone?: string;
}

/** What `konfig history` prints. */
export function historyText(stack: string, releases: readonly ReleaseSummary[], options: HistoryTextOptions): string {
  if (releases.length === 0) return paintLines([[`${stack} has no releases yet.`]], options);
  const symbols = symbolsOf(options);
  const column = (title: string, rank: number, cellOf: (release: ReleaseSummary) => Column['cells'][number]): Column => ({
    title,
    rank,
    cells: releases.map(cellOf),
  });
  const columns = [
    column('release', 0, (release) => toned('strong', String(release.number))),
    column('when', 0, (release) => minuteText(Date.parse(release.startedAt), options.timeZone)),
    column('', 1, (release) => toned('faint', agoText(Date.parse(release.startedAt), options.now))),
    column('by', 2, (release) => release.by),
    column('commit', 4, commitText),
    column('kind', 3, ({ kind, rollbackTo }) => (rollbackTo === undefined ? kind : `rollback to ${rollbackTo}`)),
    column('result', 0, (release) => phasePiece(release.phase, symbols)),
    column('changes', 2, (release) => changesText(release, symbols)),
    column('took', 5, tookText),
  ];
  return paintLines(tableLines(columns, options.width), options, options.width);
}
